import type { Bridge, BridgePort } from '../../kernel/dev/bridge.ts'
import type { NetDevice } from '../../kernel/netdevice.ts'
import type { Process } from '../../proc/process.ts'
import { formatMac } from '../../wire/ethernet.ts'

/** What brctl(8) prints of bridges. */

/** `8000.020000000010`: priority and lowest address. */
const bridgeId = (bridge: Bridge, priority = bridge.priority): string =>
  `${priority.toString(16).padStart(4, '0')}.${formatMac(bridge.idMac).replaceAll(':', '')}`

export const TITLE = 'bridge name\tbridge id\t\tSTP enabled\tinterfaces\n'

/** One bridge with its ports, one a line. */
export const bridgeRow = (dev: NetDevice, bridge: Bridge): string => {
  const ports = byName(bridge).map((p) => p.dev.name)
  return `${dev.name}\t\t${bridgeId(bridge)}\t${bridge.stp ? 'yes' : 'no'}\t\t${ports.join('\n\t\t\t\t\t\t\t')}\n`
}

/** By name, as the files below /sys/class/net/BRIDGE/brif are listed. */
const byName = (bridge: Bridge): BridgePort[] =>
  [...bridge.ports].sort((a, b) => (a.dev.name < b.dev.name ? -1 : 1))

/** `%4i.%.2i` seconds and hundredths. */
const seconds = (ns: number): string => {
  const hundredths = Math.max(0, Math.floor(ns / 1e7))
  return `${String(Math.floor(hundredths / 100)).padStart(4)}.${String(hundredths % 100).padStart(2, '0')}`
}

/** The forwarding database, by address; the bridge's own addresses are not shown. */
export const showMacs = (proc: Process, bridge: Bridge): void => {
  const { now } = proc
  proc.out('port no\tmac addr\t\tis local?\tageing timer\n')
  const rows = [...bridge.fdb.values()].flatMap((e) =>
    e.port === undefined
      ? []
      : [
          {
            mac: formatMac(e.mac),
            port: e.port.number,
            local: e.isLocal,
            age: e.isStatic ? 0 : now - e.updated,
          },
        ],
  )
  for (const r of rows.sort((a, b) => (a.mac < b.mac ? -1 : a.mac > b.mac ? 1 : 0)))
    proc.out(`${String(r.port).padStart(3)}\t${r.mac}\t${r.local ? 'yes' : 'no'}\t\t${seconds(r.age)}\n`)
}

/** Spanning-tree settings of a bridge and its ports. No protocol runs here, so its timers stand at zero. */
export const showStp = (dev: NetDevice, bridge: Bridge): string => {
  const id = bridgeId(bridge)
  const zero = seconds(0)
  const { now } = dev.ns.sim.clock
  const rows: readonly (readonly string[])[] = [
    ['bridge id\t', id],
    ['designated root', id],
    ['root port\t', '   0', '\t\tpath cost\t', '   0'],
    ['max age\t', seconds(bridge.maxAge), '\t\tbridge max age\t', seconds(bridge.maxAge)],
    ['hello time\t', seconds(bridge.helloTime), '\t\tbridge hello time', seconds(bridge.helloTime)],
    [
      'forward delay\t',
      seconds(bridge.forwardDelay),
      '\t\tbridge forward delay',
      seconds(bridge.forwardDelay),
    ],
    ['ageing time\t', seconds(bridge.ageingTime)],
    ['hello timer\t', seconds(bridge.helloTimer(now)), '\t\ttcn timer\t', zero],
    ['topology change timer', zero, '\t\tgc timer\t', seconds(bridge.gcTimer(now))],
    ['flags\t\t', ''],
  ]
  const header = `${dev.name}\n${rows.map(line).join('')}\n\n`
  return header + byName(bridge).map(portText).join('')
}

/** One or two values, each behind its title and a tab. */
const line = (fields: readonly string[]): string => {
  const [title, value, title2, value2] = fields
  return ` ${title}\t${value}${title2 === undefined ? '' : `\t${title2}\t${value2}`}\n`
}

const portText = (port: BridgePort): string => {
  const { bridge, dev } = port
  const designated = bridgeId(bridge, port.designatedPriority)
  const id = ((port.priority << 10) | port.number).toString(16).padStart(4, '0')
  const zero = seconds(0)
  const rows: readonly (readonly string[])[] = [
    ['port id\t', id, '\t\tstate\t', port.state.padStart(15)],
    ['designated root', designated, 'path cost\t', String(port.cost).padStart(4)],
    ['designated bridge', designated, 'message age timer', zero],
    ['designated port', id, '\t\tforward delay timer', seconds(port.delayedUntil - dev.ns.sim.clock.now)],
    ['designated cost', '   0', '\t\thold timer\t', zero],
    ['flags\t\t', ''],
    ...(port.hairpin ? [['hairpin mode\t', '   1']] : []),
  ]
  return `${dev.name} (${port.number})\n${rows.map(line).join('')}\n`
}

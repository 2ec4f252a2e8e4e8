import type { NetDevice } from '../../kernel/netdevice.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { linkSet, type PortOptions } from '../../kernel/rtnl/link.ts'
import { answered, die, notSimulated, parseNumber, rowFor } from '../ip/args.ts'
import { deviceNamed, netnsOf, type Command, type Ip } from '../ip/context.ts'
import { HELP } from '../ip/help.ts'
import { linkByNumber, printFlags, printName } from '../ip/link-print.ts'
import { portFlags, printDetails } from '../ip/link-details.ts'
import { PORT_STATES, PORT_SWITCHES, portRefusal } from '../ip/link-type.ts'

const usage = (ip: Ip): number => {
  ip.proc.err(HELP.bridgeLink)
  return 255
}

const printPort = (ip: Ip, dev: NetDevice): void => {
  const { out, opt } = ip
  const { port } = dev
  if (port === undefined) return
  const name = linkByNumber(dev)
  const bridge = port.bridge.dev.name
  out.object(undefined, () => {
    out.field('ifindex', dev.ifindex, `${dev.ifindex}: `)
    printName(ip, dev, name)
    printFlags(ip, dev, name.down)
    out.field('mtu', dev.mtu, `mtu ${dev.mtu} `)
    out.field('master', bridge, `master ${bridge} `)
    out.field('state', port.state, `state ${port.state} `)
    out.field('priority', port.priority, `priority ${port.priority} `)
    out.field('cost', port.cost, `cost ${port.cost} `)
    if (opt.details) {
      out.text(`${out.nl}    `)
      printDetails(out, [
        ...portFlags(port),
        ['mcast_flood', 'mcast_flood', port.multicastFlood],
        ['bcast_flood', 'bcast_flood', port.broadcastFlood],
        ['mcast_router', 'mcast_router', 1],
        ['mcast_to_unicast', 'mcast_to_unicast', false],
        ['neigh_suppress', 'neigh_suppress', false],
        ['vlan_tunnel', 'vlan_tunnel', false],
        ['isolated', 'isolated', port.isolated],
        ['locked', 'locked', false],
      ])
    }
    out.text('\n')
  })
}

/** `bridge link [ show [ dev DEV ] ]`; other words are not looked at. */
const show: Command = (ip, args) => {
  let name: string | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word !== 'dev') continue
    const dev = args.value()
    if (name !== undefined) args.duplicate('dev', dev)
    name = dev
  }
  const only = name === undefined ? undefined : deviceNamed(ip, name, 255)
  ip.out.list(() => {
    for (const dev of netnsOf(ip).devices.values()) if (only === undefined || only === dev) printPort(ip, dev)
  })
  return 0
}

/** Settings that exist and are not simulated. */
const OTHER = ['fastleave', 'root_block', 'learning_sync', 'mcast_router', 'mcast_to_unicast', 'neigh_suppress', 'vlan_tunnel',
  'locked', 'hwmode', 'backup_port', 'nobackup_port', 'mcast_max_groups'] // prettier-ignore

/** A number as atoi(3) reads it: what is none counts as zero. */
const atoi = (text: string): number => Number(/^\s*[+-]?\d+/.exec(text)?.[0] ?? 0)

/** `bridge link set dev DEV …` */
const set: Command = (ip, args) => {
  let name: string | undefined
  let self = false
  let stateNumber: number | undefined
  const port: { -readonly [K in keyof PortOptions]: PortOptions[K] } = {}
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    const w = word
    const toggle = PORT_SWITCHES.find(([key]) => key === w)
    if (w === 'dev') name = args.value()
    else if (toggle !== undefined) {
      const value = args.value()
      if (value !== 'on' && value !== 'off') {
        ip.proc.err(`Error: argument of "${w}" must be one of "off", "on", not "${value}"\n`)
        return ip.proc.exit(234)
      }
      port[toggle[1]] = value === 'on'
    } else if (w === 'cost') {
      const cost = atoi(args.value())
      if (cost > 0) port.cost = cost
    } else if (w === 'priority') port.priority = atoi(args.value())
    else if (w === 'state') {
      const text = args.value()
      const byName = PORT_STATES.findIndex((state) => state === text.toLowerCase())
      const n = byName >= 0 ? byName : parseNumber(text)
      if (n === undefined) return die(ip.proc, 255, 'Error: invalid STP port state')
      if (n >= 0) stateNumber = n
    } else if (w === 'self') self = true
    else if (w === 'master') continue
    else if (OTHER.includes(w)) notSimulated(ip.proc, `link ${w}`)
    else return usage(ip)
  }
  if (name === undefined) return die(ip.proc, 255, 'Device is a required argument.')
  const dev = netnsOf(ip).device(name) ?? die(ip.proc, 255, `Cannot find bridge device "${name}"`)
  const state = stateNumber === undefined ? undefined : PORT_STATES[stateNumber]
  if (state !== undefined) port.state = state
  if (self || dev.port === undefined) return answered(ip.proc, new Refusal('EOPNOTSUPP'), 255)
  if (Object.keys(port).length === 0 && stateNumber === undefined) return 0
  const refusal = portRefusal(stateNumber === undefined ? port : { ...port, stateNumber })
  return answered(ip.proc, refusal ?? linkSet(dev, { port }), 255)
}

/** `bridge link …`; the first row that the word begins is taken. */
const commands: readonly (readonly [string, Command])[] = [
  ['set', set],
  ['change', set],
  ['show', show],
  ['lst', show],
  ['list', show],
  ['help', (ip) => usage(ip)],
]

export const link: Command = (ip, args) => {
  const word = args.shift()
  if (word === undefined) return show(ip, args)
  const row = rowFor(commands, word)
  return row === undefined
    ? die(ip.proc, 255, `Command "${word}" is unknown, try "bridge link help".`)
    : row[1](ip, args)
}

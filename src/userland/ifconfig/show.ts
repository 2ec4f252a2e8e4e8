import { getFlags, getIfaddr } from '../../kernel/ipv4/ioctl.ts'
import {
  IFF_ALLMULTI, IFF_BROADCAST, IFF_DYNAMIC, IFF_LOOPBACK, IFF_MASTER, IFF_MULTICAST, IFF_NOARP, IFF_NOTRAILERS, IFF_POINTOPOINT,
  IFF_PROMISC, IFF_RUNNING, IFF_SLAVE, IFF_UP, type NetDevice, type Scope,
} from '../../kernel/netdevice.ts' // prettier-ignore
import { Refusal } from '../../kernel/refusal.ts'
import type { Process } from '../../proc/process.ts'
import type { Task } from '../../proc/wait.ts'
import { formatMac } from '../../wire/ethernet.ts'
import { formatIpv4, prefixMask } from '../../wire/ipv4.ts'

/** What `ifconfig` prints of an interface. */

const IFF_DEBUG = 0x4
/** Flags in the order of the long form, each with its letter in the short one. */
const FLAGS: readonly (readonly [number, string])[] = [
  [IFF_UP, 'UP'],
  [IFF_BROADCAST, 'BROADCAST'],
  [IFF_DEBUG, 'DEBUG'],
  [IFF_LOOPBACK, 'LOOPBACK'],
  [IFF_POINTOPOINT, 'POINTOPOINT'],
  [IFF_NOTRAILERS, 'NOTRAILERS'],
  [IFF_RUNNING, 'RUNNING'],
  [IFF_NOARP, 'NOARP'],
  [IFF_PROMISC, 'PROMISC'],
  [IFF_ALLMULTI, 'ALLMULTI'],
  [IFF_SLAVE, 'SLAVE'],
  [IFF_MASTER, 'MASTER'],
  [IFF_MULTICAST, 'MULTICAST'],
  [IFF_DYNAMIC, 'DYNAMIC'],
]
const LETTERS: readonly (readonly [number, string])[] = [
  [IFF_ALLMULTI, 'A'],
  [IFF_BROADCAST, 'B'],
  [IFF_DEBUG, 'D'],
  [IFF_LOOPBACK, 'L'],
  [IFF_MULTICAST, 'M'],
  [IFF_NOTRAILERS, 'N'],
  [IFF_PROMISC, 'P'],
  [IFF_NOARP, 'O'],
  [IFF_RUNNING, 'R'],
  [IFF_UP, 'U'],
]

/** One line of the list: a device, or a label of one of its addresses. */
export interface Interface {
  readonly name: string
  readonly dev: NetDevice
}

/** Devices and labelled addresses, sorted with numbers as numbers: eth2 before eth10. */
export const interfaces = (proc: Process): Interface[] => {
  const found: Interface[] = []
  for (const dev of proc.netns.devices.values()) {
    found.push({ name: dev.name, dev })
    const labels = new Set(dev.addresses.map((a) => a.label).filter((label) => label !== dev.name))
    for (const name of labels) found.push({ name, dev })
  }
  return found.sort((a, b) => compareNames(a.name, b.name))
}

const compareNames = (a: string, b: string): number => {
  const [, stemA = '', numberA = ''] = /^(.*?)(\d*)$/.exec(a) ?? []
  const [, stemB = '', numberB = ''] = /^(.*?)(\d*)$/.exec(b) ?? []
  if (stemA !== stemB) return a < b ? -1 : 1
  return Number(numberA) - Number(numberB)
}

/** IFNAMSIZ without its NUL: longer names are cut. */
export const cut = (name: string): string => name.slice(0, 15)

export const named = (proc: Process, name: string): Interface | undefined => {
  const dev = proc.netns.device(cut(name).split(':')[0] as string)
  return dev && { name: cut(name), dev }
}

export function* showLong(proc: Process, { name, dev }: Interface): Task<void> {
  const flags = getFlags(proc.netns, name)
  const f = flags instanceof Refusal ? 0 : flags
  const words = FLAGS.filter(([bit]) => f & bit).map(([, word]) => word)
  // The number is a short: with DYNAMIC, its sixteenth bit, it is negative.
  let out = `${name}: flags=${(f << 16) >> 16}<${words.join(',')}>  mtu ${dev.mtu}\n`
  const ifa = getIfaddr(proc.netns, name)
  if (!(ifa instanceof Refusal)) {
    out += `        inet ${formatIpv4(ifa.local)}  netmask ${formatIpv4(prefixMask(ifa.prefixlen))}`
    if (f & IFF_BROADCAST) out += `  broadcast ${formatIpv4(ifa.broadcast ?? 0)}`
    if (f & IFF_POINTOPOINT) out += `  destination ${formatIpv4(ifa.address)}`
    out += '\n'
  }
  const whole = name === dev.name
  if (whole)
    for (const a of dev.addresses6)
      out += `        inet6 ${a.address}  prefixlen ${a.prefixlen}  scopeid ${SCOPE6[a.scope]}\n`
  if (f & IFF_LOOPBACK) out += `        loop  txqueuelen ${dev.txqlen}  (Local Loopback)\n`
  else out += `        ether ${formatMac(dev.mac)}  txqueuelen ${dev.txqlen}  (Ethernet)\n`
  if (whole) out += statistics(dev)
  yield* proc.print(out + '\n')
}

const SCOPE6: Readonly<Record<Scope, string>> = {
  host: '0x10<host>',
  link: '0x20<link>',
  site: '0x40<site>',
  global: '0x0<global>',
  nowhere: '0x0<global>',
}

const statistics = ({ stats: s }: NetDevice): string =>
  `        RX packets ${s.rxPackets}  bytes ${s.rxBytes} (${human(s.rxBytes)})\n` +
  `        RX errors ${s.rxErrors}  dropped ${s.rxDropped}  overruns 0  frame 0\n` +
  `        TX packets ${s.txPackets}  bytes ${s.txBytes} (${human(s.txBytes)})\n` +
  `        TX errors ${s.txErrors}  dropped ${s.txDropped} overruns 0  carrier 0  collisions 0\n`

/** One decimal, cut off, not rounded. */
const human = (bytes: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  let i = 0
  let unit = 1
  while (i < units.length - 1 && bytes > unit * 1024) {
    unit *= 1024
    i++
  }
  return `${(Math.floor((bytes * 10) / unit) / 10).toFixed(1)} ${units[i]}`
}

export const SHORT_TITLE = 'Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n'

export const showShort = (proc: Process, { name, dev }: Interface): void => {
  const s = dev.stats
  const flags = getFlags(proc.netns, name)
  const f = flags instanceof Refusal ? 0 : flags
  const letters = LETTERS.filter(([bit]) => f & bit).map(([, letter]) => letter)
  const half = (ok: number, errors: number, dropped: number): string =>
    `${String(ok).padStart(8)} ${String(errors).padStart(6)} ${String(dropped).padStart(6)} ${'0'.padEnd(6)}`
  const numbers =
    name === dev.name
      ? `${half(s.rxPackets, s.rxErrors, s.rxDropped)} ${half(s.txPackets, s.txErrors, s.txDropped).slice(0, -6)}${'0'.padStart(6)} `
      : '     - no statistics available -                        '
  proc.out(`${name.padEnd(15)} ${String(dev.mtu).padStart(5)} ${numbers}${letters.join('')}\n`)
}

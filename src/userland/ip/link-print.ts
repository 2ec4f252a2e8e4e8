import {
  IFF_ALLMULTI, IFF_BROADCAST, IFF_DORMANT, IFF_DYNAMIC, IFF_LOOPBACK, IFF_LOWER_UP, IFF_MASTER, IFF_MULTICAST, IFF_NOARP,
  IFF_NOTRAILERS, IFF_POINTOPOINT, IFF_PROMISC, IFF_RUNNING, IFF_SLAVE, IFF_UP, type NetDevice,
} from '../../kernel/netdevice.ts' // prettier-ignore
import { formatMac } from '../../wire/ethernet.ts'
import { netnsOf, type Ip } from './context.ts'
import { printLinkDetails } from './link-details.ts'
import { printLinkStats } from './link-stats.ts'
import { groupName } from './names.ts'
import { netnsNameOf } from './netns-files.ts'

/** Flags in the order in which ip prints them; NO-CARRIER stands before, M-DOWN after all of them. */
const FLAGS: readonly (readonly [number, string])[] = [
  [IFF_LOOPBACK, 'LOOPBACK'],
  [IFF_BROADCAST, 'BROADCAST'],
  [IFF_POINTOPOINT, 'POINTOPOINT'],
  [IFF_MULTICAST, 'MULTICAST'],
  [IFF_NOARP, 'NOARP'],
  [IFF_ALLMULTI, 'ALLMULTI'],
  [IFF_PROMISC, 'PROMISC'],
  [IFF_MASTER, 'MASTER'],
  [IFF_SLAVE, 'SLAVE'],
  [IFF_DYNAMIC, 'DYNAMIC'],
  [IFF_NOTRAILERS, 'NOTRAILERS'],
  [IFF_UP, 'UP'],
  [IFF_LOWER_UP, 'LOWER_UP'],
  [IFF_DORMANT, 'DORMANT'],
]

/** What stands behind the `@`: the other end of a veth. */
export interface LinkName {
  /** Without the `@`; undefined where the device stands for itself. */
  readonly link: string | undefined
  /** The other end lives in another namespace: only its number is known. */
  readonly index: number | undefined
  /** The other end is here and down (M-DOWN). */
  readonly down: boolean
}

/** The peer as rtnetlink tells of it: by name where it is in the same namespace (IFLA_LINK, IFLA_LINK_NETNSID). */
export const linkOf = (dev: NetDevice): LinkName => {
  const { peer } = dev
  if (peer === undefined) return { link: undefined, index: undefined, down: false }
  if (peer.ns !== dev.ns) return { link: `if${peer.ifindex}`, index: peer.ifindex, down: false }
  return { link: peer.name, index: undefined, down: !peer.up }
}

/**
 * The peer as the dumps of AF_INET6 and AF_BRIDGE tell of it: its number without its namespace, so that ip takes it for
 * the device that has this number *here* (`eth1@eth0` for two cables that leave the machine).
 */
export const linkByNumber = (dev: NetDevice): LinkName => {
  const number = dev.iflink
  if (number === dev.ifindex) return { link: undefined, index: undefined, down: false }
  const here = dev.ns.devices.get(number)
  return { link: here?.name ?? `if${number}`, index: undefined, down: here !== undefined && !here.up }
}

export const printName = (ip: Ip, dev: NetDevice, { link, index }: LinkName, columns = false): void => {
  const { out } = ip
  if (index !== undefined) out.member('link_index', index)
  else if (link !== undefined) out.member('link', link)
  const shown = link === undefined ? dev.name : `${dev.name}@${link}`
  out.field('ifname', dev.name, columns ? shown.padEnd(16) + ' ' : shown + ': ', 'ifname')
}

export const printFlags = (ip: Ip, dev: NetDevice, down: boolean): void => {
  const flags = dev.shownFlags
  const names = FLAGS.filter(([bit]) => flags & bit).map(([, name]) => name)
  if (flags & IFF_UP && !(flags & IFF_RUNNING)) names.unshift('NO-CARRIER')
  if (down) names.push('M-DOWN')
  ip.out.text(`<${names.join(',')}> `)
  ip.out.array('flags', () => {
    for (const name of names) ip.out.field(undefined, name, '')
  })
}

export const printOperstate = (ip: Ip, dev: NetDevice, columns: boolean): void => {
  const state = dev.operstate
  const color = state === 'UP' ? 'up' : state === 'DOWN' ? 'down' : undefined
  if (!columns) ip.out.text('state ')
  ip.out.field('operstate', state, columns ? state.padEnd(14) + ' ' : state + ' ', color)
}

/** How a device is shown by the subcommand that asks. */
export interface LinkView {
  /** `ip link`: with mode and statistics of its own. */
  readonly link: boolean
  /** `ip -6 addr` of all devices: the dump of AF_INET6 knows less. */
  readonly inet6: boolean
}

/** One line of `ip -br link`, and the beginning of one of `ip -br addr`. */
export const printBrief = (ip: Ip, dev: NetDevice, view: LinkView, family = ip.opt.family): void => {
  const name = view.inet6 ? linkByNumber(dev) : linkOf(dev)
  printName(ip, dev, name, true)
  printOperstate(ip, dev, true)
  if (!view.link && family !== 'packet') return
  ip.out.field('address', formatMac(dev.mac), formatMac(dev.mac) + ' ', 'mac')
  printFlags(ip, dev, name.down)
  ip.out.text('\n')
}

/** The lines about a device itself. The last one is ended by the caller. */
export const printLink = (ip: Ip, dev: NetDevice, view: LinkView, family = ip.opt.family): void => {
  const { out, opt } = ip
  const name = view.inet6 ? linkByNumber(dev) : linkOf(dev)
  out.field('ifindex', dev.ifindex, `${dev.ifindex}: `)
  printName(ip, dev, name)
  printFlags(ip, dev, name.down)
  out.field('mtu', dev.mtu, `mtu ${dev.mtu} `)
  if (!view.inet6) out.field('qdisc', dev.qdisc, `qdisc ${dev.qdisc} `)
  const { master } = dev
  if (master !== undefined && !view.inet6) out.field('master', master.name, `master ${master.name} `)
  printOperstate(ip, dev, false)
  if (view.link) out.field('linkmode', 'DEFAULT', 'mode DEFAULT ')
  if (!view.inet6) {
    const group = groupName(dev.group, opt.numeric)
    out.field('group', group, `group ${group} `)
  }
  if (dev.txqlen !== 0) out.field('txqlen', dev.txqlen, `qlen ${dev.txqlen}`)
  if (family === 'unspec' || family === 'packet' || opt.details) printAddresses(ip, dev, view)
  if (view.inet6) return
  printPeerNetns(ip, dev)
  if (opt.details) printLinkDetails(ip, dev, view.link)
  if (dev.alias !== undefined && (view.link || opt.details)) {
    out.field('ifalias', dev.alias, `${out.nl}    alias ${dev.alias}`)
  }
  if (view.link && opt.stats > 0) {
    out.text(out.nl)
    printLinkStats(ip, dev)
  }
  if (dev.altnames.length > 0)
    out.array('altnames', () => {
      for (const altname of dev.altnames) out.field(undefined, altname, `${out.nl}    altname ${altname}`)
    })
}

const printAddresses = (ip: Ip, dev: NetDevice, view: LinkView): void => {
  const { out } = ip
  const type = dev.kind === 'loopback' ? 'loopback' : 'ether'
  const shown = ip.opt.numeric ? `[${dev.kind === 'loopback' ? 772 : 1}]` : type
  out.field('link_type', type, `${out.nl}    link/${shown} `)
  out.field('address', formatMac(dev.mac), formatMac(dev.mac), 'mac')
  if (view.inet6) return
  const broadcast = formatMac(dev.broadcast)
  out.text(' brd ')
  out.field('broadcast', broadcast, broadcast, 'mac')
}

/** In which namespace the peer is: by name where `ip netns` has one for it. */
const printPeerNetns = (ip: Ip, dev: NetDevice): void => {
  const { peer } = dev
  if (peer === undefined || peer.ns === dev.ns) return
  const id = netnsOf(ip).nsidOf(peer.ns)
  const name = netnsNameOf(ip.proc, peer.ns)
  ip.out.member('link_netnsid', id ?? 0)
  ip.out.text(name === undefined ? ` link-netnsid ${id}` : ` link-netns ${name}`)
}

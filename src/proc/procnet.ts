import { routes } from '../kernel/ipv4/fib_frontend.ts'
import { RT_TABLE_MAIN, type Route } from '../kernel/ipv4/fib.ts'
import type { Ifaddr6, NetDevice, Scope } from '../kernel/netdevice.ts'
import type { Netns } from '../kernel/netns.ts'
import { ETH_ZERO, formatMac } from '../wire/ethernet.ts'
import { formatIpv4, prefixMask } from '../wire/ipv4.ts'

/** The files of /proc/net, in the formats of their kernel functions. */

/** Routing flags of /proc/net/route (include/uapi/linux/route.h). */
export const RTF_UP = 0x1
export const RTF_GATEWAY = 0x2
export const RTF_HOST = 0x4
export const RTF_REJECT = 0x200

/** Network byte order read as a little-endian number, in eight digits: 10.1.0.1 is 0100010A. */
const hex = (address: number): string => {
  const swapped =
    ((address >>> 24) | ((address >>> 8) & 0xff00) | ((address & 0xff00) << 8) | (address << 24)) >>> 0
  return swapped.toString(16).toUpperCase().padStart(8, '0')
}

/** net/ipv4/fib_trie.c: fib_route_seq_show() */
export const procNetRoute = (ns: Netns): string => {
  const line = (text: string): string => text.padEnd(127) + '\n'
  let out = line('Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT')
  for (const route of routes(ns, RT_TABLE_MAIN)) {
    if (route.type === 'broadcast' || route.type === 'multicast') continue
    const nh = route.nexthops[0]
    const fields = [
      nh?.dev?.name ?? '*',
      hex(route.dst),
      hex(nh?.gateway ?? 0),
      routeFlags(route).toString(16).toUpperCase().padStart(4, '0'),
      0,
      0,
      route.metric,
      hex(prefixMask(route.prefixlen)),
      0,
      0,
      0,
    ]
    out += line(fields.join('\t'))
  }
  return out
}

/** fib_flag_trans() */
const routeFlags = (route: Route): number => {
  let flags = RTF_UP
  if (route.type === 'unreachable' || route.type === 'prohibit') flags |= RTF_REJECT
  if (route.nexthops[0]?.gateway) flags |= RTF_GATEWAY
  if (route.prefixlen === 32) flags |= RTF_HOST
  return flags
}

/** Flags of /proc/net/arp (include/uapi/linux/if_arp.h). */
export const ATF_COM = 0x2
export const ATF_PERM = 0x4
export const ATF_PUBL = 0x8

/** net/ipv4/arp.c: arp_format_neigh_entry() and arp_format_pneigh_entry() */
export const procNetArp = (ns: Netns): string => {
  const line = (address: string, flags: number, mac: string, dev: string): string =>
    `${address.padEnd(16)} 0x${'1'.padEnd(10)}0x${flags.toString(16).padEnd(10)}${mac.padEnd(17)}     *        ${dev}\n`
  let out = 'IP address       HW type     Flags       HW address            Mask     Device\n'
  for (const n of ns.arp.entries()) {
    if (n.state === 'NOARP') continue
    const resolved = n.state !== 'NONE' && n.state !== 'INCOMPLETE' && n.state !== 'FAILED'
    const flags = n.state === 'PERMANENT' ? ATF_PERM | ATF_COM : resolved ? ATF_COM : 0
    out += line(
      formatIpv4(n.address),
      flags,
      formatMac(resolved ? (n.mac ?? ETH_ZERO) : ETH_ZERO),
      n.dev.name,
    )
  }
  for (const p of ns.arp.proxies)
    out += line(formatIpv4(p.address), ATF_PUBL | ATF_PERM, formatMac(ETH_ZERO), p.dev.name)
  return out
}

/** net/core/net-procfs.c: dev_seq_printf_stats() */
export const procNetDev = (ns: Netns): string => {
  let out =
    'Inter-|   Receive                                                |  Transmit\n' +
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n'
  for (const dev of ns.devices.values()) {
    const s = dev.stats
    const columns: readonly (readonly [number, number])[] = [
      [s.rxBytes, 7], [s.rxPackets, 7], [s.rxErrors, 4], [s.rxDropped, 4], [0, 4], [0, 5], [0, 10], [s.multicast, 9],
      [s.txBytes, 8], [s.txPackets, 7], [s.txErrors, 4], [s.txDropped, 4], [0, 4], [0, 5], [0, 7], [0, 10],
    ] // prettier-ignore
    out += `${dev.name.padStart(6)}: ${columns.map(([n, width]) => String(n).padStart(width)).join(' ')}\n`
  }
  return out
}

const SCOPE6: Readonly<Record<Scope, number>> = { host: 0x10, link: 0x20, site: 0x40, global: 0, nowhere: 0 }
const IFA_F_TENTATIVE = 0x40
const IFA_F_PERMANENT = 0x80

/** net/ipv6/addrconf.c: if6_seq_show() */
export const procNetIfInet6 = (ns: Netns): string => {
  const byte = (n: number): string => n.toString(16).padStart(2, '0')
  const line = (dev: NetDevice, a: Ifaddr6): string => {
    const flags = (a.permanent ? IFA_F_PERMANENT : 0) | (a.tentative ? IFA_F_TENTATIVE : 0)
    const numbers = [dev.ifindex, a.prefixlen, SCOPE6[a.scope], flags].map(byte).join(' ')
    return `${expandIpv6(a.address)} ${numbers} ${dev.name.padStart(8)}\n`
  }
  let out = ''
  for (const dev of ns.devices.values()) for (const a of dev.addresses6) out += line(dev, a)
  return out
}

/** RFC 5952 text as 32 hexadecimal digits. */
const expandIpv6 = (text: string): string => {
  const [head, tail] = text.split('::')
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : [])
  const before = groups(head)
  const after = groups(tail)
  const middle = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0')
  return [...before, ...middle, ...after].map((g) => g.padStart(4, '0')).join('')
}

/** Types of ICMP messages that have counters of their own (icmpmibmap[]), by name. */
const ICMP_TYPES: readonly (readonly [string, number])[] = [
  ['DestUnreachs', 3], ['TimeExcds', 11], ['ParmProbs', 12], ['SrcQuenchs', 4], ['Redirects', 5], ['Echos', 8], ['EchoReps', 0],
  ['Timestamps', 13], ['TimestampReps', 14], ['AddrMasks', 17], ['AddrMaskReps', 18],
] // prettier-ignore

/** net/ipv4/proc.c: snmp_seq_show() */
export const procNetSnmp = (ns: Netns): string => {
  const { ip, icmp, icmpIn, icmpOut, udp } = ns.mib
  const lines = (group: string, counters: Readonly<Record<string, number>>): string =>
    `${group}: ${Object.keys(counters).join(' ')}\n${group}: ${Object.values(counters).join(' ')}\n`
  const total = (byType: ReadonlyMap<number, number>): number =>
    [...byType.values()].reduce((sum, n) => sum + n, 0)
  const named = (prefix: string, byType: ReadonlyMap<number, number>): Record<string, number> =>
    Object.fromEntries(ICMP_TYPES.map(([name, type]) => [prefix + name, byType.get(type) ?? 0]))
  const seen = (prefix: string, byType: ReadonlyMap<number, number>): [string, number][] =>
    [...byType].sort(([a], [b]) => a - b).map(([type, n]) => [`${prefix}${type}`, n])
  const messages = Object.fromEntries([...seen('InType', icmpIn), ...seen('OutType', icmpOut)])
  const { InErrors, InCsumErrors, ...out } = icmp
  return (
    lines('Ip', { Forwarding: ns.ipv4.ipForward ? 1 : 2, DefaultTTL: ns.ipv4.defaultTtl, ...ip }) +
    lines('Icmp', {
      InMsgs: total(icmpIn) + InErrors,
      InErrors,
      InCsumErrors,
      ...named('In', icmpIn),
      OutMsgs: total(icmpOut),
      ...out,
      ...named('Out', icmpOut),
    }) +
    (Object.keys(messages).length > 0 ? lines('IcmpMsg', messages) : '') +
    lines('Tcp', NO_TCP) +
    lines('Udp', udp) +
    lines('UdpLite', Object.fromEntries(Object.keys(udp).map((name) => [name, 0])))
  )
}

/** TCP is not simulated yet: what its counters say at the start (RFC 6298, no limit of connections). */
const NO_TCP: Readonly<Record<string, number>> = {
  RtoAlgorithm: 1, RtoMin: 200, RtoMax: 120000, MaxConn: -1, ActiveOpens: 0, PassiveOpens: 0, AttemptFails: 0, EstabResets: 0,
  CurrEstab: 0, InSegs: 0, OutSegs: 0, RetransSegs: 0, InErrs: 0, OutRsts: 0, InCsumErrors: 0,
} // prettier-ignore

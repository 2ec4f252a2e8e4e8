import { formatIpv4, u16 } from '../../wire/ipv4.ts'
import { formatMac, macAt, ETH_BROADCAST } from '../../wire/ethernet.ts'
import type { Dissection } from './dissect.ts'

export const ipName = (d: Dissection, address: number): string =>
  (d.style.numeric ? undefined : d.names.host(address)) ?? formatIpv4(address)

export const portName = (d: Dissection, port: number, protocol: 'tcp' | 'udp'): string =>
  (d.style.numeric ? undefined : d.names.port(port, protocol)) ?? `${port}`

/** A hardware address; without -n with who made it, which for our interfaces nobody knows. */
export const macName = (d: Dissection, at: number): string => {
  const mac = d.bytes(at, 6)
  if (d.style.numeric) return formatMac(mac)
  if (macAt(mac, 0, ETH_BROADCAST)) return 'Broadcast'
  const oui = mac[0] === 0 && mac[1] === 0 && mac[2] === 0 ? 'Ethernet' : 'Unknown'
  return `${formatMac(mac)} (oui ${oui})`
}

/** Text of an IPv6 address, the longest run of zeros shortened (RFC 5952). */
export const formatIpv6 = (b: Uint8Array): string => {
  const groups = Array.from({ length: 8 }, (_, i) => u16(b, i * 2))
  let best = { at: 0, length: 1 }
  for (let i = 0; i < 8; i++) {
    let n = 0
    while (i + n < 8 && groups[i + n] === 0) n++
    if (n > best.length) best = { at: i, length: n }
  }
  const text = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(':')
  if (best.length < 2) return text(groups)
  // ::ffff:a.b.c.d and ::a.b.c.d, as inet_ntop(3) has them.
  const mapped = best.at === 0 && (best.length === 6 || (best.length === 5 && groups[5] === 0xffff))
  if (mapped && b.length >= 16) {
    const low =
      ((b[12] as number) << 24) | ((b[13] as number) << 16) | ((b[14] as number) << 8) | (b[15] as number)
    return `${best.length === 5 ? '::ffff:' : '::'}${formatIpv4(low >>> 0)}`
  }
  return `${text(groups.slice(0, best.at))}::${text(groups.slice(best.at + best.length))}`
}

export const ip6Name = (d: Dissection, at: number): string => formatIpv6(d.bytes(at, 16))

/** Protocols of IP, as /etc/protocols and tcpdump's own table spell them. */
const PROTOCOLS: Readonly<Record<number, readonly [string, string]>> = {
  0: ['Options', 'hopopt'],
  1: ['ICMP', 'icmp'],
  2: ['IGMP', 'igmp'],
  4: ['IPIP', 'ipencap'],
  6: ['TCP', 'tcp'],
  8: ['EGP', 'egp'],
  9: ['IGRP', 'igp'],
  17: ['UDP', 'udp'],
  33: ['DCCP', 'dccp'],
  41: ['IPv6', 'ipv6'],
  43: ['Routing', 'ipv6-route'],
  44: ['Fragment', 'ipv6-frag'],
  46: ['RSVP', 'rsvp'],
  47: ['GRE', 'gre'],
  50: ['ESP', 'esp'],
  51: ['AH', 'ah'],
  58: ['ICMPv6', 'ipv6-icmp'],
  59: ['no next header', 'ipv6-nonxt'],
  60: ['Options', 'ipv6-opts'],
  88: ['EIGRP', 'eigrp'],
  89: ['OSPF', 'ospf'],
  103: ['PIM', 'pim'],
  112: ['VRRP', 'vrrp'],
  132: ['SCTP', 'sctp'],
  253: ['unknown', 'exptest-253'],
  254: ['unknown', 'exptest-254'],
}
/** As headers name them with -v: `proto ICMP (1)`. */
export const protocolWord = (protocol: number): string => PROTOCOLS[protocol]?.[0] ?? 'unknown'
/** As the line names them without -n; with it, and where unknown, `ip-proto-N`. */
export const protocolName = (d: Dissection, protocol: number): string =>
  (d.style.numeric ? undefined : PROTOCOLS[protocol]?.[1]) ?? `ip-proto-${protocol}`

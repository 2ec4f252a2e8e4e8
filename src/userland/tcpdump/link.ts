import { ETH_P_ARP, ETH_P_IPV6 } from '../../wire/ethernet.ts'
import { ETH_P_IP } from '../../wire/ipv4.ts'
import { SLL2_HEADER } from '../../wire/pcap.ts'
import { printArp } from './arp.ts'
import { hex, type Dissection } from './dissect.ts'
import { hexAndAscii } from './hex.ts'
import { printIp } from './ip.ts'
import { printIp6 } from './ip6.ts'
import { macName } from './names.ts'
import { printLlc } from './llc.ts'

const ETHERTYPES: Readonly<Record<number, string>> = {
  [ETH_P_IP]: 'IPv4',
  [ETH_P_ARP]: 'ARP',
  0x8035: 'Reverse ARP',
  0x8100: '802.1Q',
  [ETH_P_IPV6]: 'IPv6',
  0x8847: 'MPLS unicast',
  0x8863: 'PPPoE D',
  0x8864: 'PPPoE S',
  0x88cc: 'LLDP',
  0x88e5: 'MACsec',
  0x9000: 'Loopback',
}
const typeName = (type: number): string => ETHERTYPES[type] ?? 'Unknown'
/** `ethertype IPv4 (0x0800)`, short with -q. */
const typeText = (d: Dissection, type: number): string =>
  d.style.quiet
    ? (ETHERTYPES[type] ?? `Unknown Ethertype (0x${hex(type, 4)})`)
    : `ethertype ${typeName(type)} (0x${hex(type, 4)})`

const addresses = (d: Dissection): string => `${macName(d, 6)} > ${macName(d, 0)}, `

/** Ethernet II and 802.3. `length` is that on the wire. Returns the length of the link header. */
export const printEthernet = (d: Dissection, length: number): number => {
  d.protocol = 'ether'
  d.need(0, 14)
  const type = d.u16(12)
  if (type <= 1500) {
    if (d.style.link) d.print(`${addresses(d)}802.3, length ${type}: `)
    return 14 + printLlc(d, 14, Math.min(type, length - 14))
  }
  if (d.style.link) d.print(`${addresses(d)}${typeText(d, type)}, length ${length}: `)
  if (printPayload(d, type, 14, length - 14)) return 14
  if (!d.style.link) d.print(`${addresses(d)}${typeText(d, type)}, length ${length}: `)
  if (!d.style.quiet && d.style.plain) d.print(hexAndAscii(d.b.subarray(14), '\n\t'))
  return 14
}

/** Packet types of a cooked capture, by sll2_pkttype. */
const DIRECTIONS = ['In', 'B', 'M', 'P', 'Out']

/** LINUX_SLL2, as captures on `any` have it. */
export const printSll2 = (d: Dissection, length: number): number => {
  d.protocol = 'sll2'
  d.need(0, SLL2_HEADER)
  const type = d.u16(0)
  d.print(`${d.names.device(d.u32(4)).padEnd(5)} ${(DIRECTIONS[d.u8(10)] ?? '?').padEnd(3)} `)
  if (d.style.link) {
    d.print(`ifindex ${d.u32(4)} ${macName(d, 12)} `)
    if (!d.style.quiet) d.print(`${typeText(d, type)}, length ${length}: `)
  }
  if (!printPayload(d, type, SLL2_HEADER, length - SLL2_HEADER)) {
    if (!d.style.link) d.print(`ethertype ${typeName(type)} (0x${hex(type, 4)}), length ${length}: `)
    if (!d.style.quiet && d.style.plain) d.print(hexAndAscii(d.b.subarray(SLL2_HEADER), '\n\t'))
  }
  return SLL2_HEADER
}

const printPayload = (d: Dissection, type: number, at: number, length: number): boolean => {
  switch (type) {
    case ETH_P_IP:
      printIp(d, at, length)
      return true
    case ETH_P_IPV6:
      printIp6(d, at, length)
      return true
    case ETH_P_ARP:
      printArp(d, at, length)
      return true
    default:
      return false
  }
}

import { ARPOP_REQUEST, parseArp } from '../wire/arp.ts'
import { ETH_HLEN, ETH_P_ARP, ETH_P_IPV6, ethType, formatMac } from '../wire/ethernet.ts'
import {
  ICMP_DEST_UNREACH, ICMP_ECHO, ICMP_ECHOREPLY, ICMP_FRAG_NEEDED, ICMP_HOST_UNREACH, ICMP_NET_UNREACH, ICMP_PKT_FILTERED,
  ICMP_PORT_UNREACH, ICMP_PROT_UNREACH, ICMP_REDIRECT, ICMP_TIME_EXCEEDED, icmpCode, icmpType,
} from '../wire/icmp.ts' // prettier-ignore
import {
  ETH_P_IP, formatIpv4, ipDestination, ipFragmentOffset, ipHeaderLength, IPPROTO_ICMP, IPPROTO_UDP, ipProtocol, ipSource, ipTtl,
} from '../wire/ipv4.ts' // prettier-ignore
import { udpDestination, udpSource } from '../wire/udp.ts'

/** What a frame is, for a caption. */
export type FrameKind =
  | 'arp request'
  | 'arp reply'
  | 'echo request'
  | 'echo reply'
  | 'icmp error'
  | 'icmp'
  | 'udp'
  | 'ip'
  | 'ipv6'
  | 'other'

const UNREACHABLE: Readonly<Record<number, string>> = {
  [ICMP_NET_UNREACH]: 'net unreachable',
  [ICMP_HOST_UNREACH]: 'host unreachable',
  [ICMP_PROT_UNREACH]: 'protocol unreachable',
  [ICMP_PORT_UNREACH]: 'port unreachable',
  [ICMP_FRAG_NEEDED]: 'fragmentation needed',
  [ICMP_PKT_FILTERED]: 'administratively filtered',
}

/** One line for people. `protocol` is the Ethertype, for a packet that got no Ethernet header yet. */
export const describeFrame = (
  frame: Uint8Array,
  protocol = ethType(frame),
): { kind: FrameKind; text: string } => {
  switch (protocol) {
    case ETH_P_ARP: {
      const arp = parseArp(frame, ETH_HLEN)
      if (arp === undefined) return { kind: 'other', text: 'ARP, malformed' }
      return arp.op === ARPOP_REQUEST
        ? {
            kind: 'arp request',
            text: `ARP who has ${formatIpv4(arp.targetIp)}, tell ${formatIpv4(arp.senderIp)}`,
          }
        : { kind: 'arp reply', text: `ARP ${formatIpv4(arp.senderIp)} is at ${formatMac(arp.senderMac)}` }
    }
    case ETH_P_IP:
      return describeIp(frame)
    case ETH_P_IPV6:
      return { kind: 'ipv6', text: 'IPv6' }
    default:
      return { kind: 'other', text: `Ethertype 0x${protocol.toString(16).padStart(4, '0')}` }
  }
}

const describeIp = (frame: Uint8Array): { kind: FrameKind; text: string } => {
  if (frame.length < ETH_HLEN + 20) return { kind: 'other', text: 'IPv4, malformed' }
  const way = `${formatIpv4(ipSource(frame, ETH_HLEN))} > ${formatIpv4(ipDestination(frame, ETH_HLEN))}`
  const at = ETH_HLEN + ipHeaderLength(frame, ETH_HLEN)
  const ttl = `ttl ${ipTtl(frame, ETH_HLEN)}`
  if (ipFragmentOffset(frame, ETH_HLEN) > 0) return { kind: 'ip', text: `${way}: fragment, ${ttl}` }
  switch (ipProtocol(frame, ETH_HLEN)) {
    case IPPROTO_ICMP: {
      if (frame.length < at + 8) return { kind: 'icmp', text: `${way}: ICMP, malformed` }
      const type = icmpType(frame, at)
      if (type === ICMP_ECHO) return { kind: 'echo request', text: `${way}: ICMP echo request, ${ttl}` }
      if (type === ICMP_ECHOREPLY) return { kind: 'echo reply', text: `${way}: ICMP echo reply, ${ttl}` }
      if (type === ICMP_DEST_UNREACH)
        return {
          kind: 'icmp error',
          text: `${way}: ICMP ${UNREACHABLE[icmpCode(frame, at)] ?? 'unreachable'}`,
        }
      if (type === ICMP_TIME_EXCEEDED) return { kind: 'icmp error', text: `${way}: ICMP time exceeded` }
      if (type === ICMP_REDIRECT) return { kind: 'icmp error', text: `${way}: ICMP redirect` }
      return { kind: 'icmp', text: `${way}: ICMP type ${type}` }
    }
    case IPPROTO_UDP:
      return {
        kind: 'udp',
        text: `${way}: UDP ${frame.length < at + 8 ? '' : `${udpSource(frame, at)} > ${udpDestination(frame, at)}, `}${ttl}`,
      }
    default:
      return { kind: 'ip', text: `${way}: protocol ${ipProtocol(frame, ETH_HLEN)}, ${ttl}` }
  }
}

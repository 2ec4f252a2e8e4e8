import {
  emitIpv4, ETH_P_IP, ipDestination, ipDontFragment, ipHeaderLength, IPPROTO_ICMP, IPPROTO_UDP, ipSource, IPV4_HEADER, IPV4_MIN_MTU, setU16, setU32, u16,
} from '../../wire/ipv4.ts' // prettier-ignore
import { checksum } from '../../wire/checksum.ts'
import { emitUdp, UDP_HEADER } from '../../wire/udp.ts'
import { broadcastOutput, neighOutput } from '../neigh/nud.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import { L3, Skb } from '../skb.ts'
import type { RawSocket } from '../sock/raw.ts'
import type { InetSocket } from '../sock/socket.ts'
import type { UdpSocket } from '../sock/udp.ts'
import { drop, trace } from '../trace.ts'
import { routeText } from './fib_frontend.ts'
import { fragment } from './fragment.ts'
import { icmpSend } from './icmp.ts'
import { countType } from './mib.ts'
import { ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED } from '../../wire/icmp.ts'
import { recordHop } from './options.ts'
import { routeOutput, type Rtable } from './route.ts'

/**
 * The way out (net/ipv4/ip_output.c):
 *
 *     rawSend │ udpSend │ icmp ─▶ ipLocalOut ─▶ ipOutput ─▶ (fragment) ─▶ neighOutput ─▶ devXmit
 *                         ipForward ──────────────▲
 */

/** Hands a complete packet of this machine's own to the network; where the way's MTU is no IPv4 link's, none is made (ip_setup_cork()). */
export const ipLocalOut = (ns: Netns, skb: Skb, way: Rtable): void => {
  if (ns.sim.tracer !== undefined) {
    trace(ns, skb, way.dev, { point: 'born', frame: skb.data.slice(), protocol: skb.protocol })
    traceRoute(ns, skb, way)
  }
  ns.mib.ip.OutRequests++
  if (way.mtu < IPV4_MIN_MTU)
    return drop(ns, skb, way.dev, 'PKT_TOO_BIG', undefined, `${way.dev.name} mtu ${way.mtu}`)
  ipOutput(ns, skb, way)
}

export const traceRoute = (ns: Netns, skb: Skb, way: Rtable): void => {
  const nh = way.route?.nexthops.find((n) => n.dev === way.dev) ?? way.route?.nexthops[0]
  trace(ns, skb, way.dev, {
    point: 'route',
    destination: ipDestination(skb.data, L3),
    route: way.route === undefined ? undefined : { text: routeText(way.route, nh), cause: way.route.cause },
    kind: way.type,
  })
}

/** ip_output() and ip_finish_output(): fragments what is too long and sends it to the next hop. */
export const ipOutput = (ns: Netns, skb: Skb, way: Rtable): void => {
  const length = skb.data.length - L3
  if (length > way.mtu) {
    if (ipDontFragment(skb.data, L3) && way.type !== 'local') {
      icmpSend(ns, skb, way.dev, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, way.mtu)
      ns.mib.ip.FragFails++
      return drop(ns, skb, way.dev, 'PKT_TOO_BIG')
    }
    const parts = fragment(ns, skb, way.mtu)
    if (parts.length === 0)
      return drop(ns, skb, way.dev, 'PKT_TOO_BIG', undefined, `${way.dev.name} mtu ${way.mtu}`)
    ns.mib.ip.FragOKs++
    ns.mib.ip.FragCreates += parts.length
    for (const part of parts) finish(ns, part, way)
    return
  }
  finish(ns, skb, way)
}

const finish = (ns: Netns, skb: Skb, way: Rtable): void => {
  ns.mib.ip.OutTransmits++
  if (way.type === 'broadcast') return broadcastOutput(way.dev, skb)
  neighOutput(ns, way.dev, way.gateway === 0 ? ipDestination(skb.data, L3) : way.gateway, skb)
}

/** ip_select_ident(): a number that tells this packet's fragments from another's. */
export const nextIpId = (ns: Netns): number => (ns.ipId = (ns.ipId + 1) & 0xffff)

/** The MTU that binds this socket: what path MTU discovery has learned, or only the device's (IP_PMTUDISC_PROBE). */
const socketMtu = (s: InetSocket, way: Rtable): number => (s.pmtudisc === 'probe' ? way.dev.mtu : way.mtu)

/** Room for the packet, or EMSGSIZE with the MTU in the error queue (ip_append_data(), ip_local_error()). */
const tooLong = (
  s: InetSocket,
  way: Rtable,
  length: number,
  destination: number,
  port: number,
): Refusal | undefined => {
  const may = s.pmtudisc === 'do' || s.pmtudisc === 'probe' ? socketMtu(s, way) : 65535
  if (length <= may) return undefined
  if (s.recvErr)
    s.errors.push({
      errno: 'EMSGSIZE', origin: 'local', type: 0, code: 0, info: Math.min(socketMtu(s, way), 65535), offender: way.source, destination, port,
      data: new Uint8Array(0), ttl: 0, at: s.ns.sim.clock.now,
    }) // prettier-ignore
  return new Refusal('EMSGSIZE')
}

const dontFragment = (s: InetSocket, way: Rtable, length: number): boolean =>
  s.pmtudisc === 'do' || s.pmtudisc === 'probe' || (s.pmtudisc === 'want' && length <= way.mtu)

/** Route, broadcast permission and size: what every send asks first. */
const prepare = (s: InetSocket, destination: number, port: number, length: number): Rtable | Refusal => {
  const way = routeOutput(s.ns, destination, { source: s.source, oif: s.boundDevice })
  if (way instanceof Refusal) {
    if (way.errno === 'ENETUNREACH') s.ns.mib.ip.OutNoRoutes++
    return way
  }
  if (way.type === 'broadcast' && !s.broadcast) return new Refusal('EACCES')
  if (way.mtu < IPV4_MIN_MTU) return new Refusal('ENETUNREACH')
  const refusal = tooLong(s, way, length, destination, port)
  if (refusal) return refusal
  return s.pmtudisc === 'probe' && way.mtu !== way.dev.mtu ? { ...way, mtu: way.dev.mtu } : way
}

const header = (s: InetSocket, way: Rtable, protocol: number, length: number, destination: number) => {
  const df = dontFragment(s, way, length)
  return {
    tos: s.tos,
    totalLength: length,
    id: nextIpId(s.ns),
    dontFragment: df,
    ttl: s.ttl ?? (way.type === 'multicast' ? s.multicastTtl : s.ns.ipv4.defaultTtl),
    protocol,
    source: s.source || way.source,
    destination,
    ...(s.options === undefined ? {} : { options: s.options }),
  }
}

/** raw_sendmsg() */
export const rawSend = (s: RawSocket, payload: Uint8Array, destination: number): Refusal | undefined => {
  const { ns } = s
  if (s.hdrincl) return rawSendHeader(s, payload, destination)
  const head = IPV4_HEADER + (s.options?.length ?? 0)
  const length = head + payload.length
  if (payload.length > 65535) return new Refusal('EMSGSIZE')
  const way = prepare(s, destination, 0, length)
  if (way instanceof Refusal) return way
  const data = new Uint8Array(L3 + length)
  emitIpv4(data, L3, header(s, way, s.protocol, length, destination))
  if (s.options !== undefined) recordHop(ns, data, L3, s.source || way.source, s.source || way.source)
  data.set(payload, L3 + head)
  if (s.protocol === IPPROTO_ICMP) countType(ns.mib.icmpOut, payload[0] ?? 0)
  return transmit(s, data, way)
}

/** raw_send_hdrinc(): the program wrote the header; the kernel fills in checksum, and id and source where they are 0. */
const rawSendHeader = (s: RawSocket, packet: Uint8Array, destination: number): Refusal | undefined => {
  const { ns } = s
  if (packet.length < IPV4_HEADER) return new Refusal('EINVAL')
  const way = prepare(s, destination, 0, packet.length)
  if (way instanceof Refusal) return way
  if (packet.length > way.dev.mtu) return new Refusal('EMSGSIZE')
  const data = new Uint8Array(L3 + packet.length)
  data.set(packet, L3)
  const ihl = ipHeaderLength(data, L3)
  if (ihl < IPV4_HEADER || ihl > packet.length) return new Refusal('EINVAL')
  setU16(data, L3 + 2, packet.length)
  if (ipSource(data, L3) === 0) setU32(data, L3 + 12, way.source)
  if (u16(data, L3 + 4) === 0) setU16(data, L3 + 4, nextIpId(ns))
  setU16(data, L3 + 10, 0)
  setU16(data, L3 + 10, checksum(data, L3, ihl))
  return transmit(s, data, way)
}

/** ip_send_skb(): where the device drops it at once, a socket that collects errors is told. */
const transmit = (s: InetSocket, data: Uint8Array, way: Rtable): Refusal | undefined => {
  const skb = new Skb(s.ns.sim, data, ETH_P_IP)
  ipLocalOut(s.ns, skb, way)
  return skb.xmitDropped && s.recvErr ? new Refusal('ENOBUFS') : undefined
}

/** udp_sendmsg() */
export const udpSend = (
  s: UdpSocket,
  payload: Uint8Array,
  destination: number,
  port: number,
): Refusal | undefined => {
  const { ns } = s
  if (payload.length + UDP_HEADER > 65535 - IPV4_HEADER) return new Refusal('EMSGSIZE')
  const head = IPV4_HEADER + (s.options?.length ?? 0)
  const length = head + UDP_HEADER + payload.length
  const way = prepare(s, destination, port, length)
  if (way instanceof Refusal) return way
  const data = new Uint8Array(L3 + length)
  const f = header(s, way, IPPROTO_UDP, length, destination)
  emitIpv4(data, L3, f)
  if (s.options !== undefined) recordHop(ns, data, L3, f.source, f.source)
  data.set(payload, L3 + head + UDP_HEADER)
  emitUdp(data, L3 + head, {
    source: f.source,
    destination,
    sourcePort: s.port,
    destinationPort: port,
    length: UDP_HEADER + payload.length,
  })
  ns.mib.udp.OutDatagrams++
  return transmit(s, data, way)
}

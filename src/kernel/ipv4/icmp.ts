import {
  emitIcmp, ICMP_DEST_UNREACH, ICMP_ECHO, ICMP_ECHOREPLY, ICMP_FRAG_NEEDED, ICMP_HEADER, ICMP_HOST_UNREACH, ICMP_REDIRECT,
  ICMP_TIME_EXCEEDED, ICMP_PARAMETERPROB, ICMP_SOURCE_QUENCH, icmpCode, icmpGateway, icmpIsError, icmpMtu, icmpType, sealIcmp,
} from '../../wire/icmp.ts' // prettier-ignore
import { checksum } from '../../wire/checksum.ts'
import {
  emitIpv4, ETH_P_IP, formatIpv4, ipDestination, ipFragmentOffset, ipHeaderLength, IPPROTO_ICMP, IPPROTO_UDP, ipProtocol, ipSource,
  ipTos, ipTtl, IPV4_HEADER, isLimitedBroadcast, isLoopback, isMulticast, isZeronet, setU16, u16,
} from '../../wire/ipv4.ts' // prettier-ignore
import { UDP_HEADER, udpDestination, udpSource } from '../../wire/udp.ts'
import type { NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal, type Errno } from '../refusal.ts'
import { L3, Skb } from '../skb.ts'
import type { InetSocket, SockError } from '../sock/socket.ts'
import { drop, trace, type TraceRecord } from '../trace.ts'
import { formatIfaddr, selectAddress } from './devinet.ts'
import { addressType } from './fib_frontend.ts'
import { icmpAllowed } from './inetpeer.ts'
import { countType } from './mib.ts'
import { echoOptions, hasOptions, recordHop } from './options.ts'
import { ipLocalOut, nextIpId } from './output.ts'
import { updateException } from './exception.ts'
import { routeOutput } from './route.ts'
import { udpLookup } from './udp.ts'
import { neighOutput } from '../neigh/nud.ts'

/** Bytes of an ICMP error, IP header included: what every host must take (RFC 1812 §4.3.2.3). */
const ERROR_LENGTH = 576
/** Internetwork control, the precedence of ICMP errors. */
const TOS_CONTROL = 0xc0

/**
 * __icmp_send(): tells the source of `skb` what became of it. Silent where RFC 1122 §3.2.2 forbids it: about ICMP errors,
 * about broadcasts and multicasts, about fragments but the first, to sources that are no one host.
 */
export const icmpSend = (
  ns: Netns,
  skb: Skb,
  _dev: NetDevice,
  type: number,
  code: number,
  info: number,
): void => {
  const { data } = skb
  if (skb.pktType !== 'host') return
  if (ipFragmentOffset(data, L3) !== 0) return
  const saddr = ipSource(data, L3)
  const daddr = ipDestination(data, L3)
  if (
    isZeronet(saddr) ||
    isMulticast(saddr) ||
    isLimitedBroadcast(saddr) ||
    isMulticast(daddr) ||
    isLimitedBroadcast(daddr)
  )
    return
  if (addressType(ns, daddr) === 'broadcast') return
  const head = ipHeaderLength(data, L3)
  if (ipProtocol(data, L3) === IPPROTO_ICMP) {
    const inner = data[L3 + head]
    if (inner === undefined || icmpIsError(inner)) return
  }
  const local = ns.fib.lookup(daddr)?.route.type === 'local'
  const way = routeOutput(ns, saddr, { source: local ? daddr : 0 })
  if (way instanceof Refusal) return
  if (!icmpAllowed(ns, way.dev, saddr, type, code)) {
    ns.mib.icmp.OutRateLimitHost++
    return
  }
  const room = Math.min(way.mtu, ERROR_LENGTH) - IPV4_HEADER - ICMP_HEADER
  const quoted = data.subarray(L3, Math.min(data.length, L3 + room))
  const length = IPV4_HEADER + ICMP_HEADER + quoted.length
  const frame = new Uint8Array(L3 + length)
  emitIpv4(frame, L3, {
    tos: (ipTos(data, L3) & 0x1e) | TOS_CONTROL,
    totalLength: length,
    id: nextIpId(ns),
    ttl: ns.ipv4.defaultTtl,
    protocol: IPPROTO_ICMP,
    source: way.source,
    destination: saddr,
  })
  const at = L3 + IPV4_HEADER
  emitIcmp(frame, at, type, code, info)
  frame.set(quoted, at + ICMP_HEADER)
  sealIcmp(frame, at, ICMP_HEADER + quoted.length)
  countType(ns.mib.icmpOut, type)
  ipLocalOut(ns, new Skb(ns.sim, frame, ETH_P_IP, skb), way)
}

/** ipv4_link_failure(): the next hop did not answer ARP. */
export const linkFailure = (ns: Netns, skb: Skb): void => {
  if (skb.protocol === ETH_P_IP)
    icmpSend(ns, skb, skb.dev ?? ns.loopback, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0)
}

/** icmp_rcv() */
export const icmpRcv = (ns: Netns, dev: NetDevice, skb: Skb, at: number): void => {
  const { data } = skb
  const length = data.length - at
  const { icmp, icmpIn } = ns.mib
  if (length < ICMP_HEADER) {
    icmp.InErrors++
    return drop(ns, skb, dev, 'PKT_TOO_SMALL')
  }
  if (checksum(data, at, length) !== 0) {
    icmp.InErrors++
    icmp.InCsumErrors++
    return drop(ns, skb, dev, 'ICMP_CSUM')
  }
  countType(icmpIn, icmpType(data, at))
  if (ns.sim.tracer !== undefined) trace(ns, skb, dev, { point: 'deliver', protocol: 'icmp' })
  const type = icmpType(data, at)
  if (skb.pktType === 'broadcast' || skb.pktType === 'multicast') {
    if (type !== ICMP_ECHO || ns.ipv4.icmpEchoIgnoreBroadcasts) return
  }
  switch (type) {
    case ICMP_ECHO:
      if (!ns.ipv4.icmpEchoIgnoreAll) echoReply(ns, dev, skb, at)
      return
    case ICMP_DEST_UNREACH:
    case ICMP_TIME_EXCEEDED:
    case ICMP_PARAMETERPROB:
    case ICMP_SOURCE_QUENCH:
      return icmpError(ns, dev, skb, at)
    case ICMP_REDIRECT:
      return icmpRedirect(ns, dev, skb, at)
    default:
      return
  }
}

/** icmp_echo(): the same bytes back; the source is the address that was asked, unless that was a broadcast. */
const echoReply = (ns: Netns, dev: NetDevice, skb: Skb, at: number): void => {
  const { data } = skb
  const destination = ipSource(data, L3)
  const asked = ipDestination(data, L3)
  const own = skb.pktType === 'host' ? asked : selectAddress(ns, dev, destination, 'link')
  const way = routeOutput(ns, destination, { source: own })
  if (way instanceof Refusal) {
    if (ns.sim.tracer !== undefined) {
      // No packet is made on Linux; a trace tells of the one that would have been.
      const reply = new Skb(ns.sim, echoFrame(ns, skb, at, own), ETH_P_IP, skb)
      trace(ns, reply, dev, { point: 'born', frame: reply.data, protocol: ETH_P_IP })
      drop(ns, reply, dev, 'IP_OUTNOROUTES', addressRecord(ns, own), formatIpv4(destination))
    }
    return
  }
  countType(ns.mib.icmpOut, ICMP_ECHOREPLY)
  ipLocalOut(ns, new Skb(ns.sim, echoFrame(ns, skb, at, way.source), ETH_P_IP, skb), way)
}

/** The address that the reply would come from: a prefix too long is why its route is missing. */
const addressRecord = (ns: Netns, address: number): TraceRecord | undefined => {
  for (const dev of ns.devices.values())
    for (const a of dev.addresses) if (a.local === address) return { text: formatIfaddr(a), cause: a.cause }
  return undefined
}

const echoFrame = (ns: Netns, { data }: Skb, at: number, source: number): Uint8Array => {
  const options = hasOptions(data, L3) ? echoOptions(data, L3) : undefined
  const head = IPV4_HEADER + (options?.length ?? 0)
  const length = head + data.length - at
  const frame = new Uint8Array(L3 + length)
  emitIpv4(frame, L3, {
    tos: ipTos(data, L3),
    totalLength: length,
    id: nextIpId(ns),
    ttl: ns.ipv4.defaultTtl,
    protocol: IPPROTO_ICMP,
    source,
    destination: ipSource(data, L3),
    ...(options === undefined ? {} : { options }),
  })
  if (options !== undefined) recordHop(ns, frame, L3, source, source)
  const to = L3 + head
  frame.set(data.subarray(at), to)
  frame[to] = ICMP_ECHOREPLY
  // Only the type changed from 8 to 0: mend the checksum (RFC 1624).
  let sum = u16(data, at + 2) + (ICMP_ECHO << 8)
  sum = (sum & 0xffff) + (sum >>> 16)
  setU16(frame, to + 2, sum)
  return frame
}

/** What an unreachable's code means to a program, and whether it ends a connection (icmp_err_convert[]). */
const UNREACH: readonly (readonly [Errno, boolean])[] = [
  ['ENETUNREACH', false],
  ['EHOSTUNREACH', false],
  ['ENOPROTOOPT', true],
  ['ECONNREFUSED', true],
  ['EMSGSIZE', false],
  ['EOPNOTSUPP', false],
  ['ENETUNREACH', true],
  ['EHOSTDOWN', true],
  ['ENETUNREACH', true],
  ['ENETUNREACH', true],
  ['EHOSTUNREACH', true],
  ['ENETUNREACH', false],
  ['EHOSTUNREACH', false],
  ['EHOSTUNREACH', true],
  ['EHOSTUNREACH', true],
  ['EHOSTUNREACH', true],
]

/** icmp_unreach(): path MTU is noted; the socket that sent the packet hears of it. */
const icmpError = (ns: Netns, dev: NetDevice, skb: Skb, at: number): void => {
  const { data } = skb
  const inner = at + ICMP_HEADER
  if (data.length < inner + IPV4_HEADER) return drop(ns, skb, dev, 'PKT_TOO_SMALL')
  const type = icmpType(data, at)
  const code = icmpCode(data, at)
  const destination = ipDestination(data, inner)
  let info = 0
  if (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED) {
    info = icmpMtu(data, at)
    if (info > 0) updatePmtu(ns, destination, info)
  }
  const [errno, fatal]: readonly [Errno, boolean] =
    type === ICMP_DEST_UNREACH
      ? (UNREACH[code] ?? ['EHOSTUNREACH', true])
      : type === ICMP_PARAMETERPROB
        ? ['EPROTO', true]
        : ['EHOSTUNREACH', false]
  const head = ipHeaderLength(data, inner)
  const base = {
    errno, origin: 'icmp', type, code, info, offender: ipSource(data, L3), destination, ttl: ipTtl(data, L3), at: ns.sim.clock.now,
  } as const // prettier-ignore
  const protocol = ipProtocol(data, inner)
  for (const s of ns.sockets.raw) {
    if (s.protocol !== protocol || (s.peer !== 0 && s.peer !== destination)) continue
    if (s.source !== 0 && s.source !== ipSource(data, inner)) continue
    // One's own errors come over lo: a socket that is bound to another device never hears them.
    if (s.boundDevice !== undefined && s.boundDevice !== dev) continue
    pushError(s, { ...base, port: 0, data: data.slice(inner + head) }, fatal)
  }
  if (protocol === IPPROTO_UDP && data.length >= inner + head + UDP_HEADER) {
    const l4 = inner + head
    const port = udpDestination(data, l4)
    const s = udpLookup(
      ns,
      { source: destination, sport: port, destination: ipSource(data, inner), dport: udpSource(data, l4) },
      dev,
    )
    if (s !== undefined)
      pushError(s, { ...base, port, data: data.slice(l4 + UDP_HEADER) }, fatal && s.peer !== undefined)
  }
}

const pushError = (s: InetSocket, error: SockError, fatal: boolean): void => {
  const hard = error.errno === 'EMSGSIZE' && error.type === ICMP_DEST_UNREACH ? s.pmtudisc !== 'dont' : fatal
  s.pushError(error, hard)
}

/** ip_rt_update_pmtu(): packets to there are at most so long, for ten minutes. */
const updatePmtu = (ns: Netns, daddr: number, told: number): void => {
  const way = routeOutput(ns, daddr, {})
  if (way instanceof Refusal || way.type !== 'unicast') return
  const mtu = Math.max(told, ns.ipv4.minPmtu)
  if (mtu >= way.mtu) return
  if (way.nh === undefined) return
  updateException(ns, way.nh, daddr, { mtu, expires: ns.sim.clock.now + ns.ipv4.mtuExpires * 1e9 })
}

/** __ip_do_redirect(): a router tells of a better first hop; it is believed if it is our router and the new one is near. */
const icmpRedirect = (ns: Netns, dev: NetDevice, skb: Skb, at: number): void => {
  const { data } = skb
  const inner = at + ICMP_HEADER
  if (data.length < inner + IPV4_HEADER) return drop(ns, skb, dev, 'PKT_TOO_SMALL')
  const gateway = icmpGateway(data, at)
  const destination = ipDestination(data, inner)
  const all = ns.ipv4.all.acceptRedirects
  const accepts = dev.conf.forwarding ? all && dev.conf.acceptRedirects : all || dev.conf.acceptRedirects
  if (
    !accepts ||
    isMulticast(gateway) ||
    isLimitedBroadcast(gateway) ||
    isZeronet(gateway) ||
    isLoopback(gateway)
  )
    return
  const way = routeOutput(ns, destination, {})
  if (way instanceof Refusal || way.gateway !== ipSource(data, L3) || way.dev !== dev) return
  if (addressType(ns, gateway) !== 'unicast' || ns.fib.lookup(gateway)?.nh.dev !== dev) return
  const n = ns.arp.lookup(gateway, dev)
  if (n === undefined || n.mac === undefined || n.state === 'FAILED' || n.state === 'INCOMPLETE') {
    // Not known yet: ask for it now; the next redirect is believed (neigh_event_send()).
    probe(ns, dev, gateway, skb)
    return
  }
  if (way.nh === undefined) return
  const expires = way.exception?.mtu ? way.exception.expires : ns.sim.clock.now + 300e9
  updateException(ns, way.nh, destination, { gateway, expires })
}

/** Starts resolving an address without anything to send: an empty packet that waits and is dropped with the answer. */
const probe = (ns: Netns, dev: NetDevice, address: number, parent: Skb): void => {
  const n = ns.arp.ensure(address, dev)
  if (n.state !== 'NONE' && n.state !== 'FAILED') return
  const frame = new Uint8Array(L3 + IPV4_HEADER)
  const source = selectAddress(ns, dev, address, 'link')
  emitIpv4(frame, L3, { totalLength: IPV4_HEADER, id: 0, ttl: 1, protocol: 0, source, destination: source })
  const skb = new Skb(ns.sim, frame, ETH_P_IP, parent)
  neighOutput(ns, dev, address, skb)
  n.queue = n.queue.filter((q) => q !== skb)
}

import {
  ICMP_DEST_UNREACH,
  ICMP_HOST_UNREACH,
  ICMP_NET_UNREACH,
  ICMP_PKT_FILTERED,
  ICMP_PROT_UNREACH,
} from '../../wire/icmp.ts'
import {
  formatIpv4, ipDestination, ipFragmentOffset, ipHeaderLength, ipMoreFragments, IPPROTO_ICMP, IPPROTO_IGMP, IPPROTO_UDP,
  ipProtocol, ipSource, ipTotalLength, ipv4Valid,
} from '../../wire/ipv4.ts' // prettier-ignore
import type { NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { L3, type Skb } from '../skb.ts'
import { drop, trace, type DropReason } from '../trace.ts'
import { routeText } from './fib_frontend.ts'
import { ipForward } from './forward.ts'
import { icmpRcv, icmpSend } from './icmp.ts'
import { ipErrorAllowed } from './inetpeer.ts'
import { hasOptions, recordHop } from './options.ts'
import { inetIif, routeInput, type InputRefusal, type InputRoute } from './route.ts'
import { udpRcv } from './udp.ts'

/**
 * The way in (net/ipv4/ip_input.c):
 *
 *     ipRcv ─▶ routeInput ─┬▶ ipLocalDeliver ─▶ (reassemble) ─▶ raw sockets, icmpRcv │ udpRcv
 *                          ├▶ ipForward
 *                          └▶ ipError (no route, martian)
 */
export const ipRcv = (ns: Netns, dev: NetDevice, skb: Skb): void => {
  if (skb.pktType === 'otherhost') return drop(ns, skb, dev, 'OTHERHOST')
  const { data } = skb
  ns.mib.ip.InReceives++
  if (!ipv4Valid(data, L3)) {
    ns.mib.ip.InHdrErrors++
    return drop(ns, skb, dev, 'IP_INHDR')
  }
  const end = L3 + ipTotalLength(data, L3)
  if (data.length > end) skb.data = data.subarray(0, end)
  const daddr = ipDestination(data, L3)
  const saddr = ipSource(data, L3)
  const way = routeInput(ns, daddr, saddr, dev)
  if (ns.sim.tracer !== undefined) traceInput(ns, skb, dev, daddr, way)
  switch (way.kind) {
    case 'local':
      if (hasOptions(data, L3)) recordHop(ns, data, L3, daddr, daddr)
      return ipLocalDeliver(ns, dev, skb)
    case 'broadcast':
      if (skb.pktType === 'host' && dev.kind !== 'loopback') skb.pktType = 'broadcast'
      return ipLocalDeliver(ns, dev, skb)
    case 'forward':
      return ipForward(ns, dev, skb, way)
    default:
      return ipError(ns, dev, skb, way)
  }
}

const traceInput = (ns: Netns, skb: Skb, dev: NetDevice, destination: number, way: InputRoute): void => {
  const found = 'found' in way ? way.found : undefined
  trace(ns, skb, dev, {
    point: 'route',
    destination,
    route:
      found === undefined ? undefined : { text: routeText(found.route, found.nh), cause: found.route.cause },
    kind: way.kind,
  })
}

/** ip_error() and the martian counters: why it is not taken, and whether the sender hears of it. */
const ipError = (ns: Netns, dev: NetDevice, skb: Skb, way: InputRefusal): void => {
  switch (way.kind) {
    case 'martian-source': {
      if (!way.rpFilter) ns.mib.ip.InAddrErrors++
      const reason: DropReason =
        way.why === 'rp_filter'
          ? 'IP_RPFILTER'
          : way.why === 'local'
            ? 'IP_LOCAL_SOURCE'
            : 'IP_INVALID_SOURCE'
      return drop(ns, skb, dev, reason, undefined, formatIpv4(ipSource(skb.data, L3)))
    }
    case 'martian-destination':
      ns.mib.ip.InAddrErrors++
      return drop(ns, skb, dev, 'IP_INVALID_DEST')
    case 'error': {
      if (!way.forwarding) {
        ns.mib.ip.InAddrErrors++
        return drop(ns, skb, dev, 'IP_FORWARDING_OFF')
      }
      if (skb.pktType !== 'host') return drop(ns, skb, dev, 'UNICAST_IN_L2_MULTICAST')
      const record =
        way.found === undefined
          ? undefined
          : { text: routeText(way.found.route, way.found.nh), cause: way.found.route.cause }
      if (way.errno === 'EINVAL') return drop(ns, skb, dev, 'LOCAL_BLACKHOLE', record)
      const code =
        way.errno === 'ENETUNREACH'
          ? ICMP_NET_UNREACH
          : way.errno === 'EACCES'
            ? ICMP_PKT_FILTERED
            : ICMP_HOST_UNREACH
      if (ipErrorAllowed(ns, ipSource(skb.data, L3))) icmpSend(ns, skb, dev, ICMP_DEST_UNREACH, code, 0)
      return drop(ns, skb, dev, 'IP_INNOROUTES', record)
    }
  }
}

/** ip_local_deliver(): it is for us. Raw sockets hear a copy; a protocol that nobody speaks is told of. */
export const ipLocalDeliver = (ns: Netns, dev: NetDevice, incoming: Skb): void => {
  let skb = incoming
  if (ipMoreFragments(skb.data, L3) || ipFragmentOffset(skb.data, L3) !== 0) {
    const whole = ns.reassembly.add(skb, dev)
    if (whole === undefined) return
    skb = whole
  }
  const { data } = skb
  const protocol = ipProtocol(data, L3)
  const raw = ns.sockets.raw.size > 0 && rawDeliver(ns, dev, skb, protocol)
  const transport = L3 + ipHeaderLength(data, L3)
  switch (protocol) {
    case IPPROTO_ICMP:
      ns.mib.ip.InDelivers++
      return icmpRcv(ns, dev, skb, transport)
    case IPPROTO_UDP:
      ns.mib.ip.InDelivers++
      return udpRcv(ns, dev, skb, transport)
    case IPPROTO_IGMP:
      ns.mib.ip.InDelivers++
      return
    default:
      if (raw) {
        ns.mib.ip.InDelivers++
        return
      }
      ns.mib.ip.InUnknownProtos++
      icmpSend(ns, skb, dev, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0)
      return drop(ns, skb, dev, 'NO_SOCKET')
  }
}

/** raw_local_deliver() */
const rawDeliver = (ns: Netns, dev: NetDevice, skb: Skb, protocol: number): boolean => {
  let heard = false
  const saddr = ipSource(skb.data, L3)
  const daddr = ipDestination(skb.data, L3)
  const iif = inetIif(ns, dev, daddr)
  for (const s of ns.sockets.raw) {
    if (s.protocol !== protocol && s.protocol !== 255) continue
    if (s.peer !== 0 && s.peer !== saddr) continue
    if (s.source !== 0 && s.source !== daddr) continue
    if (s.boundDevice !== undefined && s.boundDevice !== iif) continue
    s.deliver(skb)
    heard = true
  }
  return heard
}

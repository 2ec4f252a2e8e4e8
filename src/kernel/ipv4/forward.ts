import {
  ICMP_DEST_UNREACH,
  ICMP_EXC_TTL,
  ICMP_FRAG_NEEDED,
  ICMP_REDIR_HOST,
  ICMP_REDIRECT,
  ICMP_TIME_EXCEEDED,
} from '../../wire/icmp.ts'
import { decreaseTtl, ipDestination, ipDontFragment, ipSource, ipTtl, prefixMask } from '../../wire/ipv4.ts'
import type { NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import { L3, type Skb } from '../skb.ts'
import { drop, trace } from '../trace.ts'
import { selectAddress } from './devinet.ts'
import { icmpSend } from './icmp.ts'
import { ipOutput } from './output.ts'
import { hasOptions, recordHop } from './options.ts'
import { routeOutput, type InputRoute } from './route.ts'

/** net/ipv4/ip_forward.c: ip_forward() */
export const ipForward = (
  ns: Netns,
  dev: NetDevice,
  skb: Skb,
  route: Extract<InputRoute, { kind: 'forward' }>,
): void => {
  if (skb.pktType !== 'host') return drop(ns, skb, dev, 'UNICAST_IN_L2_MULTICAST')
  const { way } = route
  const { data } = skb
  if (ipTtl(data, L3) <= 1) {
    ns.mib.ip.InHdrErrors++
    icmpSend(ns, skb, dev, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0)
    return drop(ns, skb, dev, 'IP_TTL')
  }
  ns.mib.ip.ForwDatagrams++
  const mtu = Math.min(way.dev.mtu, way.route?.mtu ?? way.dev.mtu)
  if (data.length - L3 > mtu && ipDontFragment(data, L3)) {
    ns.mib.ip.FragFails++
    icmpSend(ns, skb, dev, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu)
    return drop(ns, skb, dev, 'PKT_TOO_BIG', undefined, `${way.dev.name} mtu ${mtu}`)
  }
  const gateway = way.gateway === 0 ? ipDestination(data, L3) : way.gateway
  // shared_media: whoever sends from this wire is told, also of a router or host that is in no network of ours on it.
  if (route.redirect && onLink(dev, ipSource(data, L3))) sendRedirect(ns, dev, skb, gateway)
  const ttl = decreaseTtl(data, L3)
  if (hasOptions(data, L3)) recordWay(ns, dev, data)
  if (ns.sim.tracer !== undefined) trace(ns, skb, way.dev, { point: 'forward', ttl })
  ipOutput(ns, skb, { ...way, mtu })
}

/** Records the route by the address that looks onwards, the time by the one that looks back. */
const recordWay = (ns: Netns, dev: NetDevice, data: Uint8Array): void => {
  const onwards = routeOutput(ns, ipDestination(data, L3), {})
  const back = selectAddress(ns, dev, ipSource(data, L3), 'link')
  recordHop(ns, data, L3, onwards instanceof Refusal ? back : onwards.source, back)
}

const onLink = (dev: NetDevice, address: number): boolean =>
  dev.addresses.some((a) => ((a.address ^ address) & prefixMask(a.prefixlen)) === 0)

interface RedirectRate {
  last: number
  sent: number
}
const rates = new WeakMap<Netns, Map<number, RedirectRate>>()
/** net.ipv4.route.redirect_load, redirect_number, redirect_silence with HZ = 1000, in ns. */
const REDIRECT_LOAD = 20e6
const REDIRECT_NUMBER = 9
const REDIRECT_SILENCE = 20.48e9

/** ip_rt_send_redirect(): tells the sender of the better way, ever more seldom. */
const sendRedirect = (ns: Netns, dev: NetDevice, skb: Skb, gateway: number): void => {
  const { now } = ns.sim.clock
  let peers = rates.get(ns)
  if (peers === undefined) rates.set(ns, (peers = new Map()))
  const source = ipSource(skb.data, L3)
  let rate = peers.get(source)
  if (rate === undefined) peers.set(source, (rate = { last: -Infinity, sent: 0 }))
  if (now > rate.last + REDIRECT_SILENCE) rate.sent = 0
  if (rate.sent >= REDIRECT_NUMBER) {
    rate.last = now
    return
  }
  if (rate.sent > 0 && now <= rate.last + REDIRECT_LOAD * 2 ** rate.sent) return
  icmpSend(ns, skb, dev, ICMP_REDIRECT, ICMP_REDIR_HOST, gateway)
  rate.last = now
  rate.sent++
}

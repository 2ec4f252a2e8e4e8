import { ARPOP_REPLY, ARPOP_REQUEST, emitArp, parseArp, type Arp } from '../../wire/arp.ts'
import { ETH_P_ARP, ETH_ZERO } from '../../wire/ethernet.ts'
import { ipSource, isLoopback, isMulticast, prefixMask } from '../../wire/ipv4.ts'
import { devXmit } from '../dev/dev.ts'
import { isLocalAddress, selectAddress } from '../ipv4/devinet.ts'
import { routeInput } from '../ipv4/route.ts'
import { IFF_NOARP, type NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { L3, Skb } from '../skb.ts'
import { drop, trace } from '../trace.ts'
import type { Neighbour } from './neigh.ts'
import { neighUpdate } from './nud.ts'

/** arp_send(): one ARP packet out of `dev`. */
const arpSend = (dev: NetDevice, destination: Uint8Array, arp: Arp, parent?: Skb): void => {
  const { sim } = dev.ns
  const skb = new Skb(sim, emitArp(destination, arp), ETH_P_ARP, parent)
  skb.pktType = 'outgoing'
  if (sim.tracer !== undefined)
    trace(dev.ns, skb, dev, { point: 'born', frame: skb.data.slice(), protocol: skb.protocol })
  devXmit(dev, skb)
}

/** arp_solicit(): asks who has the address; the source is that of the packet that waits, where it is ours (arp_announce 0). */
export const arpSolicit = (n: Neighbour, waiting: Skb | undefined): void => {
  const { dev } = n
  const announce = Math.max(dev.conf.arpAnnounce, dev.ns.ipv4.all.arpAnnounce)
  const of = waiting === undefined ? 0 : ipSource(waiting.data, L3)
  const onLink = (a: number): boolean =>
    dev.addresses.some(
      (i) =>
        ((a ^ i.local) & prefixMask(i.prefixlen)) === 0 &&
        ((n.address ^ i.local) & prefixMask(i.prefixlen)) === 0,
    )
  const senderIp =
    of !== 0 && announce < 2 && isLocalAddress(dev.ns, of) && (announce === 0 || onLink(of))
      ? of
      : selectAddress(dev.ns, dev, n.address, 'link')
  // Entries that were valid are probed by unicast first.
  const unicast = n.state === 'PROBE' && n.mac !== undefined
  arpSend(
    dev,
    unicast ? (n.mac as Uint8Array) : dev.broadcast,
    { op: ARPOP_REQUEST, senderMac: dev.mac, senderIp, targetMac: ETH_ZERO, targetIp: n.address },
    waiting,
  )
}

/** arp_rcv() and arp_process() */
export const arpRcv = (ns: Netns, dev: NetDevice, skb: Skb): void => {
  if (skb.pktType === 'otherhost' || dev.flags & IFF_NOARP) return drop(ns, skb, dev, 'OTHERHOST')
  const arp = parseArp(skb.data, L3)
  if (arp === undefined || (arp.op !== ARPOP_REQUEST && arp.op !== ARPOP_REPLY))
    return drop(ns, skb, dev, 'NOT_SPECIFIED')
  if (isMulticast(arp.targetIp) || (isLoopback(arp.targetIp) && !routeLocalnet(ns, dev)))
    return drop(ns, skb, dev, 'IP_INVALID_DEST')
  if (dev.addresses.length === 0 && !anyAddress(ns))
    return drop(ns, skb, dev, 'NOT_SPECIFIED', undefined, 'arp')

  if (arp.op === ARPOP_REQUEST) {
    // Duplicate address detection (RFC 5227): the sender has no address yet.
    if (arp.senderIp === 0) {
      if (answersFor(ns, dev, arp)) reply(dev, arp, skb)
      return
    }
    if (answersFor(ns, dev, arp)) {
      const n = ns.arp.lookup(arp.senderIp, dev) ?? create(ns, arp.senderIp, dev, skb)
      neighUpdate(n, arp.senderMac, 'STALE', { override: true })
      if (ns.sim.tracer !== undefined) trace(ns, skb, dev, { point: 'deliver', protocol: 'arp' })
      reply(dev, arp, skb)
      return
    }
    if (proxies(ns, dev, arp)) {
      const n = ns.arp.lookup(arp.senderIp, dev) ?? create(ns, arp.senderIp, dev, skb)
      neighUpdate(n, arp.senderMac, 'STALE', { override: true })
      reply(dev, arp, skb)
      return
    }
  }
  // Not for us, or a reply: it may refresh what we know; only arp_accept lets it make a new entry.
  let n = ns.arp.lookup(arp.senderIp, dev)
  const gratuitous = arp.senderIp === arp.targetIp
  if (n === undefined && dev.conf.arpAccept | ns.ipv4.all.arpAccept && arp.senderIp !== 0)
    n = create(ns, arp.senderIp, dev, skb)
  if (n === undefined) {
    // An answer that nobody waits for is no error: who listens by a socket of his own has heard it (arping).
    if (arp.op === ARPOP_REQUEST || skb.pktType !== 'host')
      return drop(ns, skb, dev, 'NOT_SPECIFIED', undefined, 'arp')
    if (ns.sim.tracer !== undefined) trace(ns, skb, dev, { point: 'deliver', protocol: 'arp' })
    return
  }
  const { now } = ns.sim.clock
  const override = now > n.updated + ns.ipv4.neigh.lockTime || gratuitous
  const toUs = arp.op === ARPOP_REPLY && skb.pktType === 'host'
  if (ns.sim.tracer !== undefined) trace(ns, skb, dev, { point: 'deliver', protocol: 'arp' })
  neighUpdate(n, arp.senderMac, toUs ? 'REACHABLE' : 'STALE', { override })
}

const create = (ns: Netns, address: number, dev: NetDevice, skb: Skb): Neighbour => {
  const n = ns.arp.ensure(address, dev)
  n.cause = skb.cause
  return n
}

const routeLocalnet = (ns: Netns, dev: NetDevice): boolean =>
  (dev.conf.routeLocalnet | ns.ipv4.all.routeLocalnet) !== 0

const anyAddress = (ns: Netns): boolean => {
  for (const d of ns.devices.values()) if (d.kind !== 'loopback' && d.addresses.length > 0) return true
  return false
}

/** Is the target ours, and do arp_ignore and arp_filter let us say so? */
const answersFor = (ns: Netns, dev: NetDevice, arp: Arp): boolean => {
  if (ns.fib.lookup(arp.targetIp)?.route.type !== 'local') return false
  // The sender must be one that may ask from there: not one of our own addresses, and by rp_filter (ip_route_input()).
  if (arp.senderIp !== 0 && routeInput(ns, arp.targetIp, arp.senderIp, dev).kind !== 'local') return false
  const ignore = Math.max(dev.conf.arpIgnore, ns.ipv4.all.arpIgnore)
  if (ignore === 1 || ignore === 2) {
    const own = dev.addresses.find((a) => a.local === arp.targetIp)
    if (own === undefined) return false
    if (ignore === 2 && ((arp.senderIp ^ own.local) & prefixMask(own.prefixlen)) !== 0) return false
  } else if (ignore >= 8) return false
  if (dev.conf.arpFilter | ns.ipv4.all.arpFilter) return ns.fib.lookup(arp.senderIp)?.nh.dev === dev
  return true
}

/** Proxy ARP: by the knob for all that is routed elsewhere, or by an entry for one address. */
const proxies = (ns: Netns, dev: NetDevice, arp: Arp): boolean => {
  if (!dev.conf.forwarding) return false
  const way = ns.fib.lookup(arp.targetIp)
  if (way === undefined || way.route.type !== 'unicast' || way.nh.dev === dev) return false
  return (
    (dev.conf.proxyArp | ns.ipv4.all.proxyArp) !== 0 ||
    ns.arp.proxies.some((p) => p.address === arp.targetIp && p.dev === dev)
  )
}

const reply = (dev: NetDevice, asked: Arp, skb: Skb): void =>
  arpSend(
    dev,
    asked.senderMac,
    {
      op: ARPOP_REPLY,
      senderMac: dev.mac,
      senderIp: asked.targetIp,
      targetMac: asked.senderMac,
      targetIp: asked.senderIp,
    },
    skb,
  )

import { ETH_HLEN, ETH_P_ARP, ETH_P_IPV6, ethIsGroup, macAt } from '../../wire/ethernet.ts'
import { ETH_P_IP } from '../../wire/ipv4.ts'
import { ipRcv } from '../ipv4/input.ts'
import { ipv6Rcv } from '../ipv6/addrconf.ts'
import { arpRcv } from '../neigh/arp.ts'
import type { NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import type { Skb } from '../skb.ts'
import { drop, trace } from '../trace.ts'
import { brDevXmit, brHandleFrame } from './brforward.ts'

/**
 * The way of a frame through devices:
 *
 *     devXmit ─▶ loopbackXmit ─────────────────────────────▶ netifReceive ─▶ arpRcv │ ipRcv │ ipv6Rcv
 *            ├▶ vethXmit ──(wire: 5–13 µs)──▶ the peer's ──▶ netifReceive ─▶ brHandleFrame (the peer is a bridge port)
 *            └▶ brDevXmit ─▶ devXmit of its ports
 */

/** Time a frame takes over a wire: chosen per frame in this range, so that round-trip times look alive. */
const WIRE_MIN = 5_000
const WIRE_SPREAD = 8_192
/** Time that a frame takes through the loopback. */
const LOOPBACK_DELAY = 4_000

/** Frames on one wire at a time; more are dropped (the peer's receive ring). */
const WIRE_QUEUE = 1_000

/** dev_queue_xmit(): sends a whole frame out of `dev`. */
export const devXmit = (dev: NetDevice, skb: Skb): void => {
  skb.dev = dev
  const ns = dev.ns
  if (!dev.up) {
    dev.stats.txDropped++
    return drop(ns, skb, dev, 'DEV_READY')
  }
  if (dev.taps > 0) tap(dev, skb, 'out')
  switch (dev.kind) {
    case 'loopback':
      return loopbackXmit(dev, skb)
    case 'veth':
      return vethXmit(dev, skb)
    case 'bridge':
      dev.stats.txPackets++
      dev.stats.txBytes += skb.data.length
      return brDevXmit(dev, skb)
  }
}

const tap = (dev: NetDevice, skb: Skb, direction: 'in' | 'out'): void => {
  for (const socket of dev.ns.sockets.packet) socket.deliver(skb, dev, direction)
}

const loopbackXmit = (dev: NetDevice, skb: Skb): void => {
  const { stats } = dev
  stats.txPackets++
  stats.txBytes += skb.data.length - ETH_HLEN
  if (dev.ns.sim.tracer !== undefined) trace(dev.ns, skb, dev, { point: 'xmit', frame: skb.data.slice() })
  const { clock, random } = dev.ns.sim
  const arrival = Math.max(clock.now + LOOPBACK_DELAY + (random.next() & 4095), dev.lastArrival + 300)
  dev.lastArrival = arrival
  clock.schedule(arrival - clock.now, receiveLoopback, skb)
}

const receiveLoopback = (skb: Skb): void => {
  const dev = skb.dev as NetDevice
  if (!dev.up) return
  netifReceive(dev, skb)
}

/** veth_xmit(): the frame arrives at the other end, in order. */
const vethXmit = (dev: NetDevice, skb: Skb): void => {
  const { peer, ns } = dev
  const { sim } = ns
  if (peer === undefined || !peer.up) {
    dev.stats.txDropped++
    return drop(ns, skb, dev, 'DEV_READY')
  }
  if (skb.data.length > peer.mtu + ETH_HLEN + 4) {
    dev.stats.txDropped++
    skb.xmitDropped = true
    return drop(ns, skb, dev, 'PKT_TOO_BIG')
  }
  const { now } = sim.clock
  let arrival = now + WIRE_MIN + (sim.random.next() & (WIRE_SPREAD - 1))
  if (arrival <= dev.lastArrival) arrival = dev.lastArrival + 300
  if (arrival - now > WIRE_QUEUE * WIRE_MIN) {
    dev.stats.txDropped++
    return drop(ns, skb, dev, 'FULL_RING')
  }
  dev.lastArrival = arrival
  dev.stats.txPackets++
  dev.stats.txBytes += skb.data.length
  if (sim.tracer !== undefined) trace(ns, skb, dev, { point: 'xmit', frame: skb.data.slice() })
  skb.dev = peer
  sim.clock.schedule(arrival - now, receiveVeth, skb)
}

const receiveVeth = (skb: Skb): void => {
  const dev = skb.dev as NetDevice
  if (!dev.up) {
    dev.stats.rxDropped++
    return drop(dev.ns, skb, dev, 'DEV_READY')
  }
  netifReceive(dev, skb)
}

/** eth_type_trans() and __netif_receive_skb_core(): counts, shows to listeners, and hands up. */
export const netifReceive = (dev: NetDevice, skb: Skb): void => {
  const frame = skb.data
  if (frame.length < ETH_HLEN) return drop(dev.ns, skb, dev, 'PKT_TOO_SMALL')
  skb.dev = dev
  dev.stats.rxPackets++
  // A veth counts what its peer sent, lo and bridges what is behind the Ethernet header.
  dev.stats.rxBytes += dev.kind === 'veth' ? frame.length : frame.length - ETH_HLEN
  if (ethIsGroup(frame)) {
    skb.pktType = macAt(frame, 0, dev.broadcast) ? 'broadcast' : 'multicast'
    // Only a bridge counts them (br_handle_frame_finish()).
    if (dev.kind === 'bridge' && skb.pktType === 'multicast') dev.stats.multicast++
  } else skb.pktType = dev.kind === 'loopback' || macAt(frame, 0, dev.mac) ? 'host' : 'otherhost'
  if (dev.ns.sim.tracer !== undefined) trace(dev.ns, skb, dev, { point: 'receive', frame: frame.slice() })
  if (dev.taps > 0) tap(dev, skb, 'in')
  if (dev.port !== undefined) return brHandleFrame(dev.port, skb)
  deliverUp(dev.ns, dev, skb)
}

/** The packet handlers by Ethertype (ptype_base). */
const deliverUp = (ns: Netns, dev: NetDevice, skb: Skb): void => {
  switch (skb.protocol) {
    case ETH_P_IP:
      return ipRcv(ns, dev, skb)
    case ETH_P_ARP:
      return arpRcv(ns, dev, skb)
    case ETH_P_IPV6:
      return ipv6Rcv(ns, dev, skb)
    default:
      return drop(ns, skb, dev, skb.pktType === 'otherhost' ? 'OTHERHOST' : 'UNHANDLED_PROTO')
  }
}

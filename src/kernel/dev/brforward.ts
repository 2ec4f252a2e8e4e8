import { ethIsGroup, macKey } from '../../wire/ethernet.ts'
import type { NetDevice } from '../netdevice.ts'
import type { Skb } from '../skb.ts'
import { drop, trace, type TraceRecord } from '../trace.ts'
import type { Bridge, BridgePort, FdbEntry } from './bridge.ts'
import { devXmit, netifReceive } from './dev.ts'

/**
 * What a bridge does with a frame (net/bridge/br_input.c, br_forward.c):
 *
 *     brHandleFrame ─ learn the source ─┬ for the bridge itself ─────▶ brPassUp ─▶ netifReceive(bridge device)
 *                                       ├ destination known ─────────▶ brForward ─▶ devXmit(that port)
 *                                       └ group address or unknown ──▶ brFlood ──▶ devXmit(every other port)
 */

/** Copies by flooding that one bridge may make within 10 ms; more are what a loop makes, and stand for a full wire. */
const STORM_FRAMES = 400
const STORM_WINDOW = 10e6

/** br_handle_frame(): a frame has arrived at a port. */
export const brHandleFrame = (port: BridgePort, skb: Skb): void => {
  const { bridge } = port
  const { ns } = bridge.dev
  const frame = skb.data
  if (((frame[6] as number) & 1) !== 0) return drop(ns, skb, port.dev, 'IP_INVALID_SOURCE')
  if (port.state === 'disabled' || port.state === 'blocking' || port.state === 'listening')
    return drop(ns, skb, port.dev, 'BRIDGE_INGRESS_STP_STATE')
  // Link-local group addresses (01:80:c2:00:00:0X, IEEE 802.1D §7.12.6) are never forwarded.
  if (
    frame[0] === 1 &&
    frame[1] === 0x80 &&
    frame[2] === 0xc2 &&
    frame[3] === 0 &&
    frame[4] === 0 &&
    (frame[5] as number) < 16
  )
    return drop(ns, skb, port.dev, 'BRIDGE_NON_FORWARDING')
  if (!bridge.dev.up) return drop(ns, skb, port.dev, 'DEV_READY', undefined, bridge.dev.name)
  if (port.learning) brFdbUpdate(bridge, port, skb)
  if (port.state === 'learning') return drop(ns, skb, port.dev, 'BRIDGE_INGRESS_STP_STATE')

  if (ethIsGroup(frame)) {
    const up = skb.clone(ns.sim)
    brFlood(bridge, port, skb)
    return brPassUp(bridge, up)
  }
  const entry = bridge.find(frame, 0, ns.sim.clock.now)
  if (entry === undefined) {
    // A bridge device in promiscuous mode sees what passes (tcpdump -i br0).
    if (bridge.dev.promiscuity > 0) brPassUp(bridge, skb.clone(ns.sim))
    return brFlood(bridge, port, skb)
  }
  if (ns.sim.tracer !== undefined)
    trace(ns, skb, bridge.dev, {
      point: 'fdb',
      mac: entry.mac,
      port: entry.port?.dev,
      record: fdbRecord(entry),
    })
  if (entry.isLocal) return brPassUp(bridge, skb)
  entry.used = ns.sim.clock.now
  if (bridge.dev.promiscuity > 0) brPassUp(bridge, skb.clone(ns.sim))
  brForward(entry.port as BridgePort, port, skb)
}

/** br_fdb_update(): the source lives behind this port. */
const brFdbUpdate = (bridge: Bridge, port: BridgePort, skb: Skb): void => {
  const { ns } = bridge.dev
  const { now } = ns.sim.clock
  const key = macKey(skb.data, 6)
  const entry = bridge.fdb.get(key)
  if (entry === undefined) {
    const mac = skb.data.slice(6, 12)
    bridge.fdb.set(key, {
      mac,
      port,
      isLocal: false,
      isStatic: false,
      byUser: false,
      updated: now,
      used: now,
      cause: skb.cause,
    })
    if (ns.sim.tracer !== undefined) trace(ns, skb, bridge.dev, { point: 'learn', mac, port: port.dev })
    return
  }
  // Our own address as a source: a loop, or somebody else has it too. Never learned.
  if (entry.isLocal) return
  if (entry.port !== port && !entry.isStatic) {
    entry.port = port
    entry.cause = skb.cause
    if (ns.sim.tracer !== undefined)
      trace(ns, skb, bridge.dev, { point: 'learn', mac: entry.mac, port: port.dev })
  }
  entry.updated = now
}

const brPassUp = (bridge: Bridge, skb: Skb): void => netifReceive(bridge.dev, skb)

/** should_deliver(): a port gets nothing that came from it, unless it is a hairpin. */
const shouldDeliver = (to: BridgePort, from: BridgePort | undefined): boolean =>
  (to !== from || to.hairpin) && to.state === 'forwarding' && !(to.isolated && from?.isolated)

const brForward = (to: BridgePort, from: BridgePort | undefined, skb: Skb): void => {
  const { ns } = to.bridge.dev
  if (!shouldDeliver(to, from)) return drop(ns, skb, to.dev, 'BRIDGE_NO_EGRESS_PORT')
  if (skb.data.length > to.dev.mtu + 14) {
    to.dev.stats.txDropped++
    return drop(ns, skb, to.dev, 'PKT_TOO_BIG')
  }
  devXmit(to.dev, skb)
}

/** br_flood(): a copy for every other port. */
const brFlood = (bridge: Bridge, from: BridgePort | undefined, skb: Skb): void => {
  const { ns } = bridge.dev
  const { sim } = ns
  const window = Math.floor(sim.clock.now / STORM_WINDOW)
  if (bridge.floodWindow !== window) {
    bridge.floodWindow = window
    bridge.flooded = 0
  }
  if (++bridge.flooded > STORM_FRAMES) return drop(ns, skb, bridge.dev, 'BRIDGE_STORM')
  const group = ethIsGroup(skb.data)
  const to = bridge.ports.filter(
    (p) =>
      shouldDeliver(p, from) &&
      (!group ? p.unicastFlood : skb.pktType === 'multicast' ? p.multicastFlood : p.broadcastFlood),
  )
  if (sim.tracer !== undefined) trace(ns, skb, bridge.dev, { point: 'flood', ports: to.length })
  if (to.length === 0) return drop(ns, skb, bridge.dev, 'BRIDGE_NO_EGRESS_PORT')
  for (let i = 1; i < to.length; i++) brForward(to[i] as BridgePort, from, skb.clone(sim))
  brForward(to[0] as BridgePort, from, skb)
}

/** br_dev_xmit(): the machine itself sends out of its bridge. */
export const brDevXmit = (dev: NetDevice, skb: Skb): void => {
  const bridge = dev.bridge as Bridge
  const { sim } = dev.ns
  if (ethIsGroup(skb.data)) return brFlood(bridge, undefined, skb)
  const entry = bridge.find(skb.data, 0, sim.clock.now)
  if (entry?.port !== undefined && !entry.isLocal) {
    if (sim.tracer !== undefined)
      trace(dev.ns, skb, dev, {
        point: 'fdb',
        mac: entry.mac,
        port: entry.port.dev,
        record: fdbRecord(entry),
      })
    return brForward(entry.port, undefined, skb)
  }
  brFlood(bridge, undefined, skb)
}

const fdbRecord = (entry: FdbEntry): TraceRecord => ({
  text: entry.port === undefined ? 'local' : entry.port.dev.name,
  cause: entry.cause,
})

import { emitEthernet, sameMac } from '../../wire/ethernet.ts'
import { formatIpv4, isLimitedBroadcast, isMulticast } from '../../wire/ipv4.ts'
import { devXmit } from '../dev/dev.ts'
import { linkFailure } from '../ipv4/icmp.ts'
import { wheelDelay } from '../jiffies.ts'
import { IFF_LOOPBACK, IFF_NOARP, type NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import type { Skb } from '../skb.ts'
import { drop, trace } from '../trace.ts'
import { arpSolicit } from './arp.ts'
import type { Neighbour, NudState } from './neigh.ts'

/**
 * The neighbour state machine (net/core/neighbour.c, RFC 4861 §7.3):
 *
 *     NONE ─send─▶ INCOMPLETE ─reply─▶ REACHABLE ─reachable time─▶ STALE ─send─▶ DELAY ─5 s─▶ PROBE ─reply─▶ REACHABLE
 *                      └─3 probes, 1 s apart─▶ FAILED                                └─3 probes─▶ FAILED
 */

const connected = (s: NudState): boolean => s === 'PERMANENT' || s === 'NOARP' || s === 'REACHABLE'
/** NUD_VALID: the hardware address may be used. */
const valid = (s: NudState): boolean => connected(s) || s === 'PROBE' || s === 'STALE' || s === 'DELAY'

/** neigh_output(): sends an IP packet to its next hop on `dev`, resolving the hardware address first where needed. */
export const neighOutput = (ns: Netns, dev: NetDevice, nexthop: number, skb: Skb): void => {
  if (dev.flags & (IFF_LOOPBACK | IFF_NOARP)) return send(dev, dev.mac, skb)
  if (isLimitedBroadcast(nexthop)) return send(dev, dev.broadcast, skb)
  if (isMulticast(nexthop)) return send(dev, multicastMac(nexthop), skb)
  const n = ns.arp.lookup(nexthop, dev) ?? ns.arp.ensure(nexthop, dev)
  n.used = ns.sim.clock.now
  if (ns.sim.tracer !== undefined)
    trace(ns, skb, dev, {
      point: 'neigh',
      address: nexthop,
      state: n.state,
      record: { text: formatIpv4(nexthop), cause: n.cause },
    })
  if (connected(n.state)) return send(dev, n.mac as Uint8Array, skb)
  if (eventSend(n, skb)) send(dev, n.mac as Uint8Array, skb)
}

/** A broadcast of the network needs no neighbour. */
export const broadcastOutput = (dev: NetDevice, skb: Skb): void =>
  send(dev, dev.flags & IFF_LOOPBACK ? dev.mac : dev.broadcast, skb)

const send = (dev: NetDevice, mac: Uint8Array, skb: Skb): void => {
  emitEthernet(skb.data, mac, dev.mac, skb.protocol)
  devXmit(dev, skb)
}

/** 01:00:5e and the low 23 bits of the group (RFC 1112 §6.4). */
const multicastMac = (group: number): Uint8Array =>
  Uint8Array.of(0x01, 0x00, 0x5e, (group >>> 16) & 0x7f, (group >>> 8) & 0xff, group & 0xff)

/** __neigh_event_send(): true where the packet may go now; otherwise it waits in the queue, or died. */
const eventSend = (n: Neighbour, skb: Skb): boolean => {
  const { ns } = n.dev
  const { clock } = ns.sim
  const parms = ns.ipv4.neigh
  if (n.state === 'STALE') {
    setState(n, 'DELAY')
    setTimer(n, parms.delayFirstProbeTime)
    return true
  }
  if (n.state === 'DELAY' || n.state === 'PROBE') return true
  if (n.state === 'NONE' || n.state === 'FAILED') {
    if (parms.mcastSolicit + parms.appSolicit === 0) {
      setState(n, 'FAILED')
      drop(ns, skb, n.dev, 'NEIGH_FAILED')
      return false
    }
    n.probes = parms.ucastSolicit
    n.cause = skb.cause
    setState(n, 'INCOMPLETE')
    n.queue.push(skb)
    setTimer(n, parms.retransTime)
    n.probes++
    arpSolicit(n, skb)
    return false
  }
  if (n.queue.length >= parms.unresQlen) {
    const oldest = n.queue.shift()
    if (oldest) drop(ns, oldest, n.dev, 'NEIGH_QUEUEFULL')
  }
  n.queue.push(skb)
  n.used = clock.now
  return false
}

const setTimer = (n: Neighbour, delay: number): void => {
  const { clock } = n.dev.ns.sim
  clock.cancel(n.timer)
  n.timer = clock.schedule(wheelDelay(clock.now, delay), neighTimer, n)
}

const setState = (n: Neighbour, state: NudState): void => {
  n.state = state
  n.updated = n.dev.ns.sim.clock.now
}

/** neigh_timer_handler() */
const neighTimer = (n: Neighbour): void => {
  const { ns } = n.dev
  const { now } = ns.sim.clock
  const parms = ns.ipv4.neigh
  n.timer = undefined
  switch (n.state) {
    case 'REACHABLE':
      if (now < n.confirmed + n.reachableTime) return setTimer(n, n.confirmed + n.reachableTime - now)
      if (now < n.used + parms.delayFirstProbeTime) {
        setState(n, 'DELAY')
        return setTimer(n, parms.delayFirstProbeTime)
      }
      return setState(n, 'STALE')
    case 'DELAY':
      if (now < n.confirmed + parms.delayFirstProbeTime) {
        setState(n, 'REACHABLE')
        return setTimer(n, n.confirmed + n.reachableTime - now)
      }
      setState(n, 'PROBE')
      n.probes = 0
      break
    case 'INCOMPLETE':
    case 'PROBE':
      break
    default:
      return
  }
  const limit =
    n.state === 'PROBE'
      ? parms.ucastSolicit + parms.appSolicit
      : parms.ucastSolicit + parms.appSolicit + parms.mcastSolicit
  if (n.probes >= limit) {
    setState(n, 'FAILED')
    return invalidate(n)
  }
  setTimer(n, parms.retransTime)
  n.probes++
  arpSolicit(n, n.queue[0])
}

/** neigh_invalidate(): every waiting packet is told of (arp_error_report) and dies. */
const invalidate = (n: Neighbour): void => {
  const waiting = n.queue
  n.queue = []
  for (const skb of waiting) {
    linkFailure(n.dev.ns, skb)
    drop(n.dev.ns, skb, n.dev, 'NEIGH_FAILED', { text: formatIpv4(n.address), cause: n.cause })
  }
}

export interface NeighUpdate {
  /** Replaces an address that is known already. */
  readonly override?: boolean
  /** An administrator asks: PERMANENT and NOARP may be changed. */
  readonly admin?: boolean
  readonly router?: boolean
}

/** neigh_update(): somebody said what the address is. Queued packets leave once it is valid. */
export const neighUpdate = (
  n: Neighbour,
  mac: Uint8Array | undefined,
  state: NudState,
  o: NeighUpdate,
): void => {
  const { ns } = n.dev
  const { now } = ns.sim.clock
  const old = n.state
  if (!o.admin && (old === 'NOARP' || old === 'PERMANENT')) return
  if (!valid(state)) {
    ns.sim.clock.cancel(n.timer)
    n.timer = undefined
    setState(n, state)
    if ((old === 'INCOMPLETE' || old === 'PROBE') && state === 'FAILED') invalidate(n)
    return
  }
  let lladdr = mac ?? n.mac
  if (lladdr === undefined) return
  const known = n.mac
  let next = state
  if (known !== undefined && valid(old) && !o.override && !sameMac(known, lladdr)) {
    // A different address is not believed without override (RFC 4861 §7.2.5); it makes the old one suspect.
    if (!connected(old)) return
    lladdr = known
    next = 'STALE'
  } else if (known !== undefined && valid(old) && sameMac(known, lladdr) && next === 'STALE' && !o.admin)
    next = old
  const changed = known === undefined || !sameMac(known, lladdr)
  if (connected(next)) n.confirmed = now
  if (next !== old || changed) {
    ns.sim.clock.cancel(n.timer)
    n.timer = undefined
    setState(n, next)
    if (next === 'REACHABLE') setTimer(n, n.reachableTime)
    else if (next === 'PROBE' || next === 'DELAY') {
      n.probes = 0
      setTimer(n, next === 'PROBE' ? 0 : ns.ipv4.neigh.delayFirstProbeTime)
    }
  }
  if (changed) {
    n.mac = Uint8Array.from(lladdr)
    if (!connected(next)) n.confirmed = now - 2 * ns.ipv4.neigh.baseReachableTime
  }
  if (o.router !== undefined) n.router = o.router
  if (!valid(old)) {
    const waiting = n.queue
    n.queue = []
    for (const skb of waiting) send(n.dev, n.mac as Uint8Array, skb)
  }
}

// ---- what ip-neighbour(8) asks

export interface NeighRequest {
  readonly address: number
  readonly dev: NetDevice
  readonly mac?: Uint8Array
  readonly state?: NudState
  readonly router?: boolean
  readonly proxy?: boolean
}

/** neigh_add() */
export const neighAdd = (
  ns: Netns,
  r: NeighRequest,
  flags: { create?: boolean; excl?: boolean; replace?: boolean },
): Refusal | undefined => {
  const cause = ns.sim.cause
  if (r.proxy) {
    const i = ns.arp.proxies.findIndex((p) => p.address === r.address && p.dev === r.dev)
    if (i < 0) ns.arp.proxies.push({ address: r.address, dev: r.dev, cause })
    return undefined
  }
  // arp_constructor(): a device that does not ask needs no answer, and behind lo all neighbours are one.
  if (r.dev.flags & (IFF_LOOPBACK | IFF_NOARP)) r = { ...r, mac: r.mac ?? r.dev.mac }
  if (r.dev.flags & IFF_LOOPBACK) r = { ...r, address: 0 }
  let n = ns.arp.lookup(r.address, r.dev)
  if (n === undefined) {
    if (!flags.create) return new Refusal('ENOENT')
    n = ns.arp.ensure(r.address, r.dev)
  } else {
    if (flags.excl) return new Refusal('EEXIST')
    if (!flags.replace && n.mac !== undefined && valid(n.state)) r = { ...r, mac: n.mac }
  }
  n.cause = cause
  const state = r.state ?? 'PERMANENT'
  if (valid(state) && r.mac === undefined && n.mac === undefined) {
    if (n.state === 'NONE') forget(n)
    return new Refusal('EINVAL', 'No link layer address given')
  }
  neighUpdate(n, r.mac, state, {
    override: true,
    admin: true,
    ...(r.router === undefined ? {} : { router: r.router }),
  })
  return undefined
}

/** neigh_delete() */
export const neighDel = (
  ns: Netns,
  r: { address: number; dev: NetDevice; proxy?: boolean },
): Refusal | undefined => {
  if (r.proxy) {
    const i = ns.arp.proxies.findIndex((p) => p.address === r.address && p.dev === r.dev)
    if (i < 0) return new Refusal('ENOENT')
    ns.arp.proxies.splice(i, 1)
    return undefined
  }
  const n = ns.arp.lookup(r.address, r.dev)
  if (n === undefined) return new Refusal('ENOENT')
  forget(n)
  return undefined
}

/** The entry goes; packets that waited for it are told of. */
const forget = (n: Neighbour): void => {
  const { ns } = n.dev
  ns.sim.clock.cancel(n.timer)
  n.timer = undefined
  ns.arp.delete(n)
  invalidate(n)
}

/** neigh_ifdown() and neigh_carrier_down(): all entries of the device go; permanent ones survive a lost carrier. */
export const neighFlushDevice = (dev: NetDevice, keepPermanent: boolean): void => {
  for (const n of dev.ns.arp.entries()) {
    if (n.dev !== dev || (keepPermanent && n.state === 'PERMANENT')) continue
    dev.ns.sim.clock.cancel(n.timer)
    n.timer = undefined
    dev.ns.arp.delete(n)
    for (const skb of n.queue) drop(dev.ns, skb, dev, 'NEIGH_DEAD')
    n.queue = []
  }
}

import { HZ, JIFFY_NS } from '../jiffies.ts'
import { IFF_LOOPBACK, type NetDevice } from '../netdevice.ts'
import { ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED } from '../../wire/icmp.ts'
import type { Netns } from '../netns.ts'

/** What a namespace remembers of another machine so as not to flood it (struct inet_peer, net/ipv4/inetpeer.c). */
interface InetPeer {
  /** Time that was saved up and may be spent on errors, and when it was last counted; in jiffies. */
  tokens: number
  last: number
}

/** ip_rt_error_cost and ip_rt_error_burst: an error about a missing route costs a second, five are saved up at most. */
const ERROR_COST = HZ
const ERROR_BURST = 5 * HZ
const XRLIM_BURST_FACTOR = 6

const peers = new WeakMap<Netns, Map<number, InetPeer>>()

const peerOf = (ns: Netns, address: number, now: number): InetPeer => {
  let all = peers.get(ns)
  if (all === undefined) peers.set(ns, (all = new Map()))
  let peer = all.get(address)
  if (peer === undefined) all.set(address, (peer = { tokens: 0, last: now - 60 * HZ }))
  return peer
}

const jiffies = (ns: Netns): number => Math.floor(ns.sim.clock.now / JIFFY_NS)

/** ip_error(): may `saddr` be told that there is no route? */
export const ipErrorAllowed = (ns: Netns, saddr: number): boolean => {
  const now = jiffies(ns)
  const peer = peerOf(ns, saddr, now)
  peer.tokens = Math.min(peer.tokens + now - peer.last, ERROR_BURST)
  peer.last = now
  if (peer.tokens < ERROR_COST) return false
  peer.tokens -= ERROR_COST
  return true
}

/**
 * icmpv4_xrlim_allow() and inet_peer_xrlim_allow(): may an ICMP message of this type be sent to `daddr` now? The account is the
 * same as that of ip_error(); with net.ipv4.icmp_ratelimit = 0 every error is allowed, and empties it.
 */
export const icmpAllowed = (
  ns: Netns,
  dev: NetDevice,
  daddr: number,
  type: number,
  code: number,
): boolean => {
  // Path MTU discovery is never limited.
  if (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED) return true
  if (type > 31 || !((1 << type) & ns.ipv4.icmpRatemask)) return true
  if (dev.flags & IFF_LOOPBACK) return true
  const now = jiffies(ns)
  const peer = peerOf(ns, daddr, now)
  const cost = (ns.ipv4.icmpRatelimit * HZ) / 1000
  if (now > peer.last) {
    peer.tokens = Math.min(peer.tokens + now - peer.last, XRLIM_BURST_FACTOR * cost)
    peer.last = now
  }
  if (peer.tokens < cost) return false
  peer.tokens -= cost
  return true
}

import type { NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import type { Timer } from '../clock.ts'
import type { Cause } from '../sim.ts'
import type { Skb } from '../skb.ts'

/** Neighbour unreachability detection (RFC 4861 §7.3.2), as Linux names its states (include/uapi/linux/neighbour.h). */
export type NudState =
  'NONE' | 'INCOMPLETE' | 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'FAILED' | 'NOARP' | 'PERMANENT'

/** One neighbour: which hardware address an IPv4 address has on a device (struct neighbour). */
export interface Neighbour {
  readonly address: number
  readonly dev: NetDevice
  mac: Uint8Array | undefined
  state: NudState
  /** When the state last changed, was last confirmed by the neighbour, was last used; ns. */
  updated: number
  confirmed: number
  used: number
  probes: number
  /** Packets that wait for the address. */
  queue: Skb[]
  timer: Timer | undefined
  router: boolean
  proxy: boolean
  /** Reachable time drawn for this entry, between half and one and a half of the base time; ns. */
  reachableTime: number
  cause: Cause | undefined
  dead: boolean
}

/** The ARP table of a namespace (arp_tbl). The state machine is in nud.ts. */
export class NeighTable {
  readonly ns: Netns
  readonly #entries = new Map<number, Neighbour>()
  /** Proxy entries (`ip neigh add proxy`): addresses that we answer for, with their device. */
  readonly proxies: {
    readonly address: number
    readonly dev: NetDevice
    readonly cause: Cause | undefined
  }[] = []

  constructor(ns: Netns) {
    this.ns = ns
  }
  lookup(address: number, dev: NetDevice): Neighbour | undefined {
    return this.#entries.get(dev.ifindex * 2 ** 32 + address)
  }
  /** __neigh_create(): the entry, made in state NONE where there is none. */
  ensure(address: number, dev: NetDevice): Neighbour {
    const key = dev.ifindex * 2 ** 32 + address
    let n = this.#entries.get(key)
    if (n === undefined) {
      const now = this.ns.sim.clock.now
      const base = this.ns.ipv4.neigh.baseReachableTime
      n = {
        address, dev, mac: undefined, state: 'NONE', updated: now, confirmed: now - 2 * base, used: now, probes: 0, queue: [],
        timer: undefined, router: false, proxy: false, reachableTime: base, cause: this.ns.sim.cause, dead: false,
      } // prettier-ignore
      this.#entries.set(key, n)
    }
    return n
  }
  /** Takes the entry out; its timer and queue are the caller's to end. */
  delete(n: Neighbour): void {
    this.#entries.delete(n.dev.ifindex * 2 ** 32 + n.address)
    n.dead = true
  }
  entries(): Neighbour[] {
    return [...this.#entries.values()]
  }
}

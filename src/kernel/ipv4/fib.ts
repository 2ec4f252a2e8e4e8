import { prefixMask } from '../../wire/ipv4.ts'
import type { NetDevice, Scope } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { forgetExceptions } from './exception.ts'
import type { Cause } from '../sim.ts'

/** Routing tables by number (/etc/iproute2/rt_tables). */
export const RT_TABLE_DEFAULT = 253
export const RT_TABLE_MAIN = 254
export const RT_TABLE_LOCAL = 255

export type RouteType =
  'unicast' | 'local' | 'broadcast' | 'multicast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw'

/** One way of a route: out of a device, perhaps via a router (struct fib_nh). */
export interface Nexthop {
  /** undefined for blackhole, unreachable, prohibit, throw */
  readonly dev: NetDevice | undefined
  readonly gateway: number | undefined
  readonly onlink: boolean
  readonly weight: number
  /** The device is down: the way is not used (RTNH_F_DEAD). */
  dead: boolean
  /** The device is up without carrier (RTNH_F_LINKDOWN); used all the same unless ignore_routes_with_linkdown. */
  linkdown: boolean
}

/** struct fib_info and fib_alias together: one line of `ip route`. */
export interface Route {
  readonly table: number
  /** Network address, host bits zero. */
  readonly dst: number
  readonly prefixlen: number
  readonly tos: number
  /** Priority; the lowest wins among equal prefixes. */
  readonly metric: number
  readonly type: RouteType
  readonly scope: Scope
  /** rtm_protocol: `kernel`, `boot` (not shown), `static`, `dhcp` … */
  readonly proto: string
  readonly prefsrc: number | undefined
  readonly mtu: number | undefined
  readonly mtuLock: boolean
  readonly nexthops: readonly Nexthop[]
  readonly cause: Cause | undefined
}

/** One routing table: longest prefix first, then TOS, then metric, then order of adding (fib_table_lookup()). */
export class FibTable {
  readonly id: number
  readonly routes: Route[] = []
  readonly #ns: Netns
  constructor(id: number, ns: Netns) {
    this.id = id
    this.#ns = ns
  }

  /** Puts a route in its place: before or after those of equal prefix, TOS and metric. */
  insert(route: Route, after = true): void {
    const order = (r: Route): number =>
      r.prefixlen !== route.prefixlen ? route.prefixlen - r.prefixlen
      : r.dst !== route.dst ? r.dst - route.dst
      : r.tos !== route.tos ? route.tos - r.tos
      : r.metric - route.metric // prettier-ignore
    let i = this.routes.findIndex((r) => (after ? order(r) > 0 : order(r) >= 0))
    if (i < 0) i = this.routes.length
    this.routes.splice(i, 0, route)
  }
  replace(old: Route, route: Route): void {
    this.routes[this.routes.indexOf(old)] = route
    for (const nh of old.nexthops) forgetExceptions(this.#ns, nh)
  }
  remove(route: Route): void {
    const i = this.routes.indexOf(route)
    if (i < 0) return
    this.routes.splice(i, 1)
    for (const nh of route.nexthops) forgetExceptions(this.#ns, nh)
  }
}

export interface FibResult {
  readonly route: Route
  readonly nh: Nexthop
  readonly table: number
}

/** The forwarding information base of a namespace; its tables are made with their first route. */
export class Fib {
  readonly ns: Netns
  readonly tables = new Map<number, FibTable>()
  /** Counts changes, so that sockets may cache a lookup as long as nothing changed (rt_genid). */
  generation = 0

  constructor(ns: Netns) {
    this.ns = ns
  }

  table(id: number): FibTable {
    let t = this.tables.get(id)
    if (t === undefined) {
      // Without rules of its own a namespace keeps `local` as a part of `main` (fib_new_table()).
      if (id === RT_TABLE_LOCAL) this.table(RT_TABLE_MAIN)
      this.tables.set(id, (t = new FibTable(id, this.ns)))
    }
    return t
  }

  changed(): void {
    this.generation++
  }

  /**
   * fib_lookup(): the rules are the three that every namespace has (local, main, default). With `oif`, only ways out of
   * that device count. `undefined` where no route matches; refusing types (unreachable …) are returned as they are.
   * As long as there are no other rules, local and main are one trie (fib_trie_table()): the longer prefix wins over both.
   */
  lookup(dst: number, oif?: NetDevice): FibResult | undefined {
    const local = this.#lookupTable(RT_TABLE_LOCAL, dst, oif)
    if (local?.route.prefixlen === 32) return local
    const main = this.#lookupTable(RT_TABLE_MAIN, dst, oif)
    if (local !== undefined)
      return main !== undefined && main.route.prefixlen > local.route.prefixlen ? main : local
    return main ?? this.#lookupTable(RT_TABLE_DEFAULT, dst, oif)
  }

  #lookupTable(id: number, dst: number, oif: NetDevice | undefined): FibResult | undefined {
    const table = this.tables.get(id)
    if (table === undefined) return undefined
    const routes = table.routes
    for (let i = 0; i < routes.length; i++) {
      const route = routes[i] as Route
      if ((dst & prefixMask(route.prefixlen)) >>> 0 !== route.dst || route.tos !== 0) continue
      if (route.type === 'throw') return undefined
      const nh = this.#usable(route, oif, dst)
      if (nh !== undefined) return { route, nh, table: id }
    }
    return undefined
  }

  #usable(route: Route, oif: NetDevice | undefined, dst: number): Nexthop | undefined {
    const ways = route.nexthops
    if (ways.length === 1) {
      const nh = ways[0] as Nexthop
      return usable(nh, oif) ? nh : undefined
    }
    const alive = ways.filter((nh) => usable(nh, oif))
    if (alive.length < 2) return alive[0]
    // Multipath: a hash of the destination picks by weight (fib_select_multipath(), here without the source).
    const total = alive.reduce((sum, nh) => sum + nh.weight, 0)
    let pick = ((Math.imul(dst, 0x9e3779b1) >>> 0) / 2 ** 32) * total
    for (const nh of alive) if ((pick -= nh.weight) < 0) return nh
    return alive[0]
  }
}

const usable = (nh: Nexthop, oif: NetDevice | undefined): boolean => {
  if (nh.dev === undefined) return true
  if (nh.dead) return false
  if (nh.linkdown && nh.dev.conf.ignoreRoutesWithLinkdown | nh.dev.ns.ipv4.all.ignoreRoutesWithLinkdown)
    return false
  return oif === undefined || nh.dev === oif
}

import type { NudState } from '../neigh/neigh.ts'
import type { Netns } from '../netns.ts'
import type { FibResult, Route } from './fib.ts'

/**
 * Several default routes of the same metric: which router is taken (RFC 1122 §3.3.1.6, fib_select_default()). One that
 * answers ARP stays; one that nobody has asked yet is tried; one that has long not been heard of makes room for the next.
 */

const KNOWN: ReadonlySet<NudState> = new Set(['PERMANENT', 'NOARP', 'REACHABLE', 'PROBE', 'STALE', 'DELAY'])

/** The place of the router that was taken last, by the first of the routes. */
const takenLast = new WeakMap<Route, number>()

/** The same result, or one of the default routes next to it. */
export const selectDefault = (ns: Netns, found: FibResult): FibResult => {
  const { route } = found
  if (route.prefixlen !== 0 || route.type !== 'unicast') return found
  const all = ns.fib.tables.get(found.table)?.routes ?? []
  // Default routes stand last in a table.
  if (all[all.length - 2]?.prefixlen !== 0) return found
  const equal = all.filter(
    (r) =>
      r.prefixlen === 0 && r.tos === route.tos && r.metric === route.metric && r.type === 'unicast' && r.scope === route.scope &&
      r.nexthops[0]?.gateway !== undefined && !r.nexthops[0].dead,
  ) // prettier-ignore
  if (equal.length < 2 || equal[0] !== route) return found
  const last = takenLast.get(route) ?? -1
  const take = (place: number): FibResult => {
    takenLast.set(route, place)
    const taken = equal[place] as Route
    return { route: taken, nh: taken.nexthops[0] as FibResult['nh'], table: found.table }
  }
  let resort = -1
  for (const [place, { nexthops }] of equal.entries()) {
    const nh = nexthops[0] as FibResult['nh']
    const state = nh.dev && ns.arp.lookup(nh.gateway as number, nh.dev)?.state
    if (state === undefined || state === 'REACHABLE' || (KNOWN.has(state) && place !== last))
      return take(place)
    if (KNOWN.has(state) || (resort < 0 && place > last && state !== 'INCOMPLETE')) resort = place
  }
  if (resort >= 0) return take(resort)
  takenLast.set(route, -1)
  return found
}

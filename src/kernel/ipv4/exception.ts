import type { Netns } from '../netns.ts'
import type { Nexthop } from './fib.ts'

/** What ICMP tells about single destinations: exceptions from a way (struct fib_nh_exception, net/ipv4/route.c). */

export interface Exception {
  readonly daddr: number
  /** The way that it is an exception from. Routes by the same gateway and device share it. */
  readonly nh: Nexthop
  gateway: number | undefined
  mtu: number | undefined
  /** ns; 0 = it does not expire by itself. */
  expires: number
  /** When a route was looked up for it, ns; undefined before: `ip route show cache` lists those only that were. */
  used: number | undefined
  /** rt_genid: one that is behind was flushed, and is empty when it is next looked up. */
  generation: number
}

interface Exceptions {
  generation: number
  readonly list: Map<string, Exception>
}
const all = new WeakMap<Netns, Exceptions>()

const keyOf = (nh: Nexthop, daddr: number): string => `${nh.dev?.ifindex ?? 0} ${nh.gateway ?? 0} ${daddr}`

/** find_exception() and rt_bind_exception(): what holds for a packet to `daddr` by this way. */
export const bindException = (ns: Netns, nh: Nexthop, daddr: number): Exception | undefined => {
  const known = all.get(ns)
  if (known === undefined) return undefined
  const key = keyOf(nh, daddr)
  const e = known.list.get(key)
  if (e === undefined) return undefined
  if (e.expires !== 0 && e.expires <= ns.sim.clock.now) {
    known.list.delete(key)
    return undefined
  }
  if (e.generation !== known.generation) {
    e.gateway = e.mtu = undefined
    e.expires = 0
    e.generation = known.generation
  }
  e.used = ns.sim.clock.now
  return e
}

/** update_or_create_fnhe() */
export const updateException = (
  ns: Netns,
  nh: Nexthop,
  daddr: number,
  change: Partial<Pick<Exception, 'gateway' | 'mtu' | 'expires'>>,
): void => {
  let known = all.get(ns)
  if (known === undefined) all.set(ns, (known = { generation: 0, list: new Map() }))
  const key = keyOf(nh, daddr)
  let e = known.list.get(key)
  if (e === undefined) {
    e = { daddr, nh, gateway: undefined, mtu: undefined, expires: 0, used: undefined, generation: 0 }
    known.list.set(key, e)
  }
  e.generation = known.generation
  Object.assign(e, change)
}

/** `ip route flush cache` */
export const flushExceptions = (ns: Netns): void => {
  const known = all.get(ns)
  if (known !== undefined) known.generation++
}

/** free_fib_info(): a way that no route leads over any more takes its exceptions along. */
export const forgetExceptions = (ns: Netns, nh: Nexthop): void => {
  const known = all.get(ns)
  if (known === undefined) return
  for (const table of ns.fib.tables.values())
    for (const route of table.routes)
      if (route.nexthops.some((other) => keyOf(other, 0) === keyOf(nh, 0))) return
  for (const [key, e] of known.list) if (keyOf(e.nh, 0) === keyOf(nh, 0)) known.list.delete(key)
}

/** fnhe_dump_bucket(): those from this way that hold now. */
export const exceptionsFrom = (ns: Netns, nh: Nexthop): readonly Exception[] => {
  const known = all.get(ns)
  if (known === undefined) return []
  const { now } = ns.sim.clock
  return [...known.list.values()].filter(
    (e) =>
      e.used !== undefined &&
      e.generation === known.generation &&
      (e.expires === 0 || e.expires > now) &&
      keyOf(e.nh, e.daddr) === keyOf(nh, e.daddr),
  )
}

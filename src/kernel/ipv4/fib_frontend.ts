import { formatIpv4, isMulticast, isZeronet, isLimitedBroadcast, prefixMask } from '../../wire/ipv4.ts'
import { IFF_LOOPBACK, type Ifaddr, type NetDevice, type Scope } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import type { Cause } from '../sim.ts'
import { scopeRank, selectAddress } from './devinet.ts'
import { RT_TABLE_LOCAL, RT_TABLE_MAIN, type Nexthop, type Route, type RouteType } from './fib.ts'

/** Adding and deleting routes (net/ipv4/fib_frontend.c, fib_semantics.c, fib_trie.c). */

export interface NexthopRequest {
  readonly dev?: NetDevice
  readonly gateway?: number
  readonly onlink?: boolean
  readonly weight?: number
}

/** What a netlink message about a route says; what is undefined was not said. */
export interface RouteRequest {
  readonly table?: number
  readonly dst: number
  readonly prefixlen: number
  readonly tos?: number
  readonly metric?: number
  readonly type?: RouteType
  readonly scope?: Scope
  readonly proto?: string
  readonly prefsrc?: number
  readonly mtu?: number
  readonly mtuLock?: boolean
  readonly nexthops?: readonly NexthopRequest[]
}

export interface RouteFlags {
  readonly create?: boolean
  readonly excl?: boolean
  readonly replace?: boolean
  readonly append?: boolean
}

const REFUSING: ReadonlySet<RouteType> = new Set(['blackhole', 'unreachable', 'prohibit', 'throw'])

/** fib_table_insert() */
export const routeAdd = (ns: Netns, r: RouteRequest, flags: RouteFlags): Refusal | undefined => {
  if (r.prefixlen > 32) return new Refusal('EINVAL', 'Invalid prefix length')
  if ((r.dst & ~prefixMask(r.prefixlen)) >>> 0 !== 0)
    return new Refusal('EINVAL', 'Invalid prefix for given prefix length')
  // The table is there from now on, even if the route is refused (inet_rtm_newroute()).
  ns.fib.table(r.table ?? (r.type === 'local' || r.type === 'broadcast' ? RT_TABLE_LOCAL : RT_TABLE_MAIN))
  const route = createRoute(ns, r, ns.sim.cause)
  if (route instanceof Refusal) return route
  const table = ns.fib.table(route.table)
  const alike = table.routes.filter(
    (x) =>
      x.dst === route.dst &&
      x.prefixlen === route.prefixlen &&
      x.tos === route.tos &&
      x.metric === route.metric,
  )
  if (alike.length > 0) {
    if (flags.excl) return new Refusal('EEXIST')
    const equal = alike.find((x) => sameRoute(x, route))
    if (flags.replace) {
      const first = alike[0] as Route
      if (equal !== undefined && equal === first) return undefined
      if (equal !== undefined) table.remove(equal)
      table.replace(first, route)
      ns.fib.changed()
      return undefined
    }
    if (equal !== undefined) return new Refusal('EEXIST')
  }
  if (!flags.create) return new Refusal('ENOENT')
  table.insert(route, flags.append ?? false)
  ns.fib.changed()
  return undefined
}

const sameRoute = (a: Route, b: Route): boolean =>
  a.type === b.type &&
  a.scope === b.scope &&
  a.proto === b.proto &&
  a.prefsrc === b.prefsrc &&
  a.mtu === b.mtu &&
  a.nexthops.length === b.nexthops.length &&
  a.nexthops.every((nh, i) => {
    const other = b.nexthops[i] as Nexthop
    return (
      nh.dev === other.dev &&
      nh.gateway === other.gateway &&
      nh.onlink === other.onlink &&
      nh.weight === other.weight
    )
  })

/** The longest MTU of a route (ip_metrics_convert(): 65535 - 15). */
const MAX_ROUTE_MTU = 65520

/** fib_create_info(): checks every way and the source address. */
const createRoute = (ns: Netns, r: RouteRequest, cause: Cause | undefined): Route | Refusal => {
  const type = r.type ?? 'unicast'
  const scope = r.scope ?? 'global'
  const ways = r.nexthops ?? []
  const base = {
    table: r.table ?? (type === 'local' || type === 'broadcast' ? RT_TABLE_LOCAL : RT_TABLE_MAIN),
    dst: r.dst,
    prefixlen: r.prefixlen,
    tos: r.tos ?? 0,
    metric: r.metric ?? 0,
    type,
    scope,
    proto: r.proto ?? 'boot',
    prefsrc: r.prefsrc,
    // fib_metrics: what no packet can have.
    mtu: r.mtu === undefined ? undefined : Math.min(r.mtu, MAX_ROUTE_MTU),
    mtuLock: r.mtuLock ?? false,
    cause,
  }
  if (scopeRank(scope) > scopeRank('host')) return new Refusal('EINVAL', 'Invalid scope')
  if (REFUSING.has(type)) {
    if (ways.some((w) => w.dev !== undefined || w.gateway !== undefined))
      return new Refusal('EINVAL', 'Gateway, device and multipath can not be specified for this route type')
    return {
      ...base,
      nexthops: [
        { dev: undefined, gateway: undefined, onlink: false, weight: 1, dead: false, linkdown: false },
      ],
    }
  }
  if (scopeRank(scope) < scopeRank(type === 'local' ? 'host' : 'global'))
    return new Refusal('EINVAL', 'Invalid scope')
  if (ways.length === 0) return new Refusal('ENODEV')
  const nexthops: Nexthop[] = []
  if (scope === 'host') {
    // A local address: exactly one way, without a router.
    const [way] = ways
    if (ways.length !== 1)
      return new Refusal('EINVAL', 'Route with host scope can not have multiple nexthops')
    if (way?.gateway !== undefined)
      return new Refusal('EINVAL', 'Route with host scope can not have a gateway')
    if (way?.dev === undefined) return new Refusal('ENODEV')
    nexthops.push(localWay(way.dev))
  } else
    for (const way of ways) {
      const nh = checkNexthop(ns, way, scope, r.table)
      if (nh instanceof Refusal) return nh
      nexthops.push(nh)
    }
  if (r.prefsrc !== undefined && !validPrefsrc(ns, r)) return new Refusal('EINVAL', 'Invalid prefsrc address')
  return { ...base, nexthops }
}

/** The way of a local route does not depend on the link (its scope is nowhere). */
const localWay = (dev: NetDevice): Nexthop => ({ ...nexthop(dev, undefined, false, 1), linkdown: false })

const nexthop = (dev: NetDevice, gateway: number | undefined, onlink: boolean, weight: number): Nexthop => ({
  dev, gateway, onlink, weight, dead: false, linkdown: !dev.carrier,
}) // prettier-ignore

const validPrefsrc = (ns: Netns, r: RouteRequest): boolean =>
  r.type === 'local' && r.dst === r.prefsrc
    ? true
    : ns.fib.lookup(r.prefsrc as number)?.route.type === 'local'

/** fib_check_nh(): is the gateway on a network that we are on, is the device there and up? */
const checkNexthop = (
  ns: Netns,
  way: NexthopRequest,
  scope: Scope,
  table: number | undefined,
): Nexthop | Refusal => {
  const weight = way.weight ?? 1
  if (way.gateway === undefined) {
    const { dev } = way
    if (way.onlink)
      return new Refusal('EINVAL', 'Invalid flags for nexthop - PERVASIVE and ONLINK can not be set')
    if (!dev?.inet) return new Refusal('ENODEV')
    if (!dev.up) return new Refusal('ENETDOWN', 'Device for nexthop is not up')
    return nexthop(dev, undefined, false, weight)
  }
  const { gateway } = way
  if (way.onlink) {
    if (scopeRank(scope) >= scopeRank('link')) return new Refusal('EINVAL', 'Nexthop has invalid scope')
    if (way.dev === undefined) return new Refusal('ENODEV', 'Nexthop device required for onlink')
    if (!way.dev.up) return new Refusal('ENETDOWN', 'Nexthop device is not up')
    if (addressType(ns, gateway) !== 'unicast') return new Refusal('EINVAL', 'Nexthop has invalid gateway')
    return nexthop(way.dev, gateway, true, weight)
  }
  // The lookup asks for a way of scope at least `link` (or wider by one than the route's own).
  const need = Math.max(scopeRank(scope) + 1, scopeRank('link'))
  const found = lookupScoped(ns, gateway, way.dev, need, table)
  if (found === undefined) return new Refusal('ENETUNREACH', 'Nexthop has invalid gateway')
  if (found.route.type === 'unreachable') return new Refusal('EHOSTUNREACH', 'Nexthop has invalid gateway')
  if (found.route.type === 'prohibit') return new Refusal('EACCES', 'Nexthop has invalid gateway')
  if (found.route.type !== 'unicast' && found.route.type !== 'local')
    return new Refusal('EINVAL', 'Nexthop has invalid gateway')
  const { dev } = found.nh
  if (dev === undefined) return new Refusal('EINVAL', 'No egress device for nexthop')
  if (!dev.up) return new Refusal('ENETDOWN')
  return nexthop(way.dev ?? dev, gateway, false, weight)
}

/** fib_table_lookup() with flowi4_scope: routes whose scope is narrower than asked don't count. */
const lookupScoped = (
  ns: Netns,
  dst: number,
  oif: NetDevice | undefined,
  need: number,
  _table: number | undefined,
): { route: Route; nh: Nexthop } | undefined => {
  for (const id of [RT_TABLE_LOCAL, RT_TABLE_MAIN]) {
    for (const route of ns.fib.tables.get(id)?.routes ?? []) {
      if ((dst & prefixMask(route.prefixlen)) >>> 0 !== route.dst) continue
      if (scopeRank(route.scope) < need) continue
      const nh = route.nexthops.find(
        (w) => !w.dead && (oif === undefined || w.dev === undefined || w.dev === oif),
      )
      if (nh !== undefined) return { route, nh }
    }
  }
  return undefined
}

/** inet_addr_type() */
export const addressType = (ns: Netns, address: number): 'broadcast' | 'multicast' | 'local' | 'unicast' => {
  if (isZeronet(address) || isLimitedBroadcast(address)) return 'broadcast'
  if (isMulticast(address)) return 'multicast'
  for (const route of ns.fib.tables.get(RT_TABLE_LOCAL)?.routes ?? [])
    if ((address & prefixMask(route.prefixlen)) >>> 0 === route.dst)
      return route.type === 'local' || route.type === 'broadcast' ? route.type : 'unicast'
  return 'unicast'
}

/** fib_table_delete(): the first route that fits all that was named. */
export const routeDel = (ns: Netns, r: RouteRequest): Refusal | undefined => {
  const id = r.table ?? (r.type === 'local' || r.type === 'broadcast' ? RT_TABLE_LOCAL : RT_TABLE_MAIN)
  const table = ns.fib.tables.get(id)
  if (table === undefined) return new Refusal('ESRCH', 'FIB table does not exist')
  if ((r.dst & ~prefixMask(r.prefixlen)) >>> 0 !== 0)
    return new Refusal('EINVAL', 'Invalid prefix for given prefix length')
  const route = table.routes.find(
    (x) =>
      x.dst === r.dst &&
      x.prefixlen === r.prefixlen &&
      x.tos === (r.tos ?? 0) &&
      (r.metric === undefined || r.metric === 0 || x.metric === r.metric) &&
      (r.type === undefined || r.type === x.type) &&
      (r.scope === undefined || r.scope === 'nowhere' || r.scope === x.scope) &&
      (r.prefsrc === undefined || r.prefsrc === x.prefsrc) &&
      (r.proto === undefined || r.proto === x.proto) &&
      (r.nexthops === undefined || nexthopsFit(r.nexthops, x)),
  )
  if (route === undefined) return new Refusal('ESRCH')
  table.remove(route)
  ns.fib.changed()
  return undefined
}

/** fib_nh_match() */
const nexthopsFit = (asked: readonly NexthopRequest[], route: Route): boolean => {
  if (asked.length === 1) {
    const [a] = asked as [NexthopRequest]
    const [nh] = route.nexthops as readonly [Nexthop]
    return (a.dev === undefined || a.dev === nh.dev) && (a.gateway === undefined || a.gateway === nh.gateway)
  }
  return (
    asked.length === route.nexthops.length &&
    asked.every((a, i) => {
      const nh = route.nexthops[i] as Nexthop
      return (
        (a.dev === undefined || a.dev === nh.dev) && (a.gateway === undefined || a.gateway === nh.gateway)
      )
    })
  )
}

/** Routes in the order the kernel's trie dumps them: by address, the shorter prefix first, then metric. */
export const routes = (ns: Netns, table = RT_TABLE_MAIN): readonly Route[] => {
  const list = [...(ns.fib.tables.get(table)?.routes ?? [])]
  // Insertion order among equals is kept: Array.sort is stable.
  return list.sort(
    (a, b) => a.dst - b.dst || b.prefixlen - a.prefixlen || b.tos - a.tos || a.metric - b.metric,
  )
}

// ---- routes that addresses and devices bring along

const add = (
  ns: Netns,
  dev: NetDevice,
  type: RouteType,
  dst: number,
  prefixlen: number,
  ifa: Ifaddr,
  metric = 0,
  prefsrc = ifa.local,
): void => {
  const table = ns.fib.table(type === 'unicast' ? RT_TABLE_MAIN : RT_TABLE_LOCAL)
  const scope: Scope = type === 'local' ? 'host' : 'link'
  const route: Route = {
    table: table.id, dst, prefixlen, tos: 0, metric, type, scope, proto: 'kernel', prefsrc, mtu: undefined,
    mtuLock: false, nexthops: [type === 'local' ? localWay(dev) : nexthop(dev, undefined, false, 1)], cause: ifa.cause,
  } // prettier-ignore
  const there = table.routes.some(
    (x) =>
      x.dst === dst &&
      x.prefixlen === prefixlen &&
      x.metric === metric &&
      x.nexthops[0]?.dev === dev &&
      x.type === type &&
      x.prefsrc === prefsrc,
  )
  if (there) return
  table.insert(route, true)
  ns.fib.changed()
}

const remove = (
  ns: Netns,
  dev: NetDevice,
  type: RouteType,
  dst: number,
  prefixlen: number,
  prefsrc: number,
): void => {
  const table = ns.fib.table(type === 'unicast' ? RT_TABLE_MAIN : RT_TABLE_LOCAL)
  const route = table.routes.find(
    (x) =>
      x.dst === dst &&
      x.prefixlen === prefixlen &&
      x.type === type &&
      x.proto === 'kernel' &&
      x.nexthops[0]?.dev === dev &&
      (type === 'local' || x.prefsrc === prefsrc),
  )
  if (route === undefined) return
  table.remove(route)
  ns.fib.changed()
}

const prefixOf = (a: Ifaddr): number => (a.address & prefixMask(a.prefixlen)) >>> 0
const directedBroadcast = (a: Ifaddr): number => (prefixOf(a) | ~prefixMask(a.prefixlen)) >>> 0

/** fib_add_ifaddr(): the local route, the broadcasts, and, on a device that is up, the connected route. */
export const fibAddAddress = (dev: NetDevice, ifa: Ifaddr): void => {
  const { ns } = dev
  // What is sent from a secondary address by itself comes from the primary one (inet_ifa_byprefix()).
  const primary = ifa.secondary
    ? dev.addresses.find(
        (a) => !a.secondary && a.prefixlen === ifa.prefixlen && prefixOf(a) === prefixOf(ifa),
      )
    : undefined
  const prefsrc = (primary ?? ifa).local
  if (!dev.up) {
    add(ns, dev, 'local', ifa.local, 32, ifa, 0, prefsrc)
    return
  }
  add(ns, dev, 'local', ifa.local, 32, ifa, 0, prefsrc)
  if (ifa.broadcast !== undefined && ifa.broadcast !== 0xffffffff && ifa.broadcast !== directedBroadcast(ifa))
    add(ns, dev, 'broadcast', ifa.broadcast, 32, ifa)
  if (isZeronet(prefixOf(ifa))) return
  if (ifa.secondary && ifa.prefixlen < 32) return
  const prefix = prefixOf(ifa)
  if (prefix === ifa.local && ifa.prefixlen === 32) return
  if (!ifa.noprefixroute)
    add(ns, dev, dev.flags & IFF_LOOPBACK ? 'local' : 'unicast', prefix, ifa.prefixlen, ifa, ifa.metric)
  // The all-ones address of the network, where there is room for one (RFC 3021: /31 has none).
  if (ifa.prefixlen < 31) add(ns, dev, 'broadcast', directedBroadcast(ifa), 32, ifa)
}

/** fib_del_ifaddr(): takes along what no other address of the device still needs; routes that prefer it as source go too. */
export const fibDelAddress = (dev: NetDevice, ifa: Ifaddr): void => {
  const { ns } = dev
  const others = dev.addresses.filter((a) => a !== ifa)
  const prefix = prefixOf(ifa)
  const needed = (test: (a: Ifaddr) => boolean): boolean => others.some(test)
  remove(ns, dev, dev.flags & IFF_LOOPBACK ? 'local' : 'unicast', prefix, ifa.prefixlen, ifa.local)
  if (!needed((a) => directedBroadcast(a) === directedBroadcast(ifa) && a.prefixlen < 31 && !a.secondary))
    remove(ns, dev, 'broadcast', directedBroadcast(ifa), 32, ifa.local)
  if (ifa.broadcast !== undefined && !needed((a) => a.broadcast === ifa.broadcast))
    remove(ns, dev, 'broadcast', ifa.broadcast, 32, ifa.local)
  if (needed((a) => a.local === ifa.local)) return
  remove(ns, dev, 'local', ifa.local, 32, ifa.local)
  // fib_sync_down_addr(): no address, no routes from it.
  if (ns.fib.lookup(ifa.local)?.route.type === 'local') return
  dropRoutes(ns, (route) => route.prefsrc === ifa.local)
}

const dropRoutes = (ns: Netns, test: (route: Route) => boolean): void => {
  for (const table of ns.fib.tables.values())
    for (const route of [...table.routes]) if (test(route)) table.remove(route)
  ns.fib.changed()
}

/** fib_netdev_event(NETDEV_UP): the connected routes come (back). */
export const fibDeviceUp = (dev: NetDevice): void => {
  for (const ifa of dev.addresses) fibAddAddress(dev, ifa)
  for (const table of dev.ns.fib.tables.values())
    for (const route of table.routes) for (const nh of route.nexthops) if (nh.dev === dev) nh.dead = false
  fibCarrier(dev)
}

/** fib_disable_ip(): every route over the device goes; the local ones of its addresses stay while the addresses do. */
export const fibDeviceDown = (dev: NetDevice, unregister: boolean): void => {
  dropRoutes(dev.ns, (route) => {
    if (!route.nexthops.some((nh) => nh.dev === dev)) return false
    if (route.nexthops.length > 1 && route.nexthops.some((nh) => nh.dev !== dev && !nh.dead)) {
      for (const nh of route.nexthops) if (nh.dev === dev) nh.dead = true
      return unregister && route.nexthops.every((nh) => nh.dead)
    }
    return unregister || route.type !== 'local'
  })
}

/** fib_sync_down_dev() / fib_sync_up() on a carrier change: ways over the device are marked or unmarked `linkdown`. */
export const fibCarrier = (dev: NetDevice): void => {
  for (const table of dev.ns.fib.tables.values())
    for (const route of table.routes)
      // What is local is reached without the link (fib_sync_down_dev() leaves ways of scope nowhere alone).
      for (const nh of route.nexthops)
        if (nh.dev === dev && route.type !== 'local') nh.linkdown = !dev.carrier
  dev.ns.fib.changed()
}

/** The source address that a route gives (FIB_RES_PREFSRC). */
export const routeSource = (ns: Netns, route: Route, nh: Nexthop, dst: number): number =>
  route.prefsrc ?? selectAddress(ns, nh.dev, nh.gateway ?? dst, route.scope)

/** `192.168.2.0/24 via 192.168.1.6 dev eth0`, for traces. */
export const routeText = (route: Route, nh: Nexthop | undefined): string => {
  const to =
    route.prefixlen === 0
      ? 'default'
      : formatIpv4(route.dst) + (route.prefixlen === 32 ? '' : '/' + route.prefixlen)
  const type = route.type === 'unicast' ? '' : route.type + ' '
  return (
    type +
    to +
    (nh?.gateway === undefined ? '' : ' via ' + formatIpv4(nh.gateway)) +
    (nh?.dev ? ' dev ' + nh.dev.name : '')
  )
}

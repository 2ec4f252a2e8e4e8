import { isLimitedBroadcast, isLoopback, isMulticast, isZeronet } from '../../wire/ipv4.ts'
import { IFF_LOOPBACK, type NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import { selectDefault } from './default_router.ts'
import { selectAddress } from './devinet.ts'
import { bindException, type Exception } from './exception.ts'
import type { FibResult, Nexthop, Route, RouteType } from './fib.ts'
import { routeSource } from './fib_frontend.ts'

/** Route decisions (net/ipv4/route.c). */

/** Where a packet goes from here (struct rtable). */
export interface Rtable {
  readonly type: RouteType
  readonly dev: NetDevice
  /** 0 = the destination itself is on the link. */
  readonly gateway: number
  /** The source address that local packets get. */
  readonly source: number
  readonly route: Route | undefined
  /** The way of the route. */
  readonly nh: Nexthop | undefined
  readonly table: number
  readonly mtu: number
  readonly exception: Exception | undefined
}

export interface OutputKey {
  readonly source?: number
  readonly oif?: NetDevice | undefined
}

/** ip_route_output_key_hash_rcu(): the way of a packet that is made here. */
export const routeOutput = (ns: Netns, daddr: number, key: OutputKey): Rtable | Refusal => {
  const { oif } = key
  let source = key.source ?? 0
  if (source !== 0) {
    if (isMulticast(source) || isLimitedBroadcast(source) || isZeronet(source)) return new Refusal('EINVAL')
    if (oif === undefined && (isMulticast(daddr) || isLimitedBroadcast(daddr))) {
      const dev = deviceOf(ns, source)
      if (dev === undefined) return new Refusal('EINVAL')
      return direct(daddr, dev, source)
    }
    if (deviceOf(ns, source) === undefined && !ns.ipv4.ipNonlocalBind) return new Refusal('ENETUNREACH')
  }
  if (oif !== undefined) {
    if (!oif.up || !oif.inet) return new Refusal('ENETUNREACH')
    if ((isMulticast(daddr) && daddr >>> 8 === 0xe00000) || isLimitedBroadcast(daddr)) {
      if (source === 0) source = selectAddress(ns, oif, 0, 'link')
      return direct(daddr, oif, source)
    }
    if (source === 0 && isMulticast(daddr)) source = selectAddress(ns, oif, 0, 'global')
    else if (source === 0 && daddr === 0) source = selectAddress(ns, oif, 0, 'host')
  }
  if (daddr === 0) {
    if (!ns.loopback.inet) return new Refusal('EINVAL')
    const to = source || 0x7f000001
    return {
      type: 'local',
      dev: ns.loopback,
      gateway: 0,
      source: to,
      route: undefined,
      nh: undefined,
      table: 255,
      mtu: ns.loopback.mtu,
      exception: undefined,
    }
  }
  const looked = ns.fib.lookup(daddr, oif)
  if (looked === undefined) {
    if (oif !== undefined) {
      // "Apparently, routing tables are wrong. Assume, that the destination is on link."
      return direct(daddr, oif, source || selectAddress(ns, oif, 0, 'link'))
    }
    return new Refusal('ENETUNREACH')
  }
  const found = selectDefault(ns, looked)
  const { route, nh } = found
  const refusal = refusing(route.type)
  if (refusal) return refusal
  if (route.type === 'local') {
    // The local table's routes lead over lo. One that is down takes nothing (at devXmit), one without IPv4 is no way at all.
    if (!ns.loopback.inet) return new Refusal('EINVAL')
    return {
      type: 'local', dev: ns.loopback, gateway: 0, source: source || (route.prefsrc ?? daddr), route, nh,
      table: found.table, mtu: ns.loopback.mtu, exception: undefined,
    } // prettier-ignore
  }
  const dev = nh.dev as NetDevice
  const type = isMulticast(daddr) ? 'multicast' : isLimitedBroadcast(daddr) ? 'broadcast' : route.type
  return wayOf(ns, daddr, found, dev, type, source)
}

const wayOf = (
  ns: Netns,
  daddr: number,
  found: FibResult,
  dev: NetDevice,
  type: RouteType,
  source: number,
): Rtable => {
  const { route, nh } = found
  const exception = type === 'unicast' ? bindException(ns, nh, daddr) : undefined
  return {
    type,
    dev,
    // Not even a default route makes a router of what goes to all.
    gateway: type === 'broadcast' || type === 'multicast' ? 0 : (exception?.gateway ?? nh.gateway ?? 0),
    source: source || routeSource(ns, route, nh, daddr),
    route,
    nh,
    table: found.table,
    mtu: exception?.mtu ?? Math.min(route.mtu ?? dev.mtu, 65535),
    exception,
  }
}

const direct = (daddr: number, dev: NetDevice, source: number): Rtable => ({
  type: isLimitedBroadcast(daddr) ? 'broadcast' : isMulticast(daddr) ? 'multicast' : 'unicast',
  dev, gateway: 0, source, route: undefined, nh: undefined, table: 254, mtu: dev.mtu, exception: undefined,
}) // prettier-ignore

/** ip_route_connect(): the route of a connect(2); that there is none is counted. */
export const routeConnect = (ns: Netns, daddr: number, key: OutputKey): Rtable | Refusal => {
  const way = routeOutput(ns, daddr, key)
  if (way instanceof Refusal && way.errno === 'ENETUNREACH') ns.mib.ip.OutNoRoutes++
  return way
}

/** The error that a refusing route gives (fib_props[]). */
const refusing = (type: RouteType): Refusal | undefined => {
  switch (type) {
    case 'blackhole':
      return new Refusal('EINVAL')
    case 'unreachable':
      return new Refusal('EHOSTUNREACH')
    case 'prohibit':
      return new Refusal('EACCES')
    default:
      return undefined
  }
}

/** inet_iif(): what goes to oneself over lo counts as come in by the device that has the address. */
export const inetIif = (ns: Netns, dev: NetDevice, daddr: number): NetDevice =>
  dev.flags & IFF_LOOPBACK ? (deviceOf(ns, daddr) ?? dev) : dev

/** The device that has this address as its own. */
export const deviceOf = (ns: Netns, address: number): NetDevice | undefined => {
  const found = ns.fib.lookup(address)
  return found?.route.type === 'local' ? found.nh.dev : undefined
}

/** Why a received packet is not taken (a martian, RFC 1812 §5.3.7), or whose refusal its route is. */
export type InputRefusal =
  | {
      readonly kind: 'martian-source'
      readonly why: 'local' | 'rp_filter' | 'invalid'
      readonly rpFilter: boolean
    }
  | { readonly kind: 'martian-destination' }
  /** No route, or a refusing one: forwarding answers by ICMP, a host stays silent. */
  | {
      readonly kind: 'error'
      readonly errno: 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL'
      readonly found: FibResult | undefined
      readonly forwarding: boolean
    }

export type InputRoute =
  | { readonly kind: 'local' | 'broadcast'; readonly found: FibResult | undefined }
  | { readonly kind: 'forward'; readonly found: FibResult; readonly way: Rtable; readonly redirect: boolean }
  | InputRefusal

/** ip_route_input_slow(): what becomes of a packet that came in by `iif`. */
export const routeInput = (ns: Netns, daddr: number, saddr: number, iif: NetDevice): InputRoute => {
  if (isMulticast(saddr) || isLimitedBroadcast(saddr))
    return { kind: 'martian-source', why: 'invalid', rpFilter: false }
  const toAll = isLimitedBroadcast(daddr) || (saddr === 0 && daddr === 0)
  if (!toAll) {
    if (isZeronet(saddr)) return { kind: 'martian-source', why: 'invalid', rpFilter: false }
    if (isZeronet(daddr)) return { kind: 'martian-destination' }
    const loopbackOk =
      (iif.flags & IFF_LOOPBACK) !== 0 || (iif.conf.routeLocalnet | ns.ipv4.all.routeLocalnet) !== 0
    if (isLoopback(daddr) && !loopbackOk) return { kind: 'martian-destination' }
    if (isLoopback(saddr) && !loopbackOk) return { kind: 'martian-source', why: 'invalid', rpFilter: false }
  }
  if (toAll) {
    if (saddr !== 0) {
      const martian = validateSource(ns, saddr, iif)
      if (martian) return martian
    }
    return { kind: 'broadcast', found: undefined }
  }
  if (isMulticast(daddr)) return { kind: 'broadcast', found: undefined }
  const found = ns.fib.lookup(daddr)
  const forwarding = iif.conf.forwarding !== 0
  if (found === undefined)
    return { kind: 'error', errno: forwarding ? 'ENETUNREACH' : 'EHOSTUNREACH', found: undefined, forwarding }
  if (found.route.type === 'broadcast') {
    const martian = validateSource(ns, saddr, iif)
    return martian ?? { kind: 'broadcast', found }
  }
  if (found.route.type === 'local') {
    const martian = validateSource(ns, saddr, iif)
    return martian ?? { kind: 'local', found }
  }
  if (!forwarding) return { kind: 'error', errno: 'EHOSTUNREACH', found, forwarding }
  const refusal = refusing(found.route.type)
  if (refusal) return { kind: 'error', errno: refusal.errno as 'EINVAL', found, forwarding }
  if (found.route.type !== 'unicast') return { kind: 'martian-destination' }
  const martian = validateSource(ns, saddr, iif)
  if (martian) return martian
  const dev = found.nh.dev as NetDevice
  const way = wayOf(ns, daddr, found, dev, 'unicast', 1)
  const redirect = dev === iif && (iif.conf.sendRedirects | ns.ipv4.all.sendRedirects) !== 0
  return { kind: 'forward', found, way, redirect }
}

/** inet_lookup_ifaddr_rcu(): exactly an address of some device here. */
const isOwnAddress = (ns: Netns, address: number): boolean => {
  for (const dev of ns.devices.values()) if (dev.addresses.some((a) => a.local === address)) return true
  return false
}

/** fib_validate_source(): is the source one that may come from there? */
const validateSource = (ns: Netns, saddr: number, iif: NetDevice): InputRefusal | undefined => {
  if (iif.flags & IFF_LOOPBACK) return undefined
  const rpf = Math.max(iif.conf.rpFilter, ns.ipv4.all.rpFilter)
  const back = ns.fib.lookup(saddr)
  // Without rp_filter only addresses of our own are refused, not all of a network that lo makes local.
  const local = back?.route.type === 'local' && (rpf !== 0 || isOwnAddress(ns, saddr))
  if (local && !(iif.conf.acceptLocal | ns.ipv4.all.acceptLocal))
    return { kind: 'martian-source', why: 'local', rpFilter: false }
  if (rpf === 0) return undefined
  if (back === undefined) return { kind: 'martian-source', why: 'rp_filter', rpFilter: true }
  if (back.route.type !== 'unicast') return { kind: 'martian-source', why: 'rp_filter', rpFilter: true }
  if (back.route.nexthops.some((nh) => nh.dev === iif && !nh.dead)) return undefined
  return rpf === 1 ? { kind: 'martian-source', why: 'rp_filter', rpFilter: true } : undefined
}

import { formatIpv4, IPV4_MIN_MTU, isLoopback, prefixMask } from '../../wire/ipv4.ts'
import type { Ifaddr, NetDevice, Scope } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import { neighFlushDevice } from '../neigh/nud.ts'
import { fibAddAddress, fibDelAddress, fibDeviceDown } from './fib_frontend.ts'

/** IPv4 addresses of devices (net/ipv4/devinet.c). */

const RANK: Readonly<Record<Scope, number>> = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 }
export const scopeRank = (scope: Scope): number => RANK[scope]

export interface AddressRequest {
  readonly local: number
  readonly prefixlen: number
  /** The other end, for point-to-point addresses (`peer`). */
  readonly peer?: number
  readonly broadcast?: number
  readonly scope?: Scope
  readonly label?: string
  readonly metric?: number
  /** Seconds; undefined = forever. */
  readonly validLft?: number
  readonly preferredLft?: number
  readonly noprefixroute?: boolean
  /** NLM_F_REPLACE: an address that is there already gets new lifetimes. */
  readonly replace?: boolean
}

const maskOf = (a: { prefixlen: number }): number => prefixMask(a.prefixlen)
const sameSubnet = (a: Ifaddr, address: number, prefixlen: number): boolean =>
  a.prefixlen === prefixlen && ((a.address ^ address) & maskOf(a)) === 0

/** inetdev_destroy(): the device forgets IPv4, with its addresses, their routes and its settings. */
const inetdevDestroy = (dev: NetDevice): void => {
  for (let ifa = dev.addresses[0]; ifa !== undefined; ifa = dev.addresses[0]) removeAddress(dev, ifa)
  dev.inet = false
  fibDeviceDown(dev, true)
  neighFlushDevice(dev, false)
}

/** inetdev_event(NETDEV_CHANGEMTU): below IPV4_MIN_MTU there is no IPv4; above, it starts anew with the settings of default. */
export const inetMtuChanged = (dev: NetDevice): void => {
  if (dev.inet && dev.mtu < IPV4_MIN_MTU) inetdevDestroy(dev)
  else if (!dev.inet && dev.mtu >= IPV4_MIN_MTU) {
    dev.inet = true
    dev.conf = { ...dev.ns.ipv4.default }
  }
}

/** inet_rtm_newaddr() */
export const addrAdd = (dev: NetDevice, r: AddressRequest): Refusal | undefined => {
  if (r.prefixlen > 32) return new Refusal('EINVAL', 'ipv4: Invalid prefix length')
  if (
    r.validLft === 0 ||
    (r.preferredLft !== undefined && r.validLft !== undefined && r.preferredLft > r.validLft)
  )
    return new Refusal(
      'EINVAL',
      r.validLft === 0 ? 'ipv4: address has no lifetime' : 'ipv4: preferred lifetime is greater than valid',
    )
  if (!dev.inet) return new Refusal('ENOBUFS')
  const address = r.peer ?? r.local
  const same = dev.addresses.find((a) => a.local === r.local && sameSubnet(a, address, r.prefixlen))
  const { now } = dev.ns.sim.clock
  if (same !== undefined) {
    if (!r.replace) return new Refusal('EEXIST', 'ipv4: Address already assigned')
    same.validLft = r.validLft
    same.preferredLft = r.preferredLft
    same.stamp = now
    same.noprefixroute = r.noprefixroute ?? false
    if (r.metric !== undefined && r.metric !== same.metric) {
      fibDelAddress(dev, same)
      same.metric = r.metric
      fibAddAddress(dev, same)
    }
    if (r.validLft !== undefined) expire(dev, same)
    return undefined
  }
  // 0.0.0.0 is taken and thrown away.
  if (r.local === 0) return undefined
  const scope = r.scope ?? (isLoopback(r.local) ? 'host' : 'global')
  const neighbours = dev.addresses.filter((a) => sameSubnet(a, address, r.prefixlen))
  if (neighbours.some((a) => a.scope !== scope)) return new Refusal('EINVAL', 'ipv4: Invalid scope value')
  const ifa: Ifaddr = {
    local: r.local,
    address,
    prefixlen: r.prefixlen,
    broadcast: r.broadcast,
    scope,
    label: r.label ?? dev.name,
    secondary: neighbours.length > 0,
    noprefixroute: r.noprefixroute ?? false,
    metric: r.metric ?? 0,
    validLft: r.validLft,
    preferredLft: r.preferredLft,
    stamp: now,
    cause: dev.ns.sim.cause,
  }
  insertAddress(dev, ifa)
  fibAddAddress(dev, ifa)
  if (r.validLft !== undefined) expire(dev, ifa)
  return undefined
}

/** __inet_insert_ifa(): primaries stand before secondaries, among them those of narrower scope first. */
const insertAddress = (dev: NetDevice, ifa: Ifaddr): void => {
  const list = dev.addresses
  if (ifa.secondary) {
    list.push(ifa)
    return
  }
  // The place is behind the last primary whose scope reaches no farther.
  let at = 0
  for (let i = 0; i < list.length; i++) {
    const a = list[i] as Ifaddr
    if (!a.secondary && scopeRank(ifa.scope) <= scopeRank(a.scope)) at = i + 1
  }
  list.splice(at, 0, ifa)
}

const expire = (dev: NetDevice, ifa: Ifaddr): void => {
  const stamp = ifa.stamp
  dev.ns.sim.clock.schedule((ifa.validLft as number) * 1e9, () => {
    if (ifa.stamp === stamp && dev.addresses.includes(ifa)) removeAddress(dev, ifa)
  })
}

/** inet_rtm_deladdr(): the first address that fits all that was named. */
export const addrDel = (
  dev: NetDevice,
  r: { local: number; prefixlen?: number; peer?: number; label?: string },
): Refusal | undefined => {
  if (!dev.inet) return new Refusal('ENODEV', 'ipv4: Device not found')
  const ifa = dev.addresses.find(
    (a) =>
      a.local === r.local &&
      (r.label === undefined || a.label === r.label) &&
      (r.prefixlen === undefined ||
        (a.prefixlen === r.prefixlen && (((r.peer ?? r.local) ^ a.address) & maskOf(a)) === 0)),
  )
  if (ifa === undefined) return new Refusal('EADDRNOTAVAIL', 'ipv4: Address not found')
  removeAddress(dev, ifa)
  return undefined
}

/** __inet_del_ifa(): with a primary go its secondaries, unless promote_secondaries makes the first of them primary. */
export const removeAddress = (dev: NetDevice, ifa: Ifaddr): void => {
  const list = dev.addresses
  const remove = (a: Ifaddr): void => {
    list.splice(list.indexOf(a), 1)
    fibDelAddress(dev, a)
  }
  const dependants = ifa.secondary
    ? []
    : list.filter((a) => a.secondary && sameSubnet(a, ifa.address, ifa.prefixlen))
  if (dependants.length > 0 && dev.conf.promoteSecondaries | dev.ns.ipv4.all.promoteSecondaries) {
    const [promoted, ...others] = dependants as [Ifaddr, ...Ifaddr[]]
    remove(ifa)
    list.splice(list.indexOf(promoted), 1)
    promoted.secondary = false
    insertAddress(dev, promoted)
    for (const a of [promoted, ...others]) {
      fibDelAddress(dev, a)
      fibAddAddress(dev, a)
    }
    return
  }
  for (const a of dependants) remove(a)
  remove(ifa)
  // fib_inetaddr_event(): the last address takes every route and neighbour of the device along, permanent ones too.
  if (list.length > 0) return
  fibDeviceDown(dev, true)
  neighFlushDevice(dev, false)
}

/** Is `address` one of this namespace's own (inet_addr_type() == RTN_LOCAL)? */
export const isLocalAddress = (ns: Netns, address: number): boolean =>
  ns.fib.lookup(address)?.route.type === 'local'

/**
 * inet_select_addr(): the source address to use on `dev` towards `dst` (0 = any): a primary that shares its subnet, else
 * the first that reaches far enough, else one of another device.
 */
export const selectAddress = (ns: Netns, dev: NetDevice | undefined, dst: number, scope: Scope): number => {
  const limit = scopeRank(scope)
  let first = 0
  if (dev !== undefined)
    for (const a of dev.addresses) {
      if (a.secondary || scopeRank(a.scope) > limit) continue
      if (dst === 0 || ((dst ^ a.address) & maskOf(a)) === 0) return a.local
      if (first === 0) first = a.local
    }
  if (first !== 0) return first
  for (const other of ns.devices.values()) {
    if (!other.up && other !== dev) continue
    for (const a of other.addresses)
      if (!a.secondary && a.scope !== 'link' && scopeRank(a.scope) <= limit) return a.local
  }
  return 0
}

/** `192.168.1.10/24` */
export const formatIfaddr = (a: Ifaddr): string => `${formatIpv4(a.local)}/${a.prefixlen}`

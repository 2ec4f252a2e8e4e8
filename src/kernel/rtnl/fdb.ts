import { macKey, sameMac } from '../../wire/ethernet.ts'
import { parseIpv6 } from '../../wire/ipv6.ts'
import type { Bridge, BridgePort, FdbEntry } from '../dev/bridge.ts'
import { IFF_MULTICAST, type NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'

/** Forwarding database entries by hand, and its dump (net/bridge/br_fdb.c, ndo_dflt_fdb_dump()). */

export interface FdbRequest {
  /** The device's own list of addresses (`self`), the bridge's table (`master`). */
  readonly self?: boolean
  readonly master?: boolean
  readonly state?: 'permanent' | 'static' | 'dynamic'
  readonly replace?: boolean
  readonly append?: boolean
}

export interface FdbRow {
  readonly mac: Uint8Array
  readonly dev: NetDevice
  readonly self: boolean
  readonly master: NetDevice | undefined
  readonly state: 'permanent' | 'static' | 'reachable' | 'stale'
  readonly byUser: boolean
  readonly updated: number
  readonly used: number
  readonly entry: FdbEntry | undefined
}

/** Unicast and multicast addresses added with `self`, per device. */
const selfLists = new WeakMap<NetDevice, Uint8Array[]>()

/** rtnl_fdb_add(): to the bridge that the device is a port of (`master`), or to the device itself. */
export const fdbAdd = (dev: NetDevice, mac: Uint8Array, r: FdbRequest): Refusal | undefined => {
  const state = r.state ?? 'permanent'
  if (dev.kind === 'loopback') return new Refusal('EINVAL', 'FDB add only supported for Ethernet devices')
  if (r.master) {
    const { port } = dev
    if (port === undefined) return new Refusal('EOPNOTSUPP')
    if (mac.every((b) => b === 0)) return new Refusal('EINVAL')
    const refusal = bridgeAdd(port.bridge, port, mac, state, r.replace ?? false)
    if (refusal || !r.self) return refusal
  }
  if (dev.bridge !== undefined) {
    if (state !== 'permanent') return new Refusal('EINVAL')
    return bridgeAdd(dev.bridge, undefined, mac, state, r.replace ?? false)
  }
  // ndo_dflt_fdb_add(): the list of addresses that a card takes in knows no other state.
  if (state !== 'permanent') return new Refusal('EINVAL')
  const list = selfLists.get(dev) ?? []
  if (list.some((m) => sameMac(m, mac))) return new Refusal('EEXIST')
  selfLists.set(dev, [...list, Uint8Array.from(mac)])
  return undefined
}

/** fdb_add_entry() */
const bridgeAdd = (
  bridge: Bridge,
  port: BridgePort | undefined,
  mac: Uint8Array,
  state: 'permanent' | 'static' | 'dynamic',
  replace: boolean,
): Refusal | undefined => {
  if (bridge.fdb.has(macKey(mac)) && !replace) return new Refusal('EEXIST')
  const { sim } = bridge.dev.ns
  const { now } = sim.clock
  bridge.fdb.set(macKey(mac), {
    mac: Uint8Array.from(mac), port, isLocal: state === 'permanent', isStatic: state !== 'dynamic', byUser: true, updated: now,
    used: now, cause: sim.cause,
  }) // prettier-ignore
  return undefined
}

/** rtnl_fdb_del() */
export const fdbDel = (dev: NetDevice, mac: Uint8Array, r: FdbRequest): Refusal | undefined => {
  if (dev.kind === 'loopback') return new Refusal('EINVAL', 'FDB delete only supported for Ethernet devices')
  if (r.master || dev.bridge !== undefined) {
    const bridge = r.master ? dev.port?.bridge : dev.bridge
    if (bridge === undefined) return new Refusal('EOPNOTSUPP')
    const entry = bridge.fdb.get(macKey(mac))
    if (entry === undefined || entry.port !== (r.master ? dev.port : undefined)) return new Refusal('ENOENT')
    bridge.fdb.delete(macKey(mac))
    if (!r.self || dev.bridge !== undefined) return undefined
  }
  const list = selfLists.get(dev) ?? []
  const rest = list.filter((m) => !sameMac(m, mac))
  if (rest.length === list.length) return new Refusal('ENOENT')
  selfLists.set(dev, rest)
  return undefined
}

/** br_fdb_flush(): forgets every entry of the bridge that `matches` holds for, its own addresses too. */
export const fdbFlush = (bridge: Bridge, matches: (entry: FdbEntry) => boolean): void => {
  for (const [key, entry] of bridge.fdb) if (matches(entry)) bridge.fdb.delete(key)
}

/**
 * rtnl_fdb_dump(): for each device its entries in the bridge it is a port of, the newest first, and the addresses of its
 * own lists; a bridge tells of its lists first.
 */
export const fdbList = (ns: Netns): FdbRow[] => {
  const rows: FdbRow[] = []
  for (const dev of ns.devices.values()) {
    if (dev.port) rows.push(...bridgeRows(dev, dev.port.bridge, dev.port))
    rows.push(...selfRows(dev))
    if (dev.bridge) rows.push(...bridgeRows(dev, dev.bridge, undefined))
  }
  return rows
}

/** br_fdb_dump(); entries that have aged out go. */
const bridgeRows = (dev: NetDevice, bridge: Bridge, port: BridgePort | undefined): FdbRow[] => {
  const rows: FdbRow[] = []
  const { now } = dev.ns.sim.clock
  for (const entry of [...bridge.fdb.values()].reverse()) {
    if (entry.port !== port) continue
    if (!entry.isStatic && entry.updated + bridge.ageingTime <= now) {
      bridge.fdb.delete(macKey(entry.mac))
      continue
    }
    rows.push({
      mac: entry.mac, dev, self: false, master: bridge.dev, byUser: entry.byUser, updated: entry.updated, used: entry.used, entry,
      state: entry.isLocal ? 'permanent' : entry.isStatic ? 'static' : 'reachable',
    }) // prettier-ignore
  }
  return rows
}

/** ndo_dflt_fdb_dump(): unicast addresses added by hand, then groups. */
const selfRows = (dev: NetDevice): FdbRow[] => {
  const { now } = dev.ns.sim.clock
  const added = selfLists.get(dev) ?? []
  const unicast = added.filter((mac) => ((mac[0] as number) & 1) === 0)
  const groups = added.filter((mac) => ((mac[0] as number) & 1) === 1)
  return [...unicast, ...multicastList(dev), ...groups].map((mac) => ({
    mac, dev, self: true, master: undefined, state: 'permanent', byUser: false, updated: now, used: now, entry: undefined,
  })) // prettier-ignore
}

/** dev->mc: the groups that the kernel joins on a device by itself while it is up. */
export const multicastList = (dev: NetDevice): Uint8Array[] => {
  if (dev.kind === 'loopback' || !(dev.flags & IFF_MULTICAST)) return []
  const list: Uint8Array[] = []
  const v6 = (low: number, high = 0): void =>
    void list.push(Uint8Array.of(0x33, 0x33, high >>> 8, high & 255, low >>> 8, low & 255))
  // All nodes (RFC 4291 §2.7.1): also where no address is wanted (disable_ipv6).
  v6(1)
  if (dev.bridge?.mcastSnooping && dev.up) {
    list.push(Uint8Array.of(0x01, 0x00, 0x5e, 0, 0, 0x6a))
    v6(0x6a)
  }
  if (dev.up) list.push(Uint8Array.of(0x01, 0x00, 0x5e, 0, 0, 1))
  for (const a of dev.addresses6) {
    const bytes = parseIpv6(a.address) as Uint8Array
    const mac = Uint8Array.of(0x33, 0x33, 0xff, bytes[13] as number, bytes[14] as number, bytes[15] as number)
    if (!list.some((m) => sameMac(m, mac))) list.push(mac)
  }
  return list
}

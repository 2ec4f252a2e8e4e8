import { macKey, sameMac } from '../../wire/ethernet.ts'
import { parseIpv6 } from '../../wire/ipv6.ts'
import type { FdbEntry } from '../dev/bridge.ts'
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

/** rtnl_fdb_add() */
export const fdbAdd = (dev: NetDevice, mac: Uint8Array, r: FdbRequest): Refusal | undefined => {
  const { ns } = dev
  if (r.master) {
    const port = dev.port
    if (port === undefined) return new Refusal('EINVAL')
    const old = port.bridge.fdb.get(macKey(mac))
    if (old !== undefined && !r.replace) return new Refusal('EEXIST')
    const { now } = ns.sim.clock
    const state = r.state ?? 'permanent'
    port.bridge.fdb.set(macKey(mac), {
      mac: Uint8Array.from(mac), port, isLocal: state === 'permanent', isStatic: state !== 'dynamic', byUser: true, updated: now, used: now,
      cause: ns.sim.cause,
    }) // prettier-ignore
    return undefined
  }
  const bridge = dev.bridge
  if (bridge !== undefined && !r.self) return new Refusal('EINVAL')
  const list = selfLists.get(dev) ?? []
  if (list.some((m) => sameMac(m, mac))) return new Refusal('EEXIST')
  selfLists.set(dev, [...list, Uint8Array.from(mac)])
  return undefined
}

/** rtnl_fdb_del() */
export const fdbDel = (dev: NetDevice, mac: Uint8Array, r: FdbRequest): Refusal | undefined => {
  if (r.master) {
    const port = dev.port
    if (port === undefined) return new Refusal('EINVAL')
    const entry = port.bridge.fdb.get(macKey(mac))
    if (entry === undefined || entry.port !== port) return new Refusal('ENOENT')
    port.bridge.fdb.delete(macKey(mac))
    return undefined
  }
  const list = selfLists.get(dev) ?? []
  const rest = list.filter((m) => !sameMac(m, mac))
  if (rest.length === list.length) return new Refusal('ENOENT')
  selfLists.set(dev, rest)
  return undefined
}

/** What `bridge fdb show` lists: the bridges' tables, and the multicast addresses that each device listens to. */
export const fdbList = (ns: Netns): FdbRow[] => {
  const rows: FdbRow[] = []
  const { now } = ns.sim.clock
  for (const dev of ns.devices.values()) {
    const { port, bridge } = dev
    if (port) {
      for (const entry of port.bridge.fdb.values()) {
        if (entry.port !== port) continue
        if (!entry.isStatic && entry.updated + port.bridge.ageingTime <= now) {
          port.bridge.fdb.delete(macKey(entry.mac))
          continue
        }
        rows.push({
          mac: entry.mac, dev, self: false, master: port.bridge.dev, byUser: entry.byUser, updated: entry.updated, used: entry.used, entry,
          state: entry.isLocal ? 'permanent' : entry.isStatic ? 'static' : 'reachable',
        }) // prettier-ignore
      }
    }
    if (bridge)
      for (const entry of bridge.fdb.values())
        if (entry.port === undefined)
          rows.push({
            mac: entry.mac, dev, self: false, master: dev, byUser: entry.byUser, updated: entry.updated, used: entry.used, entry,
            state: 'permanent',
          }) // prettier-ignore
    for (const mac of [...multicastList(dev), ...(selfLists.get(dev) ?? [])])
      rows.push({
        mac,
        dev,
        self: true,
        master: undefined,
        state: 'permanent',
        byUser: false,
        updated: now,
        used: now,
        entry: undefined,
      })
  }
  return rows
}

/** dev->mc: the groups that the kernel joins on a device by itself while it is up. */
export const multicastList = (dev: NetDevice): Uint8Array[] => {
  if (dev.kind === 'loopback' || !(dev.flags & IFF_MULTICAST)) return []
  const list: Uint8Array[] = []
  const v6 = (low: number, high = 0): void =>
    void list.push(Uint8Array.of(0x33, 0x33, high >>> 8, high & 255, low >>> 8, low & 255))
  if (!dev.disableIpv6) v6(1)
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

import { sameMac } from '../../wire/ethernet.ts'
import { Bridge, type BridgePort } from '../dev/bridge.ts'
import { brAddIf, brAddressChanged, brDelIf, brOwnAddress, updateMtu } from '../dev/brport.ts'
import { devClose, devOpen, setCarrier } from '../dev/state.ts'
import { addrconfCarrierUp } from '../ipv6/addrconf.ts'
import { inetMtuChanged } from '../ipv4/devinet.ts'
import { fibDeviceDown } from '../ipv4/fib_frontend.ts'
import {
  IFF_ALLMULTI,
  IFF_DYNAMIC,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_NOTRAILERS,
  IFF_PROMISC,
  type NetDevice,
} from '../netdevice.ts'
import { neighFlushDevice } from '../neigh/nud.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import type { Random } from '../sim.ts'

/** Making, changing and deleting devices (net/core/rtnetlink.c, drivers/net/veth.c, net/bridge/br_netlink.c). */

export interface BridgeOptions {
  readonly stp?: boolean
  readonly priority?: number
  /** ns */
  readonly ageingTime?: number
  readonly forwardDelay?: number
  readonly helloTime?: number
  readonly maxAge?: number
  readonly groupFwdMask?: number
  readonly vlanFiltering?: boolean
  readonly mcastSnooping?: boolean
}

export type PortOptions = Partial<Omit<BridgePort, 'dev' | 'bridge' | 'number' | 'cause'>>

export interface LinkRequest {
  readonly kind: 'veth' | 'bridge'
  readonly name?: string
  readonly mac?: Uint8Array
  readonly mtu?: number
  readonly txqlen?: number
  readonly ifindex?: number
  readonly up?: boolean
  readonly bridge?: BridgeOptions
  readonly peer?: {
    readonly name?: string
    readonly mac?: Uint8Array
    readonly ns?: Netns
    readonly mtu?: number
    readonly txqlen?: number
    readonly ifindex?: number
  }
}

/** IFNAMSIZ with its final NUL. */
export const IFNAMSIZ = 16

/** dev_valid_name(): short enough, no slash, colon or space, not `.` or `..`. */
export const devValidName = (name: string): boolean =>
  name !== '' && name.length < IFNAMSIZ && name !== '.' && name !== '..' && !/[/:\s]/.test(name)

/** dev_alloc_name(): the first of that pattern (`veth%d`) that is free. */
const numbered = (ns: Netns, pattern: string): string => {
  let i = 0
  while (ns.device(pattern.replace('%d', String(i)))) i++
  return pattern.replace('%d', String(i))
}
const freeName = (ns: Netns, stem: string): string => numbered(ns, stem + '%d')

/** A locally administered unicast address drawn by chance (eth_random_addr()). */
export const randomMac = (random: Random): Uint8Array => {
  const mac = new Uint8Array(6)
  for (let i = 0; i < 6; i++) mac[i] = random.next() >>> 24
  mac[0] = ((mac[0] as number) & 0xfe) | 2
  return mac
}

const validMac = (mac: Uint8Array): boolean => ((mac[0] as number) & 1) === 0 && mac.some((b) => b !== 0)

/** rtnl_newlink() with NLM_F_CREATE | NLM_F_EXCL */
export const linkNew = (ns: Netns, r: LinkRequest): NetDevice | Refusal => {
  const name = r.name?.includes('%d') ? numbered(ns, r.name) : r.name
  if (name !== undefined && !devValidName(name)) return new Refusal('EINVAL')
  if (name !== undefined && ns.device(name)) return new Refusal('EEXIST')
  if (r.mac !== undefined && !validMac(r.mac)) return new Refusal('EADDRNOTAVAIL')
  if (r.mtu !== undefined && (r.mtu < 68 || r.mtu > 65535)) return new Refusal('EINVAL')
  if (r.ifindex !== undefined && ns.devices.has(r.ifindex)) return new Refusal('EEXIST')
  const { random } = ns.sim
  if (r.kind === 'bridge') {
    const dev = ns.addDevice('bridge', name ?? freeName(ns, 'bridge'), r.mac ?? randomMac(random), r.ifindex)
    dev.bridge = new Bridge(dev)
    if (name === undefined) dev.nameAssignType = 1
    dev.macSet = r.mac !== undefined
    brOwnAddress(dev.bridge)
    if (r.mac) dev.bridge.idMac = Uint8Array.from(r.mac)
    if (r.mtu !== undefined) {
      dev.mtu = r.mtu
      dev.bridge.mtuSet = true
    }
    if (r.txqlen !== undefined) dev.txqlen = r.txqlen
    const refusal = r.bridge && setBridge(dev.bridge, r.bridge)
    if (refusal) {
      ns.devices.delete(dev.ifindex)
      return refusal
    }
    if (r.up) devOpen(dev)
    return dev
  }
  // veth_newlink(): the peer is made first, and has the lower index.
  const peerNs = r.peer?.ns ?? ns
  const peerName = r.peer?.name?.includes('%d') ? numbered(peerNs, r.peer.name) : r.peer?.name
  if (peerName !== undefined && !devValidName(peerName)) return new Refusal('EINVAL')
  if (peerName !== undefined && peerNs.device(peerName)) return new Refusal('EEXIST')
  if (peerName !== undefined && peerNs === ns && peerName === name) {
    // The peer was there already when the device could not have its name: its number is gone.
    peerNs.freeIfindex()
    return new Refusal('EEXIST')
  }
  if (r.peer?.mac !== undefined && !validMac(r.peer.mac)) return new Refusal('EADDRNOTAVAIL')
  const peer = peerNs.addDevice(
    'veth',
    peerName ?? freeName(peerNs, 'veth'),
    r.peer?.mac ?? randomMac(random),
    r.peer?.ifindex,
  )
  peer.macSet = r.peer?.mac !== undefined
  const dev = ns.addDevice('veth', name ?? freeName(ns, 'veth'), r.mac ?? randomMac(random), r.ifindex)
  dev.macSet = r.mac !== undefined
  if (name === undefined) dev.nameAssignType = 1
  if (peerName === undefined) peer.nameAssignType = 1
  for (const [d, mtu, txqlen] of [[peer, r.peer?.mtu, r.peer?.txqlen], [dev, r.mtu, r.txqlen]] as const) {
    d.switchCarrier(false)
    if (mtu !== undefined) d.mtu = mtu
    if (txqlen !== undefined) d.txqlen = txqlen
  } // prettier-ignore
  dev.peer = peer
  peer.peer = dev
  if (peerNs !== ns) {
    ns.nsidOf(peerNs)
    peerNs.nsidOf(ns)
  }
  peer.noteOperstate()
  dev.noteOperstate()
  if (r.up) devOpen(dev)
  return dev
}

/** rtnl_dellink(): both ends of a veth go; the ports of a bridge are set free. */
export const linkDel = (dev: NetDevice): Refusal | undefined => {
  if (dev.kind === 'loopback') return new Refusal('EOPNOTSUPP')
  const { peer } = dev
  unregister(dev)
  if (peer) unregister(peer)
  return undefined
}

/** unregister_netdevice(): down, out of its bridge, without routes and addresses, gone. */
const unregister = (dev: NetDevice): void => {
  if (dev.bridge) for (const port of [...dev.bridge.ports]) brDelIf(port)
  if (dev.port) brDelIf(dev.port)
  devClose(dev)
  neighFlushDevice(dev, false)
  fibDeviceDown(dev, true)
  withdraw(dev)
  dev.ns.devices.delete(dev.ifindex)
}

/** All addresses go, with their routes. */
const withdraw = (dev: NetDevice): void => {
  dev.addresses.length = 0
  dev.addresses6.length = 0
  for (const table of dev.ns.fib.tables.values())
    for (const route of [...table.routes])
      if (route.nexthops.some((nh) => nh.dev === dev)) table.remove(route)
  dev.ns.fib.changed()
}

export interface LinkChange {
  readonly up?: boolean
  readonly name?: string
  readonly mtu?: number
  readonly mac?: Uint8Array
  readonly broadcast?: Uint8Array
  /** null: no master any more */
  readonly master?: NetDevice | null
  readonly ns?: Netns
  readonly txqlen?: number
  readonly alias?: string
  readonly arp?: boolean
  readonly multicast?: boolean
  readonly promisc?: boolean
  readonly allmulticast?: boolean
  /** Flags that only are shown. */
  readonly dynamic?: boolean
  readonly trailers?: boolean
  readonly group?: number
  readonly addAltname?: string
  readonly delAltname?: string
  readonly bridge?: BridgeOptions
  readonly port?: PortOptions
}

/** do_setlink(): what was asked, in the kernel's order; the first refusal ends it, what came before stays done. */
export const linkSet = (dev: NetDevice, c: LinkChange): Refusal | undefined => {
  const { ns } = dev
  if (c.ns !== undefined && c.ns !== ns) {
    const refusal = changeNetns(dev, c.ns, c.name)
    if (refusal) return refusal
  }
  if (c.mac !== undefined) {
    const refusal = setMac(dev, c.mac)
    if (refusal) return refusal
  }
  if (c.mtu !== undefined) {
    const refusal = setMtu(dev, c.mtu)
    if (refusal) return refusal
  }
  if (c.group !== undefined) dev.group = c.group
  if (c.name !== undefined && c.name !== dev.name) {
    const refusal = changeName(dev, c.name)
    if (refusal) return refusal
  }
  if (c.broadcast !== undefined) dev.broadcast = Uint8Array.from(c.broadcast)
  if (c.alias !== undefined) dev.alias = c.alias === '' ? undefined : c.alias
  if (c.master !== undefined) {
    const refusal = setMaster(dev, c.master)
    if (refusal) return refusal
  }
  if (c.arp !== undefined) dev.flags = c.arp ? dev.flags & ~IFF_NOARP : dev.flags | IFF_NOARP
  if (c.multicast !== undefined)
    dev.flags = c.multicast ? dev.flags | IFF_MULTICAST : dev.flags & ~IFF_MULTICAST
  if (c.allmulticast !== undefined)
    dev.flags = c.allmulticast ? dev.flags | IFF_ALLMULTI : dev.flags & ~IFF_ALLMULTI
  if (c.dynamic !== undefined) dev.flags = c.dynamic ? dev.flags | IFF_DYNAMIC : dev.flags & ~IFF_DYNAMIC
  if (c.trailers !== undefined)
    dev.flags = c.trailers ? dev.flags & ~IFF_NOTRAILERS : dev.flags | IFF_NOTRAILERS
  if (c.promisc !== undefined && c.promisc !== ((dev.flags & IFF_PROMISC) !== 0)) {
    dev.flags ^= IFF_PROMISC
    dev.promiscuity += c.promisc ? 1 : -1
  }
  if (c.up !== undefined) (c.up ? devOpen : devClose)(dev)
  if (c.txqlen !== undefined) dev.txqlen = c.txqlen
  if (c.bridge !== undefined) {
    if (dev.bridge === undefined) return new Refusal('EOPNOTSUPP')
    const refusal = setBridge(dev.bridge, c.bridge)
    if (refusal) return refusal
  }
  if (c.port !== undefined) {
    if (dev.port === undefined) return new Refusal('EOPNOTSUPP')
    const refusal = setPort(dev.port, c.port)
    if (refusal) return refusal
  }
  return altnames(dev, c)
}

const altnames = (dev: NetDevice, c: LinkChange): Refusal | undefined => {
  if (c.addAltname !== undefined) {
    if (dev.ns.device(c.addAltname)) return new Refusal('EEXIST')
    dev.altnames.push(c.addAltname)
  }
  if (c.delAltname !== undefined) {
    const i = dev.altnames.indexOf(c.delAltname)
    if (i < 0) return new Refusal('ENOENT')
    dev.altnames.splice(i, 1)
  }
  return undefined
}

/** dev_change_name(): since Linux 6.2 also while the device is up. */
const changeName = (dev: NetDevice, wanted: string): Refusal | undefined => {
  const name = wanted.includes('%d') ? numbered(dev.ns, wanted) : wanted
  if (!devValidName(name)) return new Refusal('EINVAL')
  if (dev.ns.device(name)) return new Refusal('EEXIST')
  renameLabels(dev, name)
  dev.name = name
  dev.nameAssignType = 4
  return undefined
}

/** inetdev_changename(): the first address is labelled as the device, each other keeps its `:…` or gets its place. */
const renameLabels = (dev: NetDevice, name: string): void => {
  dev.addresses.forEach((ifa, i) => {
    const colon = ifa.label.indexOf(':')
    const alias = i === 0 ? '' : colon < 0 ? `:${i + 1}` : ifa.label.slice(colon)
    ifa.label = name.slice(0, IFNAMSIZ - 1 - alias.length) + alias
  })
}

/** dev_set_mtu_ext() */
const setMtu = (dev: NetDevice, mtu: number): Refusal | undefined => {
  if (mtu === dev.mtu) return undefined
  if (mtu < dev.minMtu) return new Refusal('EINVAL', 'mtu less than device minimum')
  if (dev.kind !== 'loopback' && mtu > dev.maxMtu)
    return new Refusal('EINVAL', 'mtu greater than device maximum')
  const before = dev.mtu
  dev.mtu = mtu
  if (dev.bridge) dev.bridge.mtuSet = true
  if (dev.port) updateMtu(dev.port.bridge)
  inetMtuChanged(dev)
  if (mtu < 1280) dev.addresses6.length = 0
  else if (before < 1280 && dev.up && dev.carrier) addrconfCarrierUp(dev)
  return undefined
}

/** dev_set_mac_address(), eth_prepare_mac_addr_change(): these devices change it while up. */
const setMac = (dev: NetDevice, mac: Uint8Array): Refusal | undefined => {
  if (!validMac(mac)) return new Refusal('EADDRNOTAVAIL')
  dev.macSet = true
  if (sameMac(dev.mac, mac)) return undefined
  dev.mac = Uint8Array.from(mac)
  // arp_netdev_event(): whom we know must learn of us anew.
  neighFlushDevice(dev, false)
  brAddressChanged(dev)
  return undefined
}

/** do_set_master() */
const setMaster = (dev: NetDevice, master: NetDevice | null): Refusal | undefined => {
  if (dev.port) {
    if (dev.port.bridge.dev === master) return undefined
    brDelIf(dev.port)
  }
  if (master === null) return undefined
  if (master.bridge === undefined) return new Refusal('EOPNOTSUPP')
  return brAddIf(master.bridge, dev)
}

/** __dev_change_net_namespace(): down, stripped of addresses, and there under a free index. */
const changeNetns = (dev: NetDevice, to: Netns, name: string | undefined): Refusal | undefined => {
  if (dev.kind === 'loopback' || dev.kind === 'bridge')
    return new Refusal('EINVAL', 'The interface netns is immutable')
  if (to.device(name ?? dev.name))
    return new Refusal('EEXIST', 'An interface with the same name exists in the target netns')
  moveDevice(dev, to)
  return undefined
}

const moveDevice = (dev: NetDevice, to: Netns): void => {
  const from = dev.ns
  const wasUp = dev.up
  if (dev.port) brDelIf(dev.port)
  devClose(dev)
  neighFlushDevice(dev, false)
  fibDeviceDown(dev, true)
  withdraw(dev)
  from.devices.delete(dev.ifindex)
  dev.ifindex = to.devices.has(dev.ifindex) ? to.freeIfindex() : dev.ifindex
  dev.ns = to
  to.place(dev)
  dev.qdisc = 'noop'
  // Who listened here is told where it went; both ends learn each other's namespace by an id of their own.
  from.nsidOf(to)
  if (dev.peer) {
    to.nsidOf(dev.peer.ns)
    dev.peer.ns.nsidOf(to)
  }
  // Linkwatch looks at both ends when the device has arrived.
  if (wasUp) {
    dev.noteOperstate()
    dev.peer?.noteOperstate()
  }
  Object.assign(dev.conf, to.ipv4.default)
}

/** br_changelink(); with STP the delay must be one that 802.1D allows (br_set_forward_delay()). */
const setBridge = (bridge: Bridge, o: BridgeOptions): Refusal | undefined => {
  const { forwardDelay, helloTime, maxAge } = o
  if (bridge.stp && !inRange(forwardDelay, 2e9, 30e9)) return new Refusal('ERANGE')
  if (!inRange(helloTime, 1e9, 10e9) || !inRange(maxAge, 6e9, 40e9)) return new Refusal('ERANGE')
  Object.assign(bridge, o)
  for (const port of bridge.ports) if (port.state !== 'disabled') port.designatedPriority = bridge.priority
  return undefined
}

const inRange = (value: number | undefined, low: number, high: number): boolean =>
  value === undefined || (value >= low && value <= high)

/** br_setport(): without STP a port that is told to block forwards at once (br_port_state_selection()). */
const setPort = (port: BridgePort, o: PortOptions): Refusal | undefined => {
  if (o.state !== undefined && port.bridge.stp) return new Refusal('EBUSY')
  if (!inRange(o.cost, 1, 65535) || !inRange(o.priority, 0, 63)) return new Refusal('ERANGE')
  Object.assign(port, o)
  if (port.state === 'blocking') port.state = 'forwarding'
  return undefined
}

/** A wire of the lab: both ends up at once, as a cable that is plugged in. */
export const linkUpBoth = (a: NetDevice, b: NetDevice): void => {
  devOpen(a)
  devOpen(b)
  setCarrier(a, true)
  setCarrier(b, true)
}

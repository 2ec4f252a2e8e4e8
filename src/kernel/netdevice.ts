import { ETH_BROADCAST, ETH_ZERO } from '../wire/ethernet.ts'
import type { Bridge, BridgePort } from './dev/bridge.ts'
import type { Netns } from './netns.ts'
import type { Cause } from './sim.ts'

/** Interface flags (netdevice(7), include/uapi/linux/if.h). */
export const IFF_UP = 0x1
export const IFF_BROADCAST = 0x2
export const IFF_LOOPBACK = 0x8
export const IFF_POINTOPOINT = 0x10
export const IFF_NOTRAILERS = 0x20
export const IFF_RUNNING = 0x40
export const IFF_NOARP = 0x80
export const IFF_PROMISC = 0x100
export const IFF_ALLMULTI = 0x200
export const IFF_MASTER = 0x400
export const IFF_SLAVE = 0x800
export const IFF_MULTICAST = 0x1000
export const IFF_DYNAMIC = 0x8000
export const IFF_LOWER_UP = 0x10000
export const IFF_DORMANT = 0x20000

export type DeviceKind = 'loopback' | 'veth' | 'bridge'

/** RFC 2863 §3.1.14, as `ip link` prints it after `state`. */
export type Operstate = 'UNKNOWN' | 'NOTPRESENT' | 'DOWN' | 'LOWERLAYERDOWN' | 'TESTING' | 'DORMANT' | 'UP'

/** How far an address or route reaches (rt_scope_t, include/uapi/linux/rtnetlink.h). */
export type Scope = 'global' | 'site' | 'link' | 'host' | 'nowhere'

/** struct in_ifaddr */
export interface Ifaddr {
  readonly local: number
  /** The other end of a point-to-point address (`peer`), else equal to `local`. */
  readonly address: number
  readonly prefixlen: number
  broadcast: number | undefined
  scope: Scope
  /** Alias name such as `eth0:1`, by default the device's name. */
  label: string
  secondary: boolean
  noprefixroute: boolean
  metric: number
  /** Seconds from the time of `stamp`, undefined = forever. */
  validLft: number | undefined
  preferredLft: number | undefined
  stamp: number
  cause: Cause | undefined
}

/** struct inet6_ifaddr, as far as it is shown */
export interface Ifaddr6 {
  /** Canonical text (RFC 5952). */
  readonly address: string
  readonly prefixlen: number
  scope: Scope
  tentative: boolean
  permanent: boolean
  validLft: number | undefined
  preferredLft: number | undefined
  stamp: number
  cause: Cause | undefined
}

export interface DeviceStats {
  rxPackets: number
  rxBytes: number
  rxErrors: number
  rxDropped: number
  multicast: number
  txPackets: number
  txBytes: number
  txErrors: number
  txDropped: number
  /** How often the carrier came and went. */
  carrierUps: number
  carrierDowns: number
}

/** Per-device knobs of /proc/sys/net/ipv4/conf/DEV (Documentation/networking/ip-sysctl.rst). */
export interface Ipv4Devconf {
  forwarding: number
  rpFilter: number
  acceptRedirects: number
  sendRedirects: number
  secureRedirects: number
  acceptSourceRoute: number
  proxyArp: number
  arpIgnore: number
  arpAnnounce: number
  arpFilter: number
  arpAccept: number
  arpNotify: number
  logMartians: number
  routeLocalnet: number
  acceptLocal: number
  srcValidMark: number
  bcForwarding: number
  ignoreRoutesWithLinkdown: number
  promoteSecondaries: number
}

/** struct net_device: one interface of one network namespace. */
export class NetDevice {
  ns: Netns
  ifindex: number
  name: string
  readonly kind: DeviceKind
  mac: Uint8Array
  /** Where frames for everybody on the link go. */
  broadcast: Uint8Array
  /** The MAC was given by hand (NET_ADDR_SET): a bridge then keeps it. */
  macSet = false
  /** Where the name is from (NET_NAME_*, include/uapi/linux/netdevice.h): 0 unknown, 1 the kernel, 2 fixed, 3 user, 4 renamed. */
  nameAssignType: 0 | 1 | 2 | 3 | 4 = 3
  flags: number
  mtu: number
  /** Limits of the mtu; the loopback has none (0). */
  readonly minMtu: number
  readonly maxMtu: number
  txqlen = 1000
  /** `noop` until the device is first brought up. */
  qdisc: 'noop' | 'noqueue' = 'noop'
  /** The layer below works (a cable is plugged in at both ends); see switchCarrier(). */
  carrier = true
  group = 0
  alias: string | undefined
  altnames: string[] = []
  promiscuity = 0
  /** The device at the other end of a veth pair. */
  peer: NetDevice | undefined
  /** The bridge that this device is a port of. */
  port: BridgePort | undefined
  /** What this device is as a bridge. */
  bridge: Bridge | undefined
  readonly addresses: Ifaddr[] = []
  readonly addresses6: Ifaddr6[] = []
  /** It speaks IPv4 (has a struct in_device): all do until their MTU falls below IPV4_MIN_MTU, which only lo's can. */
  inet = true
  conf: Ipv4Devconf
  disableIpv6 = 0
  readonly stats: DeviceStats = {
    rxPackets: 0, rxBytes: 0, rxErrors: 0, rxDropped: 0, multicast: 0, txPackets: 0, txBytes: 0, txErrors: 0, txDropped: 0,
    carrierUps: 0, carrierDowns: 0,
  } // prettier-ignore
  /** Arrival time of the last frame on the wire: frames never overtake each other. */
  lastArrival = 0
  /** The commands that made the device, set it up or down, and gave it its master. */
  cause: Cause | undefined
  stateCause: Cause | undefined
  masterCause: Cause | undefined
  /** How many packet sockets listen here: the fast path asks before it looks. */
  taps = 0
  /** Wires of the lab's own links keep their drawing although both ends are veths. */
  labLink = false

  constructor(
    ns: Netns,
    kind: DeviceKind,
    name: string,
    ifindex: number,
    mac: Uint8Array,
    conf: Ipv4Devconf,
  ) {
    this.ns = ns
    this.kind = kind
    this.name = name
    this.ifindex = ifindex
    this.mac = mac
    this.conf = conf
    this.flags = kind === 'loopback' ? IFF_LOOPBACK : IFF_BROADCAST | IFF_MULTICAST
    this.broadcast = kind === 'loopback' ? ETH_ZERO : ETH_BROADCAST
    this.mtu = kind === 'loopback' ? 65536 : 1500
    this.minMtu = kind === 'loopback' ? 0 : 68
    this.maxMtu = kind === 'loopback' ? 0 : 65535
    this.cause = ns.sim.cause
    if (kind === 'loopback') this.nameAssignType = 2
  }

  get up(): boolean {
    return (this.flags & IFF_UP) !== 0
  }
  /** IFLA_LINK: the peer's index for a veth (in whichever namespace it is), the own index for others. */
  get iflink(): number {
    return this.peer?.ifindex ?? this.ifindex
  }
  get master(): NetDevice | undefined {
    return this.port?.bridge.dev
  }

  /** netif_carrier_on() and _off(); false where nothing has changed. */
  switchCarrier(on: boolean): boolean {
    if (this.carrier === on) return false
    this.carrier = on
    if (on) this.stats.carrierUps++
    else this.stats.carrierDowns++
    return true
  }

  /** What the state is while there is no carrier, as linkwatch last saw it. */
  #lower: 'DOWN' | 'LOWERLAYERDOWN' = 'DOWN'
  /** Linkwatch has seen a change of the carrier; until then nobody knows (a bridge that never had a port). */
  #watched = false

  /**
   * default_operstate(), net/core/link_watch.c: called when the carrier changes, and kept until it changes again. The
   * other end is looked for by its number in the own namespace, where another device, or none, may have it.
   */
  noteOperstate(): void {
    this.#watched = true
    const lower = this.iflink === this.ifindex ? undefined : this.ns.devices.get(this.iflink)
    this.#lower = lower === undefined || lower.carrier ? 'DOWN' : 'LOWERLAYERDOWN'
  }

  /** RFC 2863 §3.1.14, rfc2863_policy(). */
  get operstate(): Operstate {
    if (this.kind === 'loopback') return this.up ? 'UNKNOWN' : 'DOWN'
    if (!this.up) return 'DOWN'
    if (!this.carrier) return this.#lower
    return this.#watched || this.kind !== 'bridge' ? 'UP' : 'UNKNOWN'
  }

  /** dev_get_flags(): what rtnetlink shows; PROMISC only where somebody asked for it by name (gflags), not of a bridge's port. */
  get shownFlags(): number {
    let f = this.flags & ~(IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT)
    if (this.up) {
      const oper = this.operstate
      if (oper === 'UP' || oper === 'UNKNOWN') f |= IFF_RUNNING
      if (this.carrier) f |= IFF_LOWER_UP
    }
    return f
  }
}

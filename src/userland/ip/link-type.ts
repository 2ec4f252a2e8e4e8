import type { PortState } from '../../kernel/dev/bridge.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { BridgeOptions, PortOptions } from '../../kernel/rtnl/link.ts'
import { type Args, matches, notSimulated, rowFor } from './args.ts'
import type { Ip } from './context.ts'
import { HELP } from './help.ts'

/** Types of devices that ip 6.1.0 knows and Linux has, but that are not simulated. */
const OTHER_TYPES = new Set(
  (
    'amt bareudp bond bond_slave can dsa dummy erspan geneve gre gretap gtp hsr ifb ip6erspan ip6gre ip6gretap ip6tnl ' +
    'ipip ipoib ipvlan ipvtap lowpan macsec macvlan macvtap netdevsim nlmon rmnet sit team team_slave tun vcan vlan vrf ' +
    'vti vti6 vxcan vxlan wireguard wwan xfrm virt_wifi'
  ).split(' '),
)

/** What the options after `type TYPE` say. */
export type TypeOptions =
  | { readonly type: 'veth' }
  | { readonly type: 'bridge'; readonly bridge: BridgeOptions }
  | { readonly type: 'bridge_slave'; readonly port: PortOptions }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  /** A type that neither ip nor the kernel knows. */
  | { readonly type: 'unknown' }

const centiseconds = (n: number): number => n * 1e7

type Bridge = { -readonly [K in keyof BridgeOptions]: BridgeOptions[K] }

/** Options of a bridge in the order in which they are tried, each with the largest value it takes. */
const BRIDGE: readonly (readonly [
  name: string,
  max: number,
  set: (b: Bridge, n: number) => Refusal | undefined | 'other',
])[] = [
  ['forward_delay', 0xffffffff, (b, n) => void (b.forwardDelay = centiseconds(n))],
  ['hello_time', 0xffffffff, (b, n) => within(n, 100, 1000) ?? void (b.helloTime = centiseconds(n))],
  ['max_age', 0xffffffff, (b, n) => within(n, 600, 4000) ?? void (b.maxAge = centiseconds(n))],
  ['ageing_time', 0xffffffff, (b, n) => void (b.ageingTime = centiseconds(n))],
  ['stp_state', 0xffffffff, (b, n) => void (b.stp = n !== 0)],
  ['priority', 0xffff, (b, n) => void (b.priority = n)],
  ['vlan_filtering', 255, (_, n) => (n === 0 ? undefined : 'other')],
  // Bits 0-2 are for pause frames, the bridge itself and LACP (br_private.h: BR_GROUPFWD_RESTRICTED).
  ['group_fwd_mask', 0xffff, (b, n) => (n & 7 ? new Refusal('EINVAL') : void (b.groupFwdMask = n))],
  ['vlan_stats_enabled', 255, (_, n) => (n === 0 ? undefined : 'other')],
  ['vlan_stats_per_port', 255, (_, n) => (n === 0 ? undefined : 'other')],
  ['mcast_router', 255, (_, n) => (n === 1 ? undefined : 'other')],
  ['mcast_snooping', 255, (b, n) => void (b.mcastSnooping = n !== 0)],
  ['mcast_query_use_ifaddr', 255, (_, n) => (n === 0 ? undefined : 'other')],
  ['mcast_querier', 255, (_, n) => (n === 0 ? undefined : 'other')],
  ['nf_call_iptables', 255, (_, n) => (n === 0 ? undefined : 'other')],
  ['nf_call_ip6tables', 255, (_, n) => (n === 0 ? undefined : 'other')],
  ['nf_call_arptables', 255, (_, n) => (n === 0 ? undefined : 'other')],
  ['no_linklocal_learn', 255, (_, n) => (n === 0 ? undefined : 'other')],
]
const BRIDGE_OTHER = [
  'fdb_flush', 'vlan_protocol', 'group_address', 'vlan_default_pvid', 'mcast_vlan_snooping', 'mcast_hash_elasticity', 'mcast_hash_max',
  'mcast_last_member_count', 'mcast_startup_query_count', 'mcast_last_member_interval', 'mcast_membership_interval',
  'mcast_querier_interval', 'mcast_query_interval', 'mcast_query_response_interval', 'mcast_startup_query_interval',
  'mcast_stats_enabled', 'mcast_igmp_version', 'mcast_mld_version',
] // prettier-ignore

const within = (n: number, min: number, max: number): Refusal | undefined =>
  n < min || n > max ? new Refusal('ERANGE') : undefined

const parseBridge = (ip: Ip, args: Args): TypeOptions => {
  const bridge: Bridge = {}
  let refusal: Refusal | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    const w = word
    const row = rowFor(BRIDGE, w)
    if (row !== undefined) {
      const [name, max, set] = row
      const said = set(bridge, args.number(`invalid ${name}`, max))
      if (said === 'other') notSimulated(ip.proc, `bridge ${name}`)
      else refusal ??= said
    } else if (BRIDGE_OTHER.some((name) => matches(w, name))) notSimulated(ip.proc, `bridge ${w}`)
    else {
      if (!matches(w, 'help')) ip.proc.err(`bridge: unknown command "${w}"?\n`)
      ip.proc.err(HELP.bridgeType)
      return ip.proc.exit(1)
    }
  }
  return refusal === undefined ? { type: 'bridge', bridge } : { type: 'refused', refusal }
}

/** States by number, as STP has them (include/uapi/linux/if_bridge.h). */
export const PORT_STATES: readonly PortState[] = [
  'disabled',
  'listening',
  'learning',
  'forwarding',
  'blocking',
]

type Port = { -readonly [K in keyof PortOptions]: PortOptions[K] }
export type PortSwitch =
  'guard' | 'hairpin' | 'learning' | 'unicastFlood' | 'multicastFlood' | 'broadcastFlood' | 'isolated'
/** Switches of a port, by ip's and bridge's words. */
export const PORT_SWITCHES: readonly (readonly [word: string, field: PortSwitch])[] = [
  ['guard', 'guard'],
  ['hairpin', 'hairpin'],
  ['learning', 'learning'],
  ['flood', 'unicastFlood'],
  ['mcast_flood', 'multicastFlood'],
  ['bcast_flood', 'broadcastFlood'],
  ['isolated', 'isolated'],
]
const PORT_OTHER = [
  'fdb_flush', 'fastleave', 'root_block', 'proxy_arp', 'proxy_arp_wifi', 'mcast_router', 'mcast_fast_leave', 'mcast_to_unicast',
  'group_fwd_mask', 'neigh_suppress', 'vlan_tunnel', 'locked', 'backup_port', 'nobackup_port',
] // prettier-ignore

/** br_set_port_state(), br_stp_set_port_priority(), br_stp_set_path_cost(): what the kernel takes. */
export const portRefusal = (p: PortOptions & { readonly stateNumber?: number }): Refusal | undefined => {
  if (p.stateNumber !== undefined && p.stateNumber > 4) return new Refusal('EINVAL')
  if (p.cost !== undefined) {
    const refusal = within(p.cost, 1, 65535)
    if (refusal) return refusal
  }
  return p.priority !== undefined ? within(p.priority, 0, 63) : undefined
}

const parsePort = (ip: Ip, args: Args): TypeOptions => {
  const port: Port = {}
  let stateNumber: number | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    const w = word
    const toggle = rowFor(PORT_SWITCHES, w)
    if (matches(w, 'state')) {
      stateNumber = args.number('state is invalid', 255)
      const state = PORT_STATES[stateNumber]
      if (state !== undefined) port.state = state
    } else if (matches(w, 'priority')) port.priority = args.number('priority is invalid', 65535)
    else if (matches(w, 'cost')) port.cost = args.number('cost is invalid')
    else if (toggle !== undefined) {
      const value = args.value()
      if (value !== 'on' && value !== 'off') {
        ip.proc.err(`Error: argument of "${toggle[0]}" must be one of "off", "on", not "${value}"\n`)
        return ip.proc.exit(1)
      }
      port[toggle[1]] = value === 'on'
    } else if (PORT_OTHER.some((name) => matches(w, name))) notSimulated(ip.proc, `bridge_slave ${w}`)
    else {
      if (!matches(w, 'help')) ip.proc.err(`bridge_slave: unknown option "${w}"?\n`)
      ip.proc.err(HELP.bridgeSlave)
      return ip.proc.exit(1)
    }
  }
  const refusal = portRefusal(stateNumber === undefined ? port : { ...port, stateNumber })
  return refusal === undefined ? { type: 'bridge_slave', port } : { type: 'refused', refusal }
}

/** Reads what follows `type TYPE`; for veth that is left to the caller. */
export const parseType = (ip: Ip, args: Args, type: string): TypeOptions => {
  if (type === 'veth') return { type }
  if (type === 'bridge') return parseBridge(ip, args)
  if (type === 'bridge_slave') return parsePort(ip, args)
  if (OTHER_TYPES.has(type)) return notSimulated(ip.proc, `link type ${type}`)
  const extra = args.peek()
  if (extra !== undefined) {
    ip.proc.err(`Garbage instead of arguments "${extra} ...". Try "ip link help".\n`)
    return ip.proc.exit(255)
  }
  return { type: 'unknown' }
}

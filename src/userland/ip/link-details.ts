import type { Bridge, BridgePort } from '../../kernel/dev/bridge.ts'
import { IFF_ALLMULTI, type NetDevice } from '../../kernel/netdevice.ts'
import type { Ip } from './context.ts'
import { Fixed, type Json, type Output } from './output.ts'

/** A member of `ip -d`: key in JSON, name in the text, value; timers are eight wide with two decimals. */
type Detail = readonly [key: string, name: string, value: string | number | boolean | Fixed]

const USER_HZ = 100
const centiseconds = (ns: number): number => Math.round(ns / (1e9 / USER_HZ))

/** printf's %#x */
const hex = (n: number): string => (n === 0 ? '0' : '0x' + n.toString(16))

/** `8000.aa:c1:ab:0:0:2`: priority and address without leading zeros, as ip prints them here. */
export const bridgeId = (priority: number, mac: Uint8Array): string =>
  `${priority.toString(16).padStart(4, '0')}.${[...mac].map((b) => b.toString(16)).join(':')}`

const bridgeDetails = (b: Bridge): readonly Detail[] => {
  const id = bridgeId(b.priority, b.idMac)
  const { now } = b.dev.ns.sim.clock
  return [
    ['forward_delay', 'forward_delay', centiseconds(b.forwardDelay)],
    ['hello_time', 'hello_time', centiseconds(b.helloTime)],
    ['max_age', 'max_age', centiseconds(b.maxAge)],
    ['ageing_time', 'ageing_time', centiseconds(b.ageingTime)],
    ['stp_state', 'stp_state', b.stp ? 1 : 0],
    ['priority', 'priority', b.priority],
    ['vlan_filtering', 'vlan_filtering', b.vlanFiltering ? 1 : 0],
    ['bridge_id', 'bridge_id', id],
    ['root_id', 'designated_root', id],
    ['root_port', 'root_port', 0],
    ['root_path_cost', 'root_path_cost', 0],
    ['topology_change', 'topology_change', 0],
    ['topology_change_detected', 'topology_change_detected', 0],
    ['hello_timer', 'hello_timer', new Fixed(b.helloTimer(now) / 1e9)],
    ['tcn_timer', 'tcn_timer', new Fixed(0)],
    ['topology_change_timer', 'topology_change_timer', new Fixed(0)],
    ['gc_timer', 'gc_timer', new Fixed(b.gcTimer(now) / 1e9)],
    ['group_fwd_mask', 'group_fwd_mask', hex(b.groupFwdMask)],
    ['group_addr', 'group_address', '01:80:c2:00:00:00'],
    ['mcast_snooping', 'mcast_snooping', b.mcastSnooping ? 1 : 0],
    ['no_linklocal_learn', 'no_linklocal_learn', 0],
    ['mcast_vlan_snooping', 'mcast_vlan_snooping', 0],
    ['mcast_router', 'mcast_router', 1],
    ['mcast_query_use_ifaddr', 'mcast_query_use_ifaddr', 0],
    ['mcast_querier', 'mcast_querier', 0],
    ['mcast_hash_elasticity', 'mcast_hash_elasticity', 16],
    ['mcast_hash_max', 'mcast_hash_max', 4096],
    ['mcast_last_member_cnt', 'mcast_last_member_count', 2],
    ['mcast_startup_query_cnt', 'mcast_startup_query_count', 2],
    ['mcast_last_member_intvl', 'mcast_last_member_interval', 100],
    ['mcast_membership_intvl', 'mcast_membership_interval', 26000],
    ['mcast_querier_intvl', 'mcast_querier_interval', 25500],
    ['mcast_query_intvl', 'mcast_query_interval', 12500],
    ['mcast_query_response_intvl', 'mcast_query_response_interval', 1000],
    ['mcast_startup_query_intvl', 'mcast_startup_query_interval', 3124],
    ['mcast_stats_enabled', 'mcast_stats_enabled', 0],
    ['mcast_igmp_version', 'mcast_igmp_version', 2],
    ['mcast_mld_version', 'mcast_mld_version', 1],
    ['nf_call_iptables', 'nf_call_iptables', 0],
    ['nf_call_ip6tables', 'nf_call_ip6tables', 0],
    ['nf_call_arptables', 'nf_call_arptables', 0],
  ]
}

/** What `bridge -d link` shows of a port, too. */
export const portFlags = (p: BridgePort): readonly Detail[] => [
  ['hairpin', 'hairpin', p.hairpin],
  ['guard', 'guard', p.guard],
  ['root_block', 'root_block', false],
  ['fastleave', 'fastleave', false],
  ['learning', 'learning', p.learning],
  ['flood', 'flood', p.unicastFlood],
]

const portDetails = (p: BridgePort): readonly Detail[] => {
  const b = p.bridge
  const id = bridgeId(b.priority, b.idMac)
  const port = (p.priority << 10) | p.number
  return [
    ['state', 'state', p.state],
    ['priority', 'priority', p.priority],
    ['cost', 'cost', p.cost],
    ...portFlags(p),
    ['id', 'port_id', hex(port)],
    ['no', 'port_no', hex(p.number)],
    ['designated_port', 'designated_port', port],
    ['designated_cost', 'designated_cost', 0],
    ['bridge_id', 'designated_bridge', id],
    ['root_id', 'designated_root', id],
    ['hold_timer', 'hold_timer', new Fixed(0)],
    ['message_age_timer', 'message_age_timer', new Fixed(0)],
    [
      'forward_delay_timer',
      'forward_delay_timer',
      new Fixed(Math.max(0, p.delayedUntil - p.dev.ns.sim.clock.now) / 1e9),
    ],
    ['topology_change_ack', 'topology_change_ack', 0],
    ['config_pending', 'config_pending', 0],
    ['proxy_arp', 'proxy_arp', false],
    ['proxy_arp_wifi', 'proxy_arp_wifi', false],
    ['multicast_router', 'mcast_router', 1],
    // The text has one more than the JSON (iproute2 6.1.0).
    ['', 'mcast_fast_leave', false],
    ['mcast_flood', 'mcast_flood', p.multicastFlood],
    ['bcast_flood', 'bcast_flood', p.broadcastFlood],
    ['mcast_to_unicast', 'mcast_to_unicast', false],
    ['neigh_suppress', 'neigh_suppress', false],
    ['group_fwd_mask', 'group_fwd_mask', '0'],
    ['group_fwd_mask_str', 'group_fwd_mask_str', '0x0'],
    ['vlan_tunnel', 'vlan_tunnel', false],
    ['isolated', 'isolated', p.isolated],
    ['locked', 'locked', false],
  ]
}

export const printDetails = (out: Output, details: readonly Detail[]): void => {
  for (const [key, name, value] of details) {
    const text =
      typeof value === 'boolean'
        ? value
          ? 'on'
          : 'off'
        : value instanceof Fixed
          ? value.text.padStart(7)
          : String(value)
    out.field(key === '' ? undefined : key, value, `${name} ${text} `)
  }
}

/** What `-d` adds to the lines of a device; with `ip link` also how IPv6 makes addresses. */
export const printLinkDetails = (ip: Ip, dev: NetDevice, link: boolean): void => {
  const { out } = ip
  const number = (key: string, text: string, value: Json): void => out.field(key, value, text)
  const { promiscuity } = dev
  const allmulti = (dev.flags & IFF_ALLMULTI ? 1 : 0) + (dev.port === undefined ? 0 : 1)
  number('promiscuity', ` promiscuity ${promiscuity} `, promiscuity)
  number('allmulti', ` allmulti ${allmulti} `, allmulti)
  number('min_mtu', `minmtu ${dev.minMtu} `, dev.minMtu)
  number('max_mtu', `maxmtu ${dev.maxMtu} `, dev.maxMtu)
  if (dev.kind !== 'loopback')
    out.object('linkinfo', () => {
      out.field('info_kind', dev.kind, `${out.nl}    ${dev.kind} `)
      const { bridge, port } = dev
      if (bridge !== undefined) out.object('info_data', () => printDetails(out, bridgeDetails(bridge)))
      if (port !== undefined) {
        out.field('info_slave_kind', 'bridge', `${out.nl}    bridge_slave `)
        out.object('info_slave_data', () => printDetails(out, portDetails(port)))
      }
    })
  if (link) out.field('inet6_addr_gen_mode', 'eui64', 'addrgenmode eui64 ')
  const queues = dev.kind === 'veth' ? 2 : 1
  number('num_tx_queues', `numtxqueues ${queues} `, queues)
  number('num_rx_queues', `numrxqueues ${queues} `, queues)
  // A bridge takes over what its ports can do.
  const tso = dev.bridge !== undefined && dev.bridge.ports.length === 0 ? 65536 : 524280
  number('gso_max_size', 'gso_max_size 65536 ', 65536)
  number('gso_max_segs', 'gso_max_segs 65535 ', 65535)
  number('tso_max_size', `tso_max_size ${tso} `, tso)
  number('tso_max_segs', 'tso_max_segs 65535 ', 65535)
  number('gro_max_size', 'gro_max_size 65536 ', 65536)
}

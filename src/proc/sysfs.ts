import type { BridgePort } from '../kernel/dev/bridge.ts'
import type { Bridge } from '../kernel/dev/bridge.ts'
import { IFF_ALLMULTI, IFF_LOOPBACK, IFF_PROMISC, type NetDevice } from '../kernel/netdevice.ts'
import { Refusal } from '../kernel/refusal.ts'
import { fdbFlush } from '../kernel/rtnl/fdb.ts'
import { linkSet, type BridgeOptions, type PortOptions } from '../kernel/rtnl/link.ts'
import { ETH_BROADCAST, formatMac } from '../wire/ethernet.ts'
import type { Inode, SpecialNode, VirtualDirNode } from './fs.ts'
import { fixedDir, symlink, textFile } from './procfs.ts'

/** /sys/class/net (Documentation/ABI/testing/sysfs-class-net): devices of the looker's namespace as folders of small files. */

const knob = (
  get: () => string | number | Refusal,
  set?: (text: string) => Refusal | undefined,
): SpecialNode => {
  const read = (): string | Refusal => {
    const value = get()
    return value instanceof Refusal ? value : `${value}\n`
  }
  const file = { ...textFile(read, set === undefined ? 0o444 : 0o644), size: PAGE_SIZE }
  return set === undefined ? file : { ...file, write: (bytes) => set(bytes.replace(/\n$/, '')) }
}
const PAGE_SIZE = 4096

const folder = (entries: Readonly<Record<string, Inode>>): VirtualDirNode => fixedDir(entries, 0o755)

/** What can be read and is always the same here. */
const constants = (values: Readonly<Record<string, string | number>>): Record<string, Inode> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, knob(() => value)]))

/** What nobody may read; a write does something. */
const trigger = (run: () => void): SpecialNode => ({
  ...knob(
    () => new Refusal('EACCES'),
    withNumber(() => void run()),
  ),
  mode: 0o200,
})

/** kstrtoul(): a whole number in C's notation, else EINVAL. */
const withNumber =
  (use: (n: number) => Refusal | undefined) =>
  (text: string): Refusal | undefined =>
    /^(0[xX][0-9a-fA-F]+|\d+)$/.test(text) ? use(Number(text)) : new Refusal('EINVAL')

export const sysDir = (): VirtualDirNode => {
  const net: VirtualDirNode = {
    kind: 'virtual-dir',
    mode: 0o755,
    mtime: 0,
    list: (view) => [...view.netns.devices.values()].map((dev) => dev.name),
    lookup: (name, view) => {
      const dev = named(view.netns.devices.values(), name)
      return dev && deviceDir(dev)
    },
  }
  const links: VirtualDirNode = {
    ...net,
    lookup: (name, view) =>
      named(view.netns.devices.values(), name) && symlink(`../../devices/virtual/net/${name}`),
  }
  return folder({
    class: folder({ net: links }),
    devices: folder({ virtual: folder({ net }) }),
    kernel: folder({}),
  })
}

const named = (devices: Iterable<NetDevice>, name: string): NetDevice | undefined => {
  for (const dev of devices) if (dev.name === name) return dev
  return undefined
}

const ARPHRD_ETHER = 1
const ARPHRD_LOOPBACK = 772

/** net/core/net-sysfs.c */
const deviceDir = (dev: NetDevice): VirtualDirNode => {
  const loopback = (dev.flags & IFF_LOOPBACK) !== 0
  const ifUp = (value: string | number): (() => string | number | Refusal) => {
    return () => (dev.up ? value : new Refusal('EINVAL'))
  }
  const running = (): boolean => dev.up && dev.carrier
  const entries: Record<string, Inode> = {
    addr_assign_type: knob(() => (loopback ? 0 : dev.macSet ? 3 : 1)),
    addr_len: knob(() => 6),
    address: knob(() => formatMac(dev.mac)),
    broadcast: knob(() => formatMac(loopback ? dev.mac : ETH_BROADCAST)),
    carrier: knob(ifUp(dev.carrier ? 1 : 0), () => new Refusal('EOPNOTSUPP')),
    carrier_changes: knob(() => dev.stats.carrierUps + dev.stats.carrierDowns),
    carrier_down_count: knob(() => dev.stats.carrierDowns),
    carrier_up_count: knob(() => dev.stats.carrierUps),
    dev_id: knob(() => '0x0'),
    dev_port: knob(() => 0),
    dormant: knob(ifUp(0)),
    duplex: knob(() =>
      dev.up && !loopback
        ? dev.kind === 'veth' || running()
          ? dev.kind === 'veth'
            ? 'full'
            : 'unknown'
          : 'unknown'
        : new Refusal('EINVAL'),
    ),
    flags: knob(
      () => '0x' + flagsOf(dev).toString(16),
      withNumber((n) =>
        linkSet(dev, { up: (n & 1) !== 0, promisc: (n & 0x100) !== 0, arp: (n & 0x80) === 0 }),
      ),
    ),
    ifalias: knob(
      () => dev.alias ?? '',
      (text) => linkSet(dev, { alias: text }),
    ),
    ifindex: knob(() => dev.ifindex),
    iflink: knob(() => dev.iflink),
    link_mode: knob(() => 0),
    mtu: knob(
      () => dev.mtu,
      withNumber((mtu) => linkSet(dev, { mtu })),
    ),
    name_assign_type: knob(() => dev.nameAssignType || new Refusal('EINVAL')),
    netdev_group: knob(
      () => dev.group,
      withNumber((group) => linkSet(dev, { group })),
    ),
    operstate: knob(() => dev.operstate.toLowerCase()),
    speed: knob(() => (dev.up && !loopback ? (dev.kind === 'veth' ? 10000 : -1) : new Refusal('EINVAL'))),
    statistics: statisticsDir(dev),
    subsystem: symlink('../../../../class/net'),
    testing: knob(ifUp(0)),
    tx_queue_len: knob(
      () => dev.txqlen,
      withNumber((txqlen) => linkSet(dev, { txqlen })),
    ),
    type: knob(() => (loopback ? ARPHRD_LOOPBACK : ARPHRD_ETHER)),
    proto_down: knob(
      () => 0,
      () => new Refusal('EOPNOTSUPP'),
    ),
    uevent: knob(
      () => `INTERFACE=${dev.name}\nIFINDEX=${dev.ifindex}`,
      () => undefined,
    ),
    ...Object.fromEntries(
      ['gro_flush_timeout', 'napi_defer_hard_irqs', 'threaded'].map((name) => [
        name,
        knob(
          () => 0,
          withNumber(() => undefined),
        ),
      ]),
    ),
    power: folder(
      constants({
        control: 'auto',
        runtime_active_time: 0,
        runtime_status: 'unsupported',
        runtime_suspended_time: 0,
      }),
    ),
    queues: folder({
      'rx-0': folder(constants({ rps_cpus: 0, rps_flow_cnt: 0 })),
      'tx-0': folder(constants({ traffic_class: 0, tx_maxrate: 0, tx_timeout: 0, xps_cpus: 0, xps_rxqs: 0 })),
    }),
  }
  const { master, bridge, port } = dev
  if (master !== undefined && port !== undefined) {
    entries['master'] = symlink(`../${master.name}`)
    entries[`upper_${master.name}`] = symlink(`../${master.name}`)
    entries['brport'] = portDir(dev, port)
  }
  if (bridge !== undefined) {
    entries['brforward'] = knob(() => '')
    entries['bridge'] = bridgeDir(dev, bridge)
    entries['brif'] = folder(
      Object.fromEntries(bridge.ports.map((p) => [p.dev.name, symlink(`../../${p.dev.name}/brport`)])),
    )
    for (const p of bridge.ports) entries[`lower_${p.dev.name}`] = symlink(`../${p.dev.name}`)
  }
  return folder(entries)
}

/** dev->flags as netdevice(7) has them: without what is derived from the carrier. */
const flagsOf = (dev: NetDevice): number =>
  (dev.flags | (dev.promiscuity > 0 ? IFF_PROMISC : 0) | (dev.port ? IFF_ALLMULTI : 0)) & 0xffbf

const statisticsDir = (dev: NetDevice): VirtualDirNode => {
  const s = dev.stats
  const entries: Record<string, Inode> = {}
  const counters: Readonly<Record<string, () => number>> = {
    rx_bytes: () => s.rxBytes,
    rx_packets: () => s.rxPackets,
    rx_errors: () => s.rxErrors,
    rx_dropped: () => s.rxDropped,
    multicast: () => s.multicast,
    tx_bytes: () => s.txBytes,
    tx_packets: () => s.txPackets,
    tx_errors: () => s.txErrors,
    tx_dropped: () => s.txDropped,
  }
  const never =
    'collisions rx_compressed rx_crc_errors rx_fifo_errors rx_frame_errors rx_length_errors rx_missed_errors rx_nohandler rx_over_errors tx_aborted_errors tx_carrier_errors tx_compressed tx_fifo_errors tx_heartbeat_errors tx_window_errors'
  for (const [name, get] of Object.entries(counters)) entries[name] = knob(get)
  for (const name of never.split(' ')) entries[name] = knob(() => 0)
  return folder(entries)
}

/** Times are shown in hundredths of a second (jiffies_to_clock_t()). */
const CLOCK_TICK = 1e7

const bridgeId = (bridge: Bridge): string =>
  `${bridge.priority.toString(16).padStart(4, '0')}.${formatMac(bridge.idMac).replaceAll(':', '')}`

/** net/bridge/br_sysfs_br.c */
const bridgeDir = (dev: NetDevice, bridge: Bridge): VirtualDirNode => {
  const set = (o: BridgeOptions): Refusal | undefined => linkSet(dev, { bridge: o })
  const time = (get: () => number, use: (ns: number) => BridgeOptions): SpecialNode =>
    knob(
      () => Math.round(get() / CLOCK_TICK),
      withNumber((n) => set(use(n * CLOCK_TICK))),
    )
  const ticks = (get: (now: number) => number): SpecialNode =>
    knob(() => Math.max(0, Math.floor(get(dev.ns.sim.clock.now) / CLOCK_TICK)))
  return folder({
    ageing_time: time(
      () => bridge.ageingTime,
      (ageingTime) => ({ ageingTime }),
    ),
    bridge_id: knob(() => bridgeId(bridge)),
    forward_delay: time(
      () => bridge.forwardDelay,
      (forwardDelay) => ({ forwardDelay }),
    ),
    group_addr: knob(() => '01:80:c2:00:00:00'),
    group_fwd_mask: knob(() => '0x' + bridge.groupFwdMask.toString(16)),
    hello_time: time(
      () => bridge.helloTime,
      (helloTime) => ({ helloTime }),
    ),
    max_age: time(
      () => bridge.maxAge,
      (maxAge) => ({ maxAge }),
    ),
    multicast_snooping: knob(() => (bridge.mcastSnooping ? 1 : 0)),
    priority: knob(
      () => bridge.priority,
      withNumber((priority) => set({ priority: priority & 0xffff })),
    ),
    root_id: knob(() => bridgeId(bridge)),
    root_path_cost: knob(() => 0),
    root_port: knob(() => 0),
    stp_state: knob(
      () => (bridge.stp ? 1 : 0),
      withNumber((n) => set({ stp: n !== 0 })),
    ),
    flush: trigger(() => fdbFlush(bridge, (entry) => !entry.isStatic)),
    gc_timer: ticks((now) => bridge.gcTimer(now)),
    hello_timer: ticks((now) => bridge.helloTimer(now)),
    ...constants({
      hash_elasticity: 16, hash_max: 4096, multicast_igmp_version: 2, multicast_last_member_count: 2,
      multicast_last_member_interval: 100, multicast_membership_interval: 26000, multicast_mld_version: 1, multicast_querier: 0,
      multicast_querier_interval: 25500, multicast_query_interval: 12500, multicast_query_response_interval: 1000,
      multicast_query_use_ifaddr: 0, multicast_router: 1, multicast_startup_query_count: 2, multicast_startup_query_interval: 3124,
      multicast_stats_enabled: 0, nf_call_arptables: 0, nf_call_ip6tables: 0, nf_call_iptables: 0, no_linklocal_learn: 0,
      tcn_timer: 0, topology_change: 0, topology_change_detected: 0, topology_change_timer: 0,
    }), // prettier-ignore
  })
}

const PORT_STATES: Readonly<Record<BridgePort['state'], number>> = {
  disabled: 0,
  listening: 1,
  learning: 2,
  forwarding: 3,
  blocking: 4,
}

/** net/bridge/br_sysfs_if.c */
const portDir = (dev: NetDevice, port: BridgePort): VirtualDirNode => {
  const set = (o: PortOptions): Refusal | undefined => linkSet(dev, { port: o })
  const id = (): number => (port.priority << 10) | port.number
  const flag = (get: () => boolean, use: (on: boolean) => PortOptions): SpecialNode =>
    knob(
      () => (get() ? 1 : 0),
      withNumber((n) => set(use(n !== 0))),
    )
  return folder({
    ...constants({
      backup_port: '', change_ack: 0, config_pending: 0, group_fwd_mask: '0x0', hold_timer: 0, message_age_timer: 0,
      multicast_fast_leave: 0, multicast_router: 1, multicast_to_unicast: 0, neigh_suppress: 0, proxyarp: 0, proxyarp_wifi: 0,
      root_block: 0,
    }), // prettier-ignore
    flush: trigger(() => fdbFlush(port.bridge, (entry) => entry.port === port && !entry.isStatic)),
    forward_delay_timer: knob(() =>
      Math.max(0, Math.floor((port.delayedUntil - dev.ns.sim.clock.now) / CLOCK_TICK)),
    ),
    bpdu_guard: flag(
      () => port.guard,
      (guard) => ({ guard }),
    ),
    bridge: symlink(`../../${port.bridge.dev.name}`),
    broadcast_flood: flag(
      () => port.broadcastFlood,
      (broadcastFlood) => ({ broadcastFlood }),
    ),
    designated_bridge: knob(() => bridgeId(port.bridge)),
    designated_cost: knob(() => 0),
    designated_port: knob(id),
    designated_root: knob(() => bridgeId(port.bridge)),
    hairpin_mode: flag(
      () => port.hairpin,
      (hairpin) => ({ hairpin }),
    ),
    isolated: flag(
      () => port.isolated,
      (isolated) => ({ isolated }),
    ),
    learning: flag(
      () => port.learning,
      (learning) => ({ learning }),
    ),
    multicast_flood: flag(
      () => port.multicastFlood,
      (multicastFlood) => ({ multicastFlood }),
    ),
    path_cost: knob(
      () => port.cost,
      withNumber((cost) => set({ cost })),
    ),
    port_id: knob(() => '0x' + id().toString(16)),
    port_no: knob(() => '0x' + port.number.toString(16)),
    priority: knob(
      () => port.priority,
      withNumber((priority) => set({ priority })),
    ),
    state: knob(() => PORT_STATES[port.state]),
    unicast_flood: flag(
      () => port.unicastFlood,
      (unicastFlood) => ({ unicastFlood }),
    ),
  })
}

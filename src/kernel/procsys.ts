import { addr6Add, addrconfCarrierUp, addrconfDown } from './ipv6/addrconf.ts'
import type { Ipv4Devconf, NetDevice } from './netdevice.ts'
import type { Netns } from './netns.ts'
import { Refusal } from './refusal.ts'
import { type NeighParms } from './sysctl.ts'
import { SYSCTL_TABLE } from './sysctl_table.ts'

/**
 * /proc/sys/net: every knob by its path below it (`ipv4/conf/eth0/rp_filter`), read and written as text with the kernel's own
 * ranges. Those that the model obeys are bound to its fields; the others keep what is written and have no effect.
 */
interface Knob {
  readonly kind: string
  readonly initial: string
}
/** A folder of the tree; `*` in it stands for all, default and each device. */
type Tree = Map<string, Tree | Knob>

const plant = (): Tree => {
  const root: Tree = new Map()
  for (const line of SYSCTL_TABLE.trim().split('\n')) {
    const [path, kind, ...rest] = line.split(' ')
    const parts = (path as string).split('/')
    let dir = root
    for (const part of parts.slice(0, -1)) {
      const next: Tree = (dir.get(part) as Tree | undefined) ?? new Map()
      dir.set(part, next)
      dir = next
    }
    dir.set(parts.at(-1) as string, { kind: kind as string, initial: rest.join(' ') })
  }
  return root
}
let planted: Tree | undefined
const tree = (): Tree => (planted ??= plant())

/** What the knobs without a field were set to, by path with the device's number instead of its name. */
const kept = new WeakMap<Netns, Map<string, string>>()

/** A path that has been found: what it is, and for which device. */
interface Found {
  readonly node: Tree | Knob
  /** `all`, `default` or the device, below conf and neigh. */
  readonly of: 'all' | 'default' | NetDevice | undefined
  readonly path: string
  readonly name: string
}

/** IPv6 is not on devices whose MTU is too small for it (RFC 8200 §5); it is on all others, disabled or not. */
const hasIpv6 = (dev: NetDevice): boolean => dev.mtu >= 1280

const targets = (ns: Netns, path: string): ('all' | 'default' | NetDevice)[] => {
  const devices = [...ns.devices.values()].filter((dev) =>
    path.startsWith('ipv4') ? dev.inet : hasIpv6(dev),
  )
  // Only the first namespace has neigh/default, and recordings are made in others.
  return path.endsWith('neigh') ? devices : ['all', 'default', ...devices]
}

const nameOf = (of: 'all' | 'default' | NetDevice): string => (typeof of === 'string' ? of : of.name)

const find = (ns: Netns, path: string): Found | undefined => {
  let node: Tree | Knob = tree()
  let of: Found['of']
  let at = ''
  let name = ''
  for (const part of path.split('/')) {
    if (part === '') continue
    if (!(node instanceof Map)) return undefined
    let next: Tree | Knob | undefined = node.get(part)
    name = part
    if (node.has('*')) {
      of = targets(ns, at).find((t) => nameOf(t) === part)
      next = of === undefined ? undefined : node.get('*')
      name = of === undefined || typeof of === 'string' ? part : `#${of.ifindex}`
    }
    if (next === undefined) return undefined
    at += (at === '' ? '' : '/') + name
    node = next
  }
  return { node, of, path: at, name }
}

/** What stands at `path` below /proc/sys/net: a folder, or a file with its mode. */
export const sysctlStat = (ns: Netns, path: string): 'dir' | number | undefined => {
  const found = find(ns, path)
  if (found === undefined) return undefined
  return found.node instanceof Map ? 'dir' : modeOf(found.node.kind, found.name)
}

const modeOf = (kind: string, name: string): number => {
  if (name === 'stable_secret' || name === 'tcp_fastopen_key') return 0o600
  return kind === 'r' ? 0o444 : kind === 'w' ? 0o200 : 0o644
}

/** Names in a folder below /proc/sys/net, in the kernel's order (by bytes). */
export const sysctlNames = (ns: Netns, path: string): string[] => {
  const found = find(ns, path)
  if (!(found?.node instanceof Map)) return []
  const names = found.node.has('*') ? targets(ns, found.path).map(nameOf) : [...found.node.keys()]
  return names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** Every file below /proc/sys, in order: `net/ipv4/ip_forward` … */
export const sysctlList = (ns: Netns, path = ''): string[] =>
  sysctlNames(ns, path).flatMap((name) => {
    const below = path === '' ? name : `${path}/${name}`
    return sysctlStat(ns, below) === 'dir' ? sysctlList(ns, below) : [`net/${below}`]
  })

const below = (path: string): string => path.replace(/^\/?net\//, '')

/** The value at `net/…`, without its newline. Errors: ENOENT, EISDIR, EACCES (write-only), EIO (no secret was set). */
export const sysctlRead = (ns: Netns, path: string): string | Refusal => {
  const found = find(ns, below(path))
  if (found === undefined) return new Refusal('ENOENT')
  const knob = found.node
  if (knob instanceof Map) return new Refusal('EISDIR')
  if (knob.kind === 'w') return new Refusal('EACCES')
  const bound = binding(ns, found)
  if (bound !== undefined) return bound.get()
  const value = kept.get(ns)?.get(found.path) ?? initial(ns, found, knob)
  return found.name === 'stable_secret' && value === '' ? new Refusal('EIO') : value
}

/** Writes to `net/…`. Errors: ENOENT, EISDIR, EACCES (read-only), EINVAL (no number, or out of range). */
export const sysctlWrite = (ns: Netns, path: string, text: string): Refusal | undefined => {
  const found = find(ns, below(path))
  if (found === undefined) return new Refusal('ENOENT')
  const knob = found.node
  if (knob instanceof Map) return new Refusal('EISDIR')
  if (knob.kind === 'r') return new Refusal('EACCES')
  if (text === '') return undefined
  const bound = binding(ns, found)
  if (knob.kind === 's') return writeText(ns, found, text, bound)
  if (knob.kind === 'w') {
    ns.fib.changed()
    return undefined
  }
  const value = parseNumber(text)
  if (value === undefined || !inRange(knob.kind, value)) return new Refusal('EINVAL')
  if (bound !== undefined) return bound.set(Number(value))
  keep(ns, found, String(value))
  return undefined
}

const keep = (ns: Netns, found: Found, value: string): void => {
  const values = kept.get(ns) ?? new Map<string, string>()
  kept.set(ns, values)
  values.set(found.path, value)
  // inet_forward_change() and its kin for IPv6: a value for all is one for each.
  if (found.path === 'ipv6/conf/all/forwarding')
    for (const of of targets(ns, 'ipv6/conf'))
      values.set(`ipv6/conf/${typeof of === 'string' ? of : `#${of.ifindex}`}/forwarding`, value)
}

/** First values that differ between all, default, lo and the others. */
const initial = (ns: Netns, { of, name, path }: Found, knob: Knob): string => {
  const lo = of === ns.loopback
  if (path.startsWith('ipv4/conf/') && lo && (name === 'disable_policy' || name === 'disable_xfrm'))
    return '1'
  if (path.startsWith('ipv6/conf/')) {
    if (name === 'accept_dad') return of === 'all' ? '0' : lo ? '-1' : '1'
    if (name === 'use_tempaddr' && lo) return '-1'
    if (name === 'mtu' && of !== undefined && typeof of !== 'string') return String(of.mtu)
  }
  return knob.initial
}

/** proc_dointvec(): white space, perhaps a sign, digits (0x…, 0… octal), then the end or white space; the rest is ignored. */
const parseNumber = (text: string): bigint | undefined => {
  const m = /^[ \t\n\v\f\r]*(-?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)(?=[ \t\n]|$)/.exec(text)
  if (m === null) return undefined
  const digits = m[2] as string
  const value = /^0[0-7]+$/.test(digits) ? BigInt('0o' + digits.slice(1)) : BigInt(digits)
  return m[1] === '-' ? -value : value
}

const INT_MAX = 2n ** 31n - 1n
const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  i: [-INT_MAX - 1n, INT_MAX],
  n: [0n, INT_MAX],
  b: [0n, 1n],
  u: [0n, 255n],
  U: [0n, 2n ** 32n - 1n],
  L: [0n, 2n ** 64n - 1n],
  j: [-8589934n, 8589934n],
  h: [-INT_MAX - 1n, 2n ** 32n - 1n],
}
const inRange = (kind: string, value: bigint): boolean => {
  const [low, high] = RANGES[kind] ?? (kind.split('..').map(BigInt) as [bigint, bigint])
  return value >= low && value <= high
}

/** Ports, groups and other lists: some numbers in a row, or a word. */
const writeText = (ns: Netns, found: Found, text: string, bound: Bound | undefined): Refusal | undefined => {
  const words = text.trim().split(/[ \t\n]+/)
  const numbers = words.map(parseNumber)
  switch (found.name) {
    case 'ip_local_port_range': {
      const [low, high] = numbers
      if (low === undefined || high === undefined) return new Refusal('EINVAL')
      const first = BigInt(sysctlText(ns, 'ipv4/ip_unprivileged_port_start'))
      if (low < 1n || high > 65535n || low > high || low < first) return new Refusal('EINVAL')
      ns.ipv4.localPortRange = [Number(low), Number(high)]
      return undefined
    }
    case 'ping_group_range': {
      const [low, high] = [numbers[0], words.length > 1 ? numbers[1] : BigInt(ns.ipv4.pingGroupRange[1])]
      if (low === undefined || high === undefined || low < 0n || low > INT_MAX || high < 0n || high > INT_MAX)
        return new Refusal('EINVAL')
      ns.ipv4.pingGroupRange = high < low ? [1, 0] : [Number(low), Number(high)]
      return undefined
    }
    case 'tcp_rmem':
    case 'tcp_wmem': {
      const old = sysctlText(ns, found.path).split('\t')
      for (const [i, n] of numbers.slice(0, 3).entries()) {
        if (n === undefined || n < 1n || n > INT_MAX) return new Refusal('EINVAL')
        old[i] = String(n)
      }
      keep(ns, found, old.join('\t'))
      return undefined
    }
    case 'tcp_congestion_control': {
      const word = words[0] as string
      if (!sysctlText(ns, 'ipv4/tcp_available_congestion_control').split(' ').includes(word))
        return new Refusal('ENOENT')
      if (!sysctlText(ns, 'ipv4/tcp_allowed_congestion_control').split(' ').includes(word))
        return new Refusal('EPERM')
      keep(ns, found, word)
      return undefined
    }
    case 'ip_local_reserved_ports':
    case 'ratemask': {
      const list = text.trim()
      const ranges = list === '' ? [] : list.split(',').map((r) => /^(\d+)(?:-(\d+))?$/.exec(r))
      const limit = found.name === 'ratemask' ? 255 : 65535
      const good = ranges.every(
        (r) => r !== null && Number(r[2] ?? r[1]) >= Number(r[1]) && Number(r[2] ?? r[1]) <= limit,
      )
      if (!good) return new Refusal('EINVAL')
      keep(ns, found, list)
      return undefined
    }
    default:
      if (bound !== undefined) return new Refusal('EINVAL')
      keep(ns, found, text.trim())
      return undefined
  }
}

const sysctlText = (ns: Netns, path: string): string => {
  const value = sysctlRead(ns, path)
  return value instanceof Refusal ? '' : value
}

/** A knob that is a field of the model. */
interface Bound {
  get(): string
  set(value: number): Refusal | undefined
}

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase())

/** An int field of an object. */
const field = <K extends string>(o: Record<K, number>, key: K, unit = 1): Bound => ({
  get: () => String(Math.floor(o[key] / unit)),
  set: (value) => {
    o[key] = value * unit
    return undefined
  },
})

/** Fields of Ipv4Sysctl by path; times are kept in seconds there. */
const IPV4_FIELDS = {
  ip_default_ttl: 'defaultTtl',
  icmp_echo_ignore_all: 'icmpEchoIgnoreAll',
  icmp_echo_ignore_broadcasts: 'icmpEchoIgnoreBroadcasts',
  icmp_ratelimit: 'icmpRatelimit',
  icmp_ratemask: 'icmpRatemask',
  icmp_errors_use_inbound_ifaddr: 'icmpErrorsUseInboundIfaddr',
  ip_no_pmtu_disc: 'ipNoPmtuDisc',
  ip_forward_use_pmtu: 'ipForwardUsePmtu',
  ip_nonlocal_bind: 'ipNonlocalBind',
  ipfrag_time: 'ipfragTime',
  'route/min_pmtu': 'minPmtu',
  'route/mtu_expires': 'mtuExpires',
} as const

/** Fields of NeighParms and how many ns one unit of the file is; two files may show one field. */
const NEIGH_FIELDS: Readonly<Record<string, readonly [keyof NeighParms, number]>> = {
  base_reachable_time: ['baseReachableTime', 1e9],
  base_reachable_time_ms: ['baseReachableTime', 1e6],
  delay_first_probe_time: ['delayFirstProbeTime', 1e9],
  gc_stale_time: ['gcStaleTime', 1e9],
  locktime: ['lockTime', 1e7],
  retrans_time: ['retransTime', 1e7],
  retrans_time_ms: ['retransTime', 1e6],
  ucast_solicit: ['ucastSolicit', 1],
  mcast_solicit: ['mcastSolicit', 1],
  app_solicit: ['appSolicit', 1],
  unres_qlen: ['unresQlen', 1],
}

const binding = (ns: Netns, { path, name, of }: Found): Bound | undefined => {
  if (path === 'ipv4/ip_forward') return forwarding(ns, 'all', ns.ipv4.all)
  if (path === 'ipv4/ip_local_port_range') return pair(ns.ipv4.localPortRange)
  if (path === 'ipv4/ping_group_range') return pair(ns.ipv4.pingGroupRange)
  const own = IPV4_FIELDS[path.replace(/^ipv4\//, '') as keyof typeof IPV4_FIELDS]
  if (own !== undefined) return field(ns.ipv4, own)
  if (path.startsWith('ipv4/conf/') && of !== undefined) return devconf(ns, of, name)
  if (path.startsWith('ipv4/neigh/')) {
    const parms = NEIGH_FIELDS[name]
    return parms && field(ns.ipv4.neigh, ...parms)
  }
  if (path.startsWith('ipv6/conf/') && name === 'disable_ipv6' && of !== undefined) return ipv6Switch(ns, of)
  return undefined
}

const pair = ([low, high]: readonly [number, number]): Bound => ({
  get: () => `${low}\t${high}`,
  set: () => new Refusal('EINVAL'),
})

const confOf = (ns: Netns, of: 'all' | 'default' | NetDevice): Ipv4Devconf =>
  of === 'all' ? ns.ipv4.all : of === 'default' ? ns.ipv4.default : of.conf

/** Settings that were written for a device itself: a later write to default leaves them alone (ipv4_devconf.state). */
const written = new WeakMap<Ipv4Devconf, Set<string>>()

/** devinet_conf_proc(): what is written to default goes to all devices that have neither an address nor a value of their own. */
const devconf = (ns: Netns, of: 'all' | 'default' | NetDevice, name: string): Bound | undefined => {
  const conf = confOf(ns, of)
  if (name === 'forwarding') return forwarding(ns, of, conf)
  const key = camel(name) as keyof Ipv4Devconf
  if (!(key in conf)) return undefined
  return {
    get: () => String(conf[key]),
    set: (value) => {
      conf[key] = value
      written.set(conf, (written.get(conf) ?? new Set()).add(key))
      if (of === 'default')
        for (const dev of ns.devices.values())
          if (dev.addresses.length === 0 && !written.get(dev.conf)?.has(key)) dev.conf[key] = value
      ns.fib.changed()
      return undefined
    },
  }
}

/**
 * devinet_sysctl_forward(): ip_forward is conf/all/forwarding; switching it switches default and every device too, and
 * sets accept_redirects for all to the opposite (a router must not take them, RFC 1812 §5.2.7.2).
 */
const forwarding = (ns: Netns, of: 'all' | 'default' | NetDevice, conf: Ipv4Devconf): Bound => ({
  get: () => String(conf.forwarding),
  set: (value) => {
    const old = conf.forwarding
    conf.forwarding = value
    if (of !== 'all' || old === value) return undefined
    ns.ipv4.ipForward = value
    ns.ipv4.all.acceptRedirects = value === 0 ? 1 : 0
    ns.ipv4.default.forwarding = value
    for (const dev of ns.devices.values()) dev.conf.forwarding = value
    ns.fib.changed()
    return undefined
  },
})

/** addrconf_disable_ipv6(): a device loses its addresses, or gets its own ones again. */
const ipv6Switch = (ns: Netns, of: 'all' | 'default' | NetDevice): Bound => ({
  get: () =>
    String(of === 'all' ? ns.disableIpv6.all : of === 'default' ? ns.disableIpv6.default : of.disableIpv6),
  set: (value) => {
    if (of === 'default') ns.disableIpv6.default = value
    else if (of !== 'all') disableIpv6(of, value)
    else {
      ns.disableIpv6.all = ns.disableIpv6.default = value
      for (const dev of ns.devices.values()) disableIpv6(dev, value)
    }
    return undefined
  },
})

const disableIpv6 = (dev: NetDevice, value: number): void => {
  const was = dev.disableIpv6 !== 0
  dev.disableIpv6 = value
  if ((value !== 0) === was) return
  if (value !== 0) addrconfDown(dev)
  else if (dev === dev.ns.loopback && dev.up) addr6Add(dev, { address: '::1', prefixlen: 128, scope: 'host' })
  else if (dev.up && dev.carrier) addrconfCarrierUp(dev)
}

import type { NetDevice } from '../../kernel/netdevice.ts'
import { RT_TABLE_LOCAL, RT_TABLE_MAIN } from '../../kernel/ipv4/fib.ts'
import type { Netns } from '../../kernel/netns.ts'
import { parseIpv6 } from '../../wire/ipv6.ts'
import type { Ip } from './context.ts'
import { tableName } from './names.ts'
import { covers, formatPrefix6, type Prefix } from './prefix.ts'
import type { RouteFilter } from './route-filter.ts'
import { printDev, printFlags, printTypeAndDst, type RouteColumns } from './route-print.ts'

/**
 * The IPv6 routes that addresses bring by themselves (addrconf_prefix_route(), ip6_ins_rt()): that is all that is
 * simulated of IPv6 routing, and only to be looked at.
 */
interface Route6 {
  readonly dst: Uint8Array
  readonly length: number
  readonly dev: NetDevice
  readonly type: 'unicast' | 'local' | 'multicast'
  readonly table: number
  readonly metric: number
}

const bytes = (text: string): Uint8Array => parseIpv6(text) ?? new Uint8Array(16)
const FF00 = bytes('ff00::')

const network = (address: Uint8Array, length: number): Uint8Array =>
  address.map((b, i) => b & ~(0xff >> Math.min(8, Math.max(0, length - 8 * i))))

/** More specific routes stand before what they are part of, else by address, as the tree is walked. */
const order = (a: Route6, b: Route6): number => {
  const longer = (x: Route6, y: Route6): boolean =>
    x.length > y.length &&
    covers({ family: 'inet6', address: y.dst, length: y.length, lengthGiven: true }, x.dst)
  if (a.table !== b.table) return b.table === RT_TABLE_MAIN ? 1 : -1
  if (longer(a, b)) return -1
  if (longer(b, a)) return 1
  for (let i = 0; i < 16; i++) if (a.dst[i] !== b.dst[i]) return (a.dst[i] as number) - (b.dst[i] as number)
  // The device that came up last stands first.
  return b.dev.ifindex - a.dev.ifindex
}

const routes6 = (ns: Netns): readonly Route6[] => {
  const list: Route6[] = []
  for (const dev of ns.devices.values()) {
    if (!dev.up) continue
    const seen = new Set<string>()
    for (const a of dev.addresses6) {
      const address = bytes(a.address)
      if (dev.kind !== 'loopback') {
        const dst = network(address, a.prefixlen)
        const key = formatPrefix6(dst, a.prefixlen)
        if (!seen.has(key))
          list.push({ dst, length: a.prefixlen, dev, type: 'unicast', table: RT_TABLE_MAIN, metric: 256 })
        seen.add(key)
      }
      if (!a.tentative)
        list.push({ dst: address, length: 128, dev, type: 'local', table: RT_TABLE_LOCAL, metric: 0 })
    }
    if (
      dev.kind !== 'loopback' &&
      !dev.disableIpv6 &&
      (dev.carrier ? dev.port === undefined : dev.addresses6.length > 0)
    )
      list.push({ dst: FF00, length: 8, dev, type: 'multicast', table: RT_TABLE_LOCAL, metric: 256 })
  }
  return list.sort(order)
}

const selected6 = (f: RouteFilter, r: Route6): boolean => {
  if (f.nothing || f.cache || f.via !== undefined || f.src !== undefined || f.tos !== undefined) return false
  if (f.table !== 0 && r.table !== f.table) return false
  if (f.dev !== undefined && r.dev !== f.dev) return false
  if (f.proto !== undefined && f.proto !== 'kernel') return false
  if (f.scope !== undefined && f.scope !== 'global') return false
  if (f.type !== undefined && f.type !== r.type) return false
  if (f.metric !== undefined && f.metric !== r.metric) return false
  const { root, match } = f
  if (root !== undefined && (root.length > r.length || !covers(root, r.dst))) return false
  if (match === undefined || match.family === 'unspec') return match === undefined || match.length >= r.length
  const part: Prefix = match.family === 'inet6' ? { ...match, length: r.length } : match
  return match.length >= r.length && covers(part, r.dst)
}

/** True where this kernel has the table for IPv6. */
export const table6Exists = (table: number): boolean =>
  table === 0 || table === RT_TABLE_MAIN || table === RT_TABLE_LOCAL

export const printRoutes6 = (ip: Ip, f: RouteFilter, columns: RouteColumns): void => {
  const { out, opt } = ip
  for (const r of routes6(ip.proc.netns)) {
    if (!selected6(f, r)) continue
    out.object(undefined, () => {
      printTypeAndDst(ip, r.type, formatPrefix6(r.dst, r.length))
      if (columns.dev) printDev(ip, r.dev)
      if (columns.table && (r.table !== RT_TABLE_MAIN || opt.details)) {
        const table = tableName(r.table, opt.numeric)
        out.field('table', table, `table ${table} `)
      }
      if (columns.proto) out.field('protocol', 'kernel', 'proto kernel ')
      if (opt.details && columns.scope) out.field('scope', 'global', 'scope global ')
      if (columns.metric) out.field('metric', r.metric, `metric ${r.metric} `)
      printFlags(ip, r.dev.carrier ? [] : ['linkdown'])
      out.field('pref', 'medium', 'pref medium')
      out.text('\n')
    })
  }
}

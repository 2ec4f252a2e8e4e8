import { RT_TABLE_MAIN, type Nexthop, type Route } from '../../kernel/ipv4/fib.ts'
import type { NetDevice } from '../../kernel/netdevice.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'
import { reverse } from '../../proc/resolve.ts'
import type { Ip } from './context.ts'
import { protocolName, scopeName, tableName } from './names.ts'
import { formatPrefix } from './prefix.ts'

/** What the selector of a listing has fixed: ip then leaves it out of every line. */
export interface RouteColumns {
  readonly dev: boolean
  readonly via: boolean
  readonly proto: boolean
  readonly scope: boolean
  readonly src: boolean
  readonly metric: boolean
  /** Several tables are listed: each line says which. */
  readonly table: boolean
}

export const ALL_COLUMNS: RouteColumns = {
  dev: true, via: true, proto: true, scope: true, src: true, metric: true, table: false,
} // prettier-ignore

/** Numbers of route types, for -N (include/uapi/linux/rtnetlink.h). */
const TYPE_NUMBERS: Readonly<Record<string, number>> = {
  unicast: 1, local: 2, broadcast: 3, anycast: 4, multicast: 5, blackhole: 6, unreachable: 7, prohibit: 8, throw: 9,
} // prettier-ignore

/** -r: the name of /etc/hosts for an address. */
export const addressText = (ip: Ip, address: number): string =>
  (ip.opt.resolve ? reverse(ip.proc, address) : undefined) ?? formatIpv4(address)

export const printGateway = (ip: Ip, gateway: number): void => {
  ip.out.text('via ')
  ip.out.field('gateway', formatIpv4(gateway), addressText(ip, gateway) + ' ', 'inet')
}

export const printDev = (ip: Ip, dev: NetDevice): void => {
  ip.out.text('dev ')
  ip.out.field('dev', dev.name, dev.name + ' ', 'ifname')
}

export const printTypeAndDst = (ip: Ip, type: string, dst: string): void => {
  const { out, opt } = ip
  if (type !== 'unicast' || opt.details)
    out.field('type', type, `${opt.numeric ? TYPE_NUMBERS[type] : type} `)
  out.field('dst', dst, dst + ' ', 'inet')
}

const flagsOf = (nh: Nexthop): readonly string[] => {
  const flags: string[] = []
  // A way without carrier counts as dead where the device is told to pass over such ways (ip_ignore_linkdown()).
  const ignored =
    nh.dev !== undefined &&
    (nh.dev.conf.ignoreRoutesWithLinkdown | nh.dev.ns.ipv4.all.ignoreRoutesWithLinkdown) !== 0
  if (nh.dead || (nh.linkdown && ignored)) flags.push('dead')
  if (nh.onlink) flags.push('onlink')
  if (nh.linkdown) flags.push('linkdown')
  return flags
}

export const printFlags = (ip: Ip, flags: readonly string[]): void =>
  ip.out.array('flags', () => {
    for (const flag of flags) ip.out.field(undefined, flag, flag + ' ')
  })

/** print_route(): one line, with `nexthop` lines under it where there are several ways. */
export const printRoute = (ip: Ip, r: Route, columns: RouteColumns): void => {
  const { out, opt } = ip
  const single = r.nexthops.length === 1 ? r.nexthops[0] : undefined
  out.object(undefined, () => {
    const text = r.prefixlen === 32 && opt.resolve ? addressText(ip, r.dst) : formatPrefix(r.dst, r.prefixlen)
    printTypeAndDst(ip, r.type, text)
    if (r.tos !== 0) {
      const tos = '0x' + r.tos.toString(16).padStart(2, '0')
      out.field('tos', tos, `tos ${tos} `)
    }
    if (single?.gateway !== undefined && columns.via) printGateway(ip, single.gateway)
    if (single?.dev !== undefined && columns.dev) printDev(ip, single.dev)
    if (columns.table && (r.table !== RT_TABLE_MAIN || opt.details)) {
      const table = tableName(r.table, opt.numeric)
      out.field('table', table, `table ${table} `)
    }
    if ((r.proto !== 'boot' || opt.details) && columns.proto) {
      const proto = protocolName(r.proto, opt.numeric)
      out.field('protocol', proto, `proto ${proto} `)
    }
    if ((r.scope !== 'global' || opt.details) && columns.scope) {
      const scope = scopeName(r.scope, opt.numeric)
      out.field('scope', scope, `scope ${scope} `)
    }
    if (r.prefsrc !== undefined && columns.src) {
      out.text('src ')
      out.field('prefsrc', formatIpv4(r.prefsrc), addressText(ip, r.prefsrc) + ' ', 'inet')
    }
    if (r.metric !== 0 && columns.metric) out.field('metric', r.metric, `metric ${r.metric} `)
    printFlags(ip, single === undefined ? [] : flagsOf(single))
    if (r.mtu !== undefined) printMtu(ip, r.mtu, r.mtuLock)
    if (single === undefined)
      out.array('nexthops', () => {
        for (const nh of r.nexthops) printNexthop(ip, nh)
      })
    out.text('\n')
  })
}

export const printMtu = (ip: Ip, mtu: number, lock: boolean): void => {
  const { out } = ip
  out.array('metrics', () =>
    out.object(undefined, () => {
      out.field('mtu', mtu, `mtu ${lock ? 'lock ' : ''}${mtu} `)
    }),
  )
}

const printNexthop = (ip: Ip, nh: Nexthop): void => {
  const { out } = ip
  out.object(undefined, () => {
    out.text(`${out.nl}\tnexthop `)
    if (nh.gateway !== undefined) printGateway(ip, nh.gateway)
    if (nh.dev !== undefined) out.field('dev', nh.dev.name, `dev ${nh.dev.name} `)
    out.field('weight', nh.weight, `weight ${nh.weight} `)
    printFlags(ip, flagsOf(nh))
  })
}

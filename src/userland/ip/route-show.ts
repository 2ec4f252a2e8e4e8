import { RT_TABLE_MAIN, type Route } from '../../kernel/ipv4/fib.ts'
import { routeDel, routes } from '../../kernel/ipv4/fib_frontend.ts'
import { exceptionsFrom, flushExceptions } from '../../kernel/ipv4/exception.ts'
import type { Netns } from '../../kernel/netns.ts'
import { die } from './args.ts'
import { netnsOf, type Command, type Ip } from './context.ts'
import { printException } from './route-cache.ts'
import { ALL_COLUMNS, printRoute, type RouteColumns } from './route-print.ts'
import { parseRouteFilter, selected, type RouteFilter } from './route-filter.ts'
import { printRoutes6, table6Exists } from './route6.ts'

/** A dump of `main` is never refused, also where that has not come into being (inet_dump_fib()). */
const canDump = (ns: Netns, table: number): boolean => table === RT_TABLE_MAIN || ns.fib.tables.has(table)

/** The routes that the selector leaves, table by table. */
const chosen = (ns: Netns, f: RouteFilter): readonly Route[] => {
  const tables = f.table === 0 ? [...ns.fib.tables.keys()].sort((a, b) => (a & 255) - (b & 255)) : [f.table]
  return tables.flatMap((table) =>
    ns.fib.tables.has(table) ? routes(ns, table).filter((r) => selected(f, r)) : [],
  )
}

const columnsOf = (f: RouteFilter): RouteColumns => ({
  ...ALL_COLUMNS,
  dev: f.dev === undefined,
  via:
    f.via === undefined || f.via.family === 'unspec' || f.via.length < (f.via.family === 'inet' ? 32 : 128),
  src:
    f.src === undefined || f.src.family === 'unspec' || f.src.length < (f.src.family === 'inet' ? 32 : 128),
  proto: f.proto === undefined,
  scope: f.scope === undefined,
  metric: f.metric === undefined,
  table: f.table === 0,
})

/** `ip route [ show ]`; IPv4 alone unless IPv6 or all tables are asked for. */
export const routeShow: Command = (ip, args) => {
  const f = parseRouteFilter(ip, args)
  if (f === undefined) return 255
  const ns = netnsOf(ip)
  const v4 = f.family !== 'inet6'
  const v6 = f.family === 'inet6' || (f.family === 'unspec' && f.table === 0)
  if (f.table !== 0 && !f.cache && !(v4 ? canDump(ns, f.table) : table6Exists(f.table)))
    return die(ip.proc, 2, `Error: ${v4 ? 'ipv4' : 'ipv6'}: FIB table does not exist.\nDump terminated`)
  const columns = columnsOf(f)
  ip.out.list(() => {
    if (v4 && f.cache) printExceptions(ip, f, columns)
    else if (v4) for (const r of chosen(ns, f)) printRoute(ip, r, columns)
    if (v6) printRoutes6(ip, f, columns)
  })
  return 0
}

/** What ICMP told, once for each route by whose way it holds; `f` sees it as the route of a host. */
const printExceptions = (ip: Ip, f: RouteFilter, columns: RouteColumns): void => {
  const ns = netnsOf(ip)
  for (const route of routes(ns, RT_TABLE_MAIN))
    for (const nh of route.nexthops)
      for (const e of exceptionsFrom(ns, nh).toReversed()) {
        const seen: Route = { ...route, dst: e.daddr, prefixlen: 32, nexthops: [nh] }
        if (nh.dev !== undefined && selected({ ...f, cache: false }, seen))
          printException(ip, nh.dev, e, columns)
      }
}

/** `ip route flush SELECTOR` */
export const routeFlush: Command = (ip, args) => {
  if (args.left === 0) return die(ip.proc, 1, '"ip route flush" requires arguments.')
  const f = parseRouteFilter(ip, args)
  if (f === undefined) return 255
  const ns = netnsOf(ip)
  if (f.cache) {
    flushExceptions(ns)
    if (ip.opt.stats > 0) ip.proc.out('*** IPv4 routing cache is flushed.\n')
    return 0
  }
  if (f.family === 'inet6') return 0
  if (f.table !== 0 && !ns.fib.tables.has(f.table))
    return die(ip.proc, 2, 'Error: ipv4: FIB table does not exist.\nFlush terminated')
  return flush(ip, ns, f)
}

const flush = (ip: Ip, ns: Netns, f: RouteFilter): number => {
  const doomed = chosen(ns, f)
  const { stats } = ip.opt
  if (doomed.length === 0) {
    if (stats > 0) ip.proc.out('Nothing to flush.\n')
    return 0
  }
  for (const r of doomed) {
    if (stats > 1) printRoute(ip, r, columnsOf(f))
    routeDel(ns, {
      table: r.table, dst: r.dst, prefixlen: r.prefixlen, tos: r.tos, metric: r.metric, type: r.type, scope: r.scope, proto: r.proto,
      ...(r.prefsrc !== undefined && { prefsrc: r.prefsrc }),
      ...(r.nexthops.some((nh) => nh.dev !== undefined) && {
        nexthops: r.nexthops.map((nh) => ({
          ...(nh.dev && { dev: nh.dev }),
          ...(nh.gateway !== undefined && { gateway: nh.gateway }),
          weight: nh.weight,
        })),
      }),
    }) // prettier-ignore
  }
  if (stats > 0)
    ip.proc.out(
      `\n*** Round 1, deleting ${doomed.length} entries ***\n*** Flush is complete after 1 round ***\n`,
    )
  return 0
}

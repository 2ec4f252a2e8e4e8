import type { Exception } from '../../kernel/ipv4/exception.ts'
import type { NetDevice } from '../../kernel/netdevice.ts'
import type { Ip } from './context.ts'
import {
  addressText,
  printDev,
  printFlags,
  printGateway,
  printMtu,
  printTypeAndDst,
  type RouteColumns,
} from './route-print.ts'

export interface Cached {
  readonly flags: readonly string[]
  /** When it is forgotten, ns; 0 = not by itself. */
  readonly expires: number
  /** When it was last used, ns. */
  readonly used: number
  readonly mtu: number | undefined
}

/** The second line of a route from the cache (print_cache_flags(), print_rta_cacheinfo()). */
export const printCache = (ip: Ip, c: Cached): void => {
  const { out, opt, proc } = ip
  const seconds = (ns: number): number => Math.max(0, Math.floor(ns / 1e9))
  out.text(`${out.nl}    cache `)
  out.array('cache', () => {
    for (const flag of c.flags) out.field(undefined, flag, '')
  })
  if (c.flags.length > 0) out.text(`<${c.flags.join(',')}> `)
  if (c.expires !== 0) {
    const left = seconds(c.expires - proc.now)
    out.field('expires', left, `expires ${left}sec `)
  }
  if (opt.stats > 0) {
    out.field('users', 1, 'users 1 ')
    const age = seconds(proc.now - c.used)
    out.field('age', age, `age ${age}sec `)
  }
  if (c.mtu !== undefined) printMtu(ip, c.mtu, false)
}

/** One line of `ip route show cache`. */
export const printException = (ip: Ip, dev: NetDevice, e: Exception, columns: RouteColumns): void =>
  ip.out.object(undefined, () => {
    printTypeAndDst(ip, 'unicast', addressText(ip, e.daddr))
    const gateway = e.gateway ?? e.nh.gateway
    if (gateway !== undefined && columns.via) printGateway(ip, gateway)
    if (columns.dev) printDev(ip, dev)
    printFlags(ip, [])
    printCache(ip, {
      ...e,
      used: e.used ?? ip.proc.now,
      flags: e.gateway === undefined ? [] : ['redirected'],
    })
    ip.out.text('\n')
  })

import { routeInput, routeOutput, type Rtable } from '../../kernel/ipv4/route.ts'
import type { RouteType } from '../../kernel/ipv4/fib.ts'
import { IFF_LOOPBACK, type NetDevice } from '../../kernel/netdevice.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'
import { answered, die, matches, notSimulated, parseNumber, type Args } from './args.ts'
import { deviceNamed, netnsOf, type Command, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { tableName } from './names.ts'
import { readPrefix } from './prefix.ts'
import { printCache } from './route-cache.ts'
import { ALL_COLUMNS, addressText, printDev, printFlags, printRoute, printTypeAndDst } from './route-print.ts'

interface GetWords {
  to: number | undefined
  from: number | undefined
  iif: NetDevice | undefined
  oif: NetDevice | undefined
  mark: number
  uid: number
  fibmatch: boolean
}

const parseGet = (ip: Ip, args: Args): GetWords | undefined => {
  const w: GetWords = {
    to: undefined,
    from: undefined,
    iif: undefined,
    oif: undefined,
    mark: 0,
    uid: 0,
    fibmatch: false,
  }
  const family = ip.opt.family === 'inet' || ip.opt.family === 'inet6' ? ip.opt.family : 'unspec'
  let iif: string | undefined
  let oif: string | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'tos' || matches(word, 'dsfield')) args.number('TOS value is invalid\n', 255)
    else if (matches(word, 'from')) {
      let text = args.value()
      if (matches(text, 'help')) return undefined
      if (text === 'inet') text = args.value()
      const prefix = readPrefix(ip, text, family === 'unspec' && w.to !== undefined ? 'inet' : family)
      if (prefix.family === 'inet6') notSimulated(ip.proc, 'IPv6 routes')
      if (prefix.family === 'inet') w.from = prefix.address
    } else if (matches(word, 'iif')) iif = args.value()
    else if (matches(word, 'mark')) {
      const text = args.value()
      w.mark = parseNumber(text) ?? args.invalid(text, 'invalid mark value')
    } else if (matches(word, 'oif') || word === 'dev') oif = args.value()
    else if (matches(word, 'notify') || matches(word, 'connected')) notSimulated(ip.proc, `route get ${word}`)
    else if (matches(word, 'vrf')) args.invalid(args.value(), 'Invalid VRF\n')
    else if (matches(word, 'uid')) {
      const text = args.value()
      w.uid = parseNumber(text) ?? args.invalid(text, 'invalid UID\n')
    } else if (matches(word, 'fibmatch')) w.fibmatch = true
    else if (word === 'ipproto' || word === 'sport' || word === 'dport') args.value()
    else {
      const text = word === 'to' ? args.value() : word
      if (matches(text, 'help')) return undefined
      const prefix = readPrefix(ip, text, family)
      if (prefix.family === 'inet6' || family === 'inet6') notSimulated(ip.proc, 'IPv6 routes')
      if (prefix.family === 'inet' && prefix.length !== 32)
        ip.proc.err(`Warning: /${prefix.length} as prefix is invalid, only /32 (or none) is supported.\n`)
      w.to = prefix.family === 'inet' ? prefix.address : 0
    }
  }
  if (iif !== undefined) w.iif = deviceNamed(ip, iif)
  if (oif !== undefined) w.oif = deviceNamed(ip, oif)
  return w
}

/** `ip route get ADDRESS`: asks the kernel which way a packet would take (RTM_GETROUTE). */
export const routeGet: Command = (ip, args) => {
  const w = parseGet(ip, args)
  if (w === undefined) {
    ip.proc.err(HELP.route)
    return 255
  }
  if (w.to === undefined) return die(ip.proc, 1, 'need at least a destination address')
  return w.iif === undefined ? getOutput(ip, w, w.to) : getInput(ip, w, w.to, w.iif)
}

const getOutput = (ip: Ip, w: GetWords, to: number): number => {
  const way = routeOutput(netnsOf(ip), to, { ...(w.from !== undefined && { source: w.from }), oif: w.oif })
  if (way instanceof Refusal) return answered(ip.proc, way)
  if (w.fibmatch && way.route !== undefined) {
    const { route } = way
    ip.out.list(() => printRoute(ip, route, ALL_COLUMNS))
    return 0
  }
  print(ip, w, to, {
    type: way.type,
    dev: way.dev,
    gateway: way.gateway,
    source: way.source,
    table: way.table,
    mtu: explicitMtu(way),
    cache: cacheFlags(way, to),
    expires: way.exception?.expires ?? 0,
  })
  return 0
}

const getInput = (ip: Ip, w: GetWords, to: number, iif: NetDevice): number => {
  const ns = netnsOf(ip)
  const found = routeInput(ns, to, w.from ?? 0, iif)
  const base = { source: 0, mtu: undefined, expires: 0 }
  switch (found.kind) {
    case 'forward':
      print(ip, w, to, {
        ...base, type: 'unicast', dev: found.way.dev, gateway: found.way.gateway, table: found.way.table, cache: found.redirect ? ['redirect'] : [],
      }) // prettier-ignore
      return 0
    case 'local':
    case 'broadcast': {
      const cache = found.kind === 'local' ? ['local'] : ['local', 'brd']
      print(ip, w, to, {
        ...base,
        type: found.kind,
        dev: ns.loopback,
        gateway: 0,
        table: found.found?.table ?? 255,
        cache,
      })
      return 0
    }
    case 'error':
      return answered(ip.proc, new Refusal(found.errno === 'EINVAL' ? 'EINVAL' : found.errno))
    case 'martian-source':
      return answered(ip.proc, new Refusal(found.why === 'rp_filter' ? 'EXDEV' : 'EINVAL'))
    case 'martian-destination':
      return answered(ip.proc, new Refusal('EINVAL'))
  }
}

/** A mtu is told where the route or what ICMP said has one, not where it is just the device's. */
/** 224.0.0.1 (RFC 1112 §4) */
const ALL_HOSTS = 0xe0000001

const explicitMtu = (way: Rtable): number | undefined => way.exception?.mtu ?? way.route?.mtu

const cacheFlags = (way: Rtable, to: number): readonly string[] => {
  const flags: string[] = []
  // Of the groups, this machine listens to "all hosts" only.
  const joined = way.type === 'multicast' && to === ALL_HOSTS
  if (way.type === 'local' || way.type === 'broadcast' || joined) flags.push('local')
  if (way.type === 'broadcast') flags.push('brd')
  if (way.type === 'multicast') flags.push('mc')
  if (way.exception?.gateway !== undefined) flags.push('redirected')
  // To oneself through another name: over the loopback all the same.
  if (flags.length === 0 && way.dev.flags & IFF_LOOPBACK) flags.push('local')
  return flags
}

interface Answer {
  readonly type: RouteType
  readonly dev: NetDevice
  readonly gateway: number
  readonly source: number
  readonly table: number
  readonly mtu: number | undefined
  readonly cache: readonly string[]
  /** When what ICMP said is forgotten, ns; 0 = nothing was said, or it stays. */
  readonly expires: number
}

const print = (ip: Ip, w: GetWords, to: number, a: Answer): void => {
  const { out, opt } = ip
  out.list(() =>
    out.object(undefined, () => {
      printTypeAndDst(ip, a.type, addressText(ip, to))
      if (w.from !== undefined) {
        out.text('from ')
        out.field('from', formatIpv4(w.from), addressText(ip, w.from) + ' ', 'inet')
      }
      if (a.gateway !== 0) {
        out.text('via ')
        out.field('gateway', formatIpv4(a.gateway), addressText(ip, a.gateway) + ' ', 'inet')
      }
      printDev(ip, a.dev)
      if (opt.details)
        out.field('table', tableName(a.table, opt.numeric), `table ${tableName(a.table, opt.numeric)} `)
      if (w.from === undefined && w.iif === undefined) {
        out.text('src ')
        out.field('prefsrc', formatIpv4(a.source), addressText(ip, a.source) + ' ', 'inet')
      }
      // A multicast route's flag for hardware has the bit that ip takes for this word.
      printFlags(ip, a.type === 'multicast' ? ['rt_offload_failed'] : [])
      if (w.mark !== 0) out.field('mark', w.mark, `mark ${w.mark} `)
      if (w.iif === undefined) out.field('uid', w.uid, `uid ${w.uid} `)
      printCache(ip, { flags: a.cache, expires: a.expires, used: ip.proc.now, mtu: a.mtu })
      if (w.iif !== undefined) out.field('iif', w.iif.name, `iif ${w.iif.name} `)
      out.text('\n')
    }),
  )
}

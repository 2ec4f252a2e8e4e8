import type { Scope } from '../../kernel/netdevice.ts'
import { RT_TABLE_LOCAL, RT_TABLE_MAIN, type RouteType } from '../../kernel/ipv4/fib.ts'
import type { NexthopRequest, RouteRequest } from '../../kernel/ipv4/fib_frontend.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { die, matches, notSimulated, parseNumber, type Args } from './args.ts'
import { deviceNamed, type Family, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { protocolNamed, scopeNamed, tableNamed } from './names.ts'
import { readAddress, readAddress4, readPrefix, type Prefix } from './prefix.ts'

/** Types of routes by name; `nat` and `xresolve` the kernel refuses. */
export const ROUTE_TYPES: readonly (readonly [
  name: string,
  type: RouteType | 'nat' | 'xresolve' | 'anycast',
])[] = [
  ['local', 'local'],
  ['nat', 'nat'],
  ['broadcast', 'broadcast'],
  ['brd', 'broadcast'],
  ['anycast', 'anycast'],
  ['multicast', 'multicast'],
  ['prohibit', 'prohibit'],
  ['unreachable', 'unreachable'],
  ['blackhole', 'blackhole'],
  ['xresolve', 'xresolve'],
  ['unicast', 'unicast'],
  ['throw', 'throw'],
]

/** rtnl_rtntype_a2n(): `local` and `nat` must be whole, the others may be shortened. */
export const routeType = (word: string): RouteType | 'nat' | 'xresolve' | 'anycast' | undefined =>
  ROUTE_TYPES.find(([name]) =>
    name === 'local' || name === 'nat' ? name === word : word !== '' && matches(word, name),
  )?.[1]

const wholeUsage = (ip: Ip): never => {
  ip.proc.err(HELP.route)
  return ip.proc.exit(255)
}

/** Metrics of a route that exist on Linux and are not simulated. */
const OTHER_METRICS = ['hoplimit', 'advmss', 'reordering', 'rtt', 'window', 'cwnd', 'initcwnd', 'initrwnd', 'features', 'quickack',
  'congctl', 'rttvar', 'ssthresh', 'realms', 'rto_min', 'expires'] // prettier-ignore

/** A route as add, change, replace and del are told of it (iproute_modify()). */
export interface RouteWords {
  readonly request: RouteRequest
  /** What the kernel says before it looks at the rest. */
  readonly refused: Refusal | undefined
}

type Draft = { -readonly [K in keyof RouteRequest]?: RouteRequest[K] }

export const parseRoute = (ip: Ip, args: Args, deleting: boolean): RouteWords => {
  const draft: Draft = {}
  let prefix: Prefix | undefined
  let type: RouteType | undefined = deleting ? undefined : 'unicast'
  let refused: Refusal | undefined
  let gateway: number | undefined
  let gateway6 = false
  let devName: string | undefined
  let several = false
  let onlink = false
  const family = (): Family =>
    prefix === undefined || prefix.family === 'unspec' ? asked(ip) : prefix.family
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'src') {
      const text = args.value()
      if (family() === 'inet6') notSimulated(ip.proc, 'IPv6 routes')
      draft.prefsrc = readAddress4(ip, text)
    } else if (word === 'as') notSimulated(ip.proc, 'route as')
    else if (word === 'via') {
      let text = args.value()
      if (gateway !== undefined || gateway6)
        args.invalid('via', 'use nexthop syntax to specify multiple via\n')
      let of = family()
      if (text === 'inet' || text === 'inet6') {
        of = text
        text = args.value()
      }
      const a = readAddress(ip, text, of)
      if (a === 'any') gateway = 0
      else if (a.family === 'inet') gateway = a.address
      else gateway6 = true
    } else if (word === 'from') readPrefix(ip, args.value(), family())
    else if (word === 'tos' || matches(word, 'dsfield'))
      draft.tos = args.number('"tos" value is invalid\n', 255)
    else if (word === 'expires') notSimulated(ip.proc, 'route expires')
    else if (matches(word, 'metric') || matches(word, 'priority') || word === 'preference')
      draft.metric = metric(args)
    else if (word === 'scope') {
      const text = args.value()
      const scope = scopeNamed(text)
      if (scope === undefined) args.invalid(text, 'invalid "scope" value\n')
      else if (scope === 'other') notSimulated(ip.proc, 'route scope by a number without a name')
      else draft.scope = scope
    } else if (word === 'mtu') {
      let text = args.value()
      if (text === 'lock') {
        draft.mtuLock = true
        text = args.value()
      }
      const n = parseNumber(text)
      draft.mtu = n === undefined || n < 0 ? args.invalid(text, '"mtu" value is invalid\n') : n
    } else if (OTHER_METRICS.includes(word) || word === 'realm') notSimulated(ip.proc, `route ${word}`)
    else if (word === 'onlink') onlink = true
    else if (word === 'nexthop') {
      args.unshift()
      several = true
      break
    } else if (
      word === 'nhid' ||
      word === 'encap' ||
      word === 'ttl-propagate' ||
      word === 'fastopen_no_cookie'
    )
      notSimulated(ip.proc, `route ${word}`)
    else if (matches(word, 'protocol')) {
      const text = args.value()
      draft.proto = protocolNamed(text) ?? args.invalid(text, '"protocol" value is invalid\n')
    } else if (matches(word, 'table')) {
      const text = args.value()
      const table = text === 'all' ? undefined : tableNamed(text)
      // Table 0 stands for the one that the type says.
      draft.table =
        table === undefined ? args.invalid(text, '"table" value is invalid\n') : table || RT_TABLE_MAIN
    } else if (matches(word, 'vrf')) args.invalid(args.value(), 'Invalid VRF\n')
    else if (word === 'dev' || word === 'oif') devName = args.value()
    else if (word === 'pref') pref(args)
    else {
      let text = word === 'to' ? args.value() : word
      // `unreachable default`: the type stands before the destination.
      const named = routeType(text)
      if (named !== undefined) {
        if (named === 'nat' || named === 'xresolve') refused = new Refusal('EINVAL', 'Invalid scope')
        else if (named === 'anycast') notSimulated(ip.proc, 'route type anycast')
        else type = named
        text = args.value()
      }
      if (matches(text, 'help')) wholeUsage(ip)
      if (prefix !== undefined) args.garbage('to', text)
      prefix = readPrefix(ip, text, asked(ip))
      if (prefix.family === 'inet6' || (ip.opt.family === 'inet6' && prefix.family === 'unspec'))
        notSimulated(ip.proc, 'IPv6 routes')
    }
  }
  if (prefix === undefined) return wholeUsage(ip)
  const dev = devName === undefined ? undefined : deviceNamed(ip, devName)
  const nexthops = several ? parseNexthops(ip, args, family()) : undefined
  if (gateway6) notSimulated(ip.proc, 'route via an IPv6 address')
  const way: NexthopRequest | undefined =
    dev !== undefined || gateway !== undefined || onlink
      ? {
          ...(dev && { dev }),
          ...(gateway !== undefined && gateway !== 0 && { gateway }),
          ...(onlink && { onlink }),
        }
      : undefined
  const ways = nexthops ?? (way && [way])
  if (nexthops !== undefined && gateway !== undefined && nexthops[0]?.gateway !== gateway)
    refused = new Refusal('EINVAL', 'Nexthop gateway does not match RTA_GATEWAY or RTA_VIA')
  const scope = draft.scope ?? scopeOf(type, deleting, gateway !== undefined || nexthops !== undefined)
  const table = draft.table ?? (type === 'local' || type === 'broadcast' ? RT_TABLE_LOCAL : RT_TABLE_MAIN)
  return {
    refused,
    request: {
      ...draft,
      dst: prefix.family === 'inet' ? prefix.address : 0,
      prefixlen: prefix.length,
      ...(type && { type }),
      scope,
      table,
      ...(ways && { nexthops: ways }),
      ...(!deleting && { proto: draft.proto ?? 'boot' }),
    },
  }
}

const asked = (ip: Ip): Family =>
  ip.opt.family === 'inet' || ip.opt.family === 'inet6' ? ip.opt.family : 'unspec'

const metric = (args: Args): number => args.number('"metric" value is invalid\n')

const pref = (args: Args): void => {
  const text = args.value()
  const n = parseNumber(text)
  if (n === undefined && !['low', 'medium', 'high'].includes(text))
    args.invalid(text, '"pref" value is invalid\n')
}

/** What ip says of the scope where the words do not: a route to this machine, to the link, or to anywhere. */
const scopeOf = (type: RouteType | undefined, deleting: boolean, gateway: boolean): Scope => {
  if (type === 'local') return 'host'
  if (type === 'broadcast' || type === 'multicast') return 'link'
  if (deleting) return 'nowhere'
  return type === 'unicast' && !gateway ? 'link' : 'global'
}

/** `nexthop via … dev … weight N` to the end of the line. */
const parseNexthops = (ip: Ip, args: Args, family: Family): NexthopRequest[] => {
  const ways: NexthopRequest[] = []
  while (args.left > 0) {
    const head = args.shift()
    if (head !== 'nexthop')
      die(ip.proc, 255, `Error: "nexthop" or end of line is expected instead of "${head}"`)
    if (args.left === 0) die(ip.proc, 255, 'Error: unexpected end of line after "nexthop"')
    const way: { -readonly [K in keyof NexthopRequest]: NexthopRequest[K] } = { weight: 1 }
    for (let word = args.shift(); word !== undefined; word = args.shift()) {
      if (word === 'via') {
        let text = args.value()
        let of = family
        if (text === 'inet' || text === 'inet6') {
          of = text
          text = args.value()
        }
        const a = readAddress(ip, text, of)
        if (a === 'any' || a.address === 0) continue
        else if (a.family === 'inet') way.gateway = a.address
        else notSimulated(ip.proc, 'route via an IPv6 address')
      } else if (word === 'dev') {
        const name = args.value()
        const dev = ip.proc.netns.device(name)
        if (dev === undefined) die(ip.proc, 255, `Cannot find device "${name}"\nError: cannot parse nexthop`)
        else way.dev = dev
      } else if (word === 'weight') {
        const text = args.value()
        const n = parseNumber(text)
        way.weight = n === undefined || n < 1 || n > 256 ? args.invalid(text, '"weight" is invalid\n') : n
      } else if (word === 'onlink') way.onlink = true
      else if (matches(word, 'realms') || word === 'encap' || word === 'as')
        notSimulated(ip.proc, `route nexthop ${word}`)
      else {
        args.unshift()
        if (word !== 'nexthop')
          die(ip.proc, 255, `Error: "nexthop" or end of line is expected instead of "${word}"`)
        break
      }
    }
    ways.push(way)
  }
  return ways
}

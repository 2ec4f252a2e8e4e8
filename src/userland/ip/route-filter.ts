import { RT_TABLE_MAIN, type Route, type RouteType } from '../../kernel/ipv4/fib.ts'
import type { NetDevice, Scope } from '../../kernel/netdevice.ts'
import { prefixMask } from '../../wire/ipv4.ts'
import { matches, parseNumber, type Args } from './args.ts'
import { deviceNamed, type Family, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { protocolNamed, scopeNamed, tableNamed } from './names.ts'
import { covers, readPrefix, type Prefix } from './prefix.ts'
import { routeType } from './route-words.ts'

/** The selector of `ip route show` and `ip route flush`. */
export interface RouteFilter {
  family: Family
  /** 0 = all tables */
  table: number
  /** Routes of the cache: there is none any more, but for exceptions. */
  cache: boolean
  /** `root`: at least as long as this; `match`: no longer. Both for an exact prefix. */
  root: Prefix | undefined
  match: Prefix | undefined
  dev: NetDevice | undefined
  via: Prefix | undefined
  src: Prefix | undefined
  proto: string | undefined
  scope: Scope | 'other' | undefined
  type: RouteType | 'other' | undefined
  metric: number | undefined
  tos: number | undefined
  /** Something that no route here has (from, iif, realms). */
  nothing: boolean
}

/** Reads the selector; undefined where help was asked for. */
export const parseRouteFilter = (ip: Ip, args: Args): RouteFilter | undefined => {
  const f: RouteFilter = {
    family: ip.opt.family, table: RT_TABLE_MAIN, cache: false, root: undefined, match: undefined, dev: undefined, via: undefined,
    src: undefined, proto: undefined, scope: undefined, type: undefined, metric: undefined, tos: undefined, nothing: false,
  } // prettier-ignore
  const family = (): Family => (f.family === 'inet' || f.family === 'inet6' ? f.family : 'unspec')
  const destination = (root: boolean, match: boolean, text: string): void => {
    const prefix = readPrefix(ip, text, family())
    if (f.family === 'unspec' && prefix.family !== 'unspec') f.family = prefix.family
    if (root) f.root = prefix
    if (match) f.match = prefix
  }
  let dev: string | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (matches(word, 'table')) readTable(args, f)
    else if (matches(word, 'vrf')) args.invalid(args.value(), 'Invalid VRF\n')
    else if (matches(word, 'cached') || matches(word, 'cloned')) f.cache = true
    else if (word === 'tos' || matches(word, 'dsfield')) f.tos = args.number('TOS value is invalid\n', 255)
    else if (matches(word, 'metric') || matches(word, 'priority') || word === 'preference')
      f.metric = args.number('"metric" value is invalid\n')
    else if (matches(word, 'protocol')) {
      const text = args.value()
      if (text !== 'all') f.proto = protocolNamed(text) ?? args.invalid(text, 'invalid "protocol"\n')
    } else if (matches(word, 'scope')) {
      const text = args.value()
      if (text !== 'all') f.scope = scopeNamed(text) ?? args.invalid(text, 'invalid "scope"\n')
    } else if (matches(word, 'type')) readType(args, f)
    else if (word === 'dev' || word === 'oif') dev = args.value()
    else if (word === 'iif') {
      args.value()
      f.nothing = true
    } else if (word === 'mark' || matches(word, 'realms')) {
      args.value()
      f.nothing = true
    } else if (word === 'via') {
      let text = args.value()
      if (text === 'inet' || text === 'inet6') text = args.value()
      f.via = readPrefix(ip, text, family())
    } else if (word === 'src') f.src = readPrefix(ip, args.value(), family())
    else if (word === 'from') {
      let text = args.value()
      if (matches(text, 'root') || matches(text, 'match') || matches(text, 'exact')) text = args.value()
      f.nothing = readPrefix(ip, text, family()).length > 0
    } else {
      let text = word === 'to' ? args.value() : word
      if (matches(text, 'root')) destination(true, false, args.value())
      else if (matches(text, 'match')) destination(false, true, args.value())
      else {
        if (matches(text, 'exact')) text = args.value()
        if (matches(text, 'help')) {
          ip.proc.err(HELP.route)
          return undefined
        }
        destination(true, true, text)
      }
    }
  }
  if (dev !== undefined) f.dev = deviceNamed(ip, dev)
  return f
}

const readTable = (args: Args, f: RouteFilter): void => {
  const text = args.value()
  if (matches(text, 'cache')) f.cache = true
  else f.table = text === 'all' ? 0 : (tableNamed(text) ?? args.invalid(text, 'table id value is invalid\n'))
}

const readType = (args: Args, f: RouteFilter): void => {
  const text = args.value()
  const type = routeType(text)
  if (type === undefined && parseNumber(text) === undefined)
    args.invalid(text, 'node type value is invalid\n')
  f.type = type === undefined || type === 'nat' || type === 'xresolve' || type === 'anycast' ? 'other' : type
}

/** filter_nlmsg() */
export const selected = (f: RouteFilter, r: Route): boolean => {
  const nh = r.nexthops.length === 1 ? r.nexthops[0] : undefined
  if (f.nothing || f.cache) return false
  if (f.dev !== undefined && nh?.dev !== f.dev) return false
  if (f.via !== undefined && (nh?.gateway === undefined || !covers(f.via, nh.gateway))) return false
  if (f.src !== undefined && (r.prefsrc === undefined || !covers(f.src, r.prefsrc))) return false
  if (f.proto !== undefined && r.proto !== f.proto) return false
  if (f.scope !== undefined && r.scope !== f.scope) return false
  if (f.type !== undefined && r.type !== f.type) return false
  if (f.metric !== undefined && r.metric !== f.metric) return false
  if (f.tos !== undefined && r.tos !== f.tos) return false
  return within(f, r.dst, r.prefixlen)
}

/** The destination: inside `root`, around `match`. */
const within = (f: RouteFilter, dst: number, length: number): boolean => {
  const { root, match } = f
  if (root !== undefined && (root.length > length || !covers(root, dst))) return false
  if (match === undefined) return true
  if (match.length < length) return false
  return (
    match.family === 'unspec' ||
    (match.family === 'inet' && ((match.address ^ dst) & prefixMask(length)) === 0)
  )
}

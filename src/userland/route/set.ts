import { addressType, routeAdd, routeDel } from '../../kernel/ipv4/fib_frontend.ts'
import type { NetDevice } from '../../kernel/netdevice.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { maskLength } from '../../wire/ipv4.ts'
import { E_LOOKUP, E_SOCK, E_USAGE, notSimulated, resolve } from '../nettools/inet.ts'
import { INET_USAGE } from './usage.ts'

/** `route add` and `route del`: their arguments, and the ioctl(2) behind them. */

const usage = (proc: Process): never => {
  proc.err(INET_USAGE)
  return proc.exit(E_USAGE)
}
const refuse = (proc: Process, text: string): never => {
  proc.err(`route: ${text}\n`)
  return usage(proc)
}
const unknown = (proc: Process, name: string, why: string): never => {
  proc.err(`${name}: ${why}\n`)
  return proc.exit(E_LOOKUP)
}

/** struct rtentry, as far as it is used (include/uapi/linux/route.h). */
interface Entry {
  dst: number
  mask: number
  host: boolean
  gateway: number
  hasGateway: boolean
  metric: number
  device: string | undefined
  reject: boolean
}

export const setRoute = (proc: Process, verb: 'add' | 'del', words: readonly string[]): number => {
  if (words.length === 0) {
    proc.out(INET_USAGE)
    return 0
  }
  const entry = parse(proc, words)
  const refusal = verb === 'add' ? addEntry(proc, entry) : delEntry(proc, entry)
  if (refusal === undefined) return 0
  proc.err(`${verb === 'add' ? 'SIOCADDRT' : 'SIOCDELRT'}: ${strerror(refusal.errno)}\n`)
  return E_SOCK
}

const parse = (proc: Process, words: readonly string[]): Entry => {
  let i = 0
  let kind: 'net' | 'host' | undefined
  if (words[0] === '-net' || words[0] === '-host') kind = words[i++] === '-net' ? 'net' : 'host'
  const target = words[i++]
  if (target === undefined) return usage(proc)
  const slash = target.indexOf('/')
  const name = slash < 0 ? target : target.slice(0, slash)
  const length = slash < 0 ? undefined : target.slice(slash + 1)
  if (length !== undefined && !/^-?\d*$/.test(length)) usage(proc)
  const found = resolve(proc, name, kind === 'host')
  if ('unknown' in found) return unknown(proc, name, found.unknown)
  const host = kind === undefined ? !found.net : kind === 'host'
  // The length counts modulo 32, as shifts of the processor do: /32 is none at all, and /33 is /1.
  let mask = length === undefined ? 0 : ~(0xffffffff >>> Number(length)) >>> 0
  const e: Entry = {
    dst: found.address,
    mask: 0,
    host,
    gateway: 0,
    hasGateway: false,
    metric: 0,
    device: undefined,
    reject: false,
  }
  const argument = (): string => words[i++] ?? usage(proc)
  let netmask: string | undefined
  while (i < words.length) {
    const word = words[i++] as string
    switch (word) {
      case 'metric': {
        const value = argument()
        if (!/^\d/.test(value)) usage(proc)
        e.metric = parseInt(value, 10) | 0
        break
      }
      case 'netmask': {
        netmask = argument()
        if (mask !== 0) usage(proc)
        const given = resolve(proc, netmask)
        if ('unknown' in given) return unknown(proc, netmask, given.unknown)
        mask = given.address
        break
      }
      case 'gw':
      case 'gateway': {
        const router = argument()
        if (e.hasGateway) usage(proc)
        const given = resolve(proc, router)
        if ('unknown' in given) return unknown(proc, router, 'Unknown host')
        if (given.net) refuse(proc, `${router}: cannot use a NETWORK as gateway!`)
        e.gateway = given.address
        e.hasGateway = true
        break
      }
      case 'mss':
      case 'window':
        atLeast(proc, word, argument())
        notSimulated(proc, `${word} of a route`)
        break
      case 'irtt':
        argument()
        notSimulated(proc, 'irtt of a route')
        break
      case 'reject':
        e.reject = true
        break
      case 'mod':
      case 'dyn':
      case 'reinstate':
        // Flags that the kernel ignores.
        break
      case 'device':
      case 'dev':
        if (e.device !== undefined) usage(proc)
        e.device = argument()
        break
      default:
        if (e.device !== undefined) usage(proc)
        e.device = word
        if (i < words.length) usage(proc)
    }
  }
  if (mask !== 0) {
    const hostBits = ~mask >>> 0
    if (host)
      refuse(proc, `netmask ${hostBits.toString(16).padStart(8, '0')} doesn't make sense with host route`)
    if (maskLength(mask) === undefined) refuse(proc, `bogus netmask ${netmask}`)
    if ((e.dst & hostBits) !== 0) refuse(proc, "netmask doesn't match route address")
  }
  return { ...e, mask }
}

/** Ranges of mss and window that the tool checks itself. */
const atLeast = (proc: Process, word: string, value: string): void => {
  const n = parseInt(value, 10)
  if (word === 'mss' && !(n >= 64 && n <= 32768)) refuse(proc, 'Invalid MSS/MTU.')
  if (word === 'window' && !(n >= 128)) refuse(proc, 'Invalid window.')
}

/** rtentry_to_fib_config(), net/ipv4/fib_frontend.c: prefix length and device of the entry. */
const config = (
  proc: Process,
  e: Entry,
): { prefixlen: number; dev: NetDevice | undefined; prefsrc: number | undefined } | Refusal => {
  let prefixlen: number | undefined = 32
  if (!e.host) {
    prefixlen = (e.dst & ~e.mask) === 0 ? maskLength(e.mask) : undefined
    if (prefixlen === undefined) return new Refusal('EINVAL')
  }
  if (e.reject || e.device === undefined) return { prefixlen, dev: undefined, prefsrc: undefined }
  // eth0:1 stands for eth0, and the address of that label for the source.
  const dev = proc.netns.device(e.device.split(':')[0] as string)
  const source = e.device.includes(':') ? dev?.addresses.find((a) => a.label === e.device) : undefined
  if (dev === undefined || (e.device.includes(':') && source === undefined)) return new Refusal('ENODEV')
  return { prefixlen, dev, prefsrc: source?.local }
}

const addEntry = (proc: Process, e: Entry): Refusal | undefined => {
  const c = config(proc, e)
  if (c instanceof Refusal) return c
  const { prefixlen, dev, prefsrc } = c
  const common = { dst: e.dst, prefixlen, metric: e.metric, proto: 'boot' }
  if (e.reject)
    return routeAdd(proc.netns, { ...common, type: 'unreachable', scope: 'host' }, { create: true })
  if (e.hasGateway && e.gateway === 0) return new Refusal('EINVAL')
  const routed = e.hasGateway && addressType(proc.netns, e.gateway) === 'unicast'
  const way = { ...(dev && { dev }), ...(e.hasGateway && { gateway: e.gateway }) }
  const request = {
    ...common,
    ...(prefsrc !== undefined && { prefsrc }),
    scope: routed ? ('global' as const) : ('link' as const),
    nexthops: dev === undefined && !e.hasGateway ? [] : [way],
  }
  return routeAdd(proc.netns, request, { create: true })
}

const delEntry = (proc: Process, e: Entry): Refusal | undefined => {
  const c = config(proc, e)
  if (c instanceof Refusal) return c
  const way = { ...(c.dev && { dev: c.dev }), ...(e.gateway !== 0 && { gateway: e.gateway }) }
  return routeDel(proc.netns, {
    dst: e.dst,
    prefixlen: c.prefixlen,
    metric: e.metric,
    scope: e.reject ? 'host' : 'nowhere',
    type: e.reject ? 'unreachable' : 'unicast',
    ...(Object.keys(way).length > 0 && !e.reject && { nexthops: [way] }),
  })
}

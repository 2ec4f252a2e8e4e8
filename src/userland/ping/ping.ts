import { deviceOf, routeConnect } from '../../kernel/ipv4/route.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { RawSocket } from '../../kernel/sock/raw.ts'
import { formatIpv4, IPPROTO_ICMP, isMulticast } from '../../wire/ipv4.ts'
import type { Process } from '../../proc/process.ts'
import { hostByName, inetAton } from '../../proc/resolve.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { lookup, lookupError } from '../iputils/lookup.ts'
import { fail, warn } from '../iputils/numbers.ts'
import { notSimulated, parseArgs, type Args } from './args.ts'
import { recordOptions } from './options.ts'
import { Pinger } from './pinger.ts'

/** ping(8) of iputils 20221126, for IPv4. */
export function* ping(proc: Process): Task<number> {
  const args = parseArgs(proc)
  const { address, hostname, numeric } = target(proc, args)
  sourceRoute(proc, args.targets.slice(0, -1))
  if (numeric) args.numeric = true
  const sock = new RawSocket(proc.netns, IPPROTO_ICMP)
  try {
    const { to, source } = connect(proc, args, sock, address)
    setup(proc, args, sock, to)
    if (args.targets.length > 1) fail(proc, 2, `record route: ${strerror('EPERM')}`)
    let line = `PING ${hostname} (${formatIpv4(to)}) `
    if (args.device !== undefined || args.strictSource || args.source !== undefined)
      line += `from ${formatIpv4(source)} ${args.device ?? ''}: `
    const overhead = 28 + (args.record === undefined ? 0 : 40)
    proc.out(`${line}${args.size}(${args.size + overhead}) bytes of data.\n`)
    return yield* new Pinger(proc, args, sock, to, hostname).run()
  } finally {
    sock.close()
  }
}

/** The address of the last target, by which name the lines call it, and whether it was given as a number. */
const target = (proc: Process, args: Args): { address: number; hostname: string; numeric: boolean } => {
  const name = args.targets.at(-1) as string
  const number = inetAton(name, true)
  if (number !== undefined && args.family !== 'inet6') {
    if (args.verbose) verbose(proc, args, name)
    return { address: number, hostname: name, numeric: args.targets.length === 1 }
  }
  const address = lookup(proc, name)
  if (args.family !== 'inet' && address === 'ADDRFAMILY')
    notSimulated(proc, `${name}: IPv6 echo requests are real but not simulated`)
  if (args.verbose) verbose(proc, args, undefined)
  if (typeof address === 'string') return fail(proc, 2, `${name}: ${lookupError(address)}`)
  if (args.family === 'inet6') fail(proc, 2, `${name}: ${lookupError('ADDRFAMILY')}`)
  const entries = hostByName(proc, name)
  const hostname = typeof entries === 'string' ? name : (entries[0]?.name ?? name)
  if (args.verbose) proc.out(`ai->ai_family: AF_INET, ai->ai_canonname: '${hostname}'\n`)
  return { address, hostname, numeric: false }
}

/** More than one address is a loose source route, which the socket's lost capabilities forbid even to root. */
const sourceRoute = (proc: Process, hops: readonly string[]): void => {
  for (const hop of hops) {
    const found = inetAton(hop) ?? lookup(proc, hop)
    if (typeof found === 'string') fail(proc, 2, `${hop}: ${lookupError(found)}`)
  }
}

const verbose = (proc: Process, args: Args, canonical: string | undefined): void => {
  const family = args.family === 'inet' ? 'AF_INET' : args.family === 'inet6' ? 'AF_INET6' : 'AF_UNSPEC'
  const sock6 = args.family === 'inet' ? 'sock6.fd: -1 (socktype: 0)' : 'sock6.fd: 4 (socktype: SOCK_RAW)'
  proc.err(`${proc.name}: sock4.fd: 3 (socktype: SOCK_RAW), ${sock6}, hints.ai_family: ${family}\n\n`)
  if (canonical !== undefined) proc.out(`ai->ai_family: AF_INET, ai->ai_canonname: '${canonical}'\n`)
}

/** What connecting a UDP socket tells: the address that is really pinged, and from where. */
interface Way {
  readonly to: number
  readonly source: number
}

const connect = (proc: Process, args: Args, sock: RawSocket, address: number): Way => {
  const ns = proc.netns
  if (args.device !== undefined) {
    sock.boundDevice = ns.device(args.device)
    if (sock.boundDevice === undefined) fail(proc, 2, `SO_BINDTODEVICE ${args.device}: ${strerror('ENODEV')}`)
  }
  if (args.source !== undefined) {
    if (args.source !== 0 && deviceOf(ns, args.source) === undefined && !ns.ipv4.ipNonlocalBind)
      fail(proc, 2, `bind: ${strerror('EADDRNOTAVAIL')}`)
    sock.source = args.source
    sock.broadcast = args.broadcast
    return { to: address === 0 ? args.source : address, source: args.source }
  }
  const way = routeConnect(ns, address, { oif: sock.boundDevice })
  const errno = way instanceof Refusal ? way.errno : way.type === 'broadcast' ? 'EACCES' : undefined
  if (errno === 'EACCES') {
    if (!args.broadcast)
      fail(proc, 2, 'Do you want to ping broadcast? Then -b. If not, check your local firewall rules')
    proc.err('WARNING: pinging broadcast address\n')
    sock.broadcast = true
  }
  if (way instanceof Refusal) return fail(proc, 2, `connect: ${strerror(way.errno)}`)
  if (args.device !== undefined && !sock.boundDevice?.addresses.some((a) => a.local === way.source))
    warn(proc, `Warning: source address might be selected on device other than: ${args.device}`)
  // Without -B the socket stays unbound: each packet's source is that of its route at the time.
  if (args.strictSource) sock.source = way.source
  return { to: address === 0 ? way.source : address, source: way.source }
}

const setup = (proc: Process, args: Args, sock: RawSocket, to: number): void => {
  sock.recvErr = true
  sock.tos = args.tos
  sock.mark = args.mark
  // Broadcasts and multicasts are not fragmented unless asked for.
  sock.pmtudisc = args.pmtudisc ?? (sock.broadcast || isMulticast(to) ? 'do' : 'want')
  if (args.record !== undefined) sock.options = recordOptions(args.record)
  if (args.ttl === undefined) return
  if (args.ttl === 0) fail(proc, 2, `cannot set unicast time-to-live: ${strerror('EINVAL')}`)
  sock.ttl = args.ttl
}

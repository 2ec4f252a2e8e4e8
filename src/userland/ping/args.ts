import { parseIpv4 } from '../../wire/ipv4.ts'
import type { PmtuDisc } from '../../kernel/sock/socket.ts'
import type { Process } from '../../proc/process.ts'
import { getopt } from '../iputils/getopt.ts'
import { fail, INT_MAX, iputilsVersion, LONG_MAX, strtod, strtol, warn } from '../iputils/numbers.ts'
import { NODEINFO_HELP, USAGE } from './usage.ts'

/** What ping(8) was asked to do; times in milliseconds. */
export interface Args {
  readonly targets: readonly string[]
  count: number
  interval: number
  /** -W: how long to wait for the first answer once all is sent. */
  linger: number
  /** -w, in seconds; 0 = none. */
  deadline: number
  size: number
  preload: number
  ttl: number | undefined
  tos: number
  mark: number
  ident: number | undefined
  pmtudisc: PmtuDisc | undefined
  source: number | undefined
  device: string | undefined
  pattern: Uint8Array | undefined
  /** -R, or -T with its kind. */
  record: 'route' | 'tsonly' | 'tsandaddr' | 'tsprespec' | undefined
  strictSource: boolean
  adaptive: boolean
  audible: boolean
  broadcast: boolean
  connect: boolean
  dontroute: boolean
  flood: boolean
  numeric: boolean
  outstanding: boolean
  quiet: boolean
  timestamps: boolean
  verbose: boolean
  family: 'unspec' | 'inet' | 'inet6'
}

const SPEC = 'h?4bRT:6F:N:aABc:CdDe:fi:I:l:Lm:M:nOp:qQ:rs:S:t:UvVw:W:'

/** Seconds of a bound of the C program, whose milliseconds are an int. */
const MAX_SECONDS = Math.floor(INT_MAX / 1000)

export const parseArgs = (proc: Process): Args => {
  const { options, operands } = getopt(proc.argv.slice(1), SPEC)
  const a: Args = {
    targets: operands, count: 0, interval: 1000, linger: 10_000, deadline: 0, size: 56, preload: 1, ttl: undefined,
    tos: 0, mark: 0, ident: undefined, pmtudisc: undefined, source: undefined, device: undefined, pattern: undefined,
    record: undefined, strictSource: false, adaptive: false, audible: false, broadcast: false, connect: false,
    dontroute: false, flood: false, numeric: false, outstanding: false, quiet: false, timestamps: false,
    verbose: false, family: 'unspec',
  } // prettier-ignore
  let intervalGiven = false
  for (const o of options) {
    if ('bad' in o) {
      warn(proc, o.bad)
      return usage(proc)
    }
    if (o.opt === 'i') intervalGiven = true
    apply(proc, a, o.opt, o.arg)
  }
  if (operands.length === 0) fail(proc, 1, 'usage error: Destination address required')
  if (a.flood && !intervalGiven) a.interval = 0
  return a
}

const usage = (proc: Process): never => {
  proc.err(USAGE)
  return proc.exit(2)
}

const apply = (proc: Process, a: Args, opt: string, arg: string): void => {
  switch (opt) {
    case '4':
    case '6': {
      const family = opt === '4' ? 'inet' : 'inet6'
      if (a.family !== 'unspec' && a.family !== family)
        fail(proc, 2, 'only one -4 or -6 option may be specified')
      a.family = family
      return
    }
    case 'a': return void (a.audible = true) // prettier-ignore
    case 'A': return void (a.adaptive = true) // prettier-ignore
    case 'b': return void (a.broadcast = true) // prettier-ignore
    case 'B': return void (a.strictSource = true) // prettier-ignore
    case 'c': return void (a.count = strtol(proc, arg, 1, LONG_MAX)) // prettier-ignore
    case 'C': return void (a.connect = true) // prettier-ignore
    case 'D': return void (a.timestamps = true) // prettier-ignore
    case 'e': return void (a.ident = strtol(proc, arg, 0, 65535)) // prettier-ignore
    case 'f':
      a.flood = a.numeric = true
      return
    case 'F':
      if (!/^(0x)?[0-9a-f]+$/i.test(arg) || parseInt(arg, 16) > 0xfffff)
        fail(proc, 2, `bad value for flowinfo: ${arg}`)
      return
    case 'i': return void (a.interval = milliseconds(proc, arg, 'bad timing interval', -Infinity)) // prettier-ignore
    case 'I': {
      const address = parseIpv4(arg)
      if (address === undefined) a.device = arg
      else a.source = address
      return
    }
    case 'l': return void (a.preload = strtol(proc, arg, 1, 65536)) // prettier-ignore
    case 'm': return void (a.mark = strtol(proc, arg, 0, 4294967295)) // prettier-ignore
    case 'M':
      if (arg !== 'do' && arg !== 'dont' && arg !== 'want') fail(proc, 2, `invalid -M argument: ${arg}`)
      a.pmtudisc = arg as PmtuDisc
      return
    case 'n': return void (a.numeric = true) // prettier-ignore
    case 'N':
      if (/^(name|ipv6(-all|-compatible|-global|-linklocal|-sitelocal)?|ipv4(-all)?|subject-.*)$/.test(arg))
        notSimulated(proc, '-N asks by ICMPv6, which is real but not simulated')
      proc.err(NODEINFO_HELP)
      return proc.exit(0)
    case 'O': return void (a.outstanding = true) // prettier-ignore
    case 'p': return void (a.pattern = pattern(proc, a, arg)) // prettier-ignore
    case 'q': return void (a.quiet = true) // prettier-ignore
    case 'Q': return void (a.tos = tos(proc, arg)) // prettier-ignore
    case 'r': return void (a.dontroute = true) // prettier-ignore
    case 'R':
      if (a.record !== undefined && a.record !== 'route') fail(proc, 2, 'only one of -T or -R may be used')
      a.record = 'route'
      return
    case 's': return void (a.size = strtol(proc, arg, 0, INT_MAX)) // prettier-ignore
    case 'S': return void strtol(proc, arg, 1, INT_MAX) // prettier-ignore
    case 't': return void (a.ttl = strtol(proc, arg, 0, 255)) // prettier-ignore
    case 'T':
      if (a.record === 'route') fail(proc, 2, 'only one of -T or -R may be used')
      if (arg !== 'tsonly' && arg !== 'tsandaddr' && arg !== 'tsprespec')
        return fail(proc, 2, `invalid timestamp type: ${arg}`)
      a.record = arg
      return
    case 'v': return void (a.verbose = true) // prettier-ignore
    case 'V':
      proc.out(iputilsVersion('ping'))
      return proc.exit(0)
    case 'w': return void (a.deadline = strtol(proc, arg, 0, INT_MAX)) // prettier-ignore
    case 'W': return void (a.linger = milliseconds(proc, arg, 'bad linger time', 0)) // prettier-ignore
    // No effect on what is sent or printed here: debugging, buffer size, multicast loops, whose clock is read.
    case 'd':
    case 'L':
    case 'U':
      return
    default:
      usage(proc)
  }
}

export const notSimulated = (proc: Process, message: string): never => fail(proc, 125, message)

const milliseconds = (proc: Process, text: string, message: string, low: number): number => {
  if (text === '') fail(proc, 2, `${message}: ${text}`)
  const { value, rest } = strtod(text)
  if (rest !== '') {
    warn(proc, `option argument contains garbage: ${rest}`)
    warn(proc, 'this will become fatal error in the future')
  }
  if (value < low || value > MAX_SECONDS) fail(proc, 2, `${message}: ${text}`)
  return Math.trunc(value * 1000)
}

/** Type of service: hexadecimal with 0x, else decimal. */
const tos = (proc: Process, text: string): number => {
  const m = /^[ \t]*([+-]?)(?:0x([0-9a-f]+)|(\d+))$/i.exec(text)
  if (m === null && text !== '') fail(proc, 2, `bad TOS value: ${text}`)
  const n = m === null ? 0 : m[2] === undefined ? Number(m[3]) : parseInt(m[2], 16)
  if (n > 255 || (m?.[1] === '-' && n > 0))
    fail(proc, 2, `the decimal value of TOS bits must be in range 0-255: ${m?.[1] === '-' ? -n : n}`)
  return n
}

/** Up to 16 bytes in hexadecimal that fill the packet over and over. */
const pattern = (proc: Process, a: Args, text: string): Uint8Array => {
  if (/[^0-9a-fA-F]/.test(text)) fail(proc, 2, `patterns must be specified as hex digits: ${text}`)
  const bytes = Uint8Array.from((text.match(/../g) ?? []).slice(0, 16), (p) => parseInt(p, 16))
  const odd = text.length % 2 === 1 && text.length < 32
  const all = odd ? Uint8Array.from([...bytes, parseInt(text.at(-1) as string, 16)]) : bytes
  if (!a.quiet) proc.out(`PATTERN: 0x${Array.from(all, (b) => b.toString(16).padStart(2, '0')).join('')}\n`)
  return all
}

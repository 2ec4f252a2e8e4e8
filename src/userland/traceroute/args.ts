import type { Process } from '../../proc/process.ts'
import { lookup, lookupError } from '../iputils/lookup.ts'
import { ARGUMENTS, USAGE } from './usage.ts'

/** What traceroute(8) was asked to do; times in seconds. */
export interface Args {
  host: string
  address: number
  method: 'default' | 'icmp' | 'udp'
  firstHop: number
  maxHops: number
  probes: number
  simultaneous: number
  wait: readonly [number, number, number]
  sendWait: number
  length: number
  port: number | undefined
  sport: number | undefined
  tos: number
  mark: number
  source: number | undefined
  device: string | undefined
  numeric: boolean
  dontFragment: boolean
  dontroute: boolean
  mtu: boolean
  back: boolean
}

/** Long options by their letter. */
const LONG: Readonly<Record<string, string>> = {
  'debug': 'd', 'dont-fragment': 'F', 'first': 'f', 'gateway': 'g', 'icmp': 'I', 'tcp': 'T', 'interface': 'i',
  'max-hops': 'm', 'sim-queries': 'N', 'port': 'p', 'tos': 't', 'flowlabel': 'l', 'wait': 'w', 'queries': 'q',
  'source': 's', 'sendwait': 'z', 'extensions': 'e', 'as-path-lookups': 'A', 'module': 'M', 'options': 'O',
  'sport': 'sport', 'fwmark': 'fwmark', 'udp': 'U', 'dccp': 'D', 'protocol': 'P', 'mtu': 'mtu', 'back': 'back',
  'version': 'V', 'help': 'help',
} // prettier-ignore
const FLAGS = '46dFITnreAUDVfgimNptlwqszMOP'

const NOT_SIMULATED: Readonly<Record<string, string>> = {
  T: 'TCP probes', D: 'DCCP probes', P: 'raw probes', g: 'source routing', O: 'options of modules', 6: 'IPv6',
} // prettier-ignore

const fail = (proc: Process, message: string): never => {
  proc.flush()
  proc.err(`${message}\n`)
  return proc.exit(2)
}
const notSimulated = (proc: Process, what: string): never => {
  proc.err(`traceroute: ${what}: real but not simulated\n`)
  return proc.exit(125)
}

export const parseArgs = (proc: Process): Args => {
  const a: Args = {
    host: '', address: 0, method: 'default', firstHop: 1, maxHops: 30, probes: 3, simultaneous: 16, wait: [5, 3, 10],
    sendWait: 0, length: 60, port: undefined, sport: undefined, tos: 0, mark: 0, source: undefined, device: undefined,
    numeric: false, dontFragment: false, dontroute: false, mtu: false, back: false,
  } // prettier-ignore
  const { argv } = proc
  const operands: [string, number][] = []
  const positional = (word: string, argc: number): void => {
    if (operands.push([word, argc]) > 2)
      fail(proc, `Extra arg \`${word}' (position ${operands.length}, argc ${argc})`)
  }
  let family: 'unspec' | 'inet6' = 'unspec'
  let asPath = false
  const set = (opt: string, value: string, argc: number, shown: string): void => {
    if (opt === '6') family = 'inet6'
    else if (opt === 'A') asPath = true
    else apply(proc, a, opt, value, `Cannot handle \`${shown}' option with arg \`${value}' (argc ${argc})`)
  }
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === '--') {
      for (i++; i < argv.length; i++) positional(argv[i] as string, i)
      break
    }
    if (!word.startsWith('-') || word === '-') {
      positional(word, i)
      continue
    }
    if (word.startsWith('--')) {
      const [name = '', ...rest] = word.slice(2).split('=')
      const opt = Object.hasOwn(LONG, name) ? LONG[name] : undefined
      if (opt === undefined) return fail(proc, `Bad option \`--${name}' (argc ${i})`)
      const argument = ARGUMENTS[name]
      if (argument !== undefined && rest.length === 0)
        return fail(proc, `Option \`--${name}' (argc ${i}) requires an argument: \`--${name}=${argument}'`)
      set(opt, rest.join('='), i, `--${name}`)
      continue
    }
    i = letters(proc, argv, i, set)
  }
  if (operands.length === 0) {
    proc.err(USAGE)
    return proc.exit(0)
  }
  operands.forEach(([word, argc], i) => {
    operand(proc, a, word, i + 1, argc, family)
  })
  validate(proc, a)
  if (asPath) asPathLookups(proc)
  return a
}

/** Letters in one word; only the first may have an argument, in the same word or the next. */
const letters = (
  proc: Process,
  argv: readonly string[],
  start: number,
  set: (opt: string, value: string, argc: number, shown: string) => void,
): number => {
  const word = argv[start] as string
  if (word === '-UL') return notSimulated(proc, '-UL (UDPLITE probes)')
  for (let c = 1; c < word.length; c++) {
    const opt = word[c] as string
    if (!FLAGS.includes(opt)) return fail(proc, `Bad option \`-${opt}' (argc ${start})`)
    const argument = ARGUMENTS[opt]
    if (argument === undefined) {
      set(opt, '', start, `-${opt}`)
      continue
    }
    if (c === 1 && word.length > 2) {
      set(opt, word.slice(2), start, `-${opt}`)
      return start
    }
    const next = argv[start + 1]
    if (c > 1 || next === undefined)
      return fail(proc, `Option \`-${opt}' (argc ${start}) requires an argument: \`-${opt} ${argument}'`)
    set(opt, next, start + 1, `-${opt}`)
    return start + 1
  }
  return start
}

const apply = (proc: Process, a: Args, opt: string, value: string, cannot: string): void => {
  const what = NOT_SIMULATED[opt]
  if (what !== undefined) notSimulated(proc, `-${opt} (${what})`)
  const whole = (): number => (/^(0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : fail(proc, cannot))
  switch (opt) {
    case 'F': return void (a.dontFragment = true) // prettier-ignore
    case 'I': return void (a.method = 'icmp') // prettier-ignore
    case 'U': return void (a.method = 'udp') // prettier-ignore
    case 'n': return void (a.numeric = true) // prettier-ignore
    case 'r': return void (a.dontroute = true) // prettier-ignore
    case 'f': return void (a.firstHop = whole()) // prettier-ignore
    case 'm': return void (a.maxHops = whole()) // prettier-ignore
    case 'N': return void (a.simultaneous = whole()) // prettier-ignore
    case 'q': return void (a.probes = whole()) // prettier-ignore
    case 'p': return void (a.port = whole()) // prettier-ignore
    case 't': return void (a.tos = whole() & 255) // prettier-ignore
    case 'l': return void whole() // prettier-ignore
    case 'i': return void (a.device = value) // prettier-ignore
    case 'fwmark': return void (a.mark = whole()) // prettier-ignore
    case 'sport':
      a.sport = whole()
      a.simultaneous = 1
      return
    case 's':
      a.source = resolve(proc, value, cannot, 'unspec')
      return
    case 'z': {
      const seconds = Number(value)
      if (value === '' || Number.isNaN(seconds)) fail(proc, cannot)
      a.sendWait = seconds > 10 ? seconds / 1000 : seconds
      return
    }
    case 'w': {
      const parts = value.split(',').map(Number)
      if (value === '' || parts.length > 3 || parts.some((n) => Number.isNaN(n))) fail(proc, cannot)
      a.wait = [parts[0] as number, parts[1] ?? 0, parts[2] ?? 0]
      return
    }
    case 'M':
      if (value === 'default' || value === 'icmp' || value === 'udp') a.method = value
      else if (['tcp', 'tcpconn', 'udplite', 'dccp', 'raw'].includes(value)) notSimulated(proc, `-M ${value}`)
      else fail(proc, `Unknown traceroute module ${value}`)
      return
    case 'mtu':
      a.mtu = a.dontFragment = true
      a.simultaneous = 1
      return
    case 'back': return void (a.back = true) // prettier-ignore
    case 'V':
      proc.out(
        'Modern traceroute for Linux, version 2.1.2\nCopyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later\n',
      )
      return proc.exit(0)
    case 'help':
      proc.err(USAGE)
      return proc.exit(0)
    // -4 is what is simulated; debugging and extensions that nobody sends change nothing.
    default:
  }
}

const resolve = (proc: Process, name: string, cannot: string, family: 'unspec' | 'inet6'): number => {
  const found = lookup(proc, name)
  if (typeof found === 'number') {
    if (family === 'unspec') return found
    return fail(proc, `${name}: ${lookupError('ADDRFAMILY')}\n${cannot}`)
  }
  if (found === 'ADDRFAMILY') return notSimulated(proc, `${name} (IPv6)`)
  return fail(proc, `${name}: ${lookupError(found)}\n${cannot}`)
}

const operand = (
  proc: Process,
  a: Args,
  word: string,
  position: number,
  argc: number,
  family: 'unspec' | 'inet6',
): void => {
  const cannot = (what: string): string =>
    `Cannot handle "${what}" cmdline arg \`${word}' on position ${position} (argc ${argc})`
  if (position === 1) {
    a.host = word
    a.address = resolve(proc, word, cannot('host'), family)
  } else {
    if (!/^(0x[0-9a-f]+|\d+)$/i.test(word)) fail(proc, cannot('packetlen'))
    a.length = Math.max(Number(word), MIN_LENGTH)
  }
}
/** IP and UDP or ICMP headers. */
const MIN_LENGTH = 28
const MAX_LENGTH = 65000

const validate = (proc: Process, a: Args): void => {
  if (a.firstHop === 0 || a.firstHop > a.maxHops) fail(proc, 'first hop out of range')
  if (a.maxHops > 255) fail(proc, 'max hops cannot be more than 255')
  if (a.probes === 0 || a.probes > 10) fail(proc, 'no more than 10 probes per hop')
  if (a.wait.some((n) => n < 0)) fail(proc, `bad wait specifications \`${a.wait.join(',')}' used`)
  if (a.length > MAX_LENGTH) fail(proc, `too big packetlen ${a.length} specified`)
  if (a.sendWait < 0) fail(proc, `bad sendtime \`${a.sendWait}' specified`)
  if (a.mtu) a.length = MAX_LENGTH
}

const asPathLookups = (proc: Process): never => {
  const found = lookup(proc, 'whois.radb.net')
  if (typeof found === 'number') return notSimulated(proc, '-A (AS path lookups)')
  return fail(proc, `whois.radb.net/nicname: ${lookupError(found)}`)
}

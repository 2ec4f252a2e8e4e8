import { Refusal } from '../../kernel/refusal.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import type { Main, Process } from '../../proc/process.ts'
import { SIGNALS, type Signal } from '../../proc/signal.ts'
import { strftime } from '../../proc/strftime.ts'
import { parseOptions, programName, quote, tryHelp } from './program.ts'
import { BoundedRegExp } from '../../proc/bounded-regexp.ts'

const kernel = (proc: Process, file: string, byDefault: string): string => {
  const text = proc.readFile(`/proc/sys/kernel/${file}`)
  return text instanceof Refusal ? byDefault : text.trimEnd()
}

/** uname(1), arch(1) */
// eslint-disable-next-line require-yield -- never waits
export const uname: Main = function* (proc) {
  if (programName(proc) === 'arch') {
    const o = parseOptions(proc, { short: '' })
    if (o.operands.length > 0) return tryHelp(proc, `extra operand ${quote(o.operands[0] ?? '')}`)
    proc.out('x86_64\n')
    return 0
  }
  const o = parseOptions(proc, {
    short: 'aimnoprsv',
    long: {
      all: { short: 'a' }, 'kernel-name': { short: 's' }, nodename: { short: 'n' }, 'kernel-release': { short: 'r' }, 'kernel-version': { short: 'v' },
      machine: { short: 'm' }, processor: { short: 'p' }, 'hardware-platform': { short: 'i' }, 'operating-system': { short: 'o' },
    },
  }) // prettier-ignore
  if (o.operands.length > 0) return tryHelp(proc, `extra operand ${quote(o.operands[0] ?? '')}`)
  const all = o.has('a')
  const fields: readonly (readonly [string, string])[] = [
    ['s', 'Linux'],
    ['n', proc.host.hostname],
    ['r', kernel(proc, 'osrelease', '6.18.44')],
    ['v', kernel(proc, 'version', '#1 SMP PREEMPT_DYNAMIC')],
    ['m', 'x86_64'],
    ['p', 'unknown'],
    ['i', 'unknown'],
    ['o', 'GNU/Linux'],
  ]
  const chosen = fields.filter(([c]) =>
    all ? c !== 'p' && c !== 'i' : o.options.length === 0 ? c === 's' : o.has(c),
  )
  proc.out(chosen.map(([, v]) => v).join(' ') + '\n')
  return 0
}

/** uptime(1) of procps */
// eslint-disable-next-line require-yield -- never waits
export const uptime: Main = function* (proc) {
  const o = parseOptions(proc, { short: 'ps', long: { pretty: { short: 'p' }, since: { short: 's' } } })
  const s = Math.floor(proc.now / 1e9)
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor(s / 60) % 60]
  if (o.has('s')) proc.out(strftime('%Y-%m-%d %H:%M:%S', EPOCH_SECONDS) + '\n')
  else if (o.has('p')) {
    const unit = (n: number, w: string): string => `${n} ${w}${n === 1 ? '' : 's'}`
    proc.out(`up ${hours > 0 ? unit(hours, 'hour') + ', ' : ''}${unit(minutes, 'minute')}\n`)
  } else {
    const up =
      hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`
    proc.out(
      ` ${strftime('%H:%M:%S', EPOCH_SECONDS + proc.now / 1e9)} up ${up},  0 users,  load average: 0.00, 0.00, 0.00\n`,
    )
  }
  return 0
}

/** nproc(1), tty(1) */
// eslint-disable-next-line require-yield -- never waits
export const nproc: Main = function* (proc) {
  proc.out('1\n')
  return 0
}

// eslint-disable-next-line require-yield -- never waits
export const ttyMain: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 's',
    long: { silent: { short: 's' }, quiet: { short: 's' } },
    status: 2,
  })
  const is = proc.fds.get(0)?.isTty === true
  if (!o.has('s')) proc.out(is ? '/dev/pts/0\n' : 'not a tty\n')
  return is ? 0 : 1
}

const NAMES = Object.keys(SIGNALS) as Signal[]
const signalOf = (word: string): Signal | 0 | undefined => {
  const w = word.toUpperCase().replace(/^SIG/, '')
  return w === '0' ? 0 : NAMES.find((s) => s === w || String(SIGNALS[s]) === w)
}

/** /bin/kill of procps; the shell has its own. */
// eslint-disable-next-line require-yield -- never waits
export const kill: Main = function* (proc) {
  let args = proc.argv.slice(1)
  let signal: Signal | 0 = 'TERM'
  const [first] = args
  if (first === '-l' || first === '-L') {
    proc.out(NAMES.join(' ') + '\n')
    return 0
  }
  if (first !== undefined && /^-./.test(first) && first !== '--') {
    const word = first === '-s' ? (args[1] ?? '') : first.slice(1)
    const s = signalOf(word)
    if (s === undefined) {
      proc.err(`kill: unknown signal name ${word}\n`)
      return 1
    }
    signal = s
    args = args.slice(first === '-s' ? 2 : 1)
  }
  if (args.length === 0) {
    proc.err('\nUsage:\n kill [options] <pid> [...]\n\nFor more details see kill(1).\n')
    return 1
  }
  let status = 0
  for (const a of args) {
    if (!/^-?\d+$/.test(a)) {
      proc.err(`kill: failed to parse argument: '${a}'\n`)
      status = 1
      continue
    }
    const target = proc.host.processes.get(Number(a))
    if (target === undefined) {
      proc.err(`kill: (${a}): No such process\n`)
      status = 1
    } else if (signal !== 0) target.signal(signal)
  }
  return status
}

const running = (proc: Process): Process[] => [...proc.host.processes.values()].sort((a, b) => a.pid - b.pid)
const commandOf = (p: Process): string => (p.argv[0] ?? '').replace(/^.*\//, '')
const stateOf = (p: Process, self: Process): string =>
  p.status !== undefined ? 'Z' : p.stopped ? 'T' : p === self ? 'R' : 'S'

/** Was it started from a terminal, by itself or through what started it? */
const fromTerminal = (p: Process): boolean => {
  for (let q: Process | undefined = p; q !== undefined; q = q.parent)
    if ([...q.fds.values()].some((f) => f.isTty)) return true
  return false
}

/** What ps takes until it looks: the others of its pipeline have started by then. */
const START_NS = 1e6

/** ps(1): the processes of this machine. */
export const ps: Main = function* (proc) {
  const words = proc.argv.slice(1)
  const letters = words.filter((w) => /^-?[A-Za-z]+$/.test(w)).join('').replace(/-/g, '') // prettier-ignore
  const bad = words.find((w) => !/^-?[aAeflwxuTN]+$/.test(w) && !/^\d+$/.test(w))
  if (bad !== undefined) {
    proc.err(`ps: ${bad} is real but not simulated; see: man ps\n`)
    return 125
  }
  const pids = words.filter((w) => /^\d+$/.test(w)).map(Number)
  if ((yield proc.after(START_NS)) === 'signal') return 0
  const all = /[aAex]/.test(letters)
  const list = running(proc).filter((p) => (pids.length > 0 ? pids.includes(p.pid) : all || fromTerminal(p)))
  const start = (p: Process): string => strftime('%H:%M', EPOCH_SECONDS + p.startedAt / 1e9)
  const on = (p: Process): string => (fromTerminal(p) ? 'pts/0' : '?')
  const line = (p: Process): string =>
    p.status !== undefined ? `[${commandOf(p)}] <defunct>` : p.argv.join(' ')
  if (letters.includes('u')) {
    proc.out('USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n')
    for (const p of list) {
      const stat = stateOf(p, proc) + (p.pgid === proc.host.tty.foreground ? '+' : '')
      proc.out(
        `root     ${String(p.pid).padStart(7)}  0.0  0.0   4200  3200 ${on(p).padEnd(8)} ${stat.padEnd(4)} ${start(p)}   0:00 ${line(p)}\n`,
      )
    }
  } else if (letters.includes('f')) {
    proc.out('UID          PID    PPID  C STIME TTY          TIME CMD\n')
    for (const p of list)
      proc.out(
        `root     ${String(p.pid).padStart(7)} ${String(p.parent?.pid ?? 0).padStart(7)}  0 ${start(p)} ${on(p).padEnd(8)} 00:00:00 ${line(p)}\n`,
      )
  } else if (/[ax]/.test(letters) && !words.some((w) => w.startsWith('-'))) {
    proc.out('    PID TTY      STAT   TIME COMMAND\n')
    for (const p of list)
      proc.out(
        `${String(p.pid).padStart(7)} ${on(p).padEnd(8)} ${stateOf(p, proc).padEnd(4)}   0:00 ${line(p)}\n`,
      )
  } else {
    proc.out('    PID TTY          TIME CMD\n')
    for (const p of list)
      proc.out(
        `${String(p.pid).padStart(7)} ${on(p).padEnd(8)} 00:00:00 ${commandOf(p)}${p.status !== undefined ? ' <defunct>' : ''}\n`,
      )
  }
  return 0
}

/** pgrep(1), pkill(1), pidof(8) */
// eslint-disable-next-line require-yield -- never waits
export const pgrep: Main = function* (proc) {
  const name = programName(proc)
  const words = proc.argv.slice(1)
  let signal: Signal = 'TERM'
  const flags = new Set<string>()
  const patterns: string[] = []
  for (const w of words) {
    const s = name === 'pkill' && /^-./.test(w) ? signalOf(w.slice(1)) : undefined
    if (s) signal = s
    else if (/^-[aflxnovci]+$/.test(w)) for (const c of w.slice(1)) flags.add(c)
    else if (w.startsWith('-')) {
      proc.err(`${name}: ${w} is real but not simulated\n`)
      return 125
    } else patterns.push(w)
  }
  const [pattern] = patterns
  if (pattern === undefined) {
    proc.err(
      name === 'pidof'
        ? ''
        : `${name}: no matching criteria specified\nTry \`${name} --help' for more information.\n`,
    )
    return name === 'pidof' ? 1 : 2
  }
  const found = running(proc).filter((p) => {
    if (p === proc || p.status !== undefined) return false
    if (name === 'pidof') return patterns.includes(commandOf(p))
    const text = flags.has('f') ? p.argv.join(' ') : commandOf(p)
    const hit = flags.has('x')
      ? text === pattern
      : text.includes(pattern) || safeRegex(pattern)?.test(text) === true
    return hit !== flags.has('v')
  })
  const list = flags.has('n') ? found.slice(-1) : flags.has('o') ? found.slice(0, 1) : found
  if (name === 'pkill') for (const p of list) p.signal(signal)
  else if (name === 'pidof')
    proc.out(list.length > 0 ? list.map((p) => p.pid).reverse().join(' ') + '\n' : '') // prettier-ignore
  else if (flags.has('c')) proc.out(`${list.length}\n`)
  else
    for (const p of list)
      proc.out(
        `${p.pid}${flags.has('a') ? ' ' + p.argv.join(' ') : flags.has('l') ? ' ' + commandOf(p) : ''}\n`,
      )
  return list.length > 0 ? 0 : 1
}

const safeRegex = (pattern: string): RegExp | undefined => {
  try {
    return new BoundedRegExp(pattern)
  } catch {
    return undefined
  }
}

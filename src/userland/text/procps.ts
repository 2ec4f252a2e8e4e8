import { BoundedRegExp } from '../../proc/bounded-regexp.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import type { Main, Process } from '../../proc/process.ts'
import { SIGNALS, type Signal } from '../../proc/signal.ts'
import { strftime } from '../../proc/strftime.ts'
import { NOT_SIMULATED, programName } from './program.ts'

/** Looking at processes and sending them signals: procps 4.0.2, killall of psmisc 23.6. */

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

interface Column {
  readonly head: string
  readonly width: number
  readonly right?: boolean
  readonly value: (p: Process, self: Process) => string
}

const clock = (p: Process): string => strftime('%H:%M', EPOCH_SECONDS + p.startedAt / 1e9)
const terminal = (p: Process): string => (fromTerminal(p) ? 'pts/0' : '?')
const line = (p: Process): string =>
  p.status !== undefined ? `[${commandOf(p)}] <defunct>` : p.argv.join(' ')
const elapsed = (p: Process): number => Math.floor((p.now - p.startedAt) / 1e9)
const two = (n: number): string => String(n).padStart(2, '0')

const pid = (head: string, value: (p: Process) => number): Column => ({
  head, width: 7, right: true, value: (p) => String(value(p)),
}) // prettier-ignore
const user: Column = { head: 'USER', width: 8, value: (p) => p.user }
const args = (head: string): Column => ({ head, width: 27, value: line })
const command = (head: string): Column => ({ head, width: 15, value: commandOf })

/** What -o can ask for (ps(1), STANDARD FORMAT SPECIFIERS). */
const COLUMNS: Readonly<Record<string, Column>> = {
  pid: pid('PID', (p) => p.pid),
  ppid: pid('PPID', (p) => p.parent?.pid ?? 0),
  pgid: pid('PGID', (p) => p.pgid),
  pgrp: pid('PGRP', (p) => p.pgid),
  user, uname: user, euser: { ...user, head: 'EUSER' }, ruser: { ...user, head: 'RUSER' },
  uid: { head: 'UID', width: 5, right: true, value: () => '0' },
  comm: command('COMMAND'), ucmd: command('CMD'), ucomm: command('COMMAND'), fname: { ...command('COMMAND'), width: 8 },
  args: args('COMMAND'), command: args('COMMAND'), cmd: args('CMD'),
  stat: { head: 'STAT', width: 4, value: (p, self) => stateOf(p, self) + (p.pgid === p.host.tty.foreground ? '+' : '') },
  state: { head: 'S', width: 1, value: stateOf }, s: { head: 'S', width: 1, value: stateOf },
  tty: { head: 'TT', width: 8, value: terminal }, tt: { head: 'TT', width: 8, value: terminal }, tname: { head: 'TTY', width: 8, value: terminal },
  time: { head: 'TIME', width: 8, right: true, value: () => '00:00:00' }, cputime: { head: 'TIME', width: 8, right: true, value: () => '00:00:00' },
  start: { head: 'STARTED', width: 8, right: true, value: (p) => strftime('%H:%M:%S', EPOCH_SECONDS + p.startedAt / 1e9) },
  stime: { head: 'STIME', width: 5, value: clock }, start_time: { head: 'START', width: 5, value: clock },
  etime: { head: 'ELAPSED', width: 11, right: true, value: (p) => `${two(Math.floor(elapsed(p) / 60))}:${two(elapsed(p) % 60)}` },
  etimes: { head: 'ELAPSED', width: 7, right: true, value: (p) => String(elapsed(p)) },
  pcpu: { head: '%CPU', width: 4, right: true, value: () => '0.0' }, pmem: { head: '%MEM', width: 4, right: true, value: () => '0.0' },
  ni: { head: 'NI', width: 3, right: true, value: () => '0' }, nice: { head: 'NI', width: 3, right: true, value: () => '0' },
} // prettier-ignore

/** Wider columns are cut to this, as ps cuts the blanks before a value. */
const MAX_WIDTH = 147

/** ps reads a width into an int: what is no positive one is none. */
const isWidth = (word: string): boolean => /^[1-9]\d*$/.test(word) && BigInt.asIntN(32, BigInt(word)) > 0n

/** `pid:8=,comm=NAME`: widths and headers of their own. A header that is not empty goes on to the end, with its commas. */
const columnsOf = (proc: Process, format: string): Column[] => {
  const columns: Column[] = []
  for (let rest = format.trim(); rest !== '';) {
    const m = /^([^=, ]+)(?:=(?:(?=,|$)|(.*$)))?[, ]*/.exec(rest)
    const [whole = rest, word = rest, head] = m ?? []
    const [name = '', width] = word.split(':')
    const column = COLUMNS[name]
    if (column === undefined) return fail(proc, `unknown user-defined format specifier "${name}"`)
    if (width !== undefined && !isWidth(width))
      return fail(proc, 'column widths must be unsigned decimal numbers')
    const own = whole.includes('=') ? { head: head ?? '' } : {}
    columns.push({
      ...column,
      ...own,
      ...(width === undefined ? {} : { width: Math.min(Number(width), MAX_WIDTH) }),
    })
    rest = rest.slice(whole.length)
  }
  return columns
}

const fail = (proc: Process, text: string): never => {
  proc.err(`error: ${text}\n${PS_USAGE}`)
  return proc.exit(1)
}
const PS_USAGE = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`

interface PsOptions {
  all: boolean
  look: 'short' | 'long' | 'bsd' | 'user' | readonly Column[]
  header: boolean
  sort: string | undefined
  pids: Set<number> | undefined
  names: Set<string> | undefined
}

const LISTS: Readonly<Record<string, 'o' | 'C' | 'p' | 'u'>> = {
  o: 'o', C: 'C', p: 'p', q: 'p', u: 'u', U: 'u', format: 'o', pid: 'p', 'quick-pid': 'p', user: 'u', User: 'u',
} // prettier-ignore

const parsePs = (proc: Process): PsOptions => {
  const o: PsOptions = {
    all: false,
    look: 'short',
    header: true,
    sort: undefined,
    pids: undefined,
    names: undefined,
  }
  const columns: Column[] = []
  const words = proc.argv.slice(1)
  const bsd = words.length > 0 && words.every((w) => !w.startsWith('-'))
  const numbers = (list: string): void => {
    for (const w of list.split(/[ ,]+/)) {
      if (!/^\d+$/.test(w)) fail(proc, 'process ID list syntax error')
      ;(o.pids ??= new Set()).add(Number(w))
    }
  }
  const take = (kind: 'o' | 'C' | 'p' | 'u', list: string): void => {
    if (kind === 'o') columns.push(...columnsOf(proc, list))
    else if (kind === 'C') for (const w of list.split(/[ ,]+/)) (o.names ??= new Set()).add(w)
    else if (kind === 'p') numbers(list)
    // Everyone is root here.
    else if (/^(root|0)$/.test(list)) o.all = true
    else fail(proc, 'user name does not exist')
  }
  const refuse = (word: string): never => {
    proc.err(`ps: ${word} is real but not simulated; see: man ps\n`)
    return proc.exit(NOT_SIMULATED)
  }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (/^\d/.test(word)) {
      numbers(word)
      if (o.look === 'short') o.look = 'bsd'
      continue
    }
    if (word.startsWith('--')) {
      const [name = '', value] = word.slice(2).split(/=(.*)/)
      const kind = LISTS[name]
      if (kind !== undefined) take(kind, value ?? words[++i] ?? '')
      else if (/^no-?head(ers?|ings?)$/.test(name)) o.header = false
      else if (name === 'sort') o.sort = value ?? words[++i]
      else refuse(word)
      continue
    }
    const dashed = word.startsWith('-')
    for (let c = dashed ? 1 : 0; c < word.length; c++) {
      const letter = word[c] as string
      const kind = dashed || letter === 'o' || letter === 'p' ? LISTS[letter] : undefined
      if (kind !== undefined) {
        take(kind, word.slice(c + 1) || words[++i] || '')
        break
      }
      if (letter === 'A' || letter === 'e' || letter === 'x' || (letter === 'a' && !dashed)) o.all = true
      else if (letter === 'f' && dashed) o.look = 'long'
      else if (letter === 'u') o.look = 'user'
      else if (letter === 'h' && !dashed) o.header = false
      else if (!/[aflwTN]/.test(letter)) refuse(word)
    }
  }
  if (bsd && o.look === 'short') o.look = 'bsd'
  if (columns.length > 0) o.look = columns
  return o
}

/** ps(1): the processes of this machine. */
export const ps: Main = function* (proc) {
  const o = parsePs(proc)
  if ((yield proc.after(START_NS)) === 'signal') return 0
  const chosen = (p: Process): boolean => {
    if (o.pids !== undefined || o.names !== undefined)
      return o.pids?.has(p.pid) === true || o.names?.has(commandOf(p)) === true
    return o.all || fromTerminal(p)
  }
  const list = running(proc).filter(chosen)
  const by = o.sort?.replace(/^[-+]/, '')
  const key = by === undefined ? undefined : COLUMNS[by]
  if (key !== undefined) {
    const sign = o.sort?.startsWith('-') ? -1 : 1
    const text = (p: Process): string => key.value(p, proc)
    list.sort((a, b) => {
      const [x, y] = [text(a), text(b)]
      return sign * (key.right ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0)
    })
  }
  const rows = typeof o.look === 'string' ? fixed(o.look, list, proc) : formatted(o.look, list, proc)
  const [head, ...body] = rows
  if (o.header && head?.trim() !== '') proc.out(`${head ?? ''}\n`)
  for (const row of body) proc.out(row + '\n')
  return list.length > 0 ? 0 : 1
}

const formatted = (columns: readonly Column[], list: readonly Process[], self: Process): string[] => {
  const cells = (value: (c: Column) => string): string =>
    columns
      .map((c, i) => {
        const text = value(c)
        if (c.right) return text.padStart(c.width)
        if (i === columns.length - 1) return text
        return text.slice(0, c.width).padEnd(c.width)
      })
      .join(' ')
  return [cells((c) => c.head), ...list.map((p) => cells((c) => c.value(p, self)))]
}

/** The formats without -o. */
const fixed = (
  look: 'short' | 'long' | 'bsd' | 'user',
  list: readonly Process[],
  self: Process,
): string[] => {
  const id = (n: number | undefined): string => String(n ?? 0).padStart(7)
  const stat = (p: Process): string =>
    (stateOf(p, self) + (p.pgid === p.host.tty.foreground ? '+' : '')).padEnd(4)
  switch (look) {
    case 'user':
      return [
        'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND',
        ...list.map((p) => `root     ${id(p.pid)}  0.0  0.0   4200  3200 ${terminal(p).padEnd(8)} ${stat(p)} ${clock(p)}   0:00 ${line(p)}`),
      ] // prettier-ignore
    case 'long':
      return [
        'UID          PID    PPID  C STIME TTY          TIME CMD',
        ...list.map((p) => `root     ${id(p.pid)} ${id(p.parent?.pid)}  0 ${clock(p)} ${terminal(p).padEnd(8)} 00:00:00 ${line(p)}`),
      ] // prettier-ignore
    case 'bsd':
      return [
        '    PID TTY      STAT   TIME COMMAND',
        ...list.map((p) => `${id(p.pid)} ${terminal(p).padEnd(8)} ${stateOf(p, self).padEnd(4)}   0:00 ${line(p)}`),
      ] // prettier-ignore
    case 'short':
      return [
        '    PID TTY          TIME CMD',
        ...list.map((p) => `${id(p.pid)} ${terminal(p).padEnd(8)} 00:00:00 ${commandOf(p)}${p.status !== undefined ? ' <defunct>' : ''}`),
      ] // prettier-ignore
  }
}

/** killall(1): a signal to all of that name. */
// eslint-disable-next-line require-yield -- never waits
export const killall: Main = function* (proc) {
  let signal: Signal | 0 = 'TERM'
  let quiet = false
  let verbose = false
  let ignoreCase = false
  const names: string[] = []
  const words = proc.argv.slice(1)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    const named = word === '-s' || word === '--signal' ? words[++i] : /^-([A-Z0-9]+)$/.exec(word)?.[1]
    if (word === '-l' || word === '--list') {
      proc.out(`${NAMES.join(' ')}\n`)
      return 0
    }
    if (named !== undefined) {
      const found = signalOf(named)
      if (found === undefined) {
        proc.err(`${named}: unknown signal; killall -l lists signals.\n`)
        return 1
      }
      signal = found
    } else if (word === '-q' || word === '--quiet') quiet = true
    else if (word === '-v' || word === '--verbose') verbose = true
    else if (word === '-I' || word === '--ignore-case') ignoreCase = true
    else if (word === '-e' || word === '--exact' || word === '-w' || word === '--wait' || word === '--')
      continue
    else if (word.startsWith('-')) {
      proc.err(`killall: ${word} is real but not simulated; see: man killall\n`)
      return NOT_SIMULATED
    } else names.push(word)
  }
  if (names.length === 0) {
    proc.err(KILLALL_USAGE)
    return 1
  }
  let status = 0
  for (const name of names) {
    const same = (p: Process): boolean =>
      ignoreCase ? commandOf(p).toLowerCase() === name.toLowerCase() : commandOf(p) === name
    const found = running(proc).filter((p) => p !== proc && p.status === undefined && same(p))
    if (found.length === 0) {
      status = 1
      if (!quiet) proc.err(`${name}: no process found\n`)
    }
    for (const p of found) {
      if (signal !== 0) p.signal(signal)
      if (verbose)
        proc.err(`Killed ${commandOf(p)}(${p.pid}) with signal ${signal === 0 ? 0 : SIGNALS[signal]}\n`)
    }
  }
  return status
}

const KILLALL_USAGE = `Usage: killall [OPTION]... [--] NAME...
       killall -l, --list
       killall -V, --version

  -e,--exact          require exact match for very long names
  -I,--ignore-case    case insensitive process name match
  -g,--process-group  kill process group instead of process
  -y,--younger-than   kill processes younger than TIME
  -o,--older-than     kill processes older than TIME
  -i,--interactive    ask for confirmation before killing
  -l,--list           list all known signal names
  -q,--quiet          don't print complaints
  -r,--regexp         interpret NAME as an extended regular expression
  -s,--signal SIGNAL  send this signal instead of SIGTERM
  -u,--user USER      kill only process(es) running as USER
  -v,--verbose        report if the signal was successfully sent
  -V,--version        display version information
  -w,--wait           wait for processes to die
  -n,--ns PID         match processes that belong to the same namespaces
                      as PID
  -Z,--context REGEXP kill only process(es) having context
                      (must precede other arguments)

`

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

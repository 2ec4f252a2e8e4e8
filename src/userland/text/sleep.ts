import { Refusal } from '../../kernel/refusal.ts'
import type { Main, Process } from '../../proc/process.ts'
import { SIGNALS, type Signal } from '../../proc/signal.ts'
import { strerror } from '../../proc/strerror.ts'
import { anyOf } from '../../proc/wait.ts'
import { complain, quote, quoteFile, tryHelp } from './program.ts'

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 }

/** `5`, `0.5s`, `2m`, `inf`; in ns. */
const interval = (text: string): number | undefined => {
  if (/^inf(?:inity)?$/i.test(text)) return Infinity
  const m = /^(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)([smhd]?)$/.exec(text)
  return m === null ? undefined : Number(m[1]) * (SECONDS[m[2] as string] as number) * 1e9
}

/** Longest time that is slept at once: about 285 years are beyond any clock here. */
const FOREVER = 9e15

/** sleep(1) */
export const sleep: Main = function* (proc) {
  const args = proc.argv.slice(proc.argv[1] === '--' ? 2 : 1)
  const [first] = args
  if (first === undefined) return tryHelp(proc, 'missing operand')
  if (/^-./.test(first)) {
    return tryHelp(
      proc,
      first.startsWith('--') ? `unrecognized option '${first}'` : `invalid option -- '${first[1]}'`,
    )
  }
  let ns = 0
  let bad = false
  for (const a of args) {
    const t = interval(a)
    if (t === undefined) {
      complain(proc, `invalid time interval ${quote(a)}`)
      bad = true
    } else ns += t
  }
  if (bad) return tryHelp(proc, undefined)
  yield* proc.sleep(Math.min(ns, FOREVER))
  return 0
}

const signalOf = (word: string): Signal | undefined => {
  const w = word.toUpperCase().replace(/^SIG/, '')
  return (Object.keys(SIGNALS) as Signal[]).find((s) => s === w || String(SIGNALS[s]) === w)
}

/** timeout(1): 124 where time ran out. */
export const timeout: Main = function* (proc) {
  let signal: Signal = 'TERM'
  let killAfter: number | undefined
  let preserve = false
  let foreground = false
  let verbose = false
  const args = [...proc.argv.slice(1)]
  while (args[0]?.startsWith('-')) {
    const a = args.shift() as string
    if (a === '--') break
    const value = (short: string, long: string): string | undefined =>
      a === short || a === long ? args.shift() : a.startsWith(long + '=') ? a.slice(long.length + 1) : a.startsWith(short) && !a.startsWith('--') ? a.slice(short.length) : undefined // prettier-ignore
    const s = value('-s', '--signal')
    const k = s === undefined ? value('-k', '--kill-after') : undefined
    if (s !== undefined) {
      const found = signalOf(s)
      if (found === undefined) return tryStatus(proc, `${quote(s)}: invalid signal`)
      signal = found
    } else if (k !== undefined) killAfter = interval(k)
    else if (a === '--preserve-status') preserve = true
    else if (a === '--foreground') foreground = true
    else if (a === '-v' || a === '--verbose') verbose = true
    else
      return tryStatus(
        proc,
        a.startsWith('--') ? `unrecognized option '${a}'` : `invalid option -- '${a[1]}'`,
      )
  }
  const [time, name] = args
  if (time === undefined || name === undefined) return tryHelp(proc, undefined, 125)
  const ns = interval(time)
  if (ns === undefined) return tryStatus(proc, `invalid time interval ${quote(time)}`)
  const found = proc.host.which(name, proc)
  const program = found instanceof Refusal ? found : proc.host.load(found.path, args.slice(1), proc)
  if (program instanceof Refusal) {
    complain(proc, `failed to run command ${quoteFile(name)}: ${strerror(program.errno)}`)
    return program.errno === 'ENOENT' ? 127 : 126
  }
  if (!foreground) proc.pgid = proc.pid
  const child = proc.spawn({ argv: program.argv, main: program.main })
  /** To the command, and to its whole group: the rest of the pipeline that timeout stands at the head of. */
  const send = (s: Signal): void => {
    if (verbose) complain(proc, `sending signal ${s} to command ${quote(name)}`)
    child.signal(s)
    if (child.stopped) child.signal('CONT')
    if (foreground) return
    const group = [...proc.host.processes.values()].filter((p) => p.pgid === proc.pgid)
    for (const p of group) if (p !== proc && p !== child) p.signal(s)
    if (s === 'KILL') proc.signal(s)
  }
  // Ctrl-C reaches the child as well; timeout passes it on and waits.
  proc.onSignal('INT', 'catch')
  proc.onSignal('TERM', 'catch')
  const limit = ns === 0 ? Infinity : proc.now + ns
  let timedOut = false
  let killAt = Infinity
  while (child.status === undefined) {
    const next = Math.min(timedOut ? Infinity : limit, killAt)
    const r = yield next === Infinity
      ? proc.childChange.wait
      : anyOf(proc.childChange.wait, proc.after(next - proc.now))
    if (r === 'signal') {
      for (let s = proc.takeSignal(); s; s = proc.takeSignal())
        if (child.status === undefined) child.signal(s)
      continue
    }
    if (child.status !== undefined) break
    if (!timedOut && proc.now >= limit) {
      timedOut = true
      send(signal)
      if (killAfter !== undefined) killAt = proc.now + killAfter
    } else if (proc.now >= killAt) {
      killAt = Infinity
      send('KILL')
    }
  }
  const status = yield* proc.waitFor(child)
  if (timedOut && !preserve) return child.killedBy === 'KILL' ? 137 : 124
  return status
}

const tryStatus = (proc: Process, text: string): number => tryHelp(proc, text, 125)

/** nohup(1): a hangup doesn't end the command. */
export const nohup: Main = function* (proc) {
  const args = proc.argv.slice(proc.argv[1] === '--' ? 2 : 1)
  const [name] = args
  if (name === undefined) return tryHelp(proc, 'missing operand', 125)
  const [input, output, errors] = [0, 1, 2].map((fd) => proc.fds.get(fd)?.isTty === true)
  if (input) {
    const nothing = proc.open('/dev/null', { read: true })
    if (!(nothing instanceof Refusal)) proc.setFd(0, nothing)
  }
  if (output) {
    const file = proc.open('nohup.out', { write: true, create: true, append: true })
    if (file instanceof Refusal) {
      complain(proc, `failed to open 'nohup.out': ${strerror(file.errno)}`)
      return 125
    }
    complain(proc, `${input ? 'ignoring input and ' : ''}appending output to 'nohup.out'`)
    proc.setFd(1, file)
  } else if (input || errors)
    complain(
      proc,
      `${input ? 'ignoring input' : ''}${input && errors ? ' and ' : ''}${errors ? 'redirecting stderr to stdout' : ''}`,
    )
  const found = proc.host.which(name, proc)
  const program = found instanceof Refusal ? found : proc.host.load(found.path, args, proc)
  if (program instanceof Refusal) {
    complain(proc, `failed to run command ${quoteFile(name)}: ${strerror(program.errno)}`)
    return program.errno === 'ENOENT' ? 127 : 126
  }
  const out = proc.fds.get(1)
  if (errors && out) proc.setFd(2, out)
  proc.onSignal('HUP', 'ignore')
  return yield* proc.exec(program.main, program.argv)
}

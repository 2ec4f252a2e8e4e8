import { SIGNALS, type Signal } from '../../proc/signal.ts'
import type { Task } from '../../proc/wait.ts'
import { resume } from '../foreground.ts'
import { isDone, isStopped, stateOf, statusOf, type Job } from '../jobs.ts'
import type { Shell } from '../shell.ts'
import { showUsage, usage } from './usage.ts'

const find = (sh: Shell, name: string, spec: string): Job | undefined => {
  const job = spec.startsWith('%') ? sh.jobs.find(spec) : sh.jobs.list.find((j) => String(j.id) === spec)
  if (job === 'ambiguous') {
    sh.complain(`${name}: ${spec.slice(1)}: ambiguous job spec`)
    return undefined
  }
  if (job === undefined) sh.complain(`${name}: ${spec}: no such job`)
  return job
}

export const jobs = (sh: Shell, argv: readonly string[]): number => {
  let how: 'short' | 'long' | 'pids' = 'short'
  let only: 'running' | 'stopped' | undefined
  let args = argv.slice(1)
  while (args[0]?.startsWith('-')) {
    if (!/^-[lnprs]+$/.test(args[0])) return usage(sh, 'jobs', args[0])
    for (const c of args[0].slice(1)) {
      if (c === 'l') how = 'long'
      else if (c === 'p') how = 'pids'
      else if (c === 'r') only = 'running'
      else if (c === 's') only = 'stopped'
    }
    args = args.slice(1)
  }
  let status = 0
  const wanted: Job[] = []
  for (const a of args) {
    const job = find(sh, 'jobs', a)
    if (job) wanted.push(job)
    else status = 1
  }
  const table = sh.jobs.list.length === 0 && sh.inheritedJobs ? sh.inheritedJobs : sh.jobs
  for (const job of args.length > 0 ? wanted : [...table.list]) {
    if (only === 'running' && stateOf(job) !== 'Running') continue
    if (only === 'stopped' && !isStopped(job)) continue
    sh.proc.out(table.line(job, how))
    // What has been listed is not told again.
    if (isStopped(job)) job.toldStopped = true
  }
  sh.forgetDoneJobs(false)
  return status
}

export function* fg(sh: Shell, argv: readonly string[]): Task<number> {
  if (!sh.jobControl) {
    sh.complain('fg: no job control')
    return 1
  }
  const job = argv[1] === undefined ? sh.jobs.current : find(sh, 'fg', argv[1])
  if (job === undefined) {
    if (argv[1] === undefined) sh.complain('fg: current: no such job')
    return 1
  }
  if (isDone(job)) {
    sh.complain('fg: job has terminated')
    return 1
  }
  sh.proc.out(job.text + '\n')
  sh.proc.flush()
  return yield* resume(sh, job)
}

export const bg = (sh: Shell, argv: readonly string[]): number => {
  if (!sh.jobControl) {
    sh.complain('bg: no job control')
    return 1
  }
  let status = 0
  for (const spec of argv.length > 1 ? argv.slice(1) : [undefined]) {
    const job = spec === undefined ? sh.jobs.current : find(sh, 'bg', spec)
    if (job === undefined) {
      if (spec === undefined) sh.complain('bg: current: no such job')
      status = 1
      continue
    }
    if (!isStopped(job)) {
      sh.complain(isDone(job) ? 'bg: job has terminated' : `bg: job ${job.id} already in background`)
      continue
    }
    sh.proc.out(`[${job.id}]${sh.jobs.mark(job)} ${job.text} &\n`)
    job.background = true
    job.toldStopped = false
    for (const p of job.procs) if (p.status === undefined) p.signal('CONT')
    sh.jobs.chooseCurrent()
  }
  return status
}

export const disown = (sh: Shell, argv: readonly string[]): number => {
  const args = argv.slice(1)
  if (args[0] === '-a' || args[0] === '-r') {
    for (const job of [...sh.jobs.list])
      if (args[0] === '-a' || stateOf(job) === 'Running') sh.jobs.remove(job)
    return 0
  }
  const keep = args[0] === '-h'
  const specs = keep ? args.slice(1) : args
  let status = 0
  for (const spec of specs.length > 0 ? specs : [undefined]) {
    const job = spec === undefined ? sh.jobs.current : find(sh, 'disown', spec)
    if (job === undefined) {
      if (spec === undefined) sh.complain('disown: current: no such job')
      status = 1
    } else if (!keep) sh.jobs.remove(job)
  }
  return status
}

export const suspend = (sh: Shell): number => {
  sh.complain('suspend: cannot suspend a login shell')
  return 1
}

/** `wait`: for all background jobs, or for those given; 127 where there is no such child. */
export function* wait(sh: Shell, argv: readonly string[]): Task<number> {
  let args = argv.slice(1)
  let any = false
  while (args[0]?.startsWith('-')) {
    if (!/^-[fn]+$/.test(args[0])) return usage(sh, 'wait', args[0])
    any ||= args[0].includes('n')
    args = args.slice(1)
  }
  if (any) {
    const pending = [...sh.jobs.list]
    if (pending.length === 0) return 127
    for (;;) {
      const done = pending.find(isDone)
      if (done) {
        sh.jobs.remove(done)
        return statusOf(done.procs.at(-1) as Job['procs'][number])
      }
      yield* pause(sh)
    }
  }
  if (args.length === 0) {
    for (const job of [...sh.jobs.list]) yield* until(sh, job)
    if (sh.jobControl) sh.forgetDoneJobs(true)
    return 0
  }
  let status = 0
  for (const a of args) {
    if (a.startsWith('%')) {
      const job = find(sh, 'wait', a)
      status = job ? yield* until(sh, job) : 127
      continue
    }
    if (!/^\d+$/.test(a)) {
      sh.complain(`wait: \`${a}': not a pid or valid job spec`)
      status = 1
      continue
    }
    const job = sh.jobs.list.find((j) => j.procs.some((p) => p.pid === Number(a)))
    const known = sh.endedStatus.get(Number(a))
    if (job) status = yield* until(sh, job, Number(a))
    else if (known !== undefined) status = known
    else {
      sh.complain(`wait: pid ${a} is not a child of this shell`)
      status = 127
    }
  }
  // Jobs that ended meanwhile are told of at once.
  if (sh.jobControl) sh.forgetDoneJobs(true)
  return status
}

function* pause(sh: Shell): Task<void> {
  if ((yield sh.proc.childChange.wait) === 'signal') yield* sh.handleSignals()
}

function* until(sh: Shell, job: Job, pid?: number): Task<number> {
  const which = job.procs.find((p) => p.pid === pid) ?? (job.procs.at(-1) as Job['procs'][number])
  while (!isDone(job) && !isStopped(job)) yield* pause(sh)
  for (const p of job.procs) sh.killed.delete(p)
  // A shell without job control tells of no job, so it forgets it here.
  if (!sh.jobControl && isDone(job)) {
    for (const p of job.procs) sh.proc.reap(p)
    sh.jobs.remove(job)
  }
  return statusOf(which)
}

const NAMES = Object.keys(SIGNALS) as Signal[]

export const listSignals = (sh: Shell): number => {
  const real = [
    34,
    ...Array.from({ length: 15 }, (_, i) => `RTMIN+${i + 1}`),
    ...Array.from({ length: 14 }, (_, i) => `RTMAX-${14 - i}`),
  ]
  const all: [number, string][] = NAMES.map((n) => [SIGNALS[n], `SIG${n}`])
  all.push([34, 'SIGRTMIN'])
  for (const [i, name] of real.slice(1).entries()) all.push([35 + i, `SIG${name}`])
  all.push([64, 'SIGRTMAX'])
  all.forEach(([n, name], i) => {
    const cell = `${String(n).padStart(2)}) ${name}`
    sh.proc.out(i % 5 === 4 || i === all.length - 1 ? cell + '\n' : cell + '\t')
  })
  return 0
}

const signalOf = (word: string): Signal | 0 | undefined => {
  const w = word.toUpperCase().replace(/^SIG/, '')
  if (w === '0') return 0
  if (/^\d+$/.test(w)) return NAMES.find((s) => SIGNALS[s] === Number(w))
  return NAMES.find((s) => s === w)
}

export const kill = (sh: Shell, argv: readonly string[]): number => {
  let args = argv.slice(1)
  let signal: Signal | 0 = 'TERM'
  const first = args[0]
  if (first === undefined) return showUsage(sh, 'kill')
  if (first === '-l' || first === '-L')
    return args.length > 1 ? nameSignals(sh, args.slice(1)) : listSignals(sh)
  if (first === '-s' || first === '-n') {
    const s = signalOf(args[1] ?? '')
    if (args[1] === undefined) {
      sh.complain(`kill: ${first}: option requires an argument`)
      return 1
    }
    if (s === undefined) return badSignal(sh, args[1])
    signal = s
    args = args.slice(2)
  } else if (first.startsWith('-') && first !== '--') {
    const s = signalOf(first.slice(1))
    if (s === undefined) return badSignal(sh, first.slice(1))
    signal = s
    args = args.slice(1)
  }
  if (args[0] === '--') args = args.slice(1)
  if (args.length === 0) return showUsage(sh, 'kill')
  let status = 0
  for (const a of args) if (!killOne(sh, a, signal)) status = 1
  return status
}

const badSignal = (sh: Shell, word: string): number => {
  sh.complain(`kill: ${word}: invalid signal specification`)
  return 1
}

const nameSignals = (sh: Shell, words: readonly string[]): number => {
  let status = 0
  for (const w of words) {
    const n = Number(w)
    const s = /^\d+$/.test(w) ? NAMES.find((x) => SIGNALS[x] === (n > 128 ? n - 128 : n)) : signalOf(w)
    if (s === undefined || s === 0) {
      sh.complain(`kill: ${w}: invalid signal specification`)
      status = 1
    } else sh.proc.out((/^\d+$/.test(w) ? s : String(SIGNALS[s])) + '\n')
  }
  return status
}

const killOne = (sh: Shell, word: string, signal: Signal | 0): boolean => {
  const { host } = sh.proc
  if (word.startsWith('%')) {
    const job = find(sh, 'kill', word)
    if (job === undefined) return false
    for (const p of job.procs) {
      if (p.status !== undefined || signal === 0) continue
      p.signal(signal)
      // A stopped job must go on to die (bash sends SIGCONT after SIGTERM and SIGHUP).
      if ((signal === 'TERM' || signal === 'HUP') && p.stopped) p.signal('CONT')
      sh.killed.set(p, sh.proc.now)
    }
    return true
  }
  if (!/^-?\d+$/.test(word)) {
    sh.complain(`kill: ${word}: arguments must be process or job IDs`)
    return false
  }
  const pid = Number(word)
  const targets =
    pid > 0
      ? [host.processes.get(pid)].filter((p) => p !== undefined)
      : [...host.processes.values()].filter((p) => p.pgid === (pid === 0 ? sh.proc.pgid : -pid))
  if (targets.length === 0) {
    sh.complain(`kill: (${word}) - No such process`)
    return false
  }
  for (const p of targets) {
    if (signal === 0) continue
    p.signal(signal)
    sh.killed.set(p, sh.proc.now)
  }
  return true
}

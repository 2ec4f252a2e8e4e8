import type { Process } from '../proc/process.ts'
import { SIGNALS, type Signal } from '../proc/signal.ts'

/** A pipeline that runs in the background, or was stopped. */
export interface Job {
  readonly id: number
  readonly pgid: number
  readonly procs: readonly Process[]
  /** The command as bash prints it. */
  readonly text: string
  /** Those of its commands, for `jobs -l`. */
  readonly texts?: readonly string[]
  /** Started with `&`, or continued by `bg`: `jobs` shows the `&`. */
  background: boolean
  /** Stopped, and that has been told. */
  toldStopped: boolean
  /** `disown -h`, or marked not to be told about. */
  quiet: boolean
}

/** What the words of bash for signals are (strsignal(3)). */
export const SIGNAL_WORDS: Readonly<Partial<Record<Signal, string>>> = {
  HUP: 'Hangup', INT: 'Interrupt', QUIT: 'Quit', ILL: 'Illegal instruction', TRAP: 'Trace/breakpoint trap', ABRT: 'Aborted',
  BUS: 'Bus error', FPE: 'Floating point exception', KILL: 'Killed', USR1: 'User defined signal 1', SEGV: 'Segmentation fault',
  USR2: 'User defined signal 2', PIPE: 'Broken pipe', ALRM: 'Alarm clock', TERM: 'Terminated', XCPU: 'CPU time limit exceeded',
  XFSZ: 'File size limit exceeded',
} // prettier-ignore

export const isStopped = (job: Job): boolean =>
  job.procs.some((p) => p.status === undefined && p.stopped !== undefined) &&
  job.procs.every((p) => p.status !== undefined || p.stopped !== undefined)
export const isDone = (job: Job): boolean => job.procs.every((p) => p.status !== undefined)

export const statusOf = (p: Process): number => (p.killedBy ? 128 + SIGNALS[p.killedBy] : (p.status ?? 0))

/** The state column of `jobs`. */
export const stateOf = (job: Job): string => {
  const last = job.procs.at(-1)
  if (!isDone(job)) {
    return isStopped(job) ? 'Stopped' : 'Running'
  }
  if (last?.killedBy) return SIGNAL_WORDS[last.killedBy] ?? `Signal ${SIGNALS[last.killedBy]}`
  return last?.status ? `Exit ${last.status}` : 'Done'
}

/** The table of jobs of one shell. */
export class Jobs {
  readonly list: Job[] = []
  /** The current job (`%+`) and the one before (`%-`), by id. */
  #order: number[] = []

  add(job: Omit<Job, 'id' | 'toldStopped' | 'quiet'>): Job {
    const id = Math.max(0, ...this.list.map((j) => j.id)) + 1
    const made: Job = { ...job, id, toldStopped: false, quiet: false }
    this.list.push(made)
    this.touch(made)
    return made
  }
  remove(job: Job): void {
    const at = this.list.indexOf(job)
    if (at >= 0) this.list.splice(at, 1)
    this.#order = this.#order.filter((id) => id !== job.id)
  }
  /** Makes a job the current one. */
  touch(job: Job): void {
    this.#order = [...this.#order.filter((id) => id !== job.id), job.id]
  }

  /** Stopped jobs come before running ones in the choice of `%+` (bash(1), JOB CONTROL). */
  #ranked(): Job[] {
    const by = this.#order.map((id) => this.list.find((j) => j.id === id)).filter((j) => j !== undefined)
    const stopped = by.filter(isStopped)
    const others = by.filter((j) => !isStopped(j))
    return [...others, ...stopped].reverse()
  }
  get current(): Job | undefined {
    return this.#ranked()[0]
  }
  get previous(): Job | undefined {
    return this.#ranked()[1]
  }
  mark(job: Job): string {
    const [current, previous] = this.#ranked()
    return job === current ? '+' : job === previous ? '-' : ' '
  }

  /** `%1`, `%+`, `%-`, `%cmd`, `%?text`; 'ambiguous' where several begin so. */
  find(spec: string): Job | 'ambiguous' | undefined {
    const s = spec.slice(1)
    if (s === '' || s === '+' || s === '%') return this.current
    if (s === '-') return this.previous ?? this.current
    if (/^\d+$/.test(s)) return this.list.find((j) => j.id === Number(s))
    const found = this.list.filter((j) =>
      s.startsWith('?') ? j.text.includes(s.slice(1)) : j.text.startsWith(s),
    )
    return found.length > 1 ? 'ambiguous' : found[0]
  }

  /** `bg` was used: without a stopped job the newest running one is current (jobs.c: reset_current()). */
  chooseCurrent(): void {
    if (this.list.some(isStopped)) return
    const newest = this.list.filter((j) => stateOf(j) === 'Running').at(-1)
    if (newest) this.touch(newest)
  }

  #longLines(job: Job, texts: readonly string[]): string {
    return texts
      .map((text, i) => {
        const last = i === texts.length - 1
        const amp = last && stateOf(job) === 'Running' && job.background ? ' &' : ''
        const pid = String(job.procs[i]?.pid ?? '').padStart(5)
        const state = i === 0 ? stateOf(job).padEnd(24) : ' '.repeat(22)
        return `${i === 0 ? `[${job.id}]${this.mark(job)} ` : '     '}${pid} ${state}${i === 0 ? '' : '| '}${text}${amp}\n`
      })
      .join('')
  }

  /** A line of `jobs`. */
  line(job: Job, how: 'short' | 'long' | 'pids' = 'short'): string {
    if (how === 'pids') return `${job.pgid}\n`
    if (how === 'long' && job.texts !== undefined && job.texts.length > 1)
      return this.#longLines(job, job.texts)
    const amp = stateOf(job) === 'Running' && job.background ? ' &' : ''
    const pid = how === 'long' ? `${String(job.pgid).padStart(5)} ` : ' '
    return `[${job.id}]${this.mark(job)} ${pid}${stateOf(job).padEnd(24)}${job.text}${amp}\n`
  }
}

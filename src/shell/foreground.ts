import type { Process } from '../proc/process.ts'
import type { Task } from '../proc/wait.ts'
import { SIGNALS } from '../proc/signal.ts'
import { SIGNAL_WORDS, isDone, isStopped, statusOf, type Job } from './jobs.ts'
import { ToTopLevel, type Shell } from './shell.ts'

/** Waits for a pipeline that was just started; its status. With job control it has the terminal meanwhile. */
export function* foreground(sh: Shell, procs: readonly Process[], text: () => string): Task<number> {
  const first = procs[0] as Process
  if (sh.jobControl) sh.proc.host.tty.foreground = first.pgid
  for (;;) {
    let running = false
    let stopped = false
    for (const p of procs) {
      if (p.status !== undefined) continue
      if (p.stopped === undefined) running = true
      else stopped = true
    }
    if (!running) {
      if (!stopped) break
      if (sh.jobControl)
        return stop(sh, sh.jobs.add({ pgid: first.pgid, procs, text: text(), background: false }))
    }
    if ((yield sh.proc.childChange.wait) === 'signal') yield* sh.handleSignals()
  }
  return ended(sh, procs, text)
}

/** `fg`: a job of the table comes to the foreground and goes on. */
export function* resume(sh: Shell, job: Job): Task<number> {
  job.background = false
  job.toldStopped = false
  if (sh.jobControl) sh.proc.host.tty.foreground = job.pgid
  for (const p of job.procs) if (p.status === undefined) p.signal('CONT')
  while (!isDone(job)) {
    if (isStopped(job)) {
      sh.jobs.touch(job)
      return stop(sh, job)
    }
    if ((yield sh.proc.childChange.wait) === 'signal') yield* sh.handleSignals()
  }
  sh.jobs.remove(job)
  return ended(sh, job.procs, () => job.text)
}

const stop = (sh: Shell, job: Job): number => {
  sh.proc.host.tty.foreground = sh.proc.pgid
  job.toldStopped = true
  sh.proc.err(`\n${sh.jobs.line(job)}`)
  const how = job.procs.find((p) => p.stopped)?.stopped
  return 128 + SIGNALS[how ?? 'TSTP']
}

const ended = (sh: Shell, procs: readonly Process[], text: () => string): number => {
  for (const p of procs) sh.proc.reap(p)
  if (sh.lists > 0 && sh.interactive) sh.forgetDoneJobs(true)
  if (sh.jobControl) sh.proc.host.tty.foreground = sh.proc.pgid
  const last = procs.at(-1) as Process
  const statuses = procs.length === 1 ? undefined : procs.map(statusOf)
  sh.pipeStatus = statuses
  let status = statusOf(last)
  if (sh.options.pipefail && statuses) status = statuses.findLast((s) => s !== 0) ?? 0
  const killer = last.killedBy
  if (killer === undefined) return status
  if (killer === 'INT') {
    if (!sh.jobControl) {
      // A script whose command died of Ctrl-C dies of it too, if it got the signal at all.
      return status
    }
    if (sh.traps.has('INT') && sh.loopDepth === 0) {
      sh.proc.err('\n')
      return status
    }
    throw new ToTopLevel(status, true)
  }
  if (killer === 'PIPE') return status
  const words = SIGNAL_WORDS[killer] ?? `Signal ${SIGNALS[killer]}`
  sh.proc.flush()
  if (sh.interactive) sh.proc.err(sh.isSubshell ? '' : `${words}\n`)
  else sh.proc.err(`${sh.where()}${String(last.pid).padStart(5)} ${words.padEnd(24)}${text()}\n`)
  return status
}

import { putNetnsOfProcesses } from './netns.ts'
import { Exit, type Process } from './process.ts'
import { SIGNALS, type Signal } from './signal.ts'
import type { Resume } from './wait.ts'

/**
 * Runs processes: a queue of those that can go on, first come, first served, each up to its next wait. Nothing is
 * preempted; time moves only when nobody can run.
 */
export class Scheduler {
  readonly #ready: { proc: Process; resume: Resume }[] = []
  #head = 0
  readonly #waiting = new Set<Process>()
  /** How many processes wait for something outside the model (a chunk of code that is being loaded). */
  external = 0
  /** Called when something outside the model has arrived, so that a driver goes on. */
  onExternal: (() => void) | undefined
  /** Our own bugs: what a program threw. The process dies with status 70 (EX_SOFTWARE); a driver reports it. */
  readonly bugs: { readonly proc: Process; readonly error: unknown }[] = []

  start(proc: Process): void {
    this.#queue(proc, 'ready')
  }

  get idle(): boolean {
    return this.#first === undefined && this.#head >= this.#ready.length
  }

  /** Runs the next process up to its next wait; false when none can run. */
  runNext(): boolean {
    // The world stands still while something outside it is waited for: the same order of steps, loaded or not.
    if (this.external > 0) return false
    const first = this.#first
    if (first !== undefined) {
      this.#first = undefined
      if (first.status === undefined) this.#slice(first, 'ready')
      return true
    }
    const next = this.#ready[this.#head]
    if (next === undefined) return false
    if (++this.#head > 64 && this.#head * 2 > this.#ready.length) {
      this.#ready.splice(0, this.#head)
      this.#head = 0
    }
    if (next.proc.status === undefined) this.#slice(next.proc, next.resume)
    return true
  }

  /** What this process waited for outside the model is there: it goes on as if it had never waited. */
  wakeFirst(proc: Process): void {
    if (this.#waiting.delete(proc)) {
      proc.cancelWait = undefined
      this.#first = proc
    }
  }
  #first: Process | undefined

  #slice(proc: Process, resume: Resume): void {
    const sim = proc.host.sim
    sim.cause = proc.cause
    try {
      const r = (proc.task as NonNullable<typeof proc.task>).next(resume)
      if (r.done) {
        proc.flush()
        this.#end(proc, r.value & 255)
        return
      }
      // A signal that came while it ran is noticed now, before it sleeps.
      if (proc.signalPending) {
        this.#queue(proc, 'signal')
        return
      }
      this.#waiting.add(proc)
      let woken = false
      proc.cancelWait = r.value(() => {
        woken = true
        this.#wake(proc, 'ready')
      })
      if (woken) {
        proc.cancelWait?.()
        proc.cancelWait = undefined
      }
    } catch (e) {
      this.#threw(proc, e)
    } finally {
      sim.cause = undefined
    }
  }

  #threw(proc: Process, e: unknown): void {
    if (isStackOverflow(e)) {
      // What Linux does to a program that recurses too deep.
      proc.killedBy = 'SEGV'
      proc.discard()
      this.#end(proc, 128 + SIGNALS.SEGV)
      return
    }
    if (!(e instanceof Exit)) {
      this.bugs.push({ proc, error: e })
      proc.discard()
      this.#end(proc, 70)
      return
    }
    if (proc.killedBy) proc.discard()
    try {
      proc.flush()
    } catch (again) {
      if (!(again instanceof Exit)) this.bugs.push({ proc, error: again })
    }
    this.#end(proc, e.status)
  }

  #queue(proc: Process, resume: Resume): void {
    this.#ready.push({ proc, resume })
  }

  #wake(proc: Process, resume: Resume): void {
    if (!this.#waiting.delete(proc)) return
    // Of several things that were waited for the others are no longer.
    proc.cancelWait?.()
    proc.cancelWait = undefined
    if (proc.stopped === undefined) this.#queue(proc, resume)
    else this.#whileStopped.set(proc, resume)
  }
  readonly #whileStopped = new Map<Process, Resume>()

  continued(proc: Process): void {
    const resume = this.#whileStopped.get(proc)
    if (resume === undefined) return
    this.#whileStopped.delete(proc)
    this.#queue(proc, resume)
  }

  /** A caught signal ends the wait. */
  interrupt(proc: Process): void {
    if (!this.#waiting.has(proc)) return
    this.#wake(proc, 'signal')
  }

  /** Death by a signal: `finally` blocks run, buffers are lost. */
  kill(proc: Process, signal: Signal): void {
    if (proc.status !== undefined) return
    proc.killedBy = signal
    proc.discard()
    proc.cancelWait?.()
    proc.cancelWait = undefined
    this.#waiting.delete(proc)
    this.#whileStopped.delete(proc)
    const task = proc.task
    if (task === undefined) return this.#end(proc, 128 + SIGNALS[signal])
    try {
      task.return(0)
    } catch (e) {
      // A generator that is running right now kills itself: it ends at its next wait by the same status.
      if (e instanceof TypeError) throw new Exit(128 + SIGNALS[signal])
      if (!(e instanceof Exit)) this.bugs.push({ proc, error: e })
    }
    this.#end(proc, 128 + SIGNALS[signal])
  }

  #end(proc: Process, status: number): void {
    if (proc.status !== undefined) return
    proc.status = status
    proc.task = undefined
    for (const file of proc.fds.values()) file.drop()
    proc.fds.clear()
    proc.orphanChildren()
    if (proc.parent === undefined) proc.host.processes.delete(proc.pid)
    else proc.parent.childChange.wakeAll()
    putNetnsOfProcesses(proc.host)
  }
}

/** Engines of JavaScript agree on the event, not on its name. */
const isStackOverflow = (e: unknown): boolean =>
  e instanceof Error && /call stack|too much recursion/i.test(e.message)

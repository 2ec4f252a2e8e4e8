/**
 * Something that can be waited for: called with what to do when it may have come; returns how to stop waiting.
 * (Processes yield these, see proc/wait.ts.)
 */
export type Wait = (wake: () => void) => () => void

/** A place that waiters queue at (include/linux/wait.h): `wait` subscribes until the next `wakeAll()`. */
export class WaitQueue {
  #waiters: Set<() => void> | undefined
  readonly wait: Wait = (wake) => {
    const waiters = (this.#waiters ??= new Set())
    waiters.add(wake)
    return () => waiters.delete(wake)
  }
  /** Does anybody wait here? */
  get active(): boolean {
    return this.#waiters !== undefined && this.#waiters.size > 0
  }
  wakeAll(): void {
    const waiters = this.#waiters
    if (waiters === undefined || waiters.size === 0) return
    this.#waiters = undefined
    for (const wake of waiters) wake()
  }
}

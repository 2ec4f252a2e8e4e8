/**
 * Something that can be waited for: called with what to do when it may have come; returns how to stop waiting.
 * (Processes yield these, see proc/wait.ts.)
 */
export type Wait = (wake: () => void) => () => void

/** Without `wake` it waits no longer. */
interface Waiter {
  wake: (() => void) | undefined
}

/** A place that waiters queue at (include/linux/wait.h): `wait` subscribes until the next `wakeAll()`. */
export class WaitQueue {
  #waiters: Waiter[] = []
  readonly wait: Wait = (wake) => {
    const waiter: Waiter = { wake }
    this.#waiters.push(waiter)
    return () => {
      waiter.wake = undefined
      const i = this.#waiters.indexOf(waiter)
      if (i >= 0) this.#waiters.splice(i, 1)
    }
  }
  /** Does anybody wait here? */
  get active(): boolean {
    return this.#waiters.length > 0
  }
  wakeAll(): void {
    const waiters = this.#waiters
    if (waiters.length === 0) return
    this.#waiters = []
    for (const waiter of waiters) waiter.wake?.()
  }
}

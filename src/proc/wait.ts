import { WaitQueue, type Wait } from '../kernel/waitqueue.ts'

export { WaitQueue, type Wait }

/**
 * The process contract. A program is a generator: `function* main(proc): Task<number>`. Where it must wait it yields a
 * `Wait`; the scheduler subscribes and resumes it when somebody calls `wake`, or when a caught signal arrives.
 */
/** Why a wait ended: what was waited for may be there now, or a signal that the process catches interrupted it (EINTR). */
export type Resume = 'ready' | 'signal'

export type Task<T> = Generator<Wait, T, Resume>

/**
 * From a packet's arrival to the moment when a process that waits for it reads, in ns: whatever else the packet that was sent
 * leads to nearby has come by then, too.
 */
export const WAKE_NS = 1e5

/** Waits for whichever of several comes first. */
export const anyOf =
  (...waits: readonly Wait[]): Wait =>
  (wake) => {
    const cancels = waits.map((w) => w(wake))
    return () => {
      for (const cancel of cancels) cancel()
    }
  }

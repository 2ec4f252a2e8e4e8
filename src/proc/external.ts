import type { Process } from './process.ts'
import type { Task } from './wait.ts'

/**
 * Waits for work outside the model, such as a chunk of code that the page loads on demand. Virtual time stands still
 * meanwhile. What `load` throws becomes the result `undefined`: the program says what it can't do then.
 */
export function* external<T>(proc: Process, load: () => Promise<T>): Task<T | undefined> {
  const { scheduler } = proc.host
  let result: T | undefined
  let settled = false
  scheduler.external++
  const done = (value: T | undefined): void => {
    settled = true
    result = value
    scheduler.external--
    scheduler.wakeFirst(proc)
    scheduler.onExternal?.()
  }
  // Begun before the wait: a signal may keep the process from ever getting to it.
  void load().then(done, () => done(undefined))
  while (!settled) yield () => () => {}
  return result
}

import { external } from '../proc/external.ts'
import type { Main } from '../proc/process.ts'

/**
 * A large program in a chunk of its own, loaded when it is run. It is waited for each time, also once it is there: what else
 * can run goes first then in every replay alike.
 */
export const lazy = (load: () => Promise<Main>): Main =>
  function* (proc) {
    const main = yield* external(proc, load)
    if (main === undefined) {
      proc.err(`${proc.name}: the program could not be loaded\n`)
      return 126
    }
    return yield* main(proc)
  }

import { external } from '../../proc/external.ts'
import type { Main } from '../../proc/process.ts'
import { NOT_SIMULATED, programName } from './program.ts'

/**
 * A program in a chunk of its own, loaded when it is first run. It is waited for each time, also once it is there: what else
 * can run goes first then, in every replay alike.
 */
export const lazy = (load: () => Promise<{ readonly main: Main }>): Main =>
  function* (proc) {
    const loaded = (yield* external(proc, load))?.main
    if (loaded === undefined) {
      proc.err(`${programName(proc)}: this part of the simulator could not be loaded\n`)
      return NOT_SIMULATED
    }
    return yield* loaded(proc)
  }

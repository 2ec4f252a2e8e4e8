import { external } from '../../proc/external.ts'
import type { Main } from '../../proc/process.ts'
import { NOT_SIMULATED, programName } from './program.ts'

/**
 * A program in a chunk of its own, fetched when it is first run. The world stands still until it is there (see external()), and
 * the process that waited goes on first: all the same as if it had been there, so that a replay, where it is, runs alike.
 */
export const lazy = (load: () => Promise<{ readonly main: Main }>): Main => {
  let loaded: Main | undefined
  return function* (proc) {
    loaded ??= (yield* external(proc, load))?.main
    if (loaded === undefined) {
      proc.err(`${programName(proc)}: this part of the simulator could not be loaded\n`)
      return NOT_SIMULATED
    }
    return yield* loaded(proc)
  }
}

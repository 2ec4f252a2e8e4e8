import { external } from '../../proc/external.ts'
import type { Task } from '../../proc/wait.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './table.ts'

/**
 * A builtin in a chunk of its own, fetched when it is first run, as lazy() of userland has it for programs; from then on it is
 * called as if it had always been there.
 */
export const lazily = <K extends string>(
  load: () => Promise<Readonly<Record<K, Builtin>>>,
  name: K,
): Builtin => {
  let loaded: Builtin | undefined
  function* fetchFirst(sh: Shell, argv: readonly string[]): Task<number> {
    loaded ??= (yield* external(sh.proc, load))?.[name]
    if (loaded === undefined) {
      sh.complain(`${name}: this part of the simulator could not be loaded`)
      return 125
    }
    const result = loaded(sh, argv)
    return typeof result === 'number' ? result : yield* result
  }
  return (sh, argv) => (loaded ?? fetchFirst)(sh, argv)
}

import type { Task } from '../../proc/wait.ts'
import type { Shell } from '../shell.ts'
import { aliasBuiltin, unalias } from './alias.ts'
import { declare, exportBuiltin, local, readonlyBuiltin } from './declare.ts'
import { cd, dirs, popd, pushd, pwd } from './directories.ts'
import { echo, printfBuiltin } from './echo.ts'
import { breakBuiltin, continueBuiltin, evalBuiltin, exit, returnBuiltin, source } from './control.ts'
import { getopts } from './getopts.ts'
import { help } from './help.ts'
import { fc, history } from './history.ts'
import { bg, disown, fg, jobs, kill, suspend, wait } from './jobs.ts'
import { mapfile, read } from './read.ts'
import { set, shift, shopt, unset } from './set.ts'
import { letBuiltin, testBuiltin } from './test.ts'
import { times, ulimit, umask } from './limits.ts'
import { trap } from './trap.ts'
import { hash, type } from './type.ts'

/** A builtin gets its words, its name first; what needs no waiting returns its status at once. */
export type Builtin = (sh: Shell, argv: readonly string[]) => number | Task<number>

/** Commands of bash itself (bash(1), SHELL BUILTIN COMMANDS); `exec`, `command` and `builtin` are run in simple.ts. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['.', source],
  [':', () => 0],
  ['[', testBuiltin],
  ['alias', aliasBuiltin],
  ['bg', bg],
  ['break', breakBuiltin],
  ['builtin', () => 0],
  ['cd', cd],
  ['command', type],
  ['continue', continueBuiltin],
  ['declare', declare],
  ['dirs', dirs],
  ['disown', disown],
  ['echo', echo],
  ['eval', evalBuiltin],
  ['exec', () => 0],
  ['exit', exit],
  ['export', exportBuiltin],
  ['false', () => 1],
  ['fc', fc],
  ['fg', fg],
  ['getopts', getopts],
  ['hash', hash],
  ['help', help],
  ['history', history],
  ['jobs', jobs],
  ['kill', kill],
  ['let', letBuiltin],
  ['local', local],
  ['logout', exit],
  ['mapfile', mapfile],
  ['popd', popd],
  ['printf', printfBuiltin],
  ['pushd', pushd],
  ['pwd', pwd],
  ['read', read],
  ['readarray', mapfile],
  ['readonly', readonlyBuiltin],
  ['return', returnBuiltin],
  ['set', set],
  ['shift', shift],
  ['shopt', shopt],
  ['source', source],
  ['suspend', suspend],
  ['test', testBuiltin],
  ['times', times],
  ['trap', trap],
  ['true', () => 0],
  ['type', type],
  ['typeset', declare],
  ['ulimit', ulimit],
  ['umask', umask],
  ['unalias', unalias],
  ['unset', unset],
  ['wait', wait],
])

import type { Task } from '../../proc/wait.ts'
import type { Shell } from '../shell.ts'
import { aliasBuiltin, unalias } from './alias.ts'
import { declare, exportBuiltin, local, readonlyBuiltin } from './declare.ts'
import { cd, dirs, popd, pushd, pwd } from './directories.ts'
import { echo, printfBuiltin } from './echo.ts'
import { breakBuiltin, continueBuiltin, evalBuiltin, exit, returnBuiltin, source } from './control.ts'
import { help } from './help.ts'
import { bg, disown, fg, jobs, kill, suspend, wait } from './jobs.ts'
import { lazily } from './lazy.ts'
import { set, shift, shopt, unset } from './set.ts'
import { letBuiltin, testBuiltin } from './test.ts'
import { trap } from './trap.ts'
import { hash, type } from './type.ts'

/** A builtin gets its words, its name first; what needs no waiting returns its status at once. */
export type Builtin = (sh: Shell, argv: readonly string[]) => number | Task<number>

/** Builtins that few lessons need: a page starts without them. */
const getoptsFile = () => import('./getopts.ts')
const historyFile = () => import('./history.ts')
const limitsFile = () => import('./limits.ts')
const readFile = () => import('./read.ts')

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
  ['fc', lazily(historyFile, 'fc')],
  ['fg', fg],
  ['getopts', lazily(getoptsFile, 'getopts')],
  ['hash', hash],
  ['help', help],
  ['history', lazily(historyFile, 'history')],
  ['jobs', jobs],
  ['kill', kill],
  ['let', letBuiltin],
  ['local', local],
  ['logout', exit],
  ['mapfile', lazily(readFile, 'mapfile')],
  ['popd', popd],
  ['printf', printfBuiltin],
  ['pushd', pushd],
  ['pwd', pwd],
  ['read', lazily(readFile, 'read')],
  ['readarray', lazily(readFile, 'mapfile')],
  ['readonly', readonlyBuiltin],
  ['return', returnBuiltin],
  ['set', set],
  ['shift', shift],
  ['shopt', shopt],
  ['source', source],
  ['suspend', suspend],
  ['test', testBuiltin],
  ['times', lazily(limitsFile, 'times')],
  ['trap', trap],
  ['true', () => 0],
  ['type', type],
  ['typeset', declare],
  ['ulimit', lazily(limitsFile, 'ulimit')],
  ['umask', lazily(limitsFile, 'umask')],
  ['unalias', unalias],
  ['unset', unset],
  ['wait', wait],
])

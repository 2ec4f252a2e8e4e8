import { Refusal } from '../../kernel/refusal.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { runText } from '../execute.ts'
import { ShellExit, ToTopLevel, type Shell } from '../shell.ts'
import { showUsage } from './usage.ts'
import { isStopped } from '../jobs.ts'

/** Nested `eval`, `source` and traps. */
const MAX_DEPTH = 150

function* nested(sh: Shell, name: string, run: () => Task<number>): Task<number> {
  if (sh.callDepth >= MAX_DEPTH) {
    sh.complain(`${name}: maximum ${name} nesting level exceeded (${MAX_DEPTH})`)
    throw new ToTopLevel(1)
  }
  sh.callDepth++
  try {
    return yield* run()
  } finally {
    sh.callDepth--
  }
}

export function* evalBuiltin(sh: Shell, argv: readonly string[]): Task<number> {
  const text = argv.slice(argv[1] === '--' ? 2 : 1).join(' ')
  return yield* nested(sh, 'eval', () => runText(sh, text, 'eval'))
}

export function* source(sh: Shell, argv: readonly string[]): Task<number> {
  const [name = '.', file, ...args] = argv
  if (file === undefined) {
    sh.complain(`${name}: filename argument required`)
    return showUsage(sh, name)
  }
  let path = file
  if (!file.includes('/')) {
    const dirs = (sh.vars.get('PATH') ?? '').split(':')
    const found = dirs
      .map((d) => `${d}/${file}`)
      .find((p) => {
        const node = sh.proc.lookup(p)
        return !(node instanceof Refusal) && node.kind === 'file' && !node.program
      })
    path = found ?? file
  }
  const text = sh.proc.readFile(path)
  if (text instanceof Refusal) {
    sh.complain(
      text.errno === 'EISDIR' ? `${name}: ${file}: is a directory` : `${file}: ${strerror(text.errno)}`,
    )
    return 1
  }
  const old = sh.args
  if (args.length > 0) sh.args = args
  try {
    let status = yield* nested(sh, name, () =>
      runText(sh, text, 'source', { name: path, text, sourced: true }),
    )
    if (sh.flow?.kind === 'return') {
      sh.flow = undefined
      status = sh.status
    }
    return status
  } finally {
    if (args.length > 0) sh.args = old
  }
}

/** A number that may be given to `exit`, `return`, `break`; undefined where it is none, which has been said. */
const count = (sh: Shell, argv: readonly string[], byDefault: number): number | undefined => {
  const arg = argv[1] === '--' ? argv[2] : argv[1]
  if (arg === undefined) return byDefault
  if (/^\s*[+-]?\d+\s*$/.test(arg)) return Number(arg)
  sh.complain(`${argv[0]}: ${arg}: numeric argument required`)
  return undefined
}

export const exit = (sh: Shell, argv: readonly string[]): number => {
  if (argv[0] === 'logout') {
    sh.complain("logout: not login shell: use `exit'")
    return 1
  }
  // bash says `exit` on a terminal, and warns once of stopped jobs.
  if (sh.interactive && !sh.isSubshell) {
    sh.proc.err('exit\n')
    if (sh.jobs.list.some(isStopped) && !sh.warnedOfJobs) {
      sh.proc.err('There are stopped jobs.\n')
      sh.warnedOfJobs = true
      return 1
    }
  }
  const n = count(sh, argv, sh.status)
  if (n === undefined) throw new ShellExit(2)
  if (argv.length > 2) {
    sh.complain('exit: too many arguments')
    throw new ToTopLevel(1)
  }
  throw new ShellExit(n & 255)
}

export const returnBuiltin = (sh: Shell, argv: readonly string[]): number => {
  const n = count(sh, argv, sh.status)
  if (!sh.vars.inFunction && !sh.source.sourced) {
    sh.complain("return: can only `return' from a function or sourced script")
    return 1
  }
  sh.flow = { kind: 'return', levels: 0 }
  return (n ?? 2) & 255
}

const loop = (sh: Shell, argv: readonly string[], kind: 'break' | 'continue'): number => {
  if (sh.loopDepth === 0) {
    sh.complain(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`)
    return 0
  }
  const n = count(sh, argv, 1)
  if (n === undefined) throw sh.interactive ? new ToTopLevel(128) : new ShellExit(128)
  if (n < 1) {
    sh.complain(`${kind}: ${argv[1]}: loop count out of range`)
    sh.flow = { kind: 'break', levels: sh.loopDepth }
    return 1
  }
  sh.flow = { kind, levels: n }
  return 0
}

export const breakBuiltin = (sh: Shell, argv: readonly string[]): number => loop(sh, argv, 'break')
export const continueBuiltin = (sh: Shell, argv: readonly string[]): number => loop(sh, argv, 'continue')

import type { Assignment, Command, Function as FunctionNode, Redirection } from 'unbash'
import { Refusal } from '../kernel/refusal.ts'
import { DEFAULT_PATH } from '../proc/host.ts'
import type { Main } from '../proc/process.ts'
import type { Task } from '../proc/wait.ts'
import { assign } from './assign.ts'
import { help } from './builtins/help.ts'
import { BUILTINS, type Builtin } from './builtins/table.ts'
import { deparse } from './deparse.ts'
import { command } from './execute.ts'
import { expandAssigned, expandWord, isPlain } from './expand.ts'
import { foreground } from './foreground.ts'
import { printable, quoteIfNeeded } from './quote.ts'
import { install, redirect, replaceFds, type Fds } from './redirect.ts'
import { ShellExit, ToTopLevel, type Shell } from './shell.ts'
import { strerror } from '../proc/strerror.ts'

/** Functions within functions (bash has no limit of its own and dies of a full stack). */
const MAX_CALLS = 150

/** A command with its words: assignments, a function, a builtin or a program (bash(1), SIMPLE COMMAND EXPANSION). */
export function* simpleCommand(sh: Shell, node: Command, replaceShell: boolean): Task<number> {
  try {
    return yield* run(sh, node, replaceShell)
  } finally {
    if (sh.substitutedFds.length > 0) {
      for (const fd of sh.substitutedFds.splice(0)) sh.proc.closeFd(fd)
    }
  }
}

function* run(sh: Shell, node: Command, replaceShell: boolean): Task<number> {
  sh.pos = node.pos
  sh.substitutionStatus = undefined
  let argv: string[] = []
  sh.arrayArguments.clear()
  if (node.name !== undefined) {
    if (isPlain(node.name)) argv.push(node.name.value)
    else yield* expandWord(sh, node.name, argv)
    for (const a of node.args) {
      if (a.type !== 'Word') yield* argument(sh, a, argv)
      else if (isPlain(a)) argv.push(a.value)
      else yield* expandWord(sh, a, argv)
    }
  }
  const redirects = node.redirects
  const assignments =
    node.prefix.length === 0 ? NONE : node.prefix.filter((p): p is Assignment => p.type === 'Assignment')
  let name = argv[0]
  if (name === undefined) return yield* nothing(sh, assignments, redirects)
  if (sh.options.xtrace) yield* trace(sh, assignments, argv)
  let skipFunctions = false
  let searchPath: string | undefined
  // `command` and `builtin` only choose what is run.
  while (name === 'command' || name === 'builtin') {
    const rest = argv.slice(argv[1] === '--' ? 2 : 1)
    if (name === 'command' && rest[0] === '-p') {
      searchPath = DEFAULT_PATH
      rest.shift()
    }
    if (rest[0] === undefined || rest[0].startsWith('-')) break
    if (name === 'builtin' && !BUILTINS.has(rest[0])) {
      sh.complain(`builtin: ${rest[0]}: not a shell builtin`)
      return 1
    }
    argv = rest
    name = rest[0]
    skipFunctions = true
  }
  const fn = skipFunctions ? undefined : sh.functions.get(name)
  if (fn) return yield* withRedirects(sh, redirects, assignments, () => call(sh, fn, argv))
  const builtin = argv[1] === '--help' && !NO_HELP.has(name) ? showHelp : BUILTINS.get(name)
  if (builtin && BUILTINS.has(name)) {
    if (name === 'exec' && builtin !== showHelp) return yield* execBuiltin(sh, argv, redirects, assignments)
    return yield* runBuiltin(sh, name, builtin, argv, redirects, assignments)
  }
  return yield* external(sh, node, argv, redirects, assignments, replaceShell, searchPath)
}

const NONE: readonly Assignment[] = []

/** Builtins that take `--help` for an argument like any other. */
const NO_HELP: ReadonlySet<string> = new Set([':', '[', 'echo', 'false', 'test', 'true'])

/** `cd --help`: status 2 (EX_USAGE). */
const showHelp: Builtin = (sh, argv) => {
  help(sh, ['help', argv[0] as string])
  return 2
}

/** `export a=1`: the value isn't split. An array stays in the tree for the builtin. */
function* argument(sh: Shell, a: Assignment, argv: string[]): Task<void> {
  const op = a.append ? '+=' : '='
  if (a.value.type === 'ArrayValue') {
    sh.arrayArguments.set(argv.length, a)
    argv.push(a.name + op)
  } else argv.push(a.name + (a.index ? `[${a.index.text}]` : '') + op + (yield* expandAssigned(sh, a.value)))
}

/** No command: the assignments stay, the redirections are made and forgotten. */
function* nothing(
  sh: Shell,
  assignments: readonly Assignment[],
  redirects: readonly Redirection[],
): Task<number> {
  if (redirects.length > 0 && (yield* redirect(sh, redirects)) === undefined) return 1
  for (const a of assignments) {
    if (sh.options.xtrace) {
      yield* assign(sh, a)
      const value = a.value.type === 'Word' ? quoteIfNeeded(sh.vars.get(a.name) ?? '') : a.value.type
      sh.proc.err(`${sh.vars.get('PS4') ?? '+ '}${a.name}=${value === "''" ? '' : value}\n`)
    } else yield* assign(sh, a)
  }
  yield* sh.charge(1)
  return sh.substitutionStatus ?? 0
}

function* trace(sh: Shell, assignments: readonly Assignment[], argv: readonly string[]): Task<void> {
  const parts: string[] = []
  for (const a of assignments)
    if (a.value.type === 'Word') parts.push(`${a.name}=${quoteIfNeeded(yield* expandAssigned(sh, a.value))}`)
  for (const w of argv) parts.push(quoteIfNeeded(w))
  sh.proc.err(`${sh.vars.get('PS4') ?? '+ '}${parts.join(' ')}\n`)
}

function* values(sh: Shell, assignments: readonly Assignment[]): Task<[string, string][]> {
  const out: [string, string][] = []
  for (const a of assignments) {
    if (a.value.type !== 'Word') continue
    const value = yield* expandAssigned(sh, a.value)
    out.push([a.name, a.append ? (sh.vars.get(a.name) ?? '') + value : value])
  }
  return out
}

/** Runs within the shell, with redirections and `x=1` in front of it for as long as it takes. */
function* withRedirects(
  sh: Shell,
  redirects: readonly Redirection[],
  assignments: readonly Assignment[],
  go: () => Task<number>,
): Task<number> /* prettier-ignore */ {
  let restore: (() => void) | undefined
  if (redirects.length > 0) {
    const fds = yield* redirect(sh, redirects)
    if (fds === undefined) return 1
    restore = install(sh, fds)
  }
  let forget: (() => void) | undefined
  try {
    if (assignments.length > 0) forget = sh.vars.temporarily(yield* values(sh, assignments))
    return yield* go()
  } finally {
    forget?.()
    restore?.()
  }
}

function* runBuiltin(
  sh: Shell,
  name: string,
  builtin: Builtin,
  argv: readonly string[],
  redirects: readonly Redirection[],
  assignments: readonly Assignment[],
): Task<number> /* prettier-ignore */ {
  const spent = sh.proc.host.spin.charge(1)
  if (spent > 0) yield sh.proc.after(spent)
  if (redirects.length === 0 && assignments.length === 0) {
    const r = builtin(sh, argv)
    const status = typeof r === 'number' ? r : yield* r
    return finish(sh, name, status)
  }
  return yield* withRedirects(sh, redirects, assignments, function* () {
    const r = builtin(sh, argv)
    return finish(sh, name, typeof r === 'number' ? r : yield* r)
  })
}

/** Writes out what the builtin printed; a full or closed output is an error. */
const finish = (sh: Shell, name: string, status: number): number => {
  const { proc } = sh
  proc.writeError = undefined
  if (proc.fds.get(1) === undefined) {
    if (proc.bufferedOutput === '') return status
    proc.discard()
    sh.complain(`${name}: write error: Bad file descriptor`)
    return 1
  }
  proc.flush()
  if (proc.writeError !== undefined) {
    sh.complain(`${name}: write error: ${strerror(proc.writeError)}`)
    return 1
  }
  return status
}

function* call(sh: Shell, fn: FunctionNode, argv: readonly string[]): Task<number> {
  const name = argv[0] ?? ''
  if (sh.callDepth >= MAX_CALLS) {
    sh.complain(`${name}: maximum function nesting level exceeded (${MAX_CALLS})`)
    throw new ToTopLevel(1)
  }
  yield* sh.charge(1)
  const { args, loopDepth, source } = sh
  sh.args = argv.slice(1)
  sh.callDepth++
  sh.loopDepth = 0
  sh.functionNames.push(name)
  sh.vars.pushScope()
  try {
    let status = yield* command(sh, fn.body)
    if (sh.flow?.kind === 'return') {
      status = sh.status
      sh.flow = undefined
    }
    return status
  } finally {
    sh.vars.popScope()
    sh.functionNames.pop()
    sh.loopDepth = loopDepth
    sh.callDepth--
    sh.args = args
    sh.source = source
  }
}

/** A program: its own process, unless this one has nothing else to do. */
function* external(
  sh: Shell,
  node: Command,
  argv: readonly string[],
  redirects: readonly Redirection[],
  assignments: readonly Assignment[],
  replaceShell: boolean,
  searchPath: string | undefined,
): Task<number> /* prettier-ignore */ {
  const { proc } = sh
  const spent = proc.host.spin.charge(PROGRAM_WORK)
  if (spent > 0) yield proc.after(spent)
  if (proc.signalPending) yield* sh.handleSignals()
  const name = argv[0] as string
  let fds: Fds | undefined
  if (redirects.length > 0) {
    fds = yield* redirect(sh, redirects)
    if (fds === undefined) return 1
  }
  let { env } = proc
  if (assignments.length > 0) {
    env = env.copy()
    for (const [variable, value] of yield* values(sh, assignments)) env.set(variable, value)
    if (assignments.some((a) => a.name === 'PATH')) searchPath ??= env.get('PATH')
  }
  const found = findProgram(sh, name, argv, searchPath)
  if (typeof found === 'string') {
    const err = (fds ?? proc.fds).get(2)
    proc.flush()
    err?.write(`${sh.where()}${printable(name)}: ${sh.dash && found === 'command not found' ? 'not found' : found}\n`)
    return found === 'command not found' || found === 'No such file or directory' || found === NO_INTERPRETER ? 127 : 126
  }
  if (replaceShell && sh.traps.size === 0) {
    if (fds) replaceFds(sh, fds)
    if (env !== proc.env) proc.env = env
    proc.env.set('_', found.path)
    return yield* proc.exec(found.main, found.argv)
  }
  if (!sh.mayFork()) return 254
  yield* sh.afterBackground()
  proc.flush()
  const child = proc.spawn({
    argv: found.argv,
    main: found.main,
    env,
    pgid: sh.jobControl ? 'own' : proc.pgid,
    ...(fds ? { fds } : {}),
  })
  child.env.set('_', found.path)
  sh.defaultSignals(child)
  return yield* foreground(sh, [child], () => deparse(node))
}

/** What starting a program costs, in trivial commands. */
const PROGRAM_WORK = 50

interface Found {
  readonly path: string
  readonly main: Main
  readonly argv: readonly string[]
}

/** Finds a program, in `searchPath` rather than PATH; what bash says where there is none. */
const findProgram = (
  sh: Shell,
  name: string,
  argv: readonly string[],
  searchPath?: string,
): Found | string => {
  const { proc } = sh
  let path = name
  if (!name.includes('/')) {
    const hashed = sh.hash.get(name)
    if (
      hashed !== undefined &&
      searchPath === undefined &&
      !(proc.host.executable(hashed.path, proc) instanceof Refusal)
    ) {
      hashed.hits++
      path = hashed.path
    } else {
      const found = proc.host.which(name, proc, searchPath)
      if (found instanceof Refusal) {
        if (found.errno !== 'EACCES')
          return proc.env.has('PATH') ? 'command not found' : 'No such file or directory'
        return 'Permission denied'
      }
      path = found.path
      if (searchPath === undefined) sh.hash.set(name, { path, hits: 1 })
    }
  }
  const program = proc.host.load(path, argv, proc)
  if (!(program instanceof Refusal)) return { path, main: program.main, argv: program.argv }
  const node = proc.lookup(path)
  if (node instanceof Refusal) return strerror(node.errno)
  if (node.kind === 'dir' || node.kind === 'virtual-dir') return 'Is a directory'
  if (program.errno === 'ENOENT') return NO_INTERPRETER
  if (program.errno !== 'ENOEXEC') return strerror(program.errno)
  // A text without `#!` is run by bash itself (bash(1), COMMAND EXECUTION).
  const text = proc.readFile(path)
  if (text instanceof Refusal) return strerror(text.errno)
  if (text.slice(0, 80).includes('\0')) return 'cannot execute binary file: Exec format error'
  const bash = proc.host.load('/bin/bash', ['bash', path, ...argv.slice(1)], proc)
  return bash instanceof Refusal ? strerror(bash.errno) : { path, main: bash.main, argv: bash.argv }
}

/** The file is there, what its `#!` line names isn't. */
const NO_INTERPRETER = 'cannot execute: required file not found'

/** `exec`: replaces the shell, or without a command makes the redirections stay. */
function* execBuiltin(
  sh: Shell,
  argv: readonly string[],
  redirects: readonly Redirection[],
  assignments: readonly Assignment[],
): Task<number> /* prettier-ignore */ {
  let args = argv.slice(1)
  let zero: string | undefined
  if (args[0] === '-a') {
    zero = args[1]
    args = args.slice(2)
  }
  if (args[0] === '--') args = args.slice(1)
  const fds = redirects.length > 0 ? yield* redirect(sh, redirects) : undefined
  if (redirects.length > 0 && fds === undefined) {
    if (sh.interactive) return 1
    throw new ShellExit(1)
  }
  const name = args[0]
  if (name === undefined) {
    if (fds) replaceFds(sh, fds)
    for (const a of assignments) yield* assign(sh, a)
    return 0
  }
  const found = findProgram(sh, name, zero === undefined ? args : [zero, ...args.slice(1)])
  if (typeof found === 'string') {
    sh.complain(`exec: ${name}: ${found === 'command not found' ? 'not found' : found === 'Is a directory' ? 'cannot execute: Is a directory' : found}`)
    const status = found === 'command not found' || found === 'No such file or directory' ? 127 : 126
    if (sh.interactive) return status
    throw new ShellExit(status)
  }
  if (fds) replaceFds(sh, fds)
  for (const [k, v] of yield* values(sh, assignments)) sh.proc.env.set(k, v)
  sh.proc.host.tty.prompt = undefined
  return yield* sh.proc.exec(found.main, found.argv)
}

import type {
  AndOr, ArithmeticExpression, ArithmeticFor, CommandNode, CompoundList, For, Pipeline, PipelineNode, Select, Statement, While,
} from 'unbash' // prettier-ignore
import { Refusal } from '../kernel/refusal.ts'
import { makePipe, type OpenFile } from '../proc/file.ts'
import { fnmatch } from '../proc/fnmatch.ts'
import type { Process } from '../proc/process.ts'
import type { Task } from '../proc/wait.ts'
import { conditional } from './conditional.ts'
import { arithmeticText, deparse } from './deparse.ts'
import { expandPattern, expandString, expandWords, expandArithmeticText } from './expand.ts'
import { foreground } from './foreground.ts'
import { parseScript, type Parsed } from './parse.ts'
import { install, redirect } from './redirect.ts'
import { ShellExit, ToTopLevel, type Shell, type Source } from './shell.ts'
import { simpleCommand } from './simple.ts'
import { readLine } from './read-line.ts'
import { ReadonlyVariable } from './variables.ts'

/** Runs commands one after the other; the status of the last. */
export function* runList(sh: Shell, commands: readonly Statement[]): Task<number> {
  for (let i = 0; i < commands.length; i++) {
    const st = commands[i] as Statement
    const joined = i < commands.length - 1 || (i > 0 && !commands[i - 1]?.background)
    yield* joined ? inList(sh, () => statement(sh, st)) : statement(sh, st)
    if (sh.flow !== undefined) break
  }
  return sh.status
}

/** Runs a command of `a; b`, `a && b` or `a || b` (bash's executing_list). */
function* inList<T>(sh: Shell, run: () => Task<T>): Task<T> {
  sh.lists++
  try {
    return yield* run()
  } finally {
    sh.lists--
  }
}

/** Runs a text as commands: `eval`, `source`, traps, `-c`. */
export function* runText(
  sh: Shell,
  text: string,
  how: 'eval' | 'trap' | '-c' | 'source',
  source?: Source,
): Task<number> {
  const parsed = parseScript(text)
  if (parsed.commands.length === 0 && !parsed.incomplete && !parsed.syntaxError) {
    sh.status = 0
    return 0
  }
  const before = { source: sh.source, pos: sh.pos }
  if (source) sh.source = source
  try {
    for (const line of linesOf(parsed)) {
      try {
        yield* runList(sh, line)
      } catch (e) {
        // What an error of expansion ends is the line; a text behind -c has no other.
        if (!(e instanceof ToTopLevel) || e.interrupted || how === '-c' || sh.isSubshell) throw e
        if (e.fatal && !sh.interactive) throw e
        sh.status = e.status
      }
      if (sh.flow !== undefined) break
    }
    if (
      sh.flow === undefined &&
      (parsed.syntaxError || (parsed.incomplete && parsed.incomplete !== 'heredoc'))
    ) {
      sh.status = sayParseError(sh, parsed, how)
      if (how === '-c' || !sh.interactive) throw new ShellExit(sh.status)
    }
    return sh.status
  } finally {
    sh.source = before.source
    sh.pos = before.pos
  }
}

/** The commands that bash reads together: those that begin on a line where another ends. */
const linesOf = (parsed: Parsed): readonly (readonly Statement[])[] => {
  const lines: Statement[][] = []
  let end = 0
  for (const command of parsed.commands) {
    const last = lines.at(-1)
    if (last === undefined || parsed.text.slice(end, command.pos).includes('\n')) lines.push([command])
    else last.push(command)
    end = command.end
  }
  return lines
}

/** What bash says about a text that is no command; the status. */
export const sayParseError = (
  sh: Shell,
  parsed: Parsed,
  how: 'eval' | 'trap' | '-c' | 'source' | 'prompt' | 'substitution',
): number => {
  sh.proc.flush()
  const lines = parsed.text.split('\n')
  const { syntaxError } = parsed
  const name = sh.interactive ? 'bash' : sh.source.sourced ? sh.source.name : sh.name
  const place = (line: number): string => {
    switch (how) {
      case 'prompt':
        return `${name}: `
      case 'substitution':
        return `${name}: command substitution: line ${line}: `
      case 'source':
        return `${sh.interactive ? 'bash: ' : ''}${sh.source.name}: line ${line}: `
      case '-c':
        return `${name}: -c: line ${line}: `
      case 'eval':
      case 'trap':
        // Inside a script: the script's line, then the line within the text.
        return sh.interactive ? `${name}: ` : `${name}: ${how}: line ${line}: `
    }
  }
  const bare = how === 'prompt' || (sh.interactive && (how === 'eval' || how === 'trap'))
  if (syntaxError) {
    const { line, near } = syntaxError
    const at = place(line)
    sh.proc.err(`${at}${parsed.message ?? `syntax error near unexpected token \`${near}'`}\n`)
    if (!bare && parsed.message === undefined) sh.proc.err(`${at}\`${lines[line - 1] ?? ''}'\n`)
  } else if (parsed.incomplete === 'quote')
    sh.proc.err(
      `${place(lines.length)}unexpected EOF while looking for matching \`${openQuote(parsed.text)}'\n`,
    )
  else
    sh.proc.err(
      `${place(lines.length + (parsed.text.endsWith('\n') ? 0 : 1))}syntax error: unexpected end of file\n`,
    )
  return 2
}

/** The quote that is open at the end of the text. */
const openQuote = (text: string): string => {
  const stack: string[] = []
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    const top = stack.at(-1)
    if (top === "'") {
      if (c === "'") stack.pop()
    } else if (c === '\\') i++
    else if (c === top) stack.pop()
    else if (c === '"' || c === '`' || (c === "'" && top !== '"')) stack.push(c)
    else if (c === '$' && text[i + 1] === '(') stack.push(')')
    else if (c === '$' && text[i + 1] === '{') stack.push('}')
  }
  return stack.at(-1) ?? '"'
}

function* statement(sh: Shell, st: Statement): Task<void> {
  if (sh.proc.signalPending) yield* sh.handleSignals()
  sh.pos = st.pos
  if (sh.options.noexec && !sh.interactive) return
  if (st.background) {
    background(sh, st.command)
    return
  }
  sh.status = yield* andOr(sh, st.command)
}

const andOr = (sh: Shell, node: PipelineNode | AndOr): Task<number> =>
  node.type === 'AndOr' ? inList(sh, () => commandsOf(sh, node)) : checked(sh, node)

function* commandsOf(sh: Shell, node: AndOr): Task<number> {
  let status = 0
  const last = node.commands.length - 1
  for (let i = 0; i <= last; i++) {
    if (i > 0 && (node.operators[i - 1] === '&&') !== (status === 0)) continue
    const command = node.commands[i] as PipelineNode
    if (i < last) {
      sh.conditions++
      try {
        status = yield* pipeline(sh, command)
      } finally {
        sh.conditions--
      }
    } else status = yield* checked(sh, command)
    sh.status = status
    if (sh.flow !== undefined) break
  }
  return status
}

/** A pipeline where `set -e` and the ERR trap look. */
function* checked(sh: Shell, node: PipelineNode): Task<number> {
  const status = yield* pipeline(sh, node)
  if (status === 0 || sh.conditions > 0 || sh.flow !== undefined) return status
  if (node.type === 'Pipeline' && node.prefixes.some((p) => p.type === 'Negation')) return status
  const trap = sh.traps.get('ERR')
  if (trap !== undefined && trap !== '') {
    sh.status = status
    yield* runText(sh, trap, 'trap')
  }
  if (sh.options.errexit) throw new ShellExit(status)
  return status
}

function* pipeline(sh: Shell, node: PipelineNode): Task<number> {
  if (node.type !== 'Pipeline') {
    const status = yield* command(sh, node)
    sh.pipeStatus = undefined
    return status
  }
  const started = sh.proc.now
  const negated = node.prefixes.filter((p) => p.type === 'Negation').length % 2 === 1
  if (negated) sh.conditions++
  let status: number
  try {
    const [only] = node.commands
    status =
      only === undefined ? 0 : node.commands.length === 1 ? yield* command(sh, only) : yield* piped(sh, node)
  } finally {
    if (negated) sh.conditions--
  }
  const time = node.prefixes.find((p) => p.type === 'Time')
  if (time) sayTime(sh, sh.proc.now - started, time.posix !== undefined)
  return negated ? (status === 0 ? 1 : 0) : status
}

const sayTime = (sh: Shell, ns: number, posix: boolean): void => {
  const s = ns / 1e9
  if (posix) sh.proc.err(`real ${s.toFixed(2)}\nuser 0.00\nsys 0.00\n`)
  else sh.proc.err(`\nreal\t${Math.floor(s / 60)}m${(s % 60).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`)
}

/** Starts the commands of a pipeline, each in a process of its own, joined by pipes. */
const startPipeline = (sh: Shell, node: Pipeline, inBackground: boolean): Process[] => {
  const procs: Process[] = []
  const { commands, operators } = node
  let input: OpenFile | undefined
  let pgid: number | 'own' = sh.jobControl ? 'own' : sh.proc.pgid
  for (let i = 0; i < commands.length; i++) {
    const fds = new Map(sh.proc.fds)
    const from = input
    if (from) fds.set(0, from)
    else if (inBackground && !sh.jobControl) fds.set(0, devNull(sh))
    let writer: OpenFile | undefined
    if (i < commands.length - 1) {
      const [r, w] = makePipe()
      input = r.hold()
      writer = w.hold()
      fds.set(1, w)
      if (operators[i] === '|&') fds.set(2, w)
    } else input = undefined
    const node = commands[i] as CommandNode
    const child = sh.fork((s) => commandInChild(s, node), { fds, pgid, background: inBackground })
    from?.drop()
    writer?.drop()
    if (child === undefined) {
      input?.drop()
      break
    }
    if (pgid === 'own') pgid = child.pid
    procs.push(child)
  }
  return procs
}

const devNull = (sh: Shell): OpenFile => {
  const file = sh.proc.open('/dev/null', { read: true })
  return file instanceof Refusal ? (sh.proc.fds.get(0) as OpenFile) : file
}

function* piped(sh: Shell, node: Pipeline): Task<number> {
  yield* sh.afterBackground()
  sh.proc.flush()
  const procs = startPipeline(sh, node, false)
  if (procs.length < node.commands.length) return 254
  return yield* foreground(sh, procs, () => deparse({ ...node, prefixes: [] }))
}

const background = (sh: Shell, node: PipelineNode | AndOr): void => {
  sh.proc.flush()
  let procs: Process[]
  if (node.type === 'Pipeline' && node.prefixes.length === 0) procs = startPipeline(sh, node, true)
  else {
    const fds = sh.jobControl ? undefined : new Map(sh.proc.fds).set(0, devNull(sh))
    const child = sh.fork(
      (s) => (node.type === 'AndOr' || node.type === 'Pipeline' ? andOr(s, node) : commandInChild(s, node)),
      { pgid: sh.jobControl ? 'own' : sh.proc.pgid, background: true, ...(fds ? { fds } : {}) },
    )
    procs = child ? [child] : []
  }
  const last = procs.at(-1)
  if (last === undefined) return
  // Without job control a background command can't be interrupted from the terminal.
  if (!sh.jobControl) for (const p of procs) for (const s of ['INT', 'QUIT'] as const) p.onSignal(s, 'ignore')
  sh.lastBackground = last.pid
  const job = sh.jobs.add({
    pgid: procs[0]?.pgid ?? last.pid,
    procs,
    text: deparse(node),
    background: true,
    ...(node.type === 'Pipeline' ? { texts: node.commands.map(deparse) } : {}),
  })
  if (sh.jobControl) sh.proc.err(`[${job.id}] ${last.pid}\n`)
  sh.status = 0
}

/** A command that is all that its process has to do: an external program replaces the subshell. */
export function* commandInChild(sh: Shell, node: CommandNode): Task<number> {
  if (node.type === 'Command') {
    try {
      return yield* simpleCommand(sh, node, true)
    } catch (e) {
      return refused(sh, e)
    }
  }
  if (node.type === 'Subshell') {
    yield* runList(sh, node.body.commands)
    return sh.status
  }
  return yield* command(sh, node)
}

/** Runs one command of any kind. */
export function* command(sh: Shell, node: CommandNode | CompoundList): Task<number> {
  try {
    switch (node.type) {
      case 'Command':
        return yield* simpleCommand(sh, node, false)
      case 'Redirected': {
        const fds = yield* redirect(sh, node.redirects)
        if (fds === undefined) return 1
        const restore = install(sh, fds)
        try {
          return yield* command(sh, node.command)
        } finally {
          restore()
        }
      }
      case 'BraceGroup':
        return yield* runList(sh, node.body.commands)
      case 'CompoundList':
        return yield* runList(sh, node.commands)
      case 'Subshell': {
        yield* sh.afterBackground()
        sh.proc.flush()
        const child = sh.fork((s) => runList(s, node.body.commands), {
          pgid: sh.jobControl ? 'own' : sh.proc.pgid,
        })
        return child ? yield* foreground(sh, [child], () => deparse(node)) : 254
      }
      case 'If': {
        if ((yield* condition(sh, node.clause)) === 0) return yield* runBody(sh, node.then)
        for (const e of node.elif) {
          if (sh.flow) return sh.status
          if ((yield* condition(sh, e.clause)) === 0) return yield* runBody(sh, e.then)
        }
        if (sh.flow) return sh.status
        return node.else ? yield* runBody(sh, node.else) : 0
      }
      case 'While':
        return yield* whileLoop(sh, node)
      case 'For':
        return yield* forLoop(sh, node)
      case 'ArithmeticFor':
        return yield* arithmeticFor(sh, node)
      case 'Select':
        return yield* select(sh, node)
      case 'Case': {
        const word = yield* expandString(sh, node.word)
        let status = 0
        let falling = false
        for (const item of node.items) {
          let matches = falling
          for (const p of matches ? [] : item.pattern) {
            if (fnmatch(yield* expandPattern(sh, p), word, sh.shopt.has('nocasematch'))) {
              matches = true
              break
            }
          }
          if (!matches) continue
          status = item.body.commands.length ? yield* runList(sh, item.body.commands) : 0
          if (sh.flow || item.terminator === ';;' || item.terminator === undefined) return status
          falling = item.terminator === ';&'
        }
        return status
      }
      case 'TestCommand':
        return yield* conditional(sh, node.expression)
      case 'ArithmeticCommand':
        return yield* arithmeticCommand(sh, node.body)
      case 'Function':
        sh.functions.set(node.name.text, node)
        return 0
      case 'Coproc':
        sh.complain('coproc is real but not simulated')
        return 125
    }
  } catch (e) {
    return refused(sh, e)
  }
}

/** An assignment that is not allowed ends the line. */
const refused = (sh: Shell, e: unknown): never => {
  if (!(e instanceof ReadonlyVariable)) throw e
  sh.complain(`${e.name}: readonly variable`)
  throw new ToTopLevel(1)
}

/** `((…))`: an error in it is its failure, nothing more. */
function* arithmeticCommand(sh: Shell, body: string): Task<number> {
  const text = yield* expandArithmeticText(sh, body)
  try {
    return sh.arithmetic(text, '((') === 0n ? 1 : 0
  } catch (e) {
    if (!(e instanceof ToTopLevel) || sh.options.nounset) throw e
    return 1
  }
}

function* runBody(sh: Shell, list: CompoundList): Task<number> {
  return list.commands.length ? yield* runList(sh, list.commands) : 0
}

function* condition(sh: Shell, list: CompoundList): Task<number> {
  sh.conditions++
  try {
    return yield* runList(sh, list.commands)
  } finally {
    sh.conditions--
  }
}

/** After a turn of a loop: whether the loop ends. */
const leaves = (sh: Shell): boolean => {
  const { flow } = sh
  if (flow === undefined) return false
  if (flow.kind === 'return') return true
  if (--flow.levels > 0 && sh.loopDepth > 1) return true
  sh.flow = undefined
  return flow.kind === 'break'
}

/** Runs the body as long as there is `more`, or until `break`, `return` and their like lead out. */
function* loop(sh: Shell, body: CompoundList, more: () => Task<boolean>): Task<number> {
  let status = 0
  sh.loopDepth++
  try {
    while (yield* more()) {
      status = yield* runList(sh, body.commands)
      if (leaves(sh)) break
      yield* sh.charge(1)
    }
  } finally {
    sh.loopDepth--
  }
  return status
}

const whileLoop = (sh: Shell, node: While): Task<number> =>
  loop(sh, node.body, function* () {
    const test = yield* condition(sh, node.clause)
    return !(sh.flow !== undefined && leaves(sh)) && (test === 0) === (node.kind === 'while')
  })

function* forLoop(sh: Shell, node: For): Task<number> {
  const values = node.wordlist ? yield* expandWords(sh, node.wordlist) : [...sh.args]
  const name = node.name.text
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    sh.complain(`\`${name}': not a valid identifier`)
    return 1
  }
  let next = 0
  // eslint-disable-next-line require-yield -- a list is there at once
  return yield* loop(sh, node.body, function* () {
    const value = values[next++]
    if (value === undefined) return false
    sh.vars.set(name, value)
    return true
  })
}

function* arithmeticFor(sh: Shell, node: ArithmeticFor): Task<number> {
  const value = function* (e: ArithmeticExpression | undefined): Task<bigint> {
    return e ? sh.arithmetic(yield* expandArithmeticText(sh, arithmeticText(e))) : 1n
  }
  let before = node.initialize
  return yield* loop(sh, node.body, function* () {
    yield* value(before)
    before = node.update
    return (yield* value(node.test)) !== 0n
  })
}

function* select(sh: Shell, node: Select): Task<number> {
  const values = node.wordlist ? yield* expandWords(sh, node.wordlist) : [...sh.args]
  if (values.length === 0) return 0
  const width = String(values.length).length
  const menu = values.map((v, i) => `${String(i + 1).padStart(width)}) ${v}\n`).join('')
  let status = 0
  let show = true
  sh.loopDepth++
  try {
    for (;;) {
      if (show) sh.proc.err(menu)
      sh.proc.err(sh.vars.get('PS3') ?? '#? ')
      const line = yield* readLine(sh, 0)
      if (line === undefined) {
        sh.proc.out('\n')
        sh.proc.flush()
        return 1
      }
      const reply = line.replace(/\n$/, '')
      show = reply === ''
      if (show) continue
      sh.vars.set('REPLY', reply)
      sh.vars.set(node.name.text, /^\s*\d+\s*$/.test(reply) ? (values[Number(reply) - 1] ?? '') : '')
      status = yield* runList(sh, node.body.commands)
      if (leaves(sh)) return status
      yield* sh.charge(1)
    }
  } finally {
    sh.loopDepth--
  }
}

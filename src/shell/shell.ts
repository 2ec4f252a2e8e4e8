import type { Assignment, Function as FunctionNode } from 'unbash'
import type { OpenFile } from '../proc/file.ts'
import type { Process } from '../proc/process.ts'
import { SIGNALS, type Signal } from '../proc/signal.ts'
import type { Task } from '../proc/wait.ts'
import { ArithmeticError, evaluate } from './arithmetic.ts'
import { runText } from './execute.ts'
import { Jobs, type Job, isDone, isStopped, statusOf } from './jobs.ts'
import { SpecialVariables } from './special.ts'
import { ReadonlyVariable, Variables, type Variable } from './variables.ts'

/** Processes of one machine beyond which fork(2) fails here. */
const FORK_LIMIT = 480

/** Ctrl-C, or an error that ends the whole command line: back to the prompt, or the end of a script. */
export class ToTopLevel {
  readonly status: number
  readonly interrupted: boolean
  /** It ends a script, where other errors only end the line. */
  readonly fatal: boolean
  constructor(status: number, interrupted = false, fatal = false) {
    this.status = status
    this.interrupted = interrupted
    this.fatal = fatal
  }
}

/** `exit`: unwinds to where the shell was started, which runs the EXIT trap. */
export class ShellExit {
  readonly status: number
  constructor(status: number) {
    this.status = status
  }
}

export interface Options {
  errexit: boolean
  nounset: boolean
  xtrace: boolean
  verbose: boolean
  noglob: boolean
  noexec: boolean
  noclobber: boolean
  allexport: boolean
  monitor: boolean
  pipefail: boolean
  hashall: boolean
  nobraceexpand: boolean
  histexpand: boolean
}

/** Where execution goes on after a statement, if not at the next one. */
export type Flow = { kind: 'break' | 'continue' | 'return'; levels: number }

/** Where a command comes from, for `line N:` in messages. */
export interface Source {
  readonly name: string
  readonly text: string
  /** `source FILE` within an interactive shell says so. */
  readonly sourced?: boolean
}

/** The state of one bash process; subshells are copies. */
export class Shell {
  readonly proc: Process
  readonly vars: Variables
  readonly special: SpecialVariables
  readonly functions: Map<string, FunctionNode>
  readonly aliases: Map<string, string>
  readonly options: Options
  readonly shopt: Set<string>
  readonly traps: Map<Signal | 'EXIT' | 'ERR' | 'DEBUG' | 'RETURN', string>
  readonly jobs: Jobs = new Jobs()
  readonly history: string[]
  readonly dirs: string[]
  /** `$0` and the positional parameters. */
  name: string
  args: readonly string[] = []
  status = 0
  lastBackground: number | undefined
  /** `$$`: the first shell's, also in its subshells. */
  readonly rootPid: number
  /** Reads commands from a terminal (or is a subshell of one that does): messages have no line numbers. */
  interactive = false
  /** Each pipeline gets a process group, and the terminal while it is in the foreground. */
  jobControl = false
  readonly isSubshell: boolean
  /** Runs the text behind `-c`. */
  commandString = false
  flow: Flow | undefined
  loopDepth = 0
  callDepth = 0
  /** Conditions of `if`, `&&`, `!` …, in which `set -e` sleeps. */
  conditions = 0
  /** How many lists (`a; b`, `a && b`) it is in: there, jobs that ended are told of after each command in the foreground. */
  lists = 0
  /** Status of the last command substitution: the status of a command that is only assignments. */
  substitutionStatus: number | undefined
  readonly substitutedFds: number[] = []
  /** The jobs of the shell that this subshell was forked from: `jobs | wc -l` shows them, but they aren't its children. */
  inheritedJobs: Jobs | undefined
  /** Started as `sh`: what it says has the form of dash. */
  readonly dash: boolean
  /** Arrays among the arguments of `declare`, by place. */
  readonly arrayArguments = new Map<number, Assignment>()
  /** Statuses of the last pipeline of several commands. */
  pipeStatus: readonly number[] | undefined
  /** Where programs were found (`hash`). */
  readonly hash: Map<string, { path: string; hits: number }>
  /** `exit` has warned of stopped jobs. */
  warnedOfJobs = false
  /** Where getopts stands within a group of options. */
  optionPlace = { index: 1, at: 1 }
  /** Processes that `kill` was used on, and when: a real kernel would not have buried them before the next prompt. */
  readonly killed = new Map<Process, number>()
  /** Statuses of background processes that have been forgotten otherwise, for `wait PID`. */
  readonly endedStatus = new Map<number, number>()
  functionNames: string[] = []
  source: Source = { name: 'bash', text: '' }
  /** Place in the source of the command that runs. */
  pos = 0

  constructor(proc: Process, parent?: Shell) {
    this.proc = proc
    this.vars = new Variables(proc, parent?.vars)
    this.vars.arithmetic = (text) => String(this.arithmetic(text))
    this.functions = new Map(parent?.functions)
    this.aliases = new Map(parent?.aliases)
    this.shopt = new Set(parent?.shopt)
    this.traps = new Map()
    this.hash = new Map(parent?.hash)
    this.history = parent?.history ?? []
    this.dirs = [...(parent?.dirs ?? [])]
    this.options = { ...(parent?.options ?? DEFAULTS), monitor: false }
    this.name = parent?.name ?? 'bash'
    this.args = parent?.args ?? []
    this.status = parent?.status ?? 0
    this.lastBackground = parent?.lastBackground
    this.rootPid = parent?.rootPid ?? proc.pid
    this.interactive = parent?.interactive ?? false
    this.isSubshell = parent !== undefined
    this.dash = parent?.dash ?? /(?:^|\/)(?:sh|dash)$/.test(proc.name)
    if (parent) {
      this.inheritedJobs = parent.jobs.list.length > 0 ? parent.jobs : parent.inheritedJobs
      this.source = parent.source
      this.pos = parent.pos
      this.callDepth = parent.callDepth
      this.functionNames = [...parent.functionNames]
      this.commandString = parent.commandString
      this.conditions = parent.conditions
    }
    this.special = new SpecialVariables(this, parent?.special)
    // What was found in the old PATH is forgotten.
    this.vars.onChange = (name) => {
      if (name === 'PATH') this.hash.clear()
    }
    this.vars.special = (name) => this.special.make(name)
  }

  /** Where the text that is being run starts in its source. */
  base = 0
  get line(): number {
    return this.lineAt(this.base + this.pos)
  }
  lineAt(pos: number): number {
    let n = 1
    for (let i = 0; i < pos && i < this.source.text.length; i++)
      if (this.source.text.charCodeAt(i) === 10) n++
    return n
  }

  // ---- messages

  /** `bash: TEXT`, in a script `./x.sh: line 3: TEXT`. */
  complain(text: string): void {
    this.proc.flush()
    this.proc.err(`${this.where()}${text}\n`)
  }
  where(): string {
    if (this.dash) return `${this.proc.name}: ${this.line}: `
    if (this.interactive) return 'bash: '
    const inFunction = this.commandString && this.functionNames.length > 0 && !this.source.sourced
    return `${inFunction ? 'environment' : this.source.sourced ? this.source.name : this.name}: line ${this.line}: `
  }

  /** An error of expansion: said here, then thrown; it ends the command line, or the script. */
  expansionError(text: string, status = 1): ToTopLevel {
    this.complain(text)
    this.status = status
    return new ToTopLevel(status)
  }

  /** The same for errors that end a script: an unbound variable, `${x:?}`. */
  fatalError(text: string): ToTopLevel {
    const { status } = this.expansionError(text, this.commandString && !this.isSubshell ? 127 : 1)
    return new ToTopLevel(status, false, true)
  }

  // ---- evaluation

  /** `command`: `((` or `let`, which say so; elsewhere an error ends the command line. */
  arithmetic(text: string, command?: string): bigint {
    try {
      return evaluate(text, {
        get: (name, index) => {
          const v = index === undefined ? undefined : this.vars.lookup(name)
          const value = index === undefined ? this.vars.get(name) : this.#element(v, name, index)
          if (value === undefined && this.options.nounset) throw this.fatalError(`${name}: unbound variable`)
          return value
        },
        set: (name, index, value) => {
          if (index === undefined) this.vars.set(name, value)
          else this.vars.setElement(name, index, value)
        },
      })
    } catch (e) {
      if (e instanceof ArithmeticError)
        throw this.expansionError(command === undefined ? e.message : `${command}: ${e.message}`)
      if (e instanceof ReadonlyVariable) throw this.expansionError(`${e.name}: readonly variable`)
      throw e
    }
  }
  #element(v: Variable | undefined, name: string, index: string): string | undefined {
    if (v?.assoc) return v.assoc.get(index)
    const at = this.vars.indexOf(v?.array, index)
    return v?.array ? v.array.get(at) : at === 0 ? this.vars.get(name) : undefined
  }

  /** `~` and `~root`. */
  home(user: string): string | undefined {
    switch (user) {
      case '':
        return this.vars.get('HOME') ?? '/root'
      case 'root':
        return '/root'
      case '+':
        return this.proc.cwd
      case '-':
        return this.vars.get('OLDPWD')
      default:
        return undefined
    }
  }

  /** `$-` */
  flags(): string {
    const o = this.options
    const on = (x: boolean, c: string): string => (x ? c : '')
    return (
      on(o.allexport, 'a') + on(o.errexit, 'e') + on(o.noglob, 'f') + 'h' + on(this.interactive, 'i') + on(o.monitor, 'm') +
      on(o.noexec, 'n') + on(o.nounset, 'u') + on(o.verbose, 'v') + on(o.xtrace, 'x') + on(!o.nobraceexpand, 'B') +
      on(o.noclobber, 'C') + on(o.histexpand, 'H') + (this.proc.argv[1] === '-c' ? 'c' : '') + on(this.interactive, 's')
    ) // prettier-ignore
  }

  attributes(v: Variable): string {
    const on = (x: boolean | undefined, c: string): string => (x ? c : '')
    return (
      on(v.array !== undefined, 'a') + on(v.assoc !== undefined, 'A') + on(v.integer, 'i') + on(v.nameref, 'n') +
      on(v.readonly, 'r') + on(v.exported, 'x') + on(v.lower, 'l') + on(v.upper, 'u')
    ) // prettier-ignore
  }

  // ---- processes

  /** When the last background process gets its first turn, in ns. */
  #backgroundStarts = 0

  /**
   * Starts a subshell that runs `run`; undefined (which has been said) where there are too many processes. One in the
   * background gets its first turn a little later: the prompt stands before it prints.
   */
  fork(
    run: (sh: Shell) => Task<number>,
    o: { fds?: ReadonlyMap<number, OpenFile>; pgid?: number | 'own'; background?: boolean },
  ): Process | undefined {
    if (!this.mayFork()) return undefined
    if (o.background) this.#backgroundStarts = this.proc.now + START_NS
    const child = this.proc.spawn({
      argv: this.proc.argv,
      // The copy is made now, at the fork, not at the child's first turn.
      main: (proc) => runSubshell(new Shell(proc, this), o.background ? (s) => startLater(s, run) : run),
      ...(o.fds ? { fds: o.fds } : {}),
      ...(o.pgid === undefined ? {} : { pgid: o.pgid }),
    })
    this.defaultSignals(child)
    return child
  }

  /** A program takes its time to start, too: the background processes that were started just before it are ahead of it. */
  *afterBackground(): Task<void> {
    const wait = this.#backgroundStarts - this.proc.now
    if (wait > 0) yield this.proc.after(wait + AHEAD_NS)
  }

  mayFork(): boolean {
    if (this.proc.host.processes.size < FORK_LIMIT) return true
    this.complain('fork: Resource temporarily unavailable')
    this.status = 254
    return false
  }

  /** What an interactive shell ignores, its children don't. */
  defaultSignals(child: Process): void {
    if (this.jobControl)
      for (const s of IGNORED) child.onSignal(s, this.traps.get(s) === '' ? 'ignore' : 'default')
  }

  /** What the shell does on a signal that has no trap (bash(1), SIGNALS). */
  usualDisposition(signal: Signal): 'default' | 'ignore' | 'catch' {
    if (!this.jobControl) return 'default'
    return signal === 'INT' ? 'catch' : IGNORED.includes(signal) ? 'ignore' : 'default'
  }

  /** Drops ended jobs from the table; `tell` prints them first, as bash does before a prompt. */
  forgetDoneJobs(tell: boolean): void {
    const dying = (job: Job): boolean => tell && job.procs.some((p) => this.killed.get(p) === this.proc.now)
    const later = this.jobs.list.filter(dying)
    this.killed.clear()
    for (const job of [...this.jobs.list]) {
      if (later.includes(job)) continue
      if (tell && isStopped(job) && !job.toldStopped) {
        job.toldStopped = true
        this.proc.err(this.jobs.line(job))
      }
      if (!isDone(job)) continue
      if (tell) this.proc.err(this.jobs.line(job))
      for (const p of job.procs) {
        this.proc.reap(p)
        this.endedStatus.set(p.pid, statusOf(p))
      }
      if (this.endedStatus.size > MAX_REMEMBERED) this.endedStatus.clear()
    }
    for (const job of this.jobs.list.filter(isDone)) if (!later.includes(job)) this.jobs.remove(job)
  }

  *waitForChild(child: Process): Task<number> {
    while (child.status === undefined) {
      if ((yield this.proc.childChange.wait) === 'signal') yield* this.handleSignals()
    }
    this.proc.reap(child)
    return statusOf(child)
  }

  /** Runs the traps of signals that came; SIGINT without a trap goes back to the prompt. */
  *handleSignals(): Task<void> {
    for (;;) {
      const signal = this.proc.takeSignal()
      if (signal === undefined) return
      const trap = this.traps.get(signal)
      if (trap !== undefined) {
        const { status } = this
        if (trap !== '') yield* runText(this, trap, 'trap')
        this.status = status
      } else if (signal === 'INT') throw new ToTopLevel(128 + SIGNALS.INT, true)
    }
  }

  /** What computing costs: lets time pass now and then, and others run. */
  *charge(work: number): Task<void> {
    const ns = this.proc.host.spin.charge(work)
    if (ns > 0) yield this.proc.after(ns)
    if (this.proc.signalPending) yield* this.handleSignals()
  }

  /** Runs the EXIT trap; the status the shell ends with. */
  *leave(status: number): Task<number> {
    this.status = status
    const trap = this.traps.get('EXIT')
    this.traps.delete('EXIT')
    if (trap !== undefined && trap !== '') {
      try {
        yield* runText(this, trap, 'trap')
      } catch (e) {
        if (!(e instanceof ShellExit) && !(e instanceof ToTopLevel)) throw e
        return e.status
      }
      return status
    }
    return status
  }
}

function* startLater(sh: Shell, run: (sh: Shell) => Task<number>): Task<number> {
  yield sh.proc.after(START_NS)
  return yield* run(sh)
}

/** From fork(2) to the first output of a small program, on a real machine about a millisecond. */
const START_NS = 1e6
/** By how much a process is ahead of one that the next command line starts: reading the line takes a while. */
const AHEAD_NS = 5e5

function* runSubshell(sh: Shell, run: (sh: Shell) => Task<number>): Task<number> {
  let status: number
  try {
    status = yield* run(sh)
  } catch (e) {
    if (!(e instanceof ShellExit) && !(e instanceof ToTopLevel)) throw e
    status = e.status
  }
  return yield* sh.leave(status)
}

/** Statuses of ended background processes that are kept (CHILD_MAX). */
const MAX_REMEMBERED = 1024

const IGNORED: readonly Signal[] = ['TERM', 'QUIT', 'TSTP', 'TTIN', 'TTOU']

const DEFAULTS: Options = {
  errexit: false, nounset: false, xtrace: false, verbose: false, noglob: false, noexec: false, noclobber: false, allexport: false,
  monitor: false, pipefail: false, hashall: true, nobraceexpand: false, histexpand: false,
} // prettier-ignore

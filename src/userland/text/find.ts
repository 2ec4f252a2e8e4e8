import { Refusal } from '../../kernel/refusal.ts'
import { fnmatch } from '../../proc/fnmatch.ts'
import type { Inode } from '../../proc/fs.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { NOT_SIMULATED, quote, quoteFile } from './program.ts'
import { sizeOf } from './ls.ts'

interface Found {
  readonly path: string
  readonly node: Inode
  readonly depth: number
}
type Test = (f: Found) => boolean | Task<boolean>

interface Plan {
  readonly test: Test
  readonly prints: boolean
  minDepth: number
  maxDepth: number
  depthFirst: boolean
  /** `-exec … +`: what runs at the end. */
  readonly last: (() => Task<void>)[]
  /** `-prune` was met at the folder that was just looked at. */
  pruned: boolean
}

class FindError {
  readonly text: string
  readonly status: number
  constructor(text: string, status = 1) {
    this.text = text
    this.status = status
  }
}

const isDir = (n: Inode): boolean => n.kind === 'dir' || n.kind === 'virtual-dir'
const base = (p: string): string => p.replace(/\/+$/, '').replace(/^.*\//, '') || p

/** find(1): names, types, sizes, ages, -exec, -delete, with -a -o ! and parentheses. */
export const find: Main = function* (proc) {
  const words = proc.argv.slice(1)
  const starts: string[] = []
  while (words[0] !== undefined && !/^(?:-.+|[!(),])$/.test(words[0])) starts.push(words.shift() as string)
  let status = 0
  let plan: Plan
  try {
    plan = new Parser(proc, words).plan()
  } catch (e) {
    if (!(e instanceof FindError)) throw e
    proc.err(`find: ${e.text}\n`)
    return e.status
  }
  const visit = function* (path: string, depth: number): Task<void> {
    const node = proc.lookup(path, true)
    if (node instanceof Refusal) {
      proc.flush()
      proc.err(`find: ${quote(path)}: ${strerror(node.errno)}\n`)
      status = 1
      return
    }
    const check = function* (): Task<void> {
      if (depth < plan.minDepth) return
      const r = plan.test({ path, node, depth })
      const yes = typeof r === 'boolean' ? r : yield* r
      if (yes && plan.prints) proc.out(path + '\n')
    }
    const names =
      isDir(node) && depth < Math.min(plan.maxDepth, 100) ? proc.host.fs.readdir(path, proc.cwd, proc) : []
    plan.pruned = false
    if (!plan.depthFirst) yield* check()
    const skip: boolean = plan.pruned
    plan.pruned = false
    if (!skip && !(names instanceof Refusal))
      for (const n of names) yield* visit(path.endsWith('/') ? path + n : `${path}/${n}`, depth + 1)
    if (plan.depthFirst) yield* check()
    const ns = proc.host.spin.charge(1)
    if (ns > 0) yield* proc.sleep(ns)
  }
  try {
    for (const start of starts.length > 0 ? starts : ['.']) yield* visit(start, 0)
    for (const run of plan.last) yield* run()
  } catch (e) {
    if (!(e instanceof FindError)) throw e
    proc.flush()
    proc.err(`find: ${e.text}\n`)
    return e.status
  }
  return status
}

class Parser {
  readonly #proc: Process
  readonly #words: readonly string[]
  #at = 0
  #acts = false
  readonly #plan = {
    minDepth: 0,
    maxDepth: Infinity,
    depthFirst: false,
    last: [] as (() => Task<void>)[],
    pruned: false,
  }

  constructor(proc: Process, words: readonly string[]) {
    this.#proc = proc
    this.#words = words
  }

  plan(): Plan {
    const test = this.#words.length > 0 ? this.#or() : () => true
    if (this.#at < this.#words.length)
      throw new FindError(
        this.#words[this.#at] === ')'
          ? "invalid expression; you have too many ')'"
          : `paths must precede expression: \`${this.#words[this.#at]}'`,
      )
    return Object.assign(this.#plan, { test, prints: !this.#acts })
  }

  #or(): Test {
    let left = this.#and()
    while (this.#words[this.#at] === '-o' || this.#words[this.#at] === '-or') {
      this.#at++
      const [a, b] = [left, this.#and()]
      left = function* (f) {
        return (yield* settle(a(f))) || (yield* settle(b(f)))
      }
    }
    return left
  }
  #and(): Test {
    let left = this.#term()
    for (;;) {
      const w = this.#words[this.#at]
      if (w === undefined || w === '-o' || w === '-or' || w === ')') return left
      if (w === '-a' || w === '-and') this.#at++
      const [a, b] = [left, this.#term()]
      left = function* (f) {
        return (yield* settle(a(f))) && (yield* settle(b(f)))
      }
    }
  }
  #argument(name: string): string {
    const a = this.#words[this.#at++]
    if (a === undefined) throw new FindError(`missing argument to \`${name}'`)
    return a
  }

  #term(): Test {
    const w = this.#words[this.#at++]
    if (w === undefined) throw new FindError('expected an expression')
    if (w === '!' || w === '-not') {
      const t = this.#term()
      return function* (f) {
        return !(yield* settle(t(f)))
      }
    }
    if (w === '(') {
      const t = this.#or()
      if (this.#words[this.#at++] !== ')')
        throw new FindError(
          "invalid expression; I was expecting to find a ')' somewhere but did not see one.",
        )
      return t
    }
    switch (w) {
      case '-name':
      case '-iname': {
        const pattern = this.#argument(w)
        return (f) => fnmatch(pattern, base(f.path), w === '-iname')
      }
      case '-path':
      case '-wholename':
      case '-ipath': {
        const pattern = this.#argument(w)
        return (f) => fnmatch(pattern, f.path, w === '-ipath')
      }
      case '-type': {
        const types = this.#argument(w).split(',')
        for (const t of types)
          if (!/^[bcdflps]$/.test(t)) throw new FindError(`Unknown argument to -type: ${t[0] ?? ''}`)
        return (f) =>
          types.includes(
            isDir(f.node)
              ? 'd'
              : f.node.kind === 'symlink'
                ? 'l'
                : f.node.kind === 'special' && f.node.char
                  ? 'c'
                  : 'f',
          )
      }
      case '-maxdepth':
      case '-mindepth': {
        const n = this.#argument(w)
        if (!/^\d+$/.test(n))
          throw new FindError(`Expected a positive decimal integer argument to ${w}, but got ${quote(n)}`)
        if (w === '-maxdepth') this.#plan.maxDepth = Number(n)
        else this.#plan.minDepth = Number(n)
        return () => true
      }
      case '-depth':
        this.#plan.depthFirst = true
        return () => true
      case '-empty':
        return (f) =>
          f.node.kind === 'file'
            ? f.node.data === '' && !f.node.program
            : f.node.kind === 'dir' && f.node.entries.size === 0
      case '-size': {
        const m = /^([-+]?)(\d+)([bckwMG]?)$/.exec(this.#argument(w))
        if (m === null) throw new FindError(`Invalid argument \`${this.#words[this.#at - 1]}' to -size`)
        const unit = { c: 1, w: 2, b: 512, k: 1024, M: 1048576, G: 2 ** 30, '': 512 }[
          m[3] as string
        ] as number
        return (f) => compare(m[1] as string, Math.ceil(sizeOf(f.node) / unit), Number(m[2]))
      }
      case '-mmin':
      case '-mtime': {
        const m = /^([-+]?)(\d+)$/.exec(this.#argument(w))
        if (m === null) throw new FindError(`invalid argument \`${this.#words[this.#at - 1]}' to \`${w}'`)
        const unit = w === '-mmin' ? 60e9 : 86400e9
        return (f) =>
          compare(m[1] as string, Math.floor((this.#proc.now - f.node.mtime) / unit), Number(m[2]))
      }
      case '-newer': {
        const node = this.#proc.lookup(this.#argument(w))
        if (node instanceof Refusal)
          throw new FindError(`${quote(this.#words[this.#at - 1] ?? '')}: ${strerror(node.errno)}`)
        return (f) => f.node.mtime > node.mtime
      }
      case '-perm': {
        const m = /^([-/]?)([0-7]+)$/.exec(this.#argument(w))
        if (m === null) throw new FindError(`invalid mode ${quote(this.#words[this.#at - 1] ?? '')}`)
        const bits = parseInt(m[2] as string, 8)
        return (f) =>
          m[1] === '-'
            ? (f.node.mode & bits) === bits
            : m[1] === '/'
              ? bits === 0 || (f.node.mode & bits) !== 0
              : (f.node.mode & 0o7777) === bits
      }
      case '-true':
        return () => true
      case '-false':
        return () => false
      case '-prune':
        return () => (this.#plan.pruned = true)
      case '-print':
      case '-print0': {
        this.#acts = true
        const end = w === '-print' ? '\n' : '\0'
        return (f) => {
          this.#proc.out(f.path + end)
          return true
        }
      }
      case '-quit':
        this.#acts = true
        return () => {
          throw this.#proc.exit(0)
        }
      case '-delete':
        this.#acts = true
        this.#plan.depthFirst = true
        return (f) => {
          if (f.path === '.') return true
          const { fs } = this.#proc.host
          const refusal = isDir(f.node)
            ? fs.rmdir(f.path, this.#proc.cwd, this.#proc)
            : fs.unlink(f.path, this.#proc.cwd, this.#proc)
          if (refusal)
            this.#proc.err(`find: cannot delete ${quoteFile(f.path)}: ${strerror(refusal.errno)}\n`)
          return refusal === undefined
        }
      case '-exec':
      case '-ok':
        return this.#exec(w)
      default:
        if (
          /^-(?:ls|printf|fprint|regex|iregex|user|group|uid|gid|links|inum|samefile|follow|xdev|mount|regextype|execdir|atime|ctime|amin|cmin|nouser|nogroup|readable|writable|executable|lname|anewer|cnewer)/.test(
            w,
          )
        )
          throw new FindError(`${w} is real but not simulated; see: man find`, NOT_SIMULATED)
        if (w.startsWith('-')) throw new FindError(`unknown predicate \`${w}'`)
        throw new FindError(`paths must precede expression: \`${w}'`)
    }
  }

  #exec(name: string): Test {
    if (name === '-ok') throw new FindError('-ok is real but not simulated; see: man find', NOT_SIMULATED)
    this.#acts = true
    const argv: string[] = []
    for (;;) {
      const w = this.#words[this.#at++]
      if (w === undefined) throw new FindError(`missing argument to \`${name}'`)
      if (w === ';') break
      if (w === '+' && argv.at(-1) === '{}') {
        const paths: string[] = []
        this.#plan.last.push(() => this.#runAll(argv.slice(0, -1), paths))
        return (f) => {
          paths.push(f.path)
          return true
        }
      }
      argv.push(w)
    }
    const run = (words: readonly string[]): Task<number> => this.#run(words)
    return function* (f) {
      return (yield* run(argv.map((a) => a.replaceAll('{}', f.path)))) === 0
    }
  }
  *#runAll(argv: readonly string[], paths: readonly string[]): Task<void> {
    if (paths.length > 0) yield* this.#run([...argv, ...paths])
  }
  *#run(argv: readonly string[]): Task<number> {
    const proc = this.#proc
    proc.flush()
    const found = proc.host.which(argv[0] ?? '', proc)
    const program = found instanceof Refusal ? found : proc.host.load(found.path, argv, proc)
    if (program instanceof Refusal) {
      proc.err(`find: ${quote(argv[0] ?? '')}: ${strerror(program.errno)}\n`)
      return 1
    }
    return yield* proc.waitFor(proc.spawn({ argv: program.argv, main: program.main }))
  }
}

function* settle(r: boolean | Task<boolean>): Task<boolean> {
  return typeof r === 'boolean' ? r : yield* r
}

const compare = (sign: string, value: number, n: number): boolean =>
  sign === '+' ? value > n : sign === '-' ? value < n : value === n

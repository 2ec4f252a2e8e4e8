import { Refusal } from '../kernel/refusal.ts'
import type { Process } from './process.ts'

/** Thrown on an expression that makes no sense; what is said is the caller's wording. */
export class TestError {
  readonly kind: 'unary' | 'binary' | 'integer' | 'many' | 'argument' | 'paren'
  readonly text: string
  constructor(kind: TestError['kind'], text: string) {
    this.kind = kind
    this.text = text
  }
}

/** What a shell knows beyond files and strings. */
export interface TestShell {
  variable(name: string): boolean
  option(name: string): boolean
}

const UNARY = new Set([...'abcdefghknoprstuvwxzGLNOSRz'].map((c) => '-' + c))
const BINARY = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
  '-a',
  '-o',
])

export const isUnary = (op: string): boolean => UNARY.has(op)

/** test(1) by the number of arguments (POSIX), and beyond four by precedence. */
export const evaluateTest = (args: readonly string[], proc: Process, shell?: TestShell): boolean => {
  const [a = '', b = '', c = '', d = ''] = args
  switch (args.length) {
    case 0:
      return false
    case 1:
      return a !== ''
    case 2:
      if (a === '!') return b === ''
      if (isUnary(a)) return unary(a, b, proc, shell)
      throw new TestError('unary', a)
    case 3:
      if (b === '-a') return a !== '' && c !== ''
      if (b === '-o') return a !== '' || c !== ''
      if (BINARY.has(b)) return binary(a, b, c, proc)
      if (a === '!') return !evaluateTest([b, c], proc, shell)
      if (a === '(' && c === ')') return b !== ''
      throw new TestError('binary', b)
    case 4:
      if (a === '!') return !evaluateTest([b, c, d], proc, shell)
      if (a === '(' && d === ')') return evaluateTest([b, c], proc, shell)
      break
    default:
  }
  const p = new Expression(args, proc, shell)
  return p.whole()
}

class Expression {
  readonly #args: readonly string[]
  readonly #proc: Process
  readonly #shell: TestShell | undefined
  #at = 0
  constructor(args: readonly string[], proc: Process, shell: TestShell | undefined) {
    this.#args = args
    this.#proc = proc
    this.#shell = shell
  }
  whole(): boolean {
    const r = this.#or()
    if (this.#at < this.#args.length) throw new TestError('many', this.#args[this.#at] ?? '')
    return r
  }
  #or(): boolean {
    const left = this.#and()
    if (this.#args[this.#at] !== '-o') return left
    this.#at++
    const right = this.#or()
    return left || right
  }
  #and(): boolean {
    const left = this.#term()
    if (this.#args[this.#at] !== '-a') return left
    this.#at++
    const right = this.#and()
    return left && right
  }
  #term(): boolean {
    const args = this.#args
    const a = args[this.#at]
    if (a === undefined) throw new TestError('argument', '')
    if (a === '!') {
      this.#at++
      return !this.#term()
    }
    if (a === '(') {
      this.#at++
      const r = this.#or()
      if (args[this.#at] !== ')') throw new TestError('paren', args[this.#at] ?? '')
      this.#at++
      return r
    }
    const op = args[this.#at + 1]
    if (
      op !== undefined &&
      BINARY.has(op) &&
      op !== '-a' &&
      op !== '-o' &&
      args[this.#at + 2] !== undefined
    ) {
      this.#at += 3
      return binary(a, op, args[this.#at - 1] as string, this.#proc)
    }
    if (isUnary(a) && op !== undefined) {
      this.#at += 2
      return unary(a, op, this.#proc, this.#shell)
    }
    this.#at++
    return a !== ''
  }
}

const integer = (s: string): bigint => {
  const t = s.trim()
  if (!/^[+-]?\d+$/.test(t)) throw new TestError('integer', s)
  return BigInt(t.replace(/^\+/, ''))
}

/** `a OP b` of `test`; `<` and `>` compare bytes. */
export const binary = (a: string, op: string, b: string, proc: Process): boolean => {
  switch (op) {
    case '=':
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '>':
      return a > b
    case '-eq':
      return integer(a) === integer(b)
    case '-ne':
      return integer(a) !== integer(b)
    case '-lt':
      return integer(a) < integer(b)
    case '-le':
      return integer(a) <= integer(b)
    case '-gt':
      return integer(a) > integer(b)
    case '-ge':
      return integer(a) >= integer(b)
    default: {
      const x = proc.lookup(a)
      const y = proc.lookup(b)
      if (op === '-ef') return !(x instanceof Refusal) && x === y
      const [newer, older] = op === '-nt' ? [x, y] : [y, x]
      if (newer instanceof Refusal) return false
      return older instanceof Refusal || newer.mtime > older.mtime
    }
  }
}

/** `OP a`: what stands at a path, or about a string. */
export const unary = (op: string, a: string, proc: Process, shell?: TestShell): boolean => {
  switch (op) {
    case '-z':
      return a === ''
    case '-n':
      return a !== ''
    case '-t':
      return /^\d+$/.test(a) && proc.fds.get(Number(a))?.isTty === true
    case '-v':
      return shell?.variable(a) ?? false
    case '-o':
      return shell?.option(a) ?? false
    default: {
      const node = proc.lookup(a, op === '-h' || op === '-L')
      if (node instanceof Refusal) return false
      switch (op) {
        case '-f':
          return node.kind === 'file' || (node.kind === 'special' && node.char !== true)
        case '-d':
          return node.kind === 'dir' || node.kind === 'virtual-dir'
        case '-h':
        case '-L':
          return node.kind === 'symlink'
        case '-s':
          return node.kind === 'special' ? (node.size ?? 0) > 0 : node.kind !== 'file' || node.data !== ''
        case '-c':
          return node.kind === 'special' && node.char === true
        case '-x':
          return node.kind === 'dir' || node.kind === 'virtual-dir' || (node.mode & 0o111) !== 0
        case '-b':
        case '-p':
        case '-S':
        case '-g':
        case '-k':
        case '-u':
          return false
        default:
          return true
      }
    }
  }
}

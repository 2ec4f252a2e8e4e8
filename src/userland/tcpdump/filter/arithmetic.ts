import type { Generator, Value } from './generate.ts'
import type { Cursor } from './cursor.ts'
import { FilterError, SYNTAX } from './lex.ts'
import { always, and, equals, not, opaque, type Test } from './test.ts'

/** Comparisons of numbers: `ip[8] < 5`, `tcp[tcpflags] & tcp-syn != 0`. */
export class Arithmetic {
  readonly #cursor: Cursor
  readonly #g: Generator
  readonly #protocols: ReadonlySet<string>

  constructor(cursor: Cursor, g: Generator, protocols: ReadonlySet<string>) {
    this.#cursor = cursor
    this.#g = g
    this.#protocols = protocols
  }

  /** A comparison, or undefined where none stands here. */
  attempt(): Test | undefined {
    const start = this.#cursor.at
    try {
      const test = this.#relation()
      if (test !== undefined) return test
    } catch (e) {
      if (!(e instanceof FilterError) || e.message !== SYNTAX) throw e
    }
    this.#cursor.at = start
    return undefined
  }

  #relation(): Test | undefined {
    const left = this.#sum(0)
    const t = this.#cursor.token
    if (t?.kind !== 'symbol') return undefined
    const compare = COMPARISONS[t.text]
    if (compare === undefined) return undefined
    this.#cursor.at++
    const right = this.#sum(0)
    const test = relate(t.text, compare, left, right)
    const needed =
      left.test === undefined ? right.test : right.test === undefined ? left.test : and(left.test, right.test)
    return needed === undefined ? test : and(needed, test)
  }

  #sum(level: number): Value {
    const operators = PRECEDENCE[level]
    if (operators === undefined) return this.#operand()
    let left = this.#sum(level + 1)
    for (;;) {
      const t = this.#cursor.token
      if (t?.kind !== 'symbol' || !operators.includes(t.text)) return left
      this.#cursor.at++
      left = operate(t.text, left, this.#sum(level + 1))
    }
  }

  #operand(): Value {
    const t = this.#cursor.token
    if (t === undefined) return this.#cursor.fail()
    if (t.kind === 'number') {
      this.#cursor.at++
      return constant(t.value)
    }
    if (this.#cursor.take('-')) return operate('-', constant(0), this.#operand())
    if (this.#cursor.take('(')) {
      const inner = this.#sum(0)
      this.#cursor.expect(')')
      return inner
    }
    if (this.#cursor.take('len'))
      return { test: undefined, of: (p) => p.length, key: 'len', constant: undefined }
    if (
      t.kind !== 'word' ||
      !this.#protocols.has(t.text) ||
      this.#cursor.tokens[this.#cursor.at + 1]?.text !== '['
    )
      return this.#cursor.fail()
    this.#cursor.at += 2
    const offset = this.#sum(0)
    const size = this.#cursor.take(':') ? this.#cursor.number() : 1
    this.#cursor.expect(']')
    if (size !== 1 && size !== 2 && size !== 4) throw new FilterError('data size must be 1, 2, or 4')
    return this.#g.load(t.text, offset, size)
  }
}

const constant = (n: number): Value => ({ test: undefined, of: () => n, key: undefined, constant: n })

/** Loosest first. */
const PRECEDENCE: readonly (readonly string[])[] = [
  ['|', '^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

type Compare = (a: number, b: number) => boolean
const COMPARISONS: Readonly<Record<string, Compare>> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
}

const relate = (operator: string, compare: Compare, a: Value, b: Value): Test => {
  if (a.constant !== undefined && b.constant !== undefined) return always(compare(a.constant, b.constant))
  const equal = operator === '=' || operator === '=='
  if (a.key !== undefined && b.constant !== undefined && (equal || operator === '!=')) {
    const test = equals(a.key, b.constant, a.of)
    return equal ? test : not(test)
  }
  const { of: x } = a
  const { of: y } = b
  return opaque((p) => compare(x(p), y(p)))
}

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => (a + b) >>> 0,
  '-': (a, b) => (a - b) >>> 0,
  '*': (a, b) => Math.imul(a, b) >>> 0,
  '/': (a, b) => Math.floor(a / b),
  '%': (a, b) => a % b,
  '&': (a, b) => (a & b) >>> 0,
  '|': (a, b) => (a | b) >>> 0,
  '^': (a, b) => (a ^ b) >>> 0,
  '<<': (a, b) => (b > 31 ? 0 : (a << b) >>> 0),
  '>>': (a, b) => (b > 31 ? 0 : a >>> b),
}

/** As in libpcap, only what the left side needs is asked for: `ip[2:2] - tcp[12]` is computed of any IP packet. */
const operate = (operator: string, a: Value, b: Value): Value => {
  const f = OPERATIONS[operator] as (a: number, b: number) => number
  if (operator === '/' && b.constant === 0) throw new FilterError('division by zero')
  if (operator === '%' && b.constant === 0) throw new FilterError('modulus by zero')
  if (a.constant !== undefined && b.constant !== undefined) return constant(f(a.constant, b.constant))
  const { of: x } = a
  const { of: y } = b
  return { test: a.test, of: (p) => f(x(p), y(p)), key: undefined, constant: undefined }
}

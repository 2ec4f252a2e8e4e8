/** Thrown on a bad expression; the shell prints `bash: EXPRESSION: WHAT (error token is "TOKEN")`. */
export class ArithmeticError {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** Where an expression finds and leaves its variables. */
export interface ArithmeticVariables {
  get(name: string, index: string | undefined): string | undefined
  set(name: string, index: string | undefined, value: string): void
}

const MAX_DEPTH = 1024

/** bash's arithmetic (bash(1), ARITHMETIC EVALUATION): 64-bit, the operators of C, `**`, assignments. */
export const evaluate = (text: string, vars: ArithmeticVariables, depth = 0): bigint => {
  if (/^\s*\d{1,15}\s*$/.test(text) && !/^\s*0\d/.test(text)) return BigInt(text.trim())
  const p = new Parser(text, vars, depth)
  return p.whole()
}

const wrap = (n: bigint): bigint => BigInt.asIntN(64, n)

type Token = { kind: 'num' | 'name' | 'op' | 'end'; text: string; at: number }

const OPERATORS =
  /^(?:<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\*=|\/=|%=|\+=|-=|&=|\^=|\|=|[-+*/%<>=!~&^|?:(),])/

/** Binary operators from loosest to tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const ASSIGNMENTS = new Set(['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|='])

class Parser {
  readonly #text: string
  readonly #vars: ArithmeticVariables
  readonly #depth: number
  #at = 0
  #token: Token = { kind: 'end', text: '', at: 0 }
  /** Inside the branch of `?:`, `&&`, `||` that isn't taken: nothing is assigned, no division fails. */
  #dead = 0
  #nesting = 0

  constructor(text: string, vars: ArithmeticVariables, depth: number) {
    this.#text = text
    this.#vars = vars
    this.#depth = depth
    if (depth > MAX_DEPTH) throw this.#error('expression recursion level exceeded')
    this.#next()
  }

  whole(): bigint {
    if (this.#token.kind === 'end') return 0n
    const n = this.#comma()
    if (!this.#atEnd()) throw this.#error('syntax error in expression')
    return n
  }

  #atEnd(): boolean {
    return this.#token.kind === 'end'
  }

  #error(what: string, at = this.#token.at): ArithmeticError {
    return new ArithmeticError(
      `${this.#text.trimStart()}: ${what} (error token is "${this.#text.slice(at)}")`,
    )
  }

  #next(): void {
    while (/[ \t\n]/.test(this.#text[this.#at] ?? '')) this.#at++
    const at = this.#at
    const rest = this.#text.slice(at)
    if (rest === '') this.#token = { kind: 'end', text: '', at }
    else {
      const num = /^[0-9][0-9A-Za-z_@#]*/.exec(rest)
      const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest)
      const op = OPERATORS.exec(rest)
      const found = num ?? name ?? op
      if (!found) throw this.#error('syntax error: invalid arithmetic operator', at)
      this.#at += found[0].length
      this.#token = { kind: num ? 'num' : name ? 'name' : 'op', text: found[0], at }
    }
  }
  #is(op: string): boolean {
    return this.#token.kind === 'op' && this.#token.text === op
  }
  #take(op: string): boolean {
    if (!this.#is(op)) return false
    this.#next()
    return true
  }

  #comma(): bigint {
    let n = this.#assignment()
    while (this.#take(',')) n = this.#assignment()
    return n
  }

  #assignment(): bigint {
    if (++this.#nesting > MAX_DEPTH) throw this.#error('expression recursion level exceeded')
    const start = this.#token
    if (start.kind === 'name') {
      const saved = this.#at
      const index = this.#index()
      const at = this.#at
      this.#next()
      const op = this.#token.kind === 'op' ? this.#token.text : ''
      if (ASSIGNMENTS.has(op)) {
        this.#next()
        const right = this.#assignment()
        const n = op === '=' ? right : this.#binary(op.slice(0, -1), this.#read(start.text, index), right, at)
        this.#write(start.text, index, n)
        this.#nesting--
        return n
      }
      this.#at = saved
      this.#token = start
    }
    const n = this.#ternary()
    if (this.#token.kind === 'op' && ASSIGNMENTS.has(this.#token.text))
      throw this.#error('attempted assignment to non-variable')
    this.#nesting--
    return n
  }

  #index(): string | undefined {
    if (this.#text[this.#at] !== '[') return undefined
    let depth = 0
    for (let i = this.#at; i < this.#text.length; i++) {
      if (this.#text[i] === '[') depth++
      else if (this.#text[i] === ']' && --depth === 0) {
        const index = this.#text.slice(this.#at + 1, i)
        this.#at = i + 1
        return index
      }
    }
    throw this.#error('bad array subscript')
  }

  #ternary(): bigint {
    const test = this.#level(0)
    if (!this.#take('?')) return test
    if (this.#is(':')) throw this.#error('expression expected')
    if (test === 0n) this.#dead++
    const yes = this.#comma()
    if (test === 0n) this.#dead--
    if (!this.#take(':')) throw this.#error("`:' expected for conditional expression")
    if (test !== 0n) this.#dead++
    const no = this.#assignment()
    if (test !== 0n) this.#dead--
    return test !== 0n ? yes : no
  }

  #level(i: number): bigint {
    const ops = LEVELS[i]
    if (ops === undefined) return this.#power()
    let left = this.#level(i + 1)
    while (this.#token.kind === 'op' && ops.includes(this.#token.text)) {
      const op = this.#token.text
      this.#next()
      const skip = (op === '&&' && left === 0n) || (op === '||' && left !== 0n)
      if (skip) this.#dead++
      const at = this.#token.at
      const right = this.#level(i + 1)
      if (skip) this.#dead--
      left = this.#binary(op, left, right, at)
    }
    return left
  }

  #power(): bigint {
    const base = this.#unary()
    if (!this.#take('**')) return base
    const at = this.#token.at
    const exponent = this.#power()
    if (exponent < 0n) throw this.#error('exponent less than 0', at)
    let r = 1n
    for (let e = exponent, b = base; e > 0n; e >>= 1n, b = wrap(b * b)) if (e & 1n) r = wrap(r * b)
    return r
  }

  #binary(op: string, a: bigint, b: bigint, at: number): bigint {
    switch (op) {
      case '||':
        return a !== 0n || b !== 0n ? 1n : 0n
      case '&&':
        return a !== 0n && b !== 0n ? 1n : 0n
      case '|':
        return wrap(a | b)
      case '^':
        return wrap(a ^ b)
      case '&':
        return wrap(a & b)
      case '==':
        return a === b ? 1n : 0n
      case '!=':
        return a !== b ? 1n : 0n
      case '<=':
        return a <= b ? 1n : 0n
      case '>=':
        return a >= b ? 1n : 0n
      case '<':
        return a < b ? 1n : 0n
      case '>':
        return a > b ? 1n : 0n
      case '<<':
        return wrap(a << (b & 63n))
      case '>>':
        return wrap(a >> (b & 63n))
      case '+':
        return wrap(a + b)
      case '-':
        return wrap(a - b)
      case '*':
        return wrap(a * b)
      case '/':
      case '%':
        if (b === 0n) {
          if (this.#dead > 0) return 0n
          throw this.#error('division by 0', at)
        }
        return wrap(op === '/' ? a / b : a % b)
      default:
        throw this.#error('syntax error in expression')
    }
  }

  #unary(): bigint {
    if (++this.#nesting > MAX_DEPTH) throw this.#error('expression recursion level exceeded')
    try {
      if (this.#take('!')) return this.#unary() === 0n ? 1n : 0n
      if (this.#take('~')) return wrap(~this.#unary())
      if (this.#is('++') || this.#is('--')) {
        const step = this.#token.text === '++' ? 1n : -1n
        this.#next()
        if (this.#token.kind === 'name') {
          const name = this.#token.text
          const index = this.#index()
          const n = wrap(this.#read(name, index) + step)
          this.#write(name, index, n)
          this.#next()
          return n
        }
        // `--5` is -(-5): bash reads the two signs apart where no variable follows.
        return this.#unary()
      }
      if (this.#take('-')) return wrap(-this.#unary())
      if (this.#take('+')) return this.#unary()
      return this.#primary()
    } finally {
      this.#nesting--
    }
  }

  #primary(): bigint {
    const t = this.#token
    if (t.kind === 'num') {
      this.#next()
      return this.#number(t)
    }
    if (t.kind === 'name') {
      const index = this.#index()
      this.#next()
      const value = this.#dead > 0 ? 0n : this.#read(t.text, index)
      if (this.#is('++') || this.#is('--')) {
        this.#write(t.text, index, wrap(value + (this.#token.text === '++' ? 1n : -1n)))
        this.#next()
      }
      return value
    }
    if (this.#take('(')) {
      const n = this.#comma()
      if (!this.#take(')')) throw this.#error("missing `)'")
      return n
    }
    throw this.#error('syntax error: operand expected', t.kind === 'end' ? this.#lastAt() : t.at)
  }

  /** bash blames the operator before the end. */
  #lastAt(): number {
    const m = /\S\s*$/.exec(this.#text)
    return m ? m.index : 0
  }

  #number(t: Token): bigint {
    const s = t.text
    const based = /^(\d+)#([0-9A-Za-z@_]*)$/.exec(s)
    if (based) {
      const base = Number(based[1])
      if (base < 2 || base > 64) throw this.#error('invalid arithmetic base', t.at)
      if (based[2] === '') throw this.#error('invalid integer constant', t.at)
      let n = 0n
      for (const c of based[2] as string) {
        const d = digit(c, base)
        if (d >= base) throw this.#error('value too great for base', t.at)
        n = wrap(n * BigInt(base) + BigInt(d))
      }
      return n
    }
    if (/^0[xX][0-9a-fA-F]*$/.test(s)) return s.length === 2 ? 0n : wrap(BigInt(s))
    if (/^0[0-7]*$/.test(s)) return s === '0' ? 0n : wrap(BigInt('0o' + s.slice(1)))
    if (/^[1-9]\d*$/.test(s)) return wrap(BigInt(s))
    throw this.#error('value too great for base', t.at)
  }

  #read(name: string, index: string | undefined): bigint {
    const value = this.#vars.get(name, index)
    return value === undefined || value === '' ? 0n : evaluate(value, this.#vars, this.#depth + 1)
  }
  #write(name: string, index: string | undefined, value: bigint): void {
    if (this.#dead === 0) this.#vars.set(name, index, String(value))
  }
}

const digit = (c: string, base: number): number => {
  if (c >= '0' && c <= '9') return c.charCodeAt(0) - 48
  if (c >= 'a' && c <= 'z') return c.charCodeAt(0) - 87
  if (c >= 'A' && c <= 'Z') return c.charCodeAt(0) - (base <= 36 ? 55 : 29)
  return c === '@' ? 62 : 63
}

import { AwkError, BUILTINS, Lexer, type Token } from './lexer.ts'

export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regex'; readonly source: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'field'; readonly index: Expr }
  | { readonly kind: 'element'; readonly name: string; readonly index: readonly Expr[] }
  | { readonly kind: 'assign'; readonly op: string; readonly target: Expr; readonly value: Expr }
  | { readonly kind: 'conditional'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly kind: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'unary'; readonly op: '!' | '-' | '+'; readonly operand: Expr }
  | { readonly kind: 'step'; readonly by: 1 | -1; readonly prefix: boolean; readonly target: Expr }
  | { readonly kind: 'in'; readonly index: readonly Expr[]; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: 'builtin'; readonly name: string; readonly args: readonly Expr[] }
  | {
      readonly kind: 'getline'
      readonly from: 'input' | 'file' | 'command'
      readonly source?: Expr
      readonly target?: Expr
    }
  | { readonly kind: 'group'; readonly items: readonly Expr[] }

export interface Output {
  readonly op: '>' | '>>' | '|'
  readonly to: Expr
}

export type Stmt =
  | { readonly kind: 'expression'; readonly value: Expr }
  | { readonly kind: 'print' | 'printf'; readonly args: readonly Expr[]; readonly output: Output | undefined }
  | { readonly kind: 'block'; readonly body: readonly Stmt[] }
  | { readonly kind: 'if'; readonly test: Expr; readonly then: Stmt; readonly otherwise: Stmt | undefined }
  | { readonly kind: 'while'; readonly test: Expr; readonly body: Stmt }
  | { readonly kind: 'do'; readonly body: Stmt; readonly test: Expr }
  | {
      readonly kind: 'for'
      readonly start: Stmt | undefined
      readonly test: Expr | undefined
      readonly step: Stmt | undefined
      readonly body: Stmt
    }
  | { readonly kind: 'forIn'; readonly variable: Expr; readonly name: string; readonly body: Stmt }
  | { readonly kind: 'break' | 'continue' | 'next' | 'nextfile' }
  | { readonly kind: 'exit' | 'return'; readonly value: Expr | undefined }
  | { readonly kind: 'delete'; readonly name: string; readonly index: readonly Expr[] | undefined }

export interface Rule {
  readonly pattern: 'BEGIN' | 'END' | 'all' | { readonly from: Expr; readonly to: Expr | undefined }
  readonly body: readonly Stmt[] | undefined
}

export interface Program {
  readonly rules: readonly Rule[]
  readonly functions: ReadonlyMap<
    string,
    { readonly params: readonly string[]; readonly body: readonly Stmt[] }
  >
}

/** Reads a program. Throws AwkError in mawk's words. */
export const parseAwk = (text: string): Program => new Parser(text).program()

const ASSIGN = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='])
const MAX_DEPTH = 500

class Parser {
  readonly #lexer: Lexer
  #t: Token
  readonly #functions = new Map<string, { params: readonly string[]; body: readonly Stmt[] }>()
  readonly #called = new Set<string>()
  #inFunction = false
  #inRule: 'BEGIN' | 'END' | 'rule' = 'rule'
  #loops = 0
  #depth = 0
  /** In `print a > b` the `>` redirects; in parentheses it compares. */
  #noGreater = false

  constructor(text: string) {
    this.#lexer = new Lexer(text)
    this.#t = this.#lexer.next()
  }

  #error(what: string, line = this.#t.line): AwkError {
    return new AwkError(`line ${line}: ${what}`)
  }
  /** In mawk's words for where the parser stands. */
  #unexpected(): AwkError {
    const t = this.#t
    if (t.kind === 'end') return this.#error('missing } near end of file', t.line + 1)
    if (t.text === ')' || t.text === '}') return this.#error(`extra '${t.text}'`)
    return this.#error(`syntax error at or near ${t.kind === 'newline' ? 'end of line' : t.text}`)
  }
  #next(): void {
    this.#t = this.#lexer.next()
  }
  #is(text: string): boolean {
    const { kind } = this.#t
    return this.#t.text === text && (kind === 'op' || kind === 'keyword')
  }
  #take(text: string): boolean {
    if (!this.#is(text)) return false
    this.#next()
    return true
  }
  #expect(text: string): void {
    if (this.#take(text)) return
    if (text === ')' && (this.#t.kind === 'newline' || this.#t.kind === 'end' || this.#t.text === ';'))
      throw this.#error('missing ) near end of line')
    throw this.#unexpected()
  }
  #newlines(): void {
    while (this.#t.kind === 'newline') this.#next()
  }
  #terminators(): void {
    while (this.#t.kind === 'newline' || this.#is(';')) this.#next()
  }

  program(): Program {
    const rules: Rule[] = []
    this.#terminators()
    while (this.#t.kind !== 'end') {
      if (this.#is('function')) this.#function()
      else rules.push(this.#rule())
      this.#terminators()
    }
    for (const name of this.#called)
      if (!this.#functions.has(name))
        throw new AwkError(`line ${this.#lexer.line + 1}: function ${name} never defined`)
    return { rules, functions: this.#functions }
  }

  #function(): void {
    this.#next()
    const name = this.#t.text
    if (this.#t.kind !== 'name' && this.#t.kind !== 'function') throw this.#unexpected()
    this.#next()
    this.#expect('(')
    const params: string[] = []
    while (!this.#is(')')) {
      if (this.#t.kind !== 'name') throw this.#unexpected()
      params.push(this.#t.text)
      this.#next()
      if (!this.#take(',')) break
      this.#newlines()
    }
    this.#expect(')')
    this.#newlines()
    this.#inFunction = true
    // Known before its body, so that it may call itself.
    this.#functions.set(name, { params, body: [] })
    this.#functions.set(name, { params, body: this.#block() })
    this.#inFunction = false
  }

  #rule(): Rule {
    if (this.#is('BEGIN') || this.#is('END')) {
      const pattern = this.#t.text as 'BEGIN' | 'END'
      this.#inRule = pattern
      this.#next()
      if (!this.#is('{')) throw this.#unexpected()
      return { pattern, body: this.#block() }
    }
    this.#inRule = 'rule'
    if (this.#is('{')) return { pattern: 'all', body: this.#block() }
    const from = this.#expression()
    let to: Expr | undefined
    if (this.#take(',')) {
      this.#newlines()
      to = this.#expression()
    }
    const body = this.#is('{') ? this.#block() : undefined
    if (body === undefined && this.#t.kind !== 'newline' && this.#t.kind !== 'end' && !this.#is(';'))
      throw this.#unexpected()
    return { pattern: { from, to }, body }
  }

  #block(): readonly Stmt[] {
    this.#expect('{')
    const body: Stmt[] = []
    this.#terminators()
    while (!this.#is('}')) {
      if (this.#t.kind === 'end') throw this.#unexpected()
      body.push(this.#statement())
      this.#terminators()
    }
    this.#next()
    return body
  }

  /** After a simple statement: `;`, a newline, or `}`. */
  #ends(): void {
    if (this.#is(';') || this.#t.kind === 'newline') return this.#next()
    if (this.#is('}')) return
    throw this.#unexpected()
  }

  #statement(): Stmt {
    if (++this.#depth > MAX_DEPTH) throw this.#error('program is nested too deeply')
    const s = this.#anyStatement()
    this.#depth--
    return s
  }

  #anyStatement(): Stmt {
    if (this.#is('{')) return { kind: 'block', body: this.#block() }
    if (this.#take(';')) return { kind: 'block', body: [] }
    if (this.#take('if')) {
      this.#expect('(')
      const test = this.#expression()
      this.#expect(')')
      this.#newlines()
      const then = this.#body()
      // Newlines and `;` may stand before `else`.
      this.#terminators()
      if (this.#take('else')) {
        this.#newlines()
        return { kind: 'if', test, then, otherwise: this.#body() }
      }
      return { kind: 'if', test, then, otherwise: undefined }
    }
    if (this.#take('while')) {
      this.#expect('(')
      const test = this.#expression()
      this.#expect(')')
      if (this.#take(';')) return { kind: 'while', test, body: { kind: 'block', body: [] } }
      this.#newlines()
      return { kind: 'while', test, body: this.#loopBody() }
    }
    if (this.#take('do')) {
      this.#newlines()
      const body = this.#loopBody()
      this.#terminators()
      if (!this.#take('while')) throw this.#unexpected()
      this.#expect('(')
      const test = this.#expression()
      this.#expect(')')
      this.#ends()
      return { kind: 'do', body, test }
    }
    if (this.#take('for')) return this.#for()
    const simple = this.#simple()
    this.#ends()
    return simple
  }

  /** The branch of an `if`: its end may be taken by the `else`. */
  #body(): Stmt {
    if (
      this.#is('{') ||
      this.#is('if') ||
      this.#is('while') ||
      this.#is('for') ||
      this.#is('do') ||
      this.#is(';')
    )
      return this.#statement()
    const s = this.#simple()
    if (this.#is(';') || this.#t.kind === 'newline') this.#next()
    else if (!this.#is('}')) throw this.#unexpected()
    return s
  }
  #loopBody(): Stmt {
    this.#loops++
    const s = this.#statement()
    this.#loops--
    return s
  }

  #for(): Stmt {
    this.#expect('(')
    let start: Stmt | undefined
    if (!this.#is(';')) {
      start = this.#simple()
      if (start.kind === 'expression' && start.value.kind === 'in' && this.#is(')')) {
        const { index, name } = start.value
        this.#next()
        this.#newlines()
        return { kind: 'forIn', variable: index[0] as Expr, name, body: this.#loopBody() }
      }
    }
    this.#expect(';')
    this.#newlines()
    const test = this.#is(';') ? undefined : this.#expression()
    this.#expect(';')
    this.#newlines()
    const step = this.#is(')') ? undefined : this.#simple()
    this.#expect(')')
    if (this.#take(';')) return { kind: 'for', start, test, step, body: { kind: 'block', body: [] } }
    this.#newlines()
    return { kind: 'for', start, test, step, body: this.#loopBody() }
  }

  #simple(): Stmt {
    const t = this.#t
    if (t.kind === 'keyword') {
      switch (t.text) {
        case 'print':
        case 'printf':
          return this.#print(t.text)
        case 'break':
        case 'continue':
          if (this.#loops === 0) throw this.#error(`${t.text} statement outside of loop`)
          this.#next()
          return { kind: t.text }
        case 'next':
        case 'nextfile':
          if (this.#inRule !== 'rule' && !this.#inFunction) throw this.#error(`improper use of ${t.text}`)
          this.#next()
          return { kind: t.text }
        case 'exit':
        case 'return':
          if (t.text === 'return' && !this.#inFunction) throw this.#error('return outside function body')
          this.#next()
          return { kind: t.text, value: this.#atEnd() ? undefined : this.#expression() }
        case 'delete': {
          this.#next()
          const name = this.#t.text
          if (this.#t.kind !== 'name') throw this.#unexpected()
          this.#next()
          if (!this.#take('[')) return { kind: 'delete', name, index: undefined }
          const index = this.#list(']')
          return { kind: 'delete', name, index }
        }
        default:
      }
    }
    return { kind: 'expression', value: this.#expression() }
  }

  #atEnd(): boolean {
    return this.#is(';') || this.#is('}') || this.#t.kind === 'newline' || this.#t.kind === 'end'
  }

  #print(kind: 'print' | 'printf'): Stmt {
    this.#next()
    const args: Expr[] = []
    const before = this.#noGreater
    this.#noGreater = true
    if (!this.#atEnd() && !this.#is('>') && !this.#is('>>') && !this.#is('|')) {
      args.push(this.#expression())
      while (this.#take(',')) {
        this.#newlines()
        args.push(this.#expression())
      }
    }
    const [only] = args
    const list = args.length === 1 && only?.kind === 'group' ? only.items : args
    let output: Output | undefined
    for (const op of ['>', '>>', '|'] as const) {
      if (!this.#take(op)) continue
      output = { op, to: this.#concatenation() }
      break
    }
    this.#noGreater = before
    return { kind, args: list, output }
  }

  #list(end: string): Expr[] {
    const greater = this.#noGreater
    this.#noGreater = false
    const items: Expr[] = []
    this.#newlines()
    while (!this.#is(end)) {
      items.push(this.#expression())
      this.#newlines()
      if (!this.#take(',')) break
      this.#newlines()
    }
    this.#noGreater = greater
    this.#expect(end)
    return items
  }

  #expression(): Expr {
    if (++this.#depth > MAX_DEPTH) throw this.#error('program is nested too deeply')
    const e = this.#ternary()
    this.#depth--
    return e
  }

  #ternary(): Expr {
    const test = this.#or()
    if (this.#t.kind === 'op' && ASSIGN.has(this.#t.text) && isTarget(test)) {
      const op = this.#t.text
      this.#next()
      this.#newlines()
      return { kind: 'assign', op, target: test, value: this.#expression() }
    }
    if (!this.#take('?')) return test
    this.#newlines()
    const yes = this.#expression()
    this.#newlines()
    this.#expect(':')
    this.#newlines()
    return { kind: 'conditional', test, yes, no: this.#expression() }
  }
  #or(): Expr {
    let left = this.#and()
    while (this.#take('||')) {
      this.#newlines()
      left = { kind: 'binary', op: '||', left, right: this.#and() }
    }
    return left
  }
  #and(): Expr {
    let left = this.#membership()
    while (this.#take('&&')) {
      this.#newlines()
      left = { kind: 'binary', op: '&&', left, right: this.#membership() }
    }
    return left
  }
  #membership(): Expr {
    let left = this.#match()
    while (this.#is('in')) {
      this.#next()
      const name = this.#t.text
      if (this.#t.kind !== 'name') throw this.#unexpected()
      this.#next()
      left = { kind: 'in', index: left.kind === 'group' ? left.items : [left], name }
    }
    return left
  }
  #match(): Expr {
    let left = this.#comparison()
    for (;;) {
      if (this.#take('~')) left = { kind: 'binary', op: '~', left, right: this.#comparison() }
      else if (this.#is('!')) {
        // `!~` comes as two tokens.
        this.#next()
        if (!this.#take('~')) throw this.#unexpected()
        left = { kind: 'binary', op: '!~', left, right: this.#comparison() }
      } else return left
    }
  }
  #comparison(): Expr {
    let left = this.#concatenation()
    for (;;) {
      const op = this.#t.text
      if (
        this.#t.kind !== 'op' ||
        !['<', '<=', '==', '!=', '>', '>='].includes(op) ||
        (op === '>' && this.#noGreater)
      )
        return left
      this.#next()
      left = { kind: 'binary', op, left, right: this.#concatenation() }
    }
  }
  #concatenation(): Expr {
    let left = this.#additive()
    for (;;) {
      if (this.#is('|')) {
        // `cmd | getline`; a bare `|` belongs to print.
        if (this.#noGreater && !this.#lexer.peekGetline()) return left
        this.#next()
        if (!this.#take('getline')) throw this.#unexpected()
        const target = this.#optionalTarget()
        left = { kind: 'getline', from: 'command', source: left, ...(target ? { target } : {}) }
        continue
      }
      if (!this.#startsOperand()) return left
      left = { kind: 'binary', op: ' ', left, right: this.#additive() }
    }
  }
  #startsOperand(): boolean {
    const { kind, text } = this.#t
    if (
      kind === 'number' ||
      kind === 'string' ||
      kind === 'name' ||
      kind === 'function' ||
      kind === 'builtin' ||
      kind === 'regex'
    )
      return true
    if (kind === 'keyword') return false
    return kind === 'op' && (text === '(' || text === '$' || text === '!' || text === '-' || text === '+' || text === '++' || text === '--') && !(text === '!' && this.#lexer.peekTilde()) // prettier-ignore
  }
  #additive(): Expr {
    let left = this.#multiplicative()
    while (this.#is('+') || this.#is('-')) {
      const op = this.#t.text
      this.#next()
      left = { kind: 'binary', op, left, right: this.#multiplicative() }
    }
    return left
  }
  #multiplicative(): Expr {
    let left = this.#unary()
    while (this.#is('*') || this.#is('/') || this.#is('%')) {
      const op = this.#t.text
      this.#next()
      left = { kind: 'binary', op, left, right: this.#unary() }
    }
    return left
  }
  #unary(): Expr {
    for (const op of ['!', '-', '+'] as const)
      if (this.#take(op)) return { kind: 'unary', op, operand: this.#unary() }
    return this.#power()
  }
  #power(): Expr {
    const base = this.#postfix()
    if (!this.#take('^')) return base
    // Right-associative, and -2^2 is -(2^2).
    const exponent = this.#is('-') || this.#is('+') || this.#is('!') ? this.#unary() : this.#power()
    return { kind: 'binary', op: '^', left: base, right: exponent }
  }
  #postfix(): Expr {
    const e = this.#primary()
    if (isTarget(e)) {
      if (this.#take('++')) return { kind: 'step', by: 1, prefix: false, target: e }
      if (this.#take('--')) return { kind: 'step', by: -1, prefix: false, target: e }
    }
    return e
  }

  #optionalTarget(): Expr | undefined {
    const { kind } = this.#t
    return kind === 'name' || this.#is('$') ? this.#primary() : undefined
  }

  #primary(): Expr {
    const t = this.#t
    switch (t.kind) {
      case 'number':
        this.#next()
        return { kind: 'number', value: Number(t.text) }
      case 'string':
        this.#next()
        return { kind: 'string', value: t.text }
      case 'regex':
        this.#next()
        return { kind: 'regex', source: t.text }
      case 'name': {
        this.#next()
        if (!this.#take('[')) return { kind: 'variable', name: t.text }
        return { kind: 'element', name: t.text, index: this.#list(']') }
      }
      case 'function': {
        this.#next()
        this.#expect('(')
        this.#called.add(t.text)
        return { kind: 'call', name: t.text, args: this.#list(')') }
      }
      case 'builtin': {
        this.#next()
        const [least, most] = BUILTINS.get(t.text) as readonly [number, number]
        let args: Expr[] = []
        if (this.#take('(')) args = this.#list(')')
        else if (t.text !== 'length') throw this.#unexpected()
        if (args.length < least || args.length > most)
          throw this.#error(`wrong number of arguments in call to ${t.text}`)
        return { kind: 'builtin', name: t.text, args }
      }
      case 'keyword':
        if (t.text === 'getline') {
          this.#next()
          const target = this.#optionalTarget()
          if (!this.#take('<')) return { kind: 'getline', from: 'input', ...(target ? { target } : {}) }
          return { kind: 'getline', from: 'file', source: this.#postfix(), ...(target ? { target } : {}) }
        }
        throw this.#unexpected()
      case 'op':
        if (this.#take('$'))
          return {
            kind: 'field',
            index: this.#is('++') || this.#is('--') || this.#is('-') ? this.#unaryStep() : this.#primary(),
          }
        if (t.text === '++' || t.text === '--') return this.#unaryStep()
        if (this.#take('(')) {
          const items = this.#list(')')
          const [only] = items
          if (only === undefined) throw this.#unexpected()
          return items.length === 1 ? only : { kind: 'group', items }
        }
        throw this.#unexpected()
      default:
        throw this.#unexpected()
    }
  }
  #unaryStep(): Expr {
    const op = this.#t.text
    this.#next()
    if (op === '-') return { kind: 'unary', op: '-', operand: this.#primary() }
    return { kind: 'step', by: op === '++' ? 1 : -1, prefix: true, target: this.#primary() }
  }
}

const isTarget = (e: Expr): boolean => e.kind === 'variable' || e.kind === 'field' || e.kind === 'element'

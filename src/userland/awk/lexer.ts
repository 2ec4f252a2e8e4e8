/** What is wrong with a program: `awk: line 1: …` */
export class AwkError {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

export interface Token {
  readonly kind:
    'number' | 'string' | 'regex' | 'name' | 'function' | 'builtin' | 'keyword' | 'op' | 'newline' | 'end'
  readonly text: string
  readonly line: number
}

const KEYWORDS = new Set([
  'BEGIN', 'END', 'function', 'func', 'if', 'else', 'while', 'for', 'do', 'break', 'continue', 'next', 'nextfile', 'exit', 'return',
  'delete', 'in', 'getline', 'print', 'printf',
]) // prettier-ignore

export const BUILTINS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['length', [0, 1]], ['substr', [2, 3]], ['index', [2, 2]], ['split', [2, 3]], ['sub', [2, 3]], ['gsub', [2, 3]], ['match', [2, 2]],
  ['sprintf', [1, 999]], ['sin', [1, 1]], ['cos', [1, 1]], ['atan2', [2, 2]], ['exp', [1, 1]], ['log', [1, 1]], ['sqrt', [1, 1]],
  ['int', [1, 1]], ['rand', [0, 0]], ['srand', [0, 1]], ['tolower', [1, 1]], ['toupper', [1, 1]], ['system', [1, 1]],
  ['close', [1, 1]], ['fflush', [0, 1]], ['systime', [0, 0]], ['strftime', [0, 3]], ['mktime', [1, 1]],
]) // prettier-ignore

const OPERATORS = [
  '**=', '&&', '||', '++', '--', '+=', '-=', '*=', '/=', '%=', '^=', '==', '<=', '>=', '!=', '>>', '{', '}', '(', ')', '[', ']',
  ';', ',', '+', '-', '*', '/', '%', '^', '!', '>', '<', '|', '?', ':', '~', '$', '=',
] // prettier-ignore

/** Cuts a program into tokens, one at a time: whether `/` divides depends on what stands before it. */
export class Lexer {
  readonly #text: string
  #at = 0
  line = 1
  #last: Token = { kind: 'newline', text: '\n', line: 1 }

  constructor(text: string) {
    this.#text = text
  }

  next(): Token {
    const t = this.#read()
    this.#last = t
    return t
  }

  /** Whether the next token is `getline` (after a `|`). */
  peekGetline(): boolean {
    return /^[ \t]*getline\b/.test(this.#text.slice(this.#at, this.#at + 40))
  }
  /** Whether `~` comes next (after a `!`). */
  peekTilde(): boolean {
    return this.#text[this.#at] === '~'
  }

  #make(kind: Token['kind'], text: string): Token {
    return { kind, text, line: this.line }
  }

  #read(): Token {
    const s = this.#text
    for (;;) {
      const c = s[this.#at]
      if (c === ' ' || c === '\t' || c === '\r') this.#at++
      else if (c === '\\' && s[this.#at + 1] === '\n') {
        this.#at += 2
        this.line++
      } else if (c === '#') while (this.#at < s.length && s[this.#at] !== '\n') this.#at++
      else break
    }
    const c = s[this.#at]
    if (c === undefined) return this.#make('end', '')
    if (c === '\n') {
      this.#at++
      const t = this.#make('newline', '\n')
      this.line++
      return t
    }
    const rest = s.slice(this.#at, this.#at + 200)
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(rest)
    if (number) {
      this.#at += number[0].length
      return this.#make('number', number[0])
    }
    const name = /^[A-Za-z_]\w*/.exec(rest)
    if (name) {
      this.#at += name[0].length
      if (KEYWORDS.has(name[0])) return this.#make('keyword', name[0] === 'func' ? 'function' : name[0])
      if (BUILTINS.has(name[0])) return this.#make('builtin', name[0])
      return this.#make(s[this.#at] === '(' ? 'function' : 'name', name[0])
    }
    if (c === '"') return this.#string()
    if (c === '/' && this.#regexMayStart()) return this.#regex()
    if (rest.startsWith('**') && !rest.startsWith('**='))
      throw new AwkError(`line ${this.line}: syntax error at or near *`)
    const op = OPERATORS.find((o) => rest.startsWith(o))
    if (op === undefined) throw new AwkError(`line ${this.line}: unexpected character '${c}'`)
    this.#at += op.length
    return this.#make('op', op)
  }

  #regexMayStart(): boolean {
    const { kind, text } = this.#last
    if (kind === 'number' || kind === 'string' || kind === 'name' || kind === 'builtin') return false
    if (kind === 'op')
      return !(text === ')' || text === ']' || text === '$' || text === '++' || text === '--')
    return true
  }

  #string(): Token {
    const from = this.#at
    let out = ''
    this.#at++
    for (;;) {
      const c = this.#text[this.#at]
      if (c === undefined || c === '\n')
        throw new AwkError(
          `line ${this.line}: runaway string constant ${this.#text.slice(from, from + 10).split('\n')[0]} ...`,
        )
      this.#at++
      if (c === '"') return this.#make('string', out)
      if (c !== '\\') {
        out += c
        continue
      }
      const d = this.#text[this.#at] ?? ''
      if (d === '\n') {
        this.#at++
        this.line++
        continue
      }
      const octal = /^[0-7]{1,3}/.exec(this.#text.slice(this.#at, this.#at + 3))
      if (octal) {
        this.#at += octal[0].length
        out += String.fromCharCode(parseInt(octal[0], 8) & 255)
        continue
      }
      this.#at++
      const escape = ESCAPES[d]
      out += escape ?? '\\' + d
    }
  }

  #regex(): Token {
    const from = this.#at
    let out = ''
    this.#at++
    for (let brackets = false; ;) {
      const c = this.#text[this.#at]
      if (c === undefined || c === '\n')
        throw new AwkError(
          `line ${this.line}: runaway regular expression ${this.#text.slice(from, from + 12).split('\n')[0]} ...`,
        )
      this.#at++
      if (c === '/' && !brackets) return this.#make('regex', out)
      if (c === '\\') {
        const d = this.#text[this.#at++] ?? ''
        out += d === '/' ? '/' : '\\' + d
        continue
      }
      if (c === '[' && !brackets) {
        brackets = true
        if (this.#text[this.#at] === '^') ((out += c + '^'), this.#at++)
        else out += c
        if (this.#text[this.#at] === ']') ((out += ']'), this.#at++)
        continue
      }
      if (c === ']') brackets = false
      out += c
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', '/': '/', a: '\x07', b: '\b', f: '\f', v: '\v',
} // prettier-ignore

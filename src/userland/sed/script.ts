import { RegexError, compileRegex } from '../../proc/regcomp.ts'

/** What is wrong with a script: `sed: -e expression #1, char 3: …` */
export class ScriptError {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

export type Address =
  | { readonly kind: 'line'; readonly n: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  /** Undefined: the last regular expression that was used. */
  | { readonly kind: 'regex'; readonly re: RegExp | undefined }
  | { readonly kind: 'plus' | 'multiple'; readonly n: number }

export type ReplacementPart =
  string | { readonly group: number } | { readonly case: 'U' | 'L' | 'u' | 'l' | 'E' }

export interface Substitution {
  readonly re: RegExp | undefined
  readonly replacement: readonly ReplacementPart[]
  readonly global: boolean
  readonly nth: number
  readonly print: boolean
  readonly file: string | undefined
}

export interface SedCommand {
  readonly name: string
  readonly a1: Address | undefined
  readonly a2: Address | undefined
  readonly negated: boolean
  /** Text of a, i, c; label of b, t, T; file of r, R, w, W. */
  text: string
  readonly number: number | undefined
  readonly substitution: Substitution | undefined
  readonly map: ReadonlyMap<string, string> | undefined
  /** Where `{` ends, and where a branch goes. */
  target: number
  /** The range of this command is open; where it ends. */
  active: boolean
  end: number
}

export interface ScriptPart {
  readonly text: string
  /** `-e expression #1` or a file's name. */
  readonly file: string | undefined
}

/** Reads a script, from one or several `-e` and `-f`. Throws ScriptError. */
export const parseScript = (parts: readonly ScriptPart[], extended: boolean): SedCommand[] => {
  const commands: SedCommand[] = []
  const blocks: number[] = []
  let expression = 0
  for (const part of joined(parts)) {
    if (part.file === undefined) expression++
    const p = new Parser(part, expression, extended, commands, blocks)
    p.parse()
  }
  if (blocks.length > 0) throw new ScriptError("-e expression #1, char 0: unmatched `{'")
  for (const c of commands) {
    if (!'btT'.includes(c.name)) continue
    if (c.text === '') c.target = commands.length
    else {
      c.target = commands.findIndex((d) => d.name === ':' && d.text === c.text)
      if (c.target < 0) throw new ScriptError(`can't find label for jump to \`${c.text}'`)
    }
  }
  return commands
}

/** A part that ends in `a\` goes on in the next one. */
const joined = (parts: readonly ScriptPart[]): ScriptPart[] => {
  const out: ScriptPart[] = []
  for (const p of parts) {
    const last = out.at(-1)
    if (last && last.file === undefined && p.file === undefined && /(?:^|[^\\])(?:\\\\)*\\$/.test(last.text))
      out[out.length - 1] = { text: `${last.text}\n${p.text}`, file: undefined }
    else out.push(p)
  }
  return out
}

/** Commands that take no address, or one. */
const NO_ADDRESS = ':}'
const ONE_ADDRESS = 'qQ'
const KNOWN = '{}=abcdDeFgGhHiIlnNpPqQrRstTvwWxyz:#'

class Parser {
  readonly #text: string
  readonly #part: ScriptPart
  readonly #expression: number
  readonly #extended: boolean
  readonly #commands: SedCommand[]
  readonly #blocks: number[]
  #at = 0

  constructor(
    part: ScriptPart,
    expression: number,
    extended: boolean,
    commands: SedCommand[],
    blocks: number[],
  ) {
    this.#text = part.text
    this.#part = part
    this.#expression = expression
    this.#extended = extended
    this.#commands = commands
    this.#blocks = blocks
  }

  #error(what: string, at = this.#at): ScriptError {
    if (this.#part.file !== undefined) {
      const line = this.#text.slice(0, at).split('\n').length
      return new ScriptError(`file ${this.#part.file} line ${line}: ${what}`)
    }
    return new ScriptError(`-e expression #${this.#expression}, char ${at}: ${what}`)
  }
  get #c(): string {
    return this.#text[this.#at] ?? ''
  }
  #blanks(): void {
    while (/[ \t\r\v\f]/.test(this.#c)) this.#at++
  }

  parse(): void {
    for (;;) {
      while (/[\s;]/.test(this.#c)) this.#at++
      if (this.#at >= this.#text.length) return
      this.#command()
    }
  }

  #command(): void {
    const a1 = this.#address()
    let a2: Address | undefined
    if (a1 === undefined && this.#c === ',') {
      this.#at++
      throw this.#error("unexpected `,'")
    }
    if (a1 !== undefined) {
      this.#blanks()
      if (this.#c === ',') {
        this.#at++
        this.#blanks()
        a2 = this.#second()
        if (a2 === undefined) {
          this.#at++
          throw this.#error("unexpected `,'", Math.min(this.#at, this.#text.length + 1))
        }
      }
    }
    this.#blanks()
    let negated = false
    if (this.#c === '!') {
      negated = true
      this.#at++
      this.#blanks()
      if (this.#c === '!') {
        this.#at++
        throw this.#error("multiple `!'s")
      }
    }
    const name = this.#c
    if (name === '' || name === '\n' || name === ';') throw this.#error('missing command')
    this.#at++
    if (!KNOWN.includes(name)) throw this.#error(`unknown command: \`${name}'`)
    if (a1?.kind === 'line' && a1.n === 0 && (a2?.kind !== 'regex' || ONE_ADDRESS.includes(name)))
      throw this.#error('invalid usage of line address 0')
    if (name === '#') {
      if (a1) throw this.#error("comments don't accept any addresses")
      while (this.#at < this.#text.length && this.#c !== '\n') this.#at++
      return
    }
    if (a1 && NO_ADDRESS.includes(name))
      throw this.#error(name === ':' ? ": doesn't want any addresses" : "unexpected `}'")
    if (a2 && ONE_ADDRESS.includes(name)) throw this.#error('command only uses one address')
    const made: SedCommand = {
      name, a1, a2, negated, text: '', number: undefined, substitution: undefined, map: undefined, target: -1, active: a1?.kind === 'line' && a1.n === 0, end: 0,
    } // prettier-ignore
    this.#commands.push(this.#arguments(made))
  }

  #arguments(c: SedCommand): SedCommand {
    switch (c.name) {
      case '{':
        this.#blocks.push(this.#commands.length)
        return c
      case '}': {
        const open = this.#blocks.pop()
        if (open === undefined) throw this.#error("unexpected `}'")
        ;(this.#commands[open] as SedCommand).target = this.#commands.length
        this.#end()
        return c
      }
      case ':': {
        this.#blanks()
        c.text = this.#word(/[^\s;]/)
        if (c.text === '') throw this.#error('":" lacks a label')
        this.#end()
        return c
      }
      case 'b':
      case 't':
      case 'T':
        this.#blanks()
        c.text = this.#word(/[^\s;}]/)
        this.#end()
        return c
      case 'a':
      case 'i':
      case 'c':
        c.text = this.#appended()
        return c
      case 'r':
      case 'R':
      case 'w':
      case 'W':
        this.#blanks()
        c.text = this.#word(/[^\n]/)
        if (c.text === '') throw this.#error('missing filename in r/R/w/W commands')
        return c
      case 'q':
      case 'Q':
      case 'l':
      case 'L': {
        this.#blanks()
        const digits = this.#word(/\d/)
        this.#end()
        return { ...c, number: digits === '' ? undefined : Number(digits) }
      }
      case 's': {
        const made = { ...c, substitution: this.#substitution() }
        this.#end()
        return made
      }
      case 'y': {
        const made = { ...c, map: this.#transliteration() }
        this.#end()
        return made
      }
      case 'e':
        throw this.#error('command e is real but not simulated')
      default:
        this.#end()
        return c
    }
  }

  #word(allowed: RegExp): string {
    const from = this.#at
    while (this.#at < this.#text.length && allowed.test(this.#c)) this.#at++
    return this.#text.slice(from, this.#at)
  }

  /** After a command: nothing, `;`, a newline, `}` or a comment. */
  #end(): void {
    this.#blanks()
    const c = this.#c
    if (c === '' || c === '\n' || c === ';') {
      this.#at++
      return
    }
    if (c === '}' || c === '#') return
    this.#at++
    throw this.#error('extra characters after command')
  }

  #address(): Address | undefined {
    const c = this.#c
    if (/\d/.test(c)) {
      const n = Number(this.#word(/\d/))
      this.#blanks()
      if (this.#c === '~') {
        this.#at++
        return { kind: 'step', first: n, step: Number(this.#word(/\d/) || '0') }
      }
      return { kind: 'line', n }
    }
    if (c === '$') {
      this.#at++
      return { kind: 'last' }
    }
    if (c === '/' || c === '\\') {
      this.#at++
      let delimiter = '/'
      if (c === '\\') delimiter = this.#text[this.#at++] ?? '/'
      const text = this.#delimited(delimiter, true)
      if (text === undefined) throw this.#error('unterminated address regex', this.#text.length)
      let flags = ''
      for (;;) {
        if (this.#c === 'I') flags += 'i'
        else if (this.#c === 'M') flags += 'm'
        else break
        this.#at++
      }
      return { kind: 'regex', re: this.#regex(text, flags) }
    }
    return undefined
  }

  #second(): Address | undefined {
    if (this.#c === '+' || this.#c === '~') {
      const kind = this.#c === '+' ? 'plus' : 'multiple'
      this.#at++
      return { kind, n: Number(this.#word(/\d/) || '0') }
    }
    return this.#address()
  }

  #regex(text: string, flags: string): RegExp | undefined {
    if (text === '') return undefined
    try {
      return compileRegex(escapes(text), {
        extended: this.#extended,
        ignoreCase: flags.includes('i'),
        flags: flags.includes('m') ? 'gm' : 'g',
      })
    } catch (e) {
      if (e instanceof RegexError) throw this.#error(e.message)
      throw e
    }
  }

  /**
   * Up to the delimiter; a backslash before it is dropped. In a regular expression a delimiter within brackets is an ordinary
   * character, as in `s/[/]//`. Undefined where the delimiter never comes.
   */
  #delimited(delimiter: string, regex: boolean): string | undefined {
    let out = ''
    while (this.#at < this.#text.length) {
      const c = this.#c
      if (c === '\\') {
        const d = this.#text[this.#at + 1]
        if (d === undefined) return undefined
        this.#at += 2
        if (d === delimiter) out += regex && /[*.[\]^$+?(){}]/.test(d) ? '\\' + d : d
        else if (d === '\n' && regex) out += '\n'
        else out += '\\' + d
        continue
      }
      if (c === '\n' && regex) return undefined
      if (c === delimiter) {
        this.#at++
        return out
      }
      // A set that is closed before the line ends; `]` first in it is ordinary, classes have brackets of their own.
      const set =
        regex && c === '['
          ? /^\[\^?\]?(?:\[[:.=][^\n]*?[:.=]\]|[^\]\n\\])*\]/.exec(this.#text.slice(this.#at))?.[0]
          : undefined
      const taken = set ?? c
      this.#at += taken.length
      out += taken
    }
    return undefined
  }

  #substitution(): Substitution {
    const delimiter = this.#c
    this.#at++
    const failed = (): ScriptError => this.#error("unterminated `s' command", this.#text.length)
    if (delimiter === '' || delimiter === '\n' || delimiter === '\\') throw failed()
    const pattern = this.#delimited(delimiter, true)
    if (pattern === undefined) throw failed()
    const right = this.#delimited(delimiter, false)
    if (right === undefined) throw failed()
    let [global, print, nth, flags] = [false, false, 0, '']
    let file: string | undefined
    for (;;) {
      const c = this.#c
      if (c === 'g') {
        this.#at++
        if (global) throw this.#error("multiple `g' options to `s' command")
        global = true
      } else if (c === 'p') {
        this.#at++
        if (print) throw this.#error("multiple `p' options to `s' command")
        print = true
      } else if (c === 'i' || c === 'I') {
        this.#at++
        flags += 'i'
      } else if (c === 'm' || c === 'M') {
        this.#at++
        flags += 'm'
      } else if (/\d/.test(c)) {
        if (nth > 0) throw this.#error("multiple number options to `s' command", this.#at + 1)
        nth = Number(this.#word(/\d/))
        if (nth === 0) throw this.#error("number option to `s' command may not be zero")
      } else if (c === 'w') {
        this.#at++
        this.#blanks()
        file = this.#word(/[^\n]/)
        if (file === '') throw this.#error('missing filename in r/R/w/W commands')
      } else if (c === 'e') throw this.#error("option e of `s' is real but not simulated", this.#at + 1)
      else if (c === '' || /[\s;}#]/.test(c)) break
      else throw this.#error("unknown option to `s'", this.#at + 1)
    }
    const re = this.#regex(pattern, flags)
    const replacement = parseReplacement(right)
    const groups = re ? (new RegExp(`${re.source}|`).exec('')?.length ?? 1) : 10
    for (const part of replacement)
      if (typeof part !== 'string' && 'group' in part && part.group >= groups)
        throw this.#error(`invalid reference \\${part.group} on \`s' command's RHS`)
    return { re, replacement, global, nth, print, file }
  }

  #transliteration(): ReadonlyMap<string, string> {
    const delimiter = this.#c
    this.#at++
    const from = this.#delimited(delimiter, false)
    const to = from === undefined ? undefined : this.#delimited(delimiter, false)
    if (from === undefined || to === undefined)
      throw this.#error("unterminated `y' command", this.#text.length)
    const plain = (s: string): string =>
      s.replace(/\\([^])/g, (_, c: string) => ({ n: '\n', t: '\t', '\\': '\\' })[c] ?? `\\${c}`)
    const [a, b] = [plain(from), plain(to)]
    if (a.length !== b.length) throw this.#error("strings for `y' command are different lengths")
    return new Map([...a].map((c, i) => [c, b[i] as string]))
  }

  /** The text of a, i, c: on the same line, or after a backslash and a newline. */
  #appended(): string {
    this.#blanks()
    if (this.#at >= this.#text.length) throw this.#error("expected \\ after `a', `c' or `i'")
    if (this.#c === '\\') {
      this.#at++
      const rest = /^[ \t]*\n/.exec(this.#text.slice(this.#at))
      if (rest) this.#at += rest[0].length
      else this.#blanks()
    }
    let out = ''
    while (this.#at < this.#text.length) {
      const c = this.#c
      this.#at++
      if (c === '\\') {
        const d = this.#c
        this.#at++
        if (d === '') break
        out += d === 't' ? '\t' : d
        continue
      }
      if (c === '\n') break
      out += c
    }
    return out + '\n'
  }
}

/** Escapes that regcomp doesn't know: `\xHH`, `\dNNN`, `\oNNN`, and `\f \v \a \r`. */
const escapes = (s: string): string =>
  s.replace(
    /\\(?:x([0-9a-fA-F]{2})|d(\d{3})|o([0-7]{3})|([fvar])|([^]))/g,
    (whole, hex, dec, oct, letter: string | undefined) => {
      const code = hex !== undefined ? parseInt(hex as string, 16) : dec !== undefined ? Number(dec) : oct !== undefined ? parseInt(oct as string, 8) : undefined // prettier-ignore
      if (code !== undefined) {
        const c = String.fromCharCode(code & 255)
        return /[*.[\]^$/\\]/.test(c) ? '\\' + c : c
      }
      return letter === undefined ? whole : ({ f: '\f', v: '\v', a: '\x07', r: '\r' }[letter] ?? whole)
    },
  )

const parseReplacement = (text: string): ReplacementPart[] => {
  const parts: ReplacementPart[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') parts.push(literal)
    literal = ''
  }
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c === '&') {
      flush()
      parts.push({ group: 0 })
    } else if (c === '\\') {
      const d = text[++i] ?? ''
      if (/\d/.test(d)) {
        flush()
        parts.push({ group: Number(d) })
      } else if ('ULulE'.includes(d) && d !== '') {
        flush()
        parts.push({ case: d as 'U' })
      } else {
        const hex = d === 'x' ? /^[0-9a-fA-F]{2}/.exec(text.slice(i + 1)) : null
        if (hex) {
          literal += String.fromCharCode(parseInt(hex[0], 16))
          i += 2
        } else literal += { n: '\n', t: '\t', f: '\f', v: '\v', a: '\x07', r: '\r' }[d] ?? d
      }
    } else literal += c
  }
  flush()
  return parts
}

import { Refusal } from '../../kernel/refusal.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import type { Input } from './sed.ts'
import type { Address, SedCommand, Substitution } from './script.ts'

interface Settings {
  readonly quiet: boolean
  readonly separator: string
  readonly lineLength: number
}

/** Commands that one line may run: keeps `:a;ba` from running for ever within one slice. */
const BATCH = 2000

/** The state of an edit: pattern space, hold space, what is to be appended (sed(1)). */
export class Editor {
  readonly #proc: Process
  readonly #commands: readonly SedCommand[]
  readonly #set: Settings
  /** Where the output goes while a file is edited in place. */
  output: ((text: string) => void) | undefined
  /** `q` and `Q` end all, with this status. */
  exit: number | undefined
  #space = ''
  /** The line had its newline. */
  #ended = true
  #hold = ''
  #queue: ({ text: string } | { file: string } | { lineOf: string })[] = []
  #replaced = false
  #lastRegex: RegExp | undefined
  #missingNewline = false
  readonly #written = new Map<string, string>()
  readonly #lineFiles = new Map<string, string[]>()
  #steps = 0

  constructor(proc: Process, commands: readonly SedCommand[], set: Settings) {
    this.#proc = proc
    this.#commands = commands
    this.#set = set
    // `w` makes its file at the start, whether a line comes or not.
    for (const c of commands) {
      const file = 'wW'.includes(c.name) ? c.text : c.substitution?.file
      if (file !== undefined && !file.startsWith('/dev/std')) {
        this.#written.set(file, '')
        proc.writeFile(file, '')
      }
    }
  }

  *run(input: Input): Task<void> {
    let restart = false
    for (;;) {
      if (!restart) {
        const line = yield* input.next()
        if (line === undefined) return
        this.#take(line)
      }
      restart = false
      const how = yield* this.#cycle(input)
      if (how === 'restart') restart = true
      if (how !== 'delete' && how !== 'restart' && how !== 'quit-silently' && !this.#set.quiet)
        this.#print(this.#space, this.#ended)
      this.#flushAppends()
      if (this.output === undefined) yield* this.#proc.print('')
      if (this.exit !== undefined) return
      if (how === 'quit-silently') return
    }
  }

  #take(line: string): void {
    this.#ended = line.endsWith(this.#set.separator)
    this.#space = this.#ended ? line.slice(0, -1) : line
    this.#replaced = false
  }

  #out(text: string): void {
    if (this.output) this.output(text)
    else this.#proc.out(text)
  }
  #print(text: string, newline = true): void {
    if (this.#missingNewline) this.#out(this.#set.separator)
    this.#missingNewline = !newline
    this.#out(newline ? text + this.#set.separator : text)
  }

  #flushAppends(): void {
    for (const a of this.#queue) {
      if ('text' in a) {
        if (this.#missingNewline) this.#out('\n')
        this.#missingNewline = false
        this.#out(a.text)
        continue
      }
      if ('lineOf' in a) {
        let lines = this.#lineFiles.get(a.lineOf)
        if (lines === undefined) {
          const text = this.#proc.readFile(a.lineOf)
          lines = text instanceof Refusal ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? [])
          this.#lineFiles.set(a.lineOf, lines)
        }
        const line = lines.shift()
        if (line !== undefined) this.#print(line.replace(/\n$/, ''))
        continue
      }
      const text = this.#proc.readFile(a.file)
      if (text instanceof Refusal || text === '') continue
      if (this.#missingNewline) this.#out('\n')
      this.#missingNewline = false
      this.#out(text)
    }
    this.#queue = []
  }

  /** Runs the script once; how the cycle ends. */
  *#cycle(input: Input): Task<'print' | 'delete' | 'restart' | 'quit-silently'> {
    const commands = this.#commands
    for (let i = 0; i < commands.length; i++) {
      const c = commands[i] as SedCommand
      if (++this.#steps % BATCH === 0) {
        const ns = this.#proc.host.spin.charge(BATCH / 4)
        if (ns > 0) yield* this.#proc.sleep(ns)
      }
      if (c.name === '}' || c.name === ':') continue
      if (this.#selects(c, input) === c.negated) {
        if (c.name === '{') i = c.target
        continue
      }
      switch (c.name) {
        case '=':
          this.#print(String(input.number))
          break
        case 'a':
          this.#queue.push({ text: c.text })
          break
        case 'i':
          if (this.#missingNewline) this.#out('\n')
          this.#missingNewline = false
          this.#out(c.text)
          break
        case 'c':
          if (c.a2 === undefined || c.negated || !c.active) this.#out(c.text)
          return 'delete'
        case 'd':
          return 'delete'
        case 'D': {
          const at = this.#space.indexOf('\n')
          if (at < 0) return 'delete'
          this.#space = this.#space.slice(at + 1)
          return 'restart'
        }
        case 'g':
          this.#space = this.#hold
          break
        case 'G':
          this.#space += '\n' + this.#hold
          break
        case 'h':
          this.#hold = this.#space
          break
        case 'H':
          this.#hold += '\n' + this.#space
          break
        case 'x':
          ;[this.#space, this.#hold] = [this.#hold, this.#space]
          break
        case 'F':
          this.#print(input.name)
          break
        case 'l':
          this.#print(unambiguous(this.#space, c.number ?? this.#set.lineLength))
          break
        case 'n': {
          if (input.isLast) {
            // Without a next line GNU sed prints and ends, without running the rest.
            return 'print'
          }
          if (!this.#set.quiet) this.#print(this.#space, this.#ended)
          this.#flushAppends()
          const line = yield* input.next()
          if (line === undefined) return 'quit-silently'
          const replaced = this.#replaced
          this.#take(line)
          this.#replaced = replaced
          break
        }
        case 'N': {
          if (input.isLast) return 'print'
          this.#flushAppends()
          const line = yield* input.next()
          if (line === undefined) return 'print'
          const before = this.#space
          const replaced = this.#replaced
          this.#take(line)
          this.#space = `${before}\n${this.#space}`
          this.#replaced = replaced
          break
        }
        case 'p':
          this.#print(this.#space, this.#ended)
          break
        case 'P': {
          const at = this.#space.indexOf('\n')
          this.#print(at < 0 ? this.#space : this.#space.slice(0, at))
          break
        }
        case 'q':
          this.exit = c.number ?? 0
          return 'print'
        case 'Q':
          this.exit = c.number ?? 0
          return 'quit-silently'
        case 'r':
          this.#queue.push({ file: c.text })
          break
        case 'R':
          this.#queue.push({ lineOf: c.text })
          break
        case 's':
          this.#substitute(c.substitution as Substitution)
          break
        case 'b':
          i = c.target
          break
        case 't':
          if (this.#replaced) {
            this.#replaced = false
            i = c.target
          }
          break
        case 'T':
          if (!this.#replaced) i = c.target
          else this.#replaced = false
          break
        case 'w':
          this.#write(c.text, this.#space)
          break
        case 'W':
          this.#write(c.text, this.#space.split('\n', 1)[0] ?? '')
          break
        case 'y':
          this.#space = this.#space.replace(/[^]/g, (x) => c.map?.get(x) ?? x)
          break
        case 'z':
          this.#space = ''
          break
        default:
      }
    }
    return 'print'
  }

  #write(file: string, text: string): void {
    if (file === '/dev/stdout') return this.#print(text)
    if (file === '/dev/stderr') return this.#proc.err(text + '\n')
    this.#written.set(file, (this.#written.get(file) ?? '') + text + '\n')
  }
  /** Writes what `w` collected; what went wrong. */
  writeFiles(): string | undefined {
    for (const [file, text] of this.#written) {
      const refusal = this.#proc.writeFile(file, text)
      if (refusal) return `couldn't open file ${file}: ${strerror(refusal.errno)}`
    }
    return undefined
  }

  #matches(a: Address, input: Input): boolean {
    switch (a.kind) {
      case 'line':
        return input.number === a.n
      case 'last':
        return input.isLast
      case 'step':
        return a.step <= 0
          ? input.number === a.first
          : input.number >= a.first && (input.number - a.first) % a.step === 0
      case 'regex': {
        const re = a.re ?? this.#lastRegex
        if (re === undefined) return false
        this.#lastRegex = re
        re.lastIndex = 0
        return re.test(this.#space)
      }
      case 'plus':
      case 'multiple':
        return false
    }
  }

  #selects(c: SedCommand, input: Input): boolean {
    if (c.a1 === undefined) return true
    if (c.a2 === undefined) return this.#matches(c.a1, input)
    const n = input.number
    if (c.active) {
      switch (c.a2.kind) {
        case 'line':
          if (n >= c.a2.n) c.active = false
          // A range that ended before this line is over; the line may begin a new one.
          return n <= c.a2.n || (c.a1.kind !== 'line' && this.#matches(c.a1, input))
        case 'plus':
        case 'multiple':
          if (n >= c.end) c.active = false
          return true
        default:
          if (this.#matches(c.a2, input)) c.active = false
          return true
      }
    }
    if (!this.#matches(c.a1, input)) return false
    switch (c.a2.kind) {
      case 'line':
        c.active = c.a2.n > n
        break
      case 'plus':
        c.end = n + c.a2.n
        c.active = c.a2.n > 0
        break
      case 'multiple':
        c.end = c.a2.n <= 0 ? n : Math.ceil(n / c.a2.n) * c.a2.n
        c.active = c.end > n
        break
      case 'last':
        c.active = !input.isLast
        break
      default:
        c.active = true
    }
    return true
  }

  #substitute(s: Substitution): void {
    const re = s.re ?? this.#lastRegex
    if (re === undefined) {
      this.#proc.flush()
      this.#proc.err('sed: no previous regular expression\n')
      this.#proc.exit(1)
    }
    this.#lastRegex = re
    const text = this.#space
    let out = ''
    let from = 0
    let count = 0
    let done = false
    let previousEnd = -1
    re.lastIndex = 0
    while (re.lastIndex <= text.length) {
      const m = re.exec(text)
      if (m === null) break
      const end = m.index + m[0].length
      // An empty match right behind the last one doesn't count.
      if (m[0] === '' && m.index === previousEnd) {
        re.lastIndex = m.index + 1
        continue
      }
      previousEnd = end
      count++
      if (m[0] === '') re.lastIndex = end + 1
      if (count < Math.max(1, s.nth)) continue
      out += text.slice(from, m.index) + expand(s, m)
      from = end
      done = true
      if (!s.global) break
    }
    if (!done) return
    this.#space = out + text.slice(from)
    this.#replaced = true
    if (s.print) this.#print(this.#space, this.#ended)
    if (s.file !== undefined) this.#write(s.file, this.#space)
  }
}

/** The replacement of one match, with `\U \L \u \l \E`. */
const expand = (s: Substitution, m: RegExpExecArray): string => {
  let out = ''
  let mode: 'U' | 'L' | 'E' = 'E'
  let once: 'u' | 'l' | undefined
  const put = (text: string): void => {
    let t = mode === 'U' ? text.toUpperCase() : mode === 'L' ? text.toLowerCase() : text
    if (once !== undefined && t !== '') {
      t = (once === 'u' ? (t[0] as string).toUpperCase() : (t[0] as string).toLowerCase()) + t.slice(1)
      once = undefined
    }
    out += t
  }
  for (const p of s.replacement) {
    if (typeof p === 'string') put(p)
    else if ('group' in p) put(m[p.group] ?? '')
    else if (p.case === 'u' || p.case === 'l') once = p.case
    else mode = p.case
  }
  return out
}

const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\\\', '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v',
} // prettier-ignore

/** `l`: the line as C would write it, folded. */
const unambiguous = (text: string, width: number): string => {
  let out = ''
  let column = 0
  for (const c of text) {
    const shown = NAMED[c] ?? (c < ' ' || c > '~' ? '\\' + c.charCodeAt(0).toString(8).padStart(3, '0') : c)
    if (width > 1 && column + shown.length > width - 1) {
      out += '\\\n'
      column = 0
    }
    out += shown
    column += shown.length
  }
  return out + '$'
}

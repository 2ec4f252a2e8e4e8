import { Refusal } from '../../kernel/refusal.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import { makePipe, type OpenFile } from '../../proc/file.ts'
import type { Process } from '../../proc/process.ts'
import { printf } from '../../proc/printf.ts'
import { RegexError, compileRegex } from '../../proc/regcomp.ts'
import { strftime } from '../../proc/strftime.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { readChunk } from '../text/program.ts'
import type { Expr, Output, Program, Stmt } from './parser.ts'
import { InputText, compare, loopOrder, numberText, toNumber, toText, truth, type Value } from './value.ts'

/** Ends the program with a message and status 2. */
export class RunTimeError {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

type AwkArray = Map<string, Value>
type Cell = { value: Value; array: AwkArray | undefined }
type Flow = 'break' | 'continue' | 'next' | 'nextfile' | 'exit' | 'return' | undefined

interface Sink {
  write(text: string): void
  close(): Task<number>
}

const MAX_CALLS = 300

/** Runs one awk program (mawk 1.3.4 on byte strings). */
export class Awk {
  readonly #proc: Process
  readonly #program: Program
  readonly #globals = new Map<string, Cell>()
  #locals: Map<string, Cell>[] = []
  #record = ''
  #fields: Value[] = []
  #split = true
  #nf = 0
  #returned: Value
  #flow: Flow
  status = 0
  readonly #ranges = new Map<object, boolean>()
  readonly #outputs = new Map<string, Sink>()
  readonly #inputs = new Map<string, RecordReader>()
  readonly #operands: string[]
  #main: RecordReader | undefined
  #readFiles = false
  #random = 1
  #seed = 0
  #steps = 0

  constructor(
    proc: Process,
    program: Program,
    operands: readonly string[],
    assignments: readonly (readonly [string, string])[],
    fs: string | undefined,
  ) {
    this.#proc = proc
    this.#program = program
    this.#operands = [...operands]
    for (const [name, value] of [['FS', ' '], ['OFS', ' '], ['ORS', '\n'], ['RS', '\n'], ['SUBSEP', '\x1c'], ['CONVFMT', '%.6g'], ['OFMT', '%.6g'], ['FILENAME', '']] as const) this.#set(name, value) // prettier-ignore
    for (const name of ['NR', 'FNR', 'RSTART']) this.#set(name, 0)
    this.#set('RLENGTH', -1)
    const argv = this.#array('ARGV')
    argv.set('0', 'awk')
    operands.forEach((o, i) => argv.set(String(i + 1), new InputText(o)))
    this.#set('ARGC', operands.length + 1)
    const env = this.#array('ENVIRON')
    for (const [k, v] of proc.env) env.set(k, new InputText(v))
    for (const [name, value] of assignments) this.#set(name, new InputText(value))
    if (fs !== undefined) this.#set('FS', fs)
    this.#random = proc.host.sim.random.next()
    this.#seed = EPOCH_SECONDS
  }

  *run(): Task<number> {
    const { rules } = this.#program
    try {
      for (const r of rules)
        if (r.pattern === 'BEGIN' && this.#flow !== 'exit') yield* this.#block(r.body ?? [])
      const main = rules.filter((r) => r.pattern !== 'BEGIN' && r.pattern !== 'END')
      const ends = rules.filter((r) => r.pattern === 'END')
      if (this.#flow !== 'exit' && (main.length > 0 || ends.length > 0)) {
        for (;;) {
          const line = yield* this.#nextRecord()
          if (line === undefined) break
          this.#setRecord(line)
          this.#flow = undefined
          for (const r of main) {
            if (typeof r.pattern === 'object' && !(yield* this.#selected(r.pattern))) continue
            if (r.body === undefined) yield* this.#print([], undefined)
            else yield* this.#block(r.body)
            if (this.#flow !== undefined) break
          }
          if ((this.#flow as Flow) === 'exit') break
          if ((this.#flow as Flow) === 'nextfile') this.#main = undefined
        }
      }
      this.#flow = undefined
      for (const r of ends) {
        yield* this.#block(r.body ?? [])
        if (this.#flow === 'exit') break
      }
    } finally {
      this.#proc.flush()
    }
    for (const out of this.#outputs.values()) yield* out.close()
    return this.status
  }

  *#selected(p: { from: Expr; to: Expr | undefined }): Task<boolean> {
    if (p.to === undefined) return truth(yield* this.#eval(p.from))
    if (!this.#ranges.get(p)) {
      if (!truth(yield* this.#eval(p.from))) return false
      this.#ranges.set(p, true)
    }
    if (truth(yield* this.#eval(p.to))) this.#ranges.set(p, false)
    return true
  }

  // ---- variables

  #cell(name: string): Cell {
    const local = this.#locals.at(-1)?.get(name)
    if (local) return local
    let c = this.#globals.get(name)
    if (c === undefined) this.#globals.set(name, (c = { value: undefined, array: undefined }))
    return c
  }
  #array(name: string): AwkArray {
    return (this.#cell(name).array ??= new Map())
  }
  #get(name: string): Value {
    if (name === 'NF') {
      this.#splitRecord()
      return this.#nf
    }
    return this.#cell(name).value
  }
  #set(name: string, value: Value): void {
    this.#cell(name).value = value
    if (name === 'NF') this.#setNf(toNumber(value))
  }
  #text(v: Value): string {
    return toText(v, toTextOf(this.#globals.get('CONVFMT')?.value))
  }
  #special(name: string): string {
    return this.#text(this.#globals.get(name)?.value)
  }

  // ---- the record and its fields

  #setRecord(text: string): void {
    this.#record = text
    this.#split = false
  }
  #splitRecord(): void {
    if (this.#split) return
    this.#split = true
    this.#fields = splitBy(this.#record, this.#special('FS'), this.#special('RS') === '').map(
      (f) => new InputText(f),
    )
    this.#nf = this.#fields.length
  }
  #field(n: number): Value {
    if (n === 0) return new InputText(this.#record)
    if (n < 0) throw new RunTimeError(`run time error: negative field index $${n}${this.#where()}`)
    this.#splitRecord()
    return n <= this.#nf ? this.#fields[n - 1] : undefined
  }
  #setField(n: number, v: Value): void {
    if (n === 0) return this.#setRecord(this.#text(v))
    if (n < 0 || n > 32767)
      throw new RunTimeError(
        `run time error: ${n < 0 ? 'negative' : 'too large a'} field index $${n}${this.#where()}`,
      )
    this.#splitRecord()
    while (this.#fields.length < n) this.#fields.push(undefined)
    this.#fields[n - 1] = v
    this.#nf = Math.max(this.#nf, n)
    this.#rebuild()
  }
  #setNf(n: number): void {
    this.#splitRecord()
    const count = Math.max(0, Math.min(Math.floor(n), 32767))
    while (this.#fields.length < count) this.#fields.push(undefined)
    this.#fields.length = this.#nf = count
    this.#rebuild()
  }
  #rebuild(): void {
    this.#record = this.#fields.slice(0, this.#nf).map((f) => this.#text(f)).join(this.#special('OFS')) // prettier-ignore
  }
  #where(): string {
    return `\n\tFILENAME="${this.#special('FILENAME')}" FNR=${toNumber(this.#get('FNR'))} NR=${toNumber(this.#get('NR'))}`
  }

  // ---- input

  /** The next record of the operands (files, `-`, `var=value`) or standard input. */
  *#nextRecord(): Task<string | undefined> {
    for (;;) {
      if (this.#main === undefined) {
        const operand = this.#operands.shift()
        if (operand === undefined) {
          if (this.#readFiles) return undefined
          this.#readFiles = true
          this.#main = new RecordReader(this.#proc.fds.get(0))
        } else {
          const assignment = /^([A-Za-z_]\w*)=([^]*)$/.exec(operand)
          if (assignment) {
            this.#set(assignment[1] as string, new InputText(unescape(assignment[2] as string)))
            continue
          }
          if (operand === '') continue
          this.#readFiles = true
          const file = operand === '-' ? this.#proc.fds.get(0) : this.#proc.open(operand, { read: true })
          if (file === undefined || file instanceof Refusal)
            throw new RunTimeError(`cannot open ${operand} (${strerror(file?.errno ?? 'EBADF')})`)
          this.#main = new RecordReader(file)
          this.#set('FILENAME', operand)
          this.#set('FNR', 0)
        }
      }
      const line = yield* this.#main.next(this.#special('RS'))
      if (line !== undefined) {
        this.#set('NR', toNumber(this.#get('NR')) + 1)
        this.#set('FNR', toNumber(this.#get('FNR')) + 1)
        return line
      }
      this.#main = undefined
    }
  }

  *#getline(e: Expr & { kind: 'getline' }): Task<Value> {
    let line: string | undefined
    if (e.from === 'input') line = yield* this.#nextRecord()
    else {
      const name = this.#text(yield* this.#eval(e.source as Expr))
      const key = (e.from === 'file' ? '<' : '|') + name
      let reader = this.#inputs.get(key)
      if (reader === undefined) {
        const made = e.from === 'file' ? this.#openFile(name) : this.#openCommand(name)
        if (made === undefined) return -1
        this.#inputs.set(key, (reader = made))
      }
      line = yield* reader.next(this.#special('RS'))
      if (line !== undefined && e.from === 'command') this.#set('NR', toNumber(this.#get('NR')) + 1)
    }
    if (line === undefined) return 0
    if (e.target) yield* this.#assign(e.target, new InputText(line))
    else this.#setRecord(line)
    return 1
  }
  #openFile(name: string): RecordReader | undefined {
    const file = name === '-' ? this.#proc.fds.get(0) : this.#proc.open(name, { read: true })
    return file === undefined || file instanceof Refusal ? undefined : new RecordReader(file)
  }
  #spawn(command: string, fds: Map<number, OpenFile>): Process | undefined {
    const shell = this.#proc.host.load('/bin/sh', ['sh', '-c', command], this.#proc)
    if (shell instanceof Refusal) return undefined
    this.#proc.flush()
    return this.#proc.spawn({ argv: shell.argv, main: shell.main, fds })
  }
  #openCommand(command: string): RecordReader | undefined {
    const [reader, writer] = makePipe()
    reader.hold()
    writer.hold()
    const child = this.#spawn(command, new Map(this.#proc.fds).set(1, writer))
    writer.drop()
    return child && new RecordReader(reader, child)
  }

  // ---- output

  #sink(o: { op: Output['op']; name: string }): Sink {
    const key = (o.op === '|' ? '|' : '>') + o.name
    const known = this.#outputs.get(key)
    if (known) return known
    const proc = this.#proc
    let made: Sink
    if (o.op === '|') {
      const [reader, writer] = makePipe()
      reader.hold()
      writer.hold()
      const child = this.#spawn(o.name, new Map(proc.fds).set(0, reader))
      reader.drop()
      made = {
        write: (text) => void writer.write(text),
        *close() {
          proc.flush()
          writer.drop()
          return child ? yield* proc.waitFor(child) : -1
        },
      }
    } else if (o.name === '/dev/stdout' || o.name === '-') {
      made = { write: (text) => proc.out(text), close: nothing }
    } else if (o.name === '/dev/stderr') {
      made = { write: (text) => proc.err(text), close: nothing }
    } else {
      const file = proc.open(
        o.name,
        o.op === '>'
          ? { write: true, create: true, truncate: true }
          : { write: true, create: true, append: true },
      )
      if (file instanceof Refusal) throw new RunTimeError(`cannot open "${o.name}" for output`)
      made = { write: (text) => void file.write(text), close: nothing }
    }
    this.#outputs.set(key, made)
    return made
  }
  *#put(text: string, output: Output | undefined): Task<void> {
    if (output === undefined) return yield* this.#proc.print(text)
    const name = this.#text(yield* this.#eval(output.to))
    this.#sink({ op: output.op, name }).write(text)
  }
  *#print(args: readonly Expr[], output: Output | undefined): Task<void> {
    const ofmt = this.#special('OFMT')
    const parts: string[] = []
    for (const a of args) {
      const v = yield* this.#eval(a)
      parts.push(typeof v === 'number' ? numberText(v, ofmt) : this.#text(v))
    }
    const text = args.length === 0 ? this.#record : parts.join(this.#special('OFS'))
    yield* this.#put(text + this.#special('ORS'), output)
  }
  *#close(name: string): Task<number> {
    let status = -1
    for (const key of ['>' + name, '|' + name]) {
      const out = this.#outputs.get(key)
      if (out) status = yield* out.close()
      this.#outputs.delete(key)
    }
    for (const key of ['<' + name, '|' + name]) {
      const input = this.#inputs.get(key)
      if (input) status = input.child ? yield* this.#proc.waitFor(input.child) : 0
      this.#inputs.delete(key)
    }
    return status
  }

  // ---- statements

  *#block(body: readonly Stmt[]): Task<void> {
    for (const s of body) {
      yield* this.#exec(s)
      if (this.#flow !== undefined) return
    }
  }

  /** After a turn of a loop: whether the loop is over. */
  #leaves(): boolean {
    if (this.#flow === 'continue') this.#flow = undefined
    if (this.#flow === 'break') {
      this.#flow = undefined
      return true
    }
    return this.#flow !== undefined
  }
  *#tick(): Task<void> {
    if (++this.#steps % 100 !== 0) return
    const ns = this.#proc.host.spin.charge(50)
    if (ns > 0) yield* this.#proc.sleep(ns)
  }

  *#exec(s: Stmt): Task<void> {
    switch (s.kind) {
      case 'expression':
        yield* this.#eval(s.value)
        return
      case 'print':
        return yield* this.#print(s.args, s.output)
      case 'printf': {
        const values: Value[] = []
        for (const a of s.args) values.push(yield* this.#eval(a))
        return yield* this.#put(this.#format(values, 'printf'), s.output)
      }
      case 'block':
        return yield* this.#block(s.body)
      case 'if':
        if (truth(yield* this.#eval(s.test))) yield* this.#exec(s.then)
        else if (s.otherwise) yield* this.#exec(s.otherwise)
        return
      case 'while':
        while (truth(yield* this.#eval(s.test))) {
          yield* this.#exec(s.body)
          if (this.#leaves()) return
          yield* this.#tick()
        }
        return
      case 'do':
        do {
          yield* this.#exec(s.body)
          if (this.#leaves()) return
          yield* this.#tick()
        } while (truth(yield* this.#eval(s.test)))
        return
      case 'for':
        if (s.start) yield* this.#exec(s.start)
        while (s.test === undefined || truth(yield* this.#eval(s.test))) {
          yield* this.#exec(s.body)
          if (this.#leaves()) return
          if (s.step) yield* this.#exec(s.step)
          yield* this.#tick()
        }
        return
      case 'forIn':
        for (const key of loopOrder([...this.#array(s.name).keys()])) {
          yield* this.#assign(s.variable, new InputText(key))
          yield* this.#exec(s.body)
          if (this.#leaves()) return
          yield* this.#tick()
        }
        return
      case 'break':
      case 'continue':
      case 'next':
      case 'nextfile':
        this.#flow = s.kind
        return
      case 'exit':
        if (s.value) this.status = Math.trunc(toNumber(yield* this.#eval(s.value))) & 255
        this.#flow = 'exit'
        return
      case 'return':
        this.#returned = s.value ? yield* this.#eval(s.value) : undefined
        this.#flow = 'return'
        return
      case 'delete':
        if (s.index === undefined) this.#array(s.name).clear()
        else this.#array(s.name).delete(yield* this.#key(s.index))
    }
  }

  // ---- expressions

  *#key(index: readonly Expr[]): Task<string> {
    const parts: string[] = []
    for (const e of index) {
      const v = yield* this.#eval(e)
      parts.push(this.#text(v))
    }
    return parts.join(this.#special('SUBSEP'))
  }

  *#assign(target: Expr, v: Value): Task<Value> {
    if (target.kind === 'variable') this.#set(target.name, v)
    else if (target.kind === 'field') this.#setField(Math.trunc(toNumber(yield* this.#eval(target.index))), v)
    else if (target.kind === 'element') {
      const key = yield* this.#key(target.index)
      this.#array(target.name).set(key, v)
    }
    return v
  }

  *#eval(e: Expr): Task<Value> {
    switch (e.kind) {
      case 'number':
      case 'string':
        return e.value
      case 'regex':
        return this.#regex(e.source).test(this.#record) ? 1 : 0
      case 'variable': {
        const c = this.#cell(e.name)
        if (c.array && c.value === undefined)
          throw new RunTimeError(`line 1: illegal reference to array ${e.name}`)
        return this.#get(e.name)
      }
      case 'field':
        return this.#field(Math.trunc(toNumber(yield* this.#eval(e.index))))
      case 'element': {
        const key = yield* this.#key(e.index)
        const a = this.#array(e.name)
        // A mention makes the element.
        if (!a.has(key)) a.set(key, undefined)
        return a.get(key)
      }
      case 'group': {
        let v: Value
        for (const i of e.items) v = yield* this.#eval(i)
        return v
      }
      case 'assign': {
        const right = yield* this.#eval(e.value)
        if (e.op === '=') return yield* this.#assign(e.target, right)
        const left = yield* this.#eval(e.target)
        return yield* this.#assign(
          e.target,
          arithmetic(e.op === '**=' ? '^' : (e.op[0] as string), toNumber(left), toNumber(right)),
        )
      }
      case 'conditional':
        return truth(yield* this.#eval(e.test)) ? yield* this.#eval(e.yes) : yield* this.#eval(e.no)
      case 'unary': {
        const v = yield* this.#eval(e.operand)
        return e.op === '!' ? (truth(v) ? 0 : 1) : e.op === '-' ? -toNumber(v) : toNumber(v)
      }
      case 'step': {
        const old = toNumber(yield* this.#eval(e.target))
        yield* this.#assign(e.target, old + e.by)
        return e.prefix ? old + e.by : old
      }
      case 'in':
        return this.#array(e.name).has(yield* this.#key(e.index)) ? 1 : 0
      case 'binary':
        return yield* this.#binary(e.op, e.left, e.right)
      case 'getline':
        return yield* this.#getline(e)
      case 'call':
        return yield* this.#call(e.name, e.args)
      case 'builtin':
        return yield* this.#builtin(e.name, e.args)
    }
  }

  *#binary(op: string, left: Expr, right: Expr): Task<Value> {
    if (op === '&&') return truth(yield* this.#eval(left)) && truth(yield* this.#eval(right)) ? 1 : 0
    if (op === '||') return truth(yield* this.#eval(left)) || truth(yield* this.#eval(right)) ? 1 : 0
    const a = yield* this.#eval(left)
    if (op === '~' || op === '!~') {
      const re = yield* this.#dynamicRegex(right)
      return re.test(this.#text(a)) === (op === '~') ? 1 : 0
    }
    const b = yield* this.#eval(right)
    switch (op) {
      case ' ':
        return this.#text(a) + this.#text(b)
      case '<':
      case '<=':
      case '==':
      case '!=':
      case '>':
      case '>=': {
        const r = compare(a, b, this.#special('CONVFMT'))
        const holds =
          op === '<'
            ? r < 0
            : op === '<='
              ? r <= 0
              : op === '=='
                ? r === 0
                : op === '!='
                  ? r !== 0
                  : op === '>'
                    ? r > 0
                    : r >= 0
        return holds ? 1 : 0
      }
      default:
        return arithmetic(op, toNumber(a), toNumber(b))
    }
  }

  #regex(source: string, flags = ''): RegExp {
    try {
      return compileRegex(source, { extended: true, flags })
    } catch (e) {
      if (e instanceof RegexError)
        throw new RunTimeError(
          `regular expression compile failed (${REGEX_WORDS[e.message] ?? 'syntax error'})\n${source}`,
        )
      throw e
    }
  }
  *#dynamicRegex(e: Expr, flags = ''): Task<RegExp> {
    if (e.kind === 'regex') return this.#regex(e.source, flags)
    return this.#regex(this.#text(yield* this.#eval(e)), flags)
  }

  *#call(name: string, args: readonly Expr[]): Task<Value> {
    const f = this.#program.functions.get(name)
    if (f === undefined) return undefined
    if (this.#locals.length >= MAX_CALLS) throw new RunTimeError('run time error: evaluation stack overflow')
    const frame = new Map<string, Cell>()
    for (const [i, param] of f.params.entries()) {
      const arg = args[i]
      // An array, or a variable that may become one, is passed by reference.
      if (arg?.kind === 'variable') {
        const cell = this.#cell(arg.name)
        if (cell.array) frame.set(param, cell)
        else if (cell.value === undefined)
          frame.set(param, { value: undefined, get array() { return cell.array }, set array(a) { cell.array = a } }) // prettier-ignore
        else frame.set(param, { value: this.#get(arg.name), array: undefined })
      } else frame.set(param, { value: arg ? yield* this.#eval(arg) : undefined, array: undefined })
    }
    this.#locals.push(frame)
    this.#returned = undefined
    yield* this.#block(f.body)
    this.#locals.pop()
    if (this.#flow === 'return') this.#flow = undefined
    const v = this.#returned
    this.#returned = undefined
    return v
  }

  #format(values: readonly Value[], who: string): string {
    const format = this.#text(values[0])
    const needed = (format.match(/%[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+)?)?[a-zA-Z]/g) ?? []).reduce(
      (n, d) => n + 1 + (d.match(/\*/g) ?? []).length,
      0,
    )
    if (needed > values.length - 1)
      throw new RunTimeError(
        `run time error: not enough arguments passed to ${who}("${format}")${this.#where()}`,
      )
    let next = 0
    const args = values.slice(1).map((v) => this.#text(v))
    // Each directive takes its value as number or text, so it is formatted by itself.
    return format.replace(
      /%%|%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z])/g,
      (d, _f, width, precision, c: string | undefined) => {
        if (c === undefined) return '%'
        const stars: string[] = []
        if (width === '*') stars.push(String(Math.trunc(toNumber(values[++next]))))
        if (precision === '*') stars.push(String(Math.trunc(toNumber(values[++next]))))
        const v = values[++next]
        const text = args[next - 1] ?? ''
        let value = text
        let directive = d
        if ('diouxX'.includes(c)) {
          const n = toNumber(v)
          value = Number.isFinite(n)
            ? BigInt(Math.trunc(n)).toString()
            : n > 0
              ? '9223372036854775807'
              : '-9223372036854775808'
        } else if ('eEfFgG'.includes(c)) value = String(toNumber(v))
        else if (c === 'c') {
          value = typeof v === 'number' ? String.fromCharCode(Math.trunc(v) & 255) : text.slice(0, 1)
          directive = d.replace(/c$/, 's')
        }
        return printf(directive, [...stars, value], {
          badNumber: () => {},
          badFormat: () => {},
          quote: (s) => s,
          time: () => '',
        })
      },
    )
  }

  *#builtin(name: string, args: readonly Expr[]): Task<Value> {
    const [first] = args
    if (name === 'length') {
      if (first === undefined) return this.#record.length
      if (first.kind === 'variable') {
        const cell = this.#cell(first.name)
        if (cell.array) return cell.array.size
      }
      return this.#text(yield* this.#eval(first)).length
    }
    if (name === 'split') return yield* this.#splitBuiltin(args)
    if (name === 'sub' || name === 'gsub') return yield* this.#substitute(name === 'gsub', args)
    if (name === 'match') {
      const text = this.#text(yield* this.#eval(first as Expr))
      const m = (yield* this.#dynamicRegex(args[1] as Expr)).exec(text)
      this.#set('RSTART', m ? m.index + 1 : 0)
      this.#set('RLENGTH', m ? m[0].length : -1)
      return m ? m.index + 1 : 0
    }
    const values: Value[] = []
    for (const a of args) values.push(yield* this.#eval(a))
    const n = (i: number): number => toNumber(values[i])
    const s = (i: number): string => this.#text(values[i])
    switch (name) {
      case 'substr':
        return substr(s(0), n(1), values.length > 2 ? n(2) : undefined)
      case 'index':
        return s(0).indexOf(s(1)) + 1
      case 'sprintf':
        return this.#format(values, 'sprintf')
      case 'tolower':
        return s(0).replace(/[A-Z]+/g, (t) => t.toLowerCase())
      case 'toupper':
        return s(0).replace(/[a-z]+/g, (t) => t.toUpperCase())
      case 'int':
        return Math.trunc(n(0))
      case 'sqrt':
        return Math.sqrt(n(0))
      case 'exp':
        return Math.exp(n(0))
      case 'log':
        return Math.log(n(0))
      case 'sin':
        return Math.sin(n(0))
      case 'cos':
        return Math.cos(n(0))
      case 'atan2':
        return Math.atan2(n(0), n(1))
      case 'rand': {
        let x = this.#random || 1
        x ^= x << 13
        x ^= x >>> 17
        x ^= x << 5
        this.#random = x >>> 0
        return this.#random / 2 ** 32
      }
      case 'srand': {
        const old = this.#seed
        this.#seed = values.length > 0 ? n(0) : Math.floor(EPOCH_SECONDS + this.#proc.now / 1e9)
        this.#random = Math.imul(Math.trunc(this.#seed) | 0, 2654435761) >>> 0 || 1
        return old
      }
      case 'systime':
        return Math.floor(EPOCH_SECONDS + this.#proc.now / 1e9)
      case 'strftime':
        return strftime(
          values.length > 0 ? s(0) : '%c',
          values.length > 1 ? n(1) : EPOCH_SECONDS + this.#proc.now / 1e9,
        )
      case 'mktime':
        return -1
      case 'system': {
        this.#proc.flush()
        const child = this.#spawn(s(0), new Map(this.#proc.fds))
        return child ? yield* this.#proc.waitFor(child) : -1
      }
      case 'close':
        return yield* this.#close(s(0))
      case 'fflush':
        this.#proc.flush()
        return 0
      default:
        return undefined
    }
  }

  *#splitBuiltin(args: readonly Expr[]): Task<Value> {
    const text = this.#text(yield* this.#eval(args[0] as Expr))
    const target = args[1] as Expr
    if (target.kind !== 'variable') throw new RunTimeError('line 1: type error in arg(2) in call to split')
    const by = args[2]
    let parts: string[]
    if (by === undefined) parts = splitBy(text, this.#special('FS'), false)
    else if (by.kind === 'regex') parts = splitByRegex(text, this.#regex(by.source, 'g'))
    else parts = splitBy(text, this.#text(yield* this.#eval(by)), false)
    const a = this.#array(target.name)
    a.clear()
    parts.forEach((p, i) => a.set(String(i + 1), new InputText(p)))
    return parts.length
  }

  *#substitute(global: boolean, args: readonly Expr[]): Task<Value> {
    const re = yield* this.#dynamicRegex(args[0] as Expr, 'g')
    const replacement = this.#text(yield* this.#eval(args[1] as Expr))
    const target: Expr = args[2] ?? { kind: 'field', index: { kind: 'number', value: 0 } }
    const text = this.#text(yield* this.#eval(target))
    let out = ''
    let from = 0
    let count = 0
    let previousEnd = -1
    re.lastIndex = 0
    while (re.lastIndex <= text.length) {
      const m = re.exec(text)
      if (m === null) break
      const end = m.index + m[0].length
      if (m[0] === '' && m.index === previousEnd) {
        re.lastIndex = end + 1
        continue
      }
      previousEnd = end
      if (m[0] === '') re.lastIndex = end + 1
      out += text.slice(from, m.index) + replacement.replace(/\\\\&|\\&|\\\\|&/g, (x) => (x === '&' ? m[0] : x === '\\&' ? '&' : x === '\\\\&' ? '\\' + m[0] : '\\')) // prettier-ignore
      from = end
      count++
      if (!global) break
    }
    if (count > 0) yield* this.#assign(target, out + text.slice(from))
    return count
  }
}

// eslint-disable-next-line require-yield -- nothing to wait for
function* nothing(): Task<number> {
  return 0
}

const toTextOf = (v: Value): string => (typeof v === 'string' ? v : v instanceof InputText ? v.text : '%.6g')

const REGEX_WORDS: Readonly<Record<string, string>> = {
  'Unmatched [, [^, [:, [., or [=': 'bad class -- [], [^] or [',
  'Unmatched ( or \\(': 'missing operand',
}

const arithmetic = (op: string, a: number, b: number): number => {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    default:
      return a ** b
  }
}

/** Characters whose positions, rounded, lie in [start, start+length). */
const substr = (s: string, start: number, length: number | undefined): string => {
  const from = Math.round(start)
  const to = length === undefined ? Infinity : Math.round(start + length)
  return s.slice(Math.max(0, from - 1), Math.max(0, to - 1))
}

/** Escapes of `-v x=…` and of `x=…` among the files. */
export const unescape = (s: string): string =>
  s.replace(/\\([nt\\"/])/g, (_, c: string) => ({ n: '\n', t: '\t' })[c] ?? c)

const splitBy = (text: string, fs: string, paragraphs: boolean): string[] => {
  if (text === '') return []
  if (fs === ' ') return text.match(/[^ \t\n]+/g) ?? []
  if (fs === '') return [...text]
  const source = fs === '|' || (fs.length === 1 && /[*+?.^$(){}[\]\\]/.test(fs)) ? '\\' + fs : fs
  const re = fs === '\t' ? /\t/g : compileRegex(source, { extended: true, flags: 'g' })
  if (!paragraphs) return splitByRegex(text, re)
  return text.split('\n').flatMap((line) => splitByRegex(line, re))
}

const splitByRegex = (text: string, re: RegExp): string[] => {
  if (text === '') return []
  const parts: string[] = []
  let from = 0
  re.lastIndex = 0
  for (let m; (m = re.exec(text)) !== null;) {
    if (m[0] === '') {
      re.lastIndex++
      continue
    }
    parts.push(text.slice(from, m.index))
    from = m.index + m[0].length
  }
  return [...parts, text.slice(from)]
}

/** Reads records by RS: one character, a regular expression, or paragraphs where it is empty. */
class RecordReader {
  readonly #file: OpenFile | undefined
  readonly child: Process | undefined
  #rest = ''
  #ended = false

  constructor(file: OpenFile | undefined, child?: Process) {
    this.#file = file
    this.child = child
  }

  *next(rs: string): Task<string | undefined> {
    if (rs === '') {
      while (!this.#ended) yield* this.#more()
      this.#rest = this.#rest.replace(/^\n+/, '')
      return this.#cut(/\n\n+/g)
    }
    const re = rs.length === 1 ? undefined : compileRegex(rs, { extended: true, flags: 'g' })
    if (re) {
      while (!this.#ended) yield* this.#more()
      return this.#cut(re)
    }
    let from = 0
    for (;;) {
      const end = this.#rest.indexOf(rs, from)
      if (end >= 0) {
        const record = this.#rest.slice(0, end)
        this.#rest = this.#rest.slice(end + 1)
        return record
      }
      from = this.#rest.length
      if (this.#ended) return this.#last()
      yield* this.#more()
    }
  }
  #cut(re: RegExp): string | undefined {
    re.lastIndex = 0
    const m = re.exec(this.#rest)
    if (m === null || m[0] === '') return this.#last()
    const record = this.#rest.slice(0, m.index)
    this.#rest = this.#rest.slice(m.index + m[0].length)
    return record
  }
  #last(): string | undefined {
    const last = this.#rest.replace(/\n$/, '')
    const none = this.#rest === ''
    this.#rest = ''
    return none ? undefined : last
  }
  *#more(): Task<void> {
    const chunk = this.#file ? yield* readChunk(this.#file) : ''
    if (chunk instanceof Refusal || chunk === '') this.#ended = true
    else this.#rest += chunk
  }
}

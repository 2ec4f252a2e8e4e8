import type { ParameterExpansionPart, ParameterOperation, Word } from 'unbash'
import { fnmatch, patternSource } from '../proc/fnmatch.ts'
import type { Task } from '../proc/wait.ts'
import { ansiC, quoteIfNeeded, quoteWord } from './quote.ts'
import { TextSink, expandArithmeticText, expandInto, expandPart, expandPattern, type Sink } from './expand.ts'
import { isName, type Variable } from './variables.ts'
import type { Shell } from './shell.ts'
import { BoundedRegExp } from '../proc/bounded-regexp.ts'

/** What a parameter stands for: one value, or the list of `$@`, `$*` and `${a[@]}`. */
interface Value {
  readonly one: string | undefined
  readonly list?: readonly string[]
  /** `$*`: in quotes the list is joined by the first character of IFS. */
  readonly star?: boolean
}

const isSpecial = (name: string): boolean => name.length === 1 && '?$!#-0_'.includes(name)

/** `$x`, `$1`, `$@` … */
export const simpleParameter = (sh: Shell, name: string, sink: Sink, quoted: boolean): void => {
  emit(sh, checked(sh, name, parameter(sh, name)), sink, quoted)
}

const parameter = (sh: Shell, name: string): Value => {
  const c = name.charCodeAt(0)
  if (c >= 0x30 && c <= 0x39) return { one: name === '0' ? sh.name : sh.args[Number(name) - 1] }
  switch (name) {
    case '@':
      return { one: sh.args.length ? sh.args.join(' ') : undefined, list: sh.args }
    case '*':
      return { one: sh.args.length ? sh.args.join(ifsFirst(sh)) : undefined, list: sh.args, star: true }
    case '?':
      return { one: String(sh.status) }
    case '$':
      return { one: String(sh.rootPid) }
    case '!':
      return { one: sh.lastBackground === undefined ? undefined : String(sh.lastBackground) }
    case '#':
      return { one: String(sh.args.length) }
    case '-':
      return { one: sh.flags() }
    default:
      return { one: sh.vars.get(name) }
  }
}

const ifsFirst = (sh: Shell): string => (sh.vars.get('IFS') ?? ' ').slice(0, 1)

const checked = (sh: Shell, name: string, v: Value): Value => {
  if (v.one === undefined && v.list === undefined && sh.options.nounset && (name === '!' || !isSpecial(name)))
    throw sh.fatalError(/^\d/.test(name) ? `$${name}: unbound variable` : `${name}: unbound variable`)
  return v
}

const emit = (sh: Shell, v: Value, sink: Sink, quoted: boolean): void => {
  if (v.list !== undefined) {
    if (v.star && quoted) sink.quoted(v.list.join(ifsFirst(sh)))
    else sink.all(v.list, quoted)
  } else if (v.one !== undefined) {
    if (quoted) sink.quoted(v.one)
    else sink.split(v.one)
  } else if (quoted) sink.quoted('')
}

const pipeStatus = (sh: Shell): Variable => ({
  value: undefined,
  array: new Map((sh.pipeStatus ?? [sh.status]).map((s, i) => [i, String(s)])),
})

const elements = (v: Variable | undefined): readonly string[] =>
  v === undefined
    ? []
    : v.array
      ? [...v.array.values()]
      : v.assoc
        ? [...v.assoc.values()]
        : v.value === undefined
          ? []
          : [v.value]

const keys = (v: Variable | undefined): readonly string[] =>
  v === undefined
    ? []
    : v.array
      ? [...v.array.keys()].map(String)
      : v.assoc
        ? [...v.assoc.keys()]
        : v.value === undefined
          ? []
          : ['0']

/** Name and subscript of `${…}` to a value. */
function* subscripted(sh: Shell, name: string, index: Word | undefined): Task<Value> {
  if (index === undefined) return parameter(sh, name)
  const v = name === 'PIPESTATUS' ? pipeStatus(sh) : sh.vars.lookup(name)
  if (index.text === '@' || index.text === '*') {
    const list = elements(v)
    return { one: list.length ? list.join(' ') : undefined, list, star: index.text === '*' }
  }
  return { one: yield* element(sh, name, index) }
}

function* element(sh: Shell, name: string, index: Word): Task<string | undefined> {
  const v = name === 'PIPESTATUS' ? pipeStatus(sh) : sh.vars.lookup(name)
  if (v?.assoc) {
    const sink = new TextSink()
    yield* expandInto(sh, index, sink, false)
    return v.assoc.get(sink.text)
  }
  const at = yield* expandArithmeticText(sh, index.text)
  const n = sh.vars.indexOf(v?.array, at)
  return v?.array ? v.array.get(n) : n === 0 ? sh.vars.get(name) : undefined
}

/** `${…}` in all its forms (bash(1), Parameter Expansion). */
export function* expandParameter(
  sh: Shell,
  p: ParameterExpansionPart,
  sink: Sink,
  quoted: boolean,
): Task<void> {
  const { parameter: name, operation: op } = p
  const bad = (): unknown => sh.expansionError(`${p.text}: bad substitution`)
  if (op?.type === 'Unknown' || !/^(?:[A-Za-z_]\w*|\d+|[@*?$!#-])$/.test(name)) throw bad()
  if (p.prefix === '#') {
    if (op !== undefined) throw bad()
    return yield* length(sh, p, sink, quoted)
  }
  let target = name
  let index = p.index
  if (p.prefix === '!') {
    if (op?.type === 'Names') {
      const names = sh.vars.names().filter((n) => n.startsWith(name))
      return emit(sh, { one: names.join(' '), list: names, star: op.operator === '*' }, sink, quoted)
    }
    if (index?.text === '@' || index?.text === '*') {
      const list = keys(sh.vars.lookup(name))
      return emit(sh, { one: list.join(' '), list, star: index.text === '*' }, sink, quoted)
    }
    const reference = index ? yield* element(sh, name, index) : parameter(sh, name).one
    if (reference === undefined || reference === '')
      throw sh.expansionError(`${name}: invalid indirect expansion`)
    const m = /^([A-Za-z_]\w*|\d+|[@*?$!#-])(?:\[(.+)\])?$/.exec(reference)
    if (!m) throw sh.expansionError(`${reference}: invalid variable name`)
    target = m[1] as string
    index = m[2] === undefined ? undefined : { type: 'Word', text: m[2], value: m[2], pos: 0, end: 0 }
  }
  const v = yield* subscripted(sh, target, index)
  if (op === undefined)
    return emit(sh, checked(sh, index ? `${target}[${index.text}]` : target, v), sink, quoted)
  yield* operate(sh, p, op, target, index, v, sink, quoted)
}

function* length(sh: Shell, p: ParameterExpansionPart, sink: Sink, quoted: boolean): Task<void> {
  const v = yield* subscripted(sh, p.parameter, p.index)
  const n = v.list !== undefined ? v.list.length : checked(sh, p.parameter, v).one?.length
  emit(sh, { one: String(n ?? 0) }, sink, quoted)
}

function* operate(
  sh: Shell,
  p: ParameterExpansionPart,
  op: ParameterOperation,
  name: string,
  index: Word | undefined,
  v: Value,
  sink: Sink,
  quoted: boolean,
): Task<void> /* prettier-ignore */ {
  switch (op.type) {
    case 'Default': {
      const colon = op.operator.startsWith(':')
      const missing = v.one === undefined || (colon && v.one === '')
      switch (op.operator.slice(-1)) {
        case '-':
          if (missing) return yield* operand(sh, op.operand, sink, quoted)
          return emit(sh, v, sink, quoted)
        case '+':
          if (!missing) return yield* operand(sh, op.operand, sink, quoted)
          return emit(sh, { one: undefined }, sink, quoted)
        case '=': {
          if (!missing) return emit(sh, v, sink, quoted)
          if (!isName(name)) throw sh.expansionError(`$${name}: cannot assign in this way`)
          const text = new TextSink()
          yield* operand(sh, op.operand, text, quoted)
          if (index) sh.vars.setElement(name, yield* expandArithmeticText(sh, index.text), text.text)
          else sh.vars.set(name, text.text)
          return emit(sh, { one: text.text }, sink, quoted)
        }
        default: {
          if (!missing) return emit(sh, v, sink, quoted)
          const text = new TextSink()
          yield* operand(sh, op.operand, text, quoted)
          const say = text.text || (colon ? 'parameter null or not set' : 'parameter not set')
          throw sh.fatalError(`${name}: ${say}`)
        }
      }
    }
    // eslint-disable-next-line no-fallthrough -- every case above returns or throws
    case 'Slice': {
      const from = Number(sh.arithmetic((yield* expandArithmeticText(sh, op.offset.text)) || '0'))
      const count = op.length && Number(sh.arithmetic((yield* expandArithmeticText(sh, op.length.text)) || '0'))
      return emit(sh, slice(sh, v, name, from, count), sink, quoted)
    }
    case 'Remove': {
      const pattern = yield* operandPattern(sh, op.operand)
      return emit(sh, each(checked(sh, name, v), (s) => remove(s, pattern, op.operator)), sink, quoted)
    }
    case 'Replace': {
      const pattern = yield* operandPattern(sh, op.pattern)
      const replacement = yield* expandPattern(sh, op.replacement)
      return emit(sh, each(checked(sh, name, v), (s) => replace(s, pattern, replacement, op.operator)), sink, quoted)
    }
    case 'CaseModification': {
      const pattern = op.operand && op.operand.text !== '' ? yield* expandPattern(sh, op.operand) : '?'
      return emit(sh, each(checked(sh, name, v), (s) => changeCase(s, pattern, op.operator)), sink, quoted)
    }
    case 'Transform':
      return emit(sh, yield* transform(sh, p, op.operand.text, name, v), sink, quoted)
    case 'Names':
    case 'Unknown':
      throw sh.expansionError(`${p.text}: bad substitution`)
  }
}

/** The word of `${x:-word}`: in double quotes its single quotes are letters. */
function* operand(sh: Shell, word: Word, sink: Sink, quoted: boolean): Task<void> {
  if (!quoted) return yield* expandInto(sh, word, new Splitting(sink), true)
  if (word.parts === undefined) sink.quoted(word.value)
  else for (const part of word.parts) yield* expandPart(sh, part, sink, true)
}

/** Blanks of an unquoted `${x:-a b}` separate words although they stand in the source. */
class Splitting implements Sink {
  readonly #to: Sink
  constructor(to: Sink) {
    this.#to = to
  }
  quoted(s: string): void {
    this.#to.quoted(s)
  }
  literal(text: string): void {
    this.#to.split(text)
  }
  split(s: string): void {
    this.#to.split(s)
  }
  all(values: readonly string[], quoted: boolean): void {
    this.#to.all(values, quoted)
  }
}

const operandPattern = (sh: Shell, word: Word): Task<string> => expandPattern(sh, word)

const each = (v: Value, change: (s: string) => string): Value =>
  v.list !== undefined
    ? { one: v.one, list: v.list.map(change), ...(v.star ? { star: true } : {}) }
    : { one: v.one === undefined ? undefined : change(v.one) }

const slice = (sh: Shell, v: Value, name: string, from: number, count: number | undefined): Value => {
  const range = (size: number, base: number): [number, number] | undefined => {
    const start = from < 0 ? size + from : from
    if (start < 0 || start > size) return undefined
    const end = count === undefined ? size : count < 0 ? size + count : start + count
    if (end < start && count !== undefined && count < 0)
      throw sh.expansionError(`${count}: substring expression < 0`)
    return [start - base, Math.min(end, size) - base]
  }
  if (v.list !== undefined) {
    // The positional parameters count from 1; `${@:0}` has $0 in front.
    const all = name === '@' || name === '*' ? [sh.name, ...v.list] : v.list
    const r = range(all.length, 0)
    return { ...v, list: r ? all.slice(r[0], r[1]) : [] }
  }
  const s = v.one ?? ''
  const r = range(s.length, 0)
  return { one: r ? s.slice(r[0], r[1]) : '' }
}

/** Longest texts that the shortest match is looked for one by one. */
const SLOW = 20_000

const remove = (s: string, pattern: string, op: '#' | '##' | '%' | '%%'): string => {
  if (op === '##' || (op === '#' && s.length > SLOW)) {
    for (let i = s.length; i >= 0 && s.length <= 200; i--)
      if (fnmatch(pattern, s.slice(0, i))) return s.slice(i)
    if (s.length <= 200) return s
    return s.slice(new BoundedRegExp(`^(?:${patternSource(pattern)})`).exec(s)?.[0].length ?? 0)
  }
  if (op === '%%' || s.length > SLOW)
    return s.slice(0, new BoundedRegExp(`(?:${patternSource(pattern)})$`).exec(s)?.index ?? s.length)
  if (op === '#') {
    for (let i = 0; i <= s.length; i++) if (fnmatch(pattern, s.slice(0, i))) return s.slice(i)
  } else for (let i = s.length; i >= 0; i--) if (fnmatch(pattern, s.slice(i))) return s.slice(0, i)
  return s
}

const replace = (s: string, pattern: string, replacement: string, op: '/' | '//' | '/#' | '/%'): string => {
  // With # and % an empty pattern stands for the end itself.
  if (pattern === '')
    return op === '/#' ? literally(replacement, '') + s : op === '/%' ? s + literally(replacement, '') : s
  const source = patternSource(pattern)
  const re = new BoundedRegExp(
    op === '/#' ? `^(?:${source})` : op === '/%' ? `(?:${source})$` : source,
    op === '//' ? 'g' : '',
  )
  return s.replace(re, (match) => (match === '' && op === '//' ? '' : literally(replacement, match)))
}

/** The replacement text: `&` is what matched, a backslash quotes. */
const literally = (replacement: string, match: string): string =>
  replacement.replace(/\\([^])|&/g, (r, c: string | undefined) => c ?? (r === '&' ? match : r))

const changeCase = (s: string, pattern: string, op: '^' | '^^' | ',' | ',,'): string => {
  const change = (c: string): string =>
    fnmatch(pattern, c)
      ? op[0] === '^'
        ? c.replace(/[a-z]/, (l) => l.toUpperCase())
        : c.replace(/[A-Z]/, (l) => l.toLowerCase())
      : c
  return op.length === 2 ? [...s].map(change).join('') : s === '' ? s : change(s[0] as string) + s.slice(1)
}

// eslint-disable-next-line require-yield -- `@P` may come to need it
function* transform(sh: Shell, p: ParameterExpansionPart, op: string, name: string, v: Value): Task<Value> {
  const variable = sh.vars.lookup(name)
  switch (op) {
    case 'Q':
      return each(v, quoteWord)
    case 'U':
      return each(v, (s) => changeCase(s, '?', '^^'))
    case 'u':
      return each(v, (s) => changeCase(s, '?', '^'))
    case 'L':
      return each(v, (s) => changeCase(s, '?', ',,'))
    case 'E':
      return each(v, ansiC)
    case 'P':
      return v
    case 'a':
      return { one: variable ? sh.attributes(variable) : '' }
    case 'A':
      return { one: v.one === undefined ? undefined : `${name}=${quoteWord(v.one)}` }
    case 'K':
    case 'k':
      return variable?.array || variable?.assoc
        ? {
            one: keys(variable)
              .map((k, i) => `${k} ${quoteIfNeeded(elements(variable)[i] ?? '')}`)
              .join(' '),
          }
        : each(v, quoteWord)
    default:
      throw sh.expansionError(`${p.text}: bad substitution`)
  }
}

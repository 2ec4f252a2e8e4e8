import type { DoubleQuotedChild, Word, WordPart } from 'unbash'
import { expandBraces } from './brace.ts'
import { Fields, escapePattern } from './fields.ts'
import { glob } from './glob.ts'
import { expandParameter, simpleParameter } from './parameter.ts'
import { parseBody, parseWord } from './parse.ts'
import { ansiC } from './quote.ts'
import { ToTopLevel, type Shell } from './shell.ts'
import type { Task } from '../proc/wait.ts'
import { substituteCommand, substituteProcess } from './substitute.ts'

/** Where the pieces of a word go. */
export interface Sink {
  quoted(s: string): void
  literal(text: string, pattern: string): void
  split(s: string): void
  all(values: readonly string[], quoted: boolean): void
}

/** Bytes that one word may hold. */
const MAX_WORD = 1024 * 1024

/** No splitting, no wildcards: assignments, `case` words, here-documents. */
export class TextSink implements Sink {
  text = ''
  quoted(s: string): void {
    this.#add(s)
  }
  literal(text: string): void {
    this.#add(text)
  }
  split(s: string): void {
    this.#add(s)
  }
  all(values: readonly string[]): void {
    this.#add(values.join(' '))
  }
  /** A word that doubles itself (`x=$x$x`) ends the command line, as memory that runs out ends a shell. */
  #add(s: string): void {
    if (this.text.length + s.length > MAX_WORD) throw new ToTopLevel(2)
    this.text += s
  }
}

/** A pattern: what is quoted stands behind backslashes. */
class PatternSink implements Sink {
  text = ''
  quoted(s: string): void {
    this.text += escapePattern(s)
  }
  literal(_text: string, pattern: string): void {
    this.text += pattern
  }
  split(s: string): void {
    this.text += s
  }
  all(values: readonly string[], quoted: boolean): void {
    const s = values.join(' ')
    this.text += quoted ? escapePattern(s) : s
  }
}

/** A regular expression: what is quoted matches itself. */
class RegexSink extends PatternSink {
  override quoted(s: string): void {
    this.text += s.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  }
  override all(values: readonly string[], quoted: boolean): void {
    const s = values.join(' ')
    if (quoted) this.quoted(s)
    else this.text += s
  }
}

/** The words of a command: all expansions, splitting, wildcards. */
export function* expandWords(sh: Shell, words: readonly Word[], out: string[] = []): Task<string[]> {
  for (const w of words) {
    if (isPlain(w)) out.push(w.value)
    else yield* expandWord(sh, w, out)
  }
  return out
}

/** Is there nothing to expand in the word? */
export const isPlain = (w: Word): boolean => w.parts === undefined && !w.text.includes('~')

export function* expandWord(sh: Shell, word: Word, out: string[]): Task<void> {
  if (word.parts?.some((p) => p.type === 'BraceExpansion') && !sh.options.nobraceexpand) {
    for (const text of expandBraces(word.text)) yield* expandOne(sh, parseWord(text), out)
  } else yield* expandOne(sh, word, out)
}

function* expandOne(sh: Shell, word: Word, out: string[]): Task<void> {
  const fields = new Fields(sh.vars.get('IFS') ?? ' \t\n')
  // A word that looks like an assignment has its tildes expanded too.
  yield* expandInto(sh, word, fields, true, word.text.includes('~') && /^[A-Za-z_]\w*\+?=/.test(word.text))
  fields.end()
  for (const f of fields.done) {
    if (f.pattern === undefined || sh.options.noglob) out.push(f.text)
    else {
      const names = glob(f.pattern, sh.proc, sh.shopt.has('dotglob'))
      if (names.length > 0) out.push(...names)
      else if (!sh.shopt.has('nullglob')) out.push(f.text)
    }
  }
}

/** One string: no splitting, no wildcards. */
export function* expandString(sh: Shell, word: Word): Task<string> {
  if (word.parts === undefined && word.text.charCodeAt(0) !== 0x7e) return word.value
  const sink = new TextSink()
  yield* expandInto(sh, word, sink, true)
  return sink.text
}

/** The right side of an assignment: a tilde also after each colon. */
export function* expandAssigned(sh: Shell, word: Word): Task<string> {
  if (word.parts === undefined && !word.text.includes('~')) return word.value
  const sink = new TextSink()
  yield* expandInto(sh, word, sink, true, true)
  return sink.text
}

/** A pattern for `case`, `[[ ==` and `${x%…}`. */
export function* expandPattern(sh: Shell, word: Word): Task<string> {
  const sink = new PatternSink()
  yield* expandInto(sh, word, sink, true)
  return sink.text
}

/** The right side of `=~`. */
export function* expandRegex(sh: Shell, word: Word): Task<string> {
  const sink = new RegexSink()
  yield* expandInto(sh, word, sink, true)
  return sink.text
}

/** The text of a here-document or an arithmetic expression, where only `$`, backticks and backslashes are special. */
export function* expandBody(sh: Shell, parts: readonly WordPart[] | undefined, text: string): Task<string> {
  if (parts === undefined) return text.replace(/\\([$`\\\n])/g, (_, c: string) => (c === '\n' ? '' : c))
  const sink = new TextSink()
  for (const p of parts) yield* expandPart(sh, p, sink, true)
  return sink.text
}

export function* expandArithmeticText(sh: Shell, text: string): Task<string> {
  if (!/[$`"'\\]/.test(text)) return text
  const expanded = yield* expandBody(sh, parseBody(text), text)
  return expanded.replace(/"/g, '').trimEnd()
}

export function* expandInto(
  sh: Shell,
  word: Word,
  sink: Sink,
  tilde: boolean,
  assignment = false,
): Task<void> {
  const parts = word.parts
  if (parts === undefined) {
    literal(sh, word.text, sink, tilde, assignment, true)
    return
  }
  for (let i = 0; i < parts.length; i++) {
    const p = parts[i] as WordPart
    if (p.type === 'Literal') literal(sh, p.text, sink, tilde && (i === 0 || assignment), assignment, i === 0)
    else yield* expandPart(sh, p, sink, false)
  }
}

/** Unquoted text of the source: backslashes quote, a tilde at its start is a home directory. */
const literal = (
  sh: Shell,
  source: string,
  sink: Sink,
  tilde: boolean,
  assignment: boolean,
  first: boolean,
): void => {
  let text = source
  if (tilde && text.includes('~')) {
    if (first && text.startsWith('~')) text = withHome(sh, text, sink, assignment)
    if (assignment && /[:=]~/.test(text)) {
      const [head = '', ...rest] = text.split(/(?<=:|^[A-Za-z_]\w*\+?=)(?=~)/)
      unescape(head, sink)
      for (const r of rest) unescape(withHome(sh, r, sink, true), sink)
      return
    }
  }
  unescape(text, sink)
}

const withHome = (sh: Shell, text: string, sink: Sink, assignment: boolean): string => {
  const m = (assignment ? /^~([^/:\\]*)/ : /^~([^/\\]*)/).exec(text)
  const home = m ? sh.home(m[1] ?? '') : undefined
  if (!m || home === undefined || (m[0].length < text.length && text[m[0].length] === '\\')) return text
  sink.quoted(home)
  return text.slice(m[0].length)
}

const unescape = (text: string, sink: Sink): void => {
  if (text === '') return
  if (!text.includes('\\')) return sink.literal(text, text)
  for (const m of text.matchAll(/\\\n|\\([^])|[^\\]+|\\$/g)) {
    if (m[0] === '\\\n') continue
    if (m[1] !== undefined) sink.quoted(m[1])
    else sink.literal(m[0], m[0])
  }
}

/** `inBody`: inside double quotes or a here-document, where expansions are not split. */
export function* expandPart(
  sh: Shell,
  p: WordPart | DoubleQuotedChild,
  sink: Sink,
  inBody: boolean,
): Task<void> {
  switch (p.type) {
    case 'Literal':
      if (inBody) sink.quoted(p.value)
      else unescape(p.text, sink)
      return
    case 'SingleQuoted':
      sink.quoted(inBody ? p.text : p.value)
      return
    case 'AnsiCQuoted':
      sink.quoted(inBody ? p.text : ansiC(p.text.slice(2, -1)))
      return
    case 'DoubleQuoted':
    case 'LocaleString': {
      if (inBody) {
        for (const child of p.parts) yield* expandPart(sh, child, sink, true)
        return
      }
      // "$@" without parameters is no word at all; every other quoted string is at least an empty one.
      if (!p.parts.some(isAll)) sink.quoted('')
      for (const child of p.parts) yield* expandPart(sh, child, sink, true)
      return
    }
    case 'SimpleExpansion':
      simpleParameter(sh, p.text.slice(1), sink, inBody)
      return
    case 'ParameterExpansion':
      yield* expandParameter(sh, p, sink, inBody)
      return
    case 'CommandExpansion': {
      const s = yield* substituteCommand(sh, p)
      if (inBody) sink.quoted(s)
      else sink.split(s)
      return
    }
    case 'ArithmeticExpansion': {
      const inner = p.text.startsWith('$[') ? p.text.slice(2, -1) : p.text.slice(3, -2)
      const n = sh.arithmetic(yield* expandArithmeticText(sh, inner))
      if (inBody) sink.quoted(String(n))
      else sink.split(String(n))
      return
    }
    case 'ProcessSubstitution':
      sink.quoted(yield* substituteProcess(sh, p))
      return
    case 'Glob':
    case 'ExtendedGlob':
      if (p.parts?.some((q) => q.type !== 'Literal')) {
        // `[$x]`: what is expanded inside the brackets is part of the pattern.
        const inside = new TextSink()
        for (const q of p.parts) yield* expandPart(sh, q, inside, false)
        const [open, close] = p.type === 'Glob' ? ['[', ']'] : [p.operator + '(', ')']
        const negated =
          p.type === 'Glob' && /^\[[!^]/.test(p.text) && !/^[!^]/.test(inside.text) ? p.text[1] : ''
        sink.literal(`${open}${negated}${inside.text}${close}`, `${open}${negated}${inside.text}${close}`)
      } else sink.literal(p.text, p.text)
      return
    case 'BraceExpansion':
      if (p.parts === undefined) return unescape(p.text, sink)
      sink.literal('{', '{')
      for (const q of p.parts) yield* expandPart(sh, q, sink, inBody)
      sink.literal('}', '}')
      return
  }
}

const isAll = (p: DoubleQuotedChild): boolean =>
  (p.type === 'SimpleExpansion' && p.text === '$@') ||
  (p.type === 'ParameterExpansion' &&
    (p.parameter === '@' || p.index?.text === '@' || p.operation?.type === 'Names'))

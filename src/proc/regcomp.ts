import { bracket, escapeRegExp } from './fnmatch.ts'
import { BoundedRegExp } from './bounded-regexp.ts'

/** What regerror(3) of glibc says. */
export class RegexError {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

export interface RegexOptions {
  /** Extended syntax (`grep -E`, `sed -E`, awk, `[[ =~`); else basic, with GNU's `\+ \? \|`. */
  readonly extended?: boolean
  readonly ignoreCase?: boolean
  /** Flags of JavaScript to add. */
  readonly flags?: string
}

const cache = new Map<string, RegExp>()

/** regcomp(3) with GNU's extensions, for byte strings in the C locale. Throws RegexError. */
export const compileRegex = (pattern: string, o: RegexOptions = {}): RegExp => {
  const flags = (o.ignoreCase ? 'i' : '') + (o.flags ?? '')
  const key = `${o.extended ? 'E' : 'B'}${flags}/${pattern}`
  let re = cache.get(key)
  if (re === undefined) {
    try {
      re = new BoundedRegExp(regexSource(pattern, o.extended ?? false), flags)
    } catch (e) {
      if (e instanceof RegexError) throw e
      throw new RegexError('Invalid regular expression')
    }
    if (cache.size > 300) cache.clear()
    cache.set(key, re)
  }
  re.lastIndex = 0
  return re
}

/** The regular expression of JavaScript that matches the same. Alternatives are tried in order, not for the longest match. */
export const regexSource = (pattern: string, extended: boolean): string => {
  let out = ''
  /** Where the last atom starts in `out`; undefined where a `*` would stand for itself or be an error. */
  let atom: number | undefined
  const open: number[] = []
  let i = 0
  const start = (): boolean => atom === undefined
  const quantify = (q: string, length: number): void => {
    if (atom !== undefined) {
      // `a**` is `a*`: JavaScript allows one quantifier only.
      out = `${out.slice(0, atom)}(?:${out.slice(atom)})${q}`
    }
    i += length
  }
  while (i < pattern.length) {
    const c = pattern[i] as string
    if (c === '[') {
      const set = bracket(pattern, i, false)
      if (set === undefined) {
        const unknown = /^\[\^?[^]*?\[:\w*:\]/.test(pattern.slice(i)) && pattern.indexOf(']', i + 2) >= 0
        throw new RegexError(unknown ? 'Invalid character class name' : 'Unmatched [, [^, [:, [., or [=')
      }
      atom = out.length
      out += set.source
      i = set.end
      continue
    }
    let op = c
    let length = 1
    let escaped = false
    if (c === '\\') {
      const d = pattern[i + 1]
      if (d === undefined) throw new RegexError('Trailing backslash')
      op = d
      length = 2
      escaped = true
    }
    const special = extended ? !escaped : escaped
    if (special && op === '(') {
      open.push(out.length)
      out += '('
      atom = undefined
      i += length
      continue
    }
    if (special && op === ')' && (open.length > 0 || !extended)) {
      const from = open.pop()
      if (from === undefined) throw new RegexError('Unmatched ) or \\)')
      out += ')'
      atom = from
      i += length
      continue
    }
    if (special && op === '|') {
      out += '|'
      atom = undefined
      i += length
      continue
    }
    if (special && op === '{') {
      const m = (extended ? /^\{(\d*)(,?)(\d*)\}/ : /^\\\{(\d*)(,?)(\d*)\\\}/).exec(pattern.slice(i))
      if (m !== null && (m[1] !== '' || m[2] !== '')) {
        const low = Number(m[1] || 0)
        const high = m[3] === '' ? undefined : Number(m[3])
        if (low > 32767 || (high ?? 0) > 32767) throw new RegexError('Regular expression too big')
        if (high !== undefined && high < low) throw new RegexError('Invalid content of \\{\\}')
        if (start()) {
          if (extended) i += m[0].length
          else throw new RegexError('Invalid preceding regular expression')
          continue
        }
        quantify(`{${low}${m[2]}${m[3]}}`, m[0].length)
        continue
      }
      if (!extended)
        throw new RegexError(/\\\}/.test(pattern.slice(i)) ? 'Invalid content of \\{\\}' : 'Unmatched \\{')
    }
    if ((special && (op === '+' || op === '?')) || (!escaped && c === '*')) {
      if (start()) {
        if (!extended) out += escapeRegExp(op)
        if (!extended) atom = out.length - 2
        i += length
        continue
      }
      quantify(op, length)
      continue
    }
    if (!escaped && c === '^' && (extended || atStart(pattern, i))) {
      out += '^'
      atom = undefined
      i++
      continue
    }
    if (!escaped && c === '$' && (extended || atEnd(pattern, i))) {
      out += '$'
      atom = undefined
      i++
      continue
    }
    atom = out.length
    if (!escaped) out += c === '.' ? '[^]' : escapeRegExp(c)
    else if (/[1-9]/.test(op)) {
      if (Number(op) > countGroups(out)) throw new RegexError('Invalid back reference')
      out += `(?:\\${op})`
    } else if ('wWsS'.includes(op)) out += `\\${op}`
    else if (op === 'b' || op === 'B') out += `\\${op}`
    else if (op === '<') out += '\\b(?=\\w)'
    else if (op === '>') out += '\\b(?<=\\w)'
    else if (op === '`') out += '(?<![^])'
    else if (op === "'") out += '(?![^])'
    else if (op === 'n') out += '\\n'
    else if (op === 't') out += '\\t'
    else out += escapeRegExp(op)
    i += length
  }
  if (open.length > 0) throw new RegexError('Unmatched ( or \\(')
  return out
}

const countGroups = (source: string): number => (source.match(/(?:^|[^\\])(?:\\\\)*\((?!\?)/g) ?? []).length

/** In a basic expression `^` is an anchor only at the start of the whole, a group or an alternative. */
const atStart = (p: string, i: number): boolean =>
  i === 0 || /\\[(|]$/.test(p.slice(0, i)) || p[i - 1] === '\n'
const atEnd = (p: string, i: number): boolean =>
  i === p.length - 1 || /^\\[)|]/.test(p.slice(i + 1)) || p[i + 1] === '\n'

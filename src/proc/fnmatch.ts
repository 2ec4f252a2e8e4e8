import { BoundedRegExp } from './bounded-regexp.ts'

/** Character classes of POSIX in the C locale, as the inside of a bracket expression of JavaScript. */
export const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: ' \\t\\n\\v\\f\\r',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
}

export const escapeRegExp = (s: string): string => s.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Inside brackets of a regular expression of JavaScript with flag `u` off. */
const escapeInSet = (c: string): string => (/[\\\]^-]/.test(c) ? '\\' + c : c)

/**
 * Reads a bracket expression whose `[` stands at `at`; undefined where it is not closed. `escapes`: a backslash quotes, as in
 * patterns of the shell; in regular expressions it stands for itself.
 */
export const bracket = (
  s: string,
  at: number,
  escapes: boolean,
): { source: string; end: number } | undefined => {
  let i = at + 1
  const negated = s[i] === '!' && escapes ? true : s[i] === '^'
  if (negated) i++
  let set = ''
  let first = true
  while (i < s.length) {
    let c = s[i] as string
    if (c === ']' && !first) {
      if (set === '') return { source: negated ? '[^]' : '[]', end: i + 1 }
      return { source: `[${negated ? '^' : ''}${set}]`, end: i + 1 }
    }
    first = false
    if (c === '[' && (s[i + 1] === ':' || s[i + 1] === '.' || s[i + 1] === '=')) {
      const kind = s[i + 1] as string
      const close = s.indexOf(kind + ']', i + 2)
      if (close >= 0) {
        const name = s.slice(i + 2, close)
        if (kind === ':') {
          const members = CLASSES[name]
          if (members === undefined) return undefined
          set += members
        } else set += escapeInSet(name)
        i = close + 2
        continue
      }
    }
    if (escapes && c === '\\' && i + 1 < s.length) c = s[++i] as string
    i++
    if (s[i] === '-' && s[i + 1] !== undefined && s[i + 1] !== ']') {
      let to = s[i + 1] as string
      i += 2
      if (escapes && to === '\\' && i < s.length) to = s[i++] as string
      if (to >= c) set += escapeInSet(c) + '-' + escapeInSet(to)
      continue
    }
    set += escapeInSet(c)
  }
  return undefined
}

/** The regular expression of a shell pattern; a backslash quotes the next character. `slash`: wildcards don't match `/`. */
export const patternSource = (pattern: string, slash = false): string => {
  const any = slash ? '[^/]' : '[^]'
  let out = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string
    if ('?*+@!'.includes(c) && pattern[i + 1] === '(') {
      const end = closing(pattern, i + 1)
      if (end > 0) {
        const alternatives = split(pattern.slice(i + 2, end)).map((p) => patternSource(p, slash))
        const group = `(?:${alternatives.join('|')})`
        if (c === '!') out += `(?!${group}${patternSource(pattern.slice(end + 1), slash)}$)${any}*?`
        else out += c === '@' ? group : group + c
        i = end
        continue
      }
    }
    if (c === '*') {
      while (pattern[i + 1] === '*') i++
      out += any + '*'
    } else if (c === '?') out += any
    else if (c === '[') {
      const set = bracket(pattern, i, true)
      if (set) {
        out += set.source
        i = set.end - 1
      } else out += '\\['
    } else if (c === '\\' && i + 1 < pattern.length) out += escapeRegExp(pattern[++i] as string)
    else out += escapeRegExp(c)
  }
  return out
}

const closing = (s: string, open: number): number => {
  let depth = 0
  for (let i = open; i < s.length; i++) {
    if (s[i] === '\\') i++
    else if (s[i] === '(') depth++
    else if (s[i] === ')' && --depth === 0) return i
  }
  return -1
}

const split = (s: string): string[] => {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let i = 0; i < s.length; i++) {
    if (s[i] === '\\') i++
    else if (s[i] === '(') depth++
    else if (s[i] === ')') depth--
    else if (s[i] === '|' && depth === 0) {
      parts.push(s.slice(from, i))
      from = i + 1
    }
  }
  return [...parts, s.slice(from)]
}

const cache = new Map<string, RegExp>()

/** fnmatch(3) with ksh's extended patterns. */
export const fnmatch = (pattern: string, text: string, ignoreCase = false): boolean => {
  const key = (ignoreCase ? 'i' : '.') + pattern
  let re = cache.get(key)
  if (re === undefined) {
    re = new BoundedRegExp(`^(?:${patternSource(pattern)})$`, ignoreCase ? 'i' : '')
    if (cache.size > 500) cache.clear()
    cache.set(key, re)
  }
  return re.test(text)
}

/** Whether a pattern has a wildcard that isn't quoted. */
export const hasWildcard = (pattern: string): boolean => /^(?:[^\\*?[]|\\[^])*[*?[]/.test(pattern)

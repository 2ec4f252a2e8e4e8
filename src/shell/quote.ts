import { unicodeEscape } from '../proc/printf.ts'

/** As `${x@Q}` and `set -x` quote: single quotes, or $'…' where there are control characters. */
export const quoteWord = (s: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  /[\x00-\x1f\x7f-\xff]/.test(s) ? ansiQuote(s) : `'${s.replace(/'/g, "'\\''")}'`

/** Quotes only what needs it: `set -x`, `alias`, `declare -p` of words. */
export const quoteIfNeeded = (s: string): string => {
  if (s === '') return "''"
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  if (/[\x00-\x1f\x7f-\xff]/.test(s)) return ansiQuote(s)
  return /[\s'"\\|&;()<>!{}*[\]?^$`~#]/.test(s) && !/^[\w@%+=:,./-]+$/.test(s) ? quoteWord(s) : s
}

/** A name in a message: as it is, unless it has bytes that the C locale can't print. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
export const printable = (s: string): string => (/[\x00-\x1f\x7f-\xff]/.test(s) ? ansiQuote(s) : s)

/** As printf %q: backslashes. */
export const quoteByBackslash = (s: string): string => {
  if (s === '') return "''"
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  if (/[\x00-\x1f\x7f-\xff]/.test(s)) return ansiQuote(s)
  return s.replace(/[ '"\\|&;()<>!{}*[\]?^$`,]|^[~#]/g, '\\$&')
}

const NAMED: Readonly<Record<string, string>> = {
  '\x07': '\\a', '\b': '\\b', '\x1b': '\\E', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\', "'": "\\'",
} // prettier-ignore

const ansiQuote = (s: string): string =>
  "$'" +
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  s.replace(
    /[\x00-\x1f\x7f-\xff\\']/g,
    (c) => NAMED[c] ?? '\\' + c.charCodeAt(0).toString(8).padStart(3, '0'),
  ) +
  "'"

/** Double-quoted, as `declare -p` prints values. */
export const doubleQuote = (s: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  /[\x00-\x1f\x7f-\xff]/.test(s) ? ansiQuote(s) : `"${s.replace(/["\\$`]/g, '\\$&')}"`

/** Escapes of $'…' and `echo -e` style text. */
export const ansiC = (s: string): string =>
  s.replace(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|c([^])|([^]))/g,
    (whole, oct?: string, hex?: string, u?: string, U?: string, ctl?: string, c?: string) => {
      if (oct !== undefined) return String.fromCharCode(parseInt(oct, 8) & 255)
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16))
      const code = u ?? U
      if (code !== undefined) return unicodeEscape(parseInt(code, 16))
      if (ctl !== undefined) return String.fromCharCode(ctl.charCodeAt(0) & 31)
      return LETTERS[c ?? ''] ?? whole
    }) // prettier-ignore

const LETTERS: Readonly<Record<string, string>> = {
  a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"', '?': '?',
} // prettier-ignore

import { float } from '../../proc/printf.ts'

/** Text that came from input: a number where it looks like one (POSIX: strnum). */
export class InputText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Value = number | string | InputText | undefined

const NUMBER = /^[ \t\n\r\f\v]*[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/
const LOOKS_NUMERIC =
  /^[ \t\n\r\f\v]*[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[ \t\n\r\f\v]*$/

/** The number at the start of a text, else 0. */
export const toNumber = (v: Value): number => {
  if (typeof v === 'number') return v
  if (v === undefined) return 0
  const text = typeof v === 'string' ? v : v.text
  const m = NUMBER.exec(text)
  if (m === null) return 0
  const s = m[0].trim()
  return /^[+-]/.test(s) && /0[xX]/.test(s) ? (s.startsWith('-') ? -1 : 1) * Number(s.slice(1)) : Number(s)
}

/** Largest whole number that mawk prints with %d. */
const MAX_INT = 2147483647

/** A number as text: whole ones in full, others by CONVFMT or OFMT. */
export const numberText = (n: number, format: string): string => {
  if (Number.isInteger(n) && Math.abs(n) <= MAX_INT) return String(n === 0 ? 0 : n)
  if (Number.isNaN(n)) return '-nan'
  const m = /^%(?:\.(\d+))?([efgEFG])$/.exec(format)
  return m ? float(m[2] as string, '', Number(m[1] ?? 6), n) : float('g', '', 6, n)
}

export const toText = (v: Value, convfmt: string): string => {
  if (typeof v === 'string') return v
  if (v === undefined) return ''
  return typeof v === 'number' ? numberText(v, convfmt) : v.text
}

const isNumeric = (v: Value): boolean =>
  typeof v === 'number' || v === undefined || (v instanceof InputText && LOOKS_NUMERIC.test(v.text))

export const truth = (v: Value): boolean => {
  if (typeof v === 'number') return v !== 0
  if (v === undefined) return false
  if (typeof v === 'string') return v !== ''
  return LOOKS_NUMERIC.test(v.text) ? toNumber(v) !== 0 : v.text !== ''
}

/** Numbers where both look like numbers, else texts. */
export const compare = (a: Value, b: Value, convfmt: string): number => {
  if (isNumeric(a) && isNumeric(b)) return toNumber(a) - toNumber(b)
  const [x, y] = [toText(a, convfmt), toText(b, convfmt)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Order of `for (k in a)`: by buckets of a hash table (FNV-1a), in a bucket the newest first, as mawk walks its tables. */
export const loopOrder = (keys: readonly string[]): string[] => {
  let size = 64
  while (keys.length > size * 10) size *= 2
  const bucket = (s: string): number => {
    let h = 0x811c9dc5
    for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 16777619)
    return (h >>> 0) & (size - 1)
  }
  return keys
    .map((k, i) => ({ k, i, b: bucket(k) }))
    .sort((x, y) => x.b - y.b || y.i - x.i)
    .map((x) => x.k)
}

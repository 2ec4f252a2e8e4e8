/** What a caller says where an argument is no number. */
export interface PrintfErrors {
  /** `rest` is what follows a number (`12ab`); `whole` where there is none at all. */
  badNumber(arg: string, partly: boolean): void
  badFormat(directive: string): void
  quote(s: string): string
  /** `%(FORMAT)T`: seconds of Unix time; -1 is now. */
  time(format: string, seconds: number): string
}

const DIRECTIVE =
  /%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d+)?)?(?:hh|h|ll|l|L|q(?=[diouxX])|j|z|t)?([diouxXeEfFgGaAcsbq%]|\([^)]*\)T)/y

/** Text that one call may give. */
const MAX_OUTPUT = 1024 * 1024

/** printf(1) on byte strings: the format is used again while arguments are left. `\c` in `%b` ends all output. */
export const printf = (format: string, args: readonly string[], errors: PrintfErrors): string => {
  let out = ''
  let next = 0
  do {
    const before = next
    const r = once(format, args, next, errors)
    out += r.text
    next = r.next
    if (r.stop || next === before) break
  } while (next < args.length && out.length < MAX_OUTPUT)
  return out
}

const once = (
  format: string,
  args: readonly string[],
  from: number,
  errors: PrintfErrors,
): { text: string; next: number; stop: boolean } => {
  let out = ''
  let next = from
  for (let i = 0; i < format.length;) {
    const c = format[i] as string
    if (c === '\\') {
      const e = escape(format, i, false)
      if (e.stop) return { text: out, next, stop: true }
      out += e.text
      i = e.end
      continue
    }
    if (c !== '%') {
      let j = i
      while (j < format.length && format[j] !== '%' && format[j] !== '\\') j++
      out += format.slice(i, j)
      i = j
      continue
    }
    DIRECTIVE.lastIndex = i
    const m = DIRECTIVE.exec(format)
    if (m === null) {
      errors.badFormat(
        /^%[-+ #0']*\d*(?:\.\d*)?(?:hh|h|ll|l|L|q|j|z|t)?[^]?/.exec(format.slice(i))?.[0] ?? '%',
      )
      return { text: out, next, stop: true }
    }
    i = DIRECTIVE.lastIndex
    const [, flagText = '', w, p, conversion = ''] = m
    if (conversion === '%') {
      out += '%'
      continue
    }
    let flags = flagText
    let width = w === '*' ? integer(args[next++], errors) : Number(w ?? 0)
    if (width < 0) {
      flags += '-'
      width = -width
    }
    const dot = m[0].includes('.') && !conversion.startsWith('(')
    const precision = !dot ? undefined : p === '*' ? integer(args[next++], errors) : Number(p ?? 0)
    const arg = args[next++]
    const [text, stop] = convert(conversion, flags, precision, arg, errors)
    const numeric = 'diouxXeEfFgGaA'.includes(conversion)
    const zero =
      flags.includes('0') &&
      !flags.includes('-') &&
      numeric &&
      (precision === undefined || 'eEfFgGaA'.includes(conversion))
    width = Math.min(width, MAX_OUTPUT)
    if (flags.includes('-')) out += text.padEnd(width)
    else if (zero) {
      const sign = /^(?:[-+ ]?0[xX]|[-+ ]?)/.exec(text)?.[0] ?? ''
      out += sign + text.slice(sign.length).padStart(width - sign.length, '0')
    } else out += text.padStart(width)
    if (stop) return { text: out, next, stop: true }
    if (next > args.length) next = args.length
  }
  return { text: out, next, stop: false }
}

const convert =
  (
  c: string, flags: string, precision: number | undefined, arg: string | undefined, errors: PrintfErrors,
): [string, boolean] /* prettier-ignore */ => {
  const sign = (s: string): string => (s.startsWith('-') ? s : flags.includes('+') ? '+' + s : flags.includes(' ') ? ' ' + s : s)
  switch (c) {
    case 's':
      return [precision === undefined || precision < 0 ? (arg ?? '') : (arg ?? '').slice(0, precision), false]
    case 'q':
      return [errors.quote(arg ?? ''), false]
    case 'c':
      return [(arg ?? '').slice(0, 1), false]
    case 'b': {
      let out = ''
      const s = arg ?? ''
      for (let i = 0; i < s.length; ) {
        if (s[i] !== '\\') {
          out += s[i++]
          continue
        }
        const e = escape(s, i, true)
        if (e.stop) return [out, true]
        out += e.text
        i = e.end
      }
      return [precision === undefined ? out : out.slice(0, precision), false]
    }
    case 'd':
    case 'i': {
      const n = big(arg, errors)
      const digits = (n < 0n ? -n : n).toString().padStart(precision ?? 1, '0')
      return [sign((n < 0n ? '-' : '') + (precision === 0 && n === 0n ? '' : digits)), false]
    }
    case 'o':
    case 'u':
    case 'x':
    case 'X': {
      const n = BigInt.asUintN(64, big(arg, errors))
      let s = n.toString(c === 'o' ? 8 : c === 'u' ? 10 : 16).padStart(precision ?? 1, '0')
      if (c === 'X') s = s.toUpperCase()
      if (flags.includes('#') && n !== 0n) s = (c === 'o' ? '0' : c === 'u' ? '' : '0' + c) + s
      return [s, false]
    }
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      const s = sign(float(c, flags, precision ?? 6, number(arg, errors)))
      return [c === c.toUpperCase() ? s.toUpperCase() : s, false]
    }
    default:
      return [errors.time(c.slice(1, -2), arg === undefined ? -1 : Number(big(arg, errors))), false]
  }
}

/** printf(3) conversions of a double. */
export const float = (c: string, flags: string, precision: number, n: number): string => {
  if (!Number.isFinite(n)) return Number.isNaN(n) ? 'nan' : n < 0 ? '-inf' : 'inf'
  const p = Math.min(precision, 100)
  const negative = n < 0 || Object.is(n, -0)
  const body = (s: string): string => (negative && !s.startsWith('-') ? '-' + s : s)
  const exponent = (s: string): string => s.replace(/e([+-])(\d)$/, 'e$10$2')
  switch (c.toLowerCase()) {
    case 'f':
      return body(fixed(n, p) + (flags.includes('#') && p === 0 ? '.' : ''))
    case 'e':
      return body(exponent(n.toExponential(p)))
    default: {
      const digits = p === 0 ? 1 : p
      if (n === 0) return body('0')
      const e = Number(/e([+-]\d+)$/.exec(n.toExponential(digits - 1))?.[1] ?? 0)
      let s = e < -4 || e >= digits ? exponent(n.toExponential(digits - 1)) : fixed(n, digits - 1 - e)
      if (!flags.includes('#')) s = s.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '')
      return body(s)
    }
  }
}

/** toFixed for any size: above 1e21 JavaScript would switch to exponents. */
const fixed = (n: number, p: number): string =>
  Math.abs(n) < 1e21 ? n.toFixed(p) : BigInt(n).toString() + (p > 0 ? '.' + '0'.repeat(p) : '')

const integer = (arg: string | undefined, errors: PrintfErrors): number => Number(big(arg, errors))

const big = (arg: string | undefined, errors: PrintfErrors): bigint => {
  if (arg === undefined) return 0n
  if (/^["']/.test(arg)) return BigInt(arg.length > 1 ? arg.charCodeAt(1) : 0)
  const m = /^[ \t\n]*([+-]?)(0[xX][0-9a-fA-F]+|\d+)/.exec(arg)
  if (m === null) {
    errors.badNumber(arg, false)
    return 0n
  }
  const text = m[2] as string
  let digits = text
  if (/^0\d/.test(text)) {
    const octal = /^0[0-7]*/.exec(text)?.[0] ?? '0'
    if (octal.length < text.length) errors.badNumber(arg, true)
    else if (m[0].length < arg.length) errors.badNumber(arg, true)
    digits = octal === '0' ? '0' : '0o' + octal.slice(1)
  } else if (m[0].length < arg.length) errors.badNumber(arg, true)
  const n = BigInt(digits)
  return m[1] === '-' ? -n : n
}

const number = (arg: string | undefined, errors: PrintfErrors): number => {
  if (arg === undefined) return 0
  if (/^["']/.test(arg)) return arg.length > 1 ? arg.charCodeAt(1) : 0
  const m =
    /^[ \t\n]*[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)/i.exec(arg)
  if (m === null) {
    errors.badNumber(arg, false)
    return 0
  }
  if (m[0].length < arg.length) errors.badNumber(arg, true)
  const t = m[0].trim()
  if (/inf/i.test(t)) return t.startsWith('-') ? -Infinity : Infinity
  return Number(t.replace(/^\+/, ''))
}

const LETTERS: Readonly<Record<string, string>> = {
  a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '"': '"', "'": "'", '?': '?',
} // prettier-ignore

/** `\\u00e9` in the C locale: what is not ASCII stays an escape. */
export const unicodeEscape = (code: number): string =>
  code < 128
    ? String.fromCharCode(code)
    : code < 0x10000
      ? '\\u' + code.toString(16).toUpperCase().padStart(4, '0')
      : '\\U' + code.toString(16).toUpperCase().padStart(8, '0')

/** One backslash escape at `at`. `inArgument`: of `%b` and `echo -e`, where octal may have a leading 0 and `\c` stops. */
export const escape = (
  s: string,
  at: number,
  inArgument: boolean,
): { text: string; end: number; stop: boolean } => {
  const rest = s.slice(at + 1, at + 10)
  const go = (text: string, n: number): { text: string; end: number; stop: boolean } => ({
    text,
    end: at + 1 + n,
    stop: false,
  })
  const octal = (inArgument ? /^0[0-7]{0,3}|^[1-7][0-7]{0,2}/ : /^[0-7]{1,3}/).exec(rest)
  if (octal) return go(String.fromCharCode(parseInt(octal[0], 8) & 255), octal[0].length)
  const hex = /^x[0-9a-fA-F]{1,2}/.exec(rest)
  if (hex) return go(String.fromCharCode(parseInt(hex[0].slice(1), 16)), hex[0].length)
  const unicode = /^(?:u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8})/.exec(rest)
  if (unicode) {
    const code = parseInt(unicode[0].slice(1), 16)
    return go(unicodeEscape(code), unicode[0].length)
  }
  const c = rest[0]
  if (c === 'c' && inArgument) return { text: '', end: s.length, stop: true }
  if (c === 'c') return { text: '', end: s.length, stop: true }
  const letter =
    c === undefined || (inArgument && (c === '"' || c === "'" || c === '?')) ? undefined : LETTERS[c]
  if (letter !== undefined) return go(letter, 1)
  return go('\\' + (c ?? ''), c === undefined ? 0 : 1)
}

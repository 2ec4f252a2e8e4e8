import { Refusal } from '../../kernel/refusal.ts'
import type { Main, Process } from '../../proc/process.ts'
import { escape } from '../../proc/printf.ts'
import { complain, parseOptions, quote, readChunk, tryHelp } from './program.ts'

const range = (from: number, to: number): string => {
  let s = ''
  for (let i = from; i <= to; i++) s += String.fromCharCode(i)
  return s
}
const UPPER = range(65, 90)
const LOWER = range(97, 122)
const DIGIT = range(48, 57)
const PUNCT = range(33, 47) + range(58, 64) + range(91, 96) + range(123, 126)
const CLASSES: Readonly<Record<string, string>> = {
  alnum: DIGIT + UPPER + LOWER, alpha: UPPER + LOWER, blank: '\t ', cntrl: range(0, 31) + '\x7f', digit: DIGIT, graph: range(33, 126),
  lower: LOWER, print: range(32, 126), punct: PUNCT, space: '\t\n\v\f\r ', upper: UPPER, xdigit: DIGIT + 'ABCDEFabcdef',
} // prettier-ignore

/** A set of characters as tr writes it; a number is where `[x*]` fills up. */
const parseSet = (proc: Process, text: string): { chars: string; fillAt?: number; fill?: string } => {
  let chars = ''
  let fillAt: number | undefined
  let fill: string | undefined
  const one = (at: number): { c: string; end: number } => {
    if (text[at] !== '\\') return { c: text[at] as string, end: at + 1 }
    const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1))
    if (octal) return { c: String.fromCharCode(parseInt(octal[0], 8) & 255), end: at + 1 + octal[0].length }
    if (at + 1 >= text.length) return { c: '\\', end: at + 1 }
    const c = text[at + 1] as string
    return { c: 'abfnrtv\\'.includes(c) ? escape(text, at, false).text : c, end: at + 2 }
  }
  for (let i = 0; i < text.length;) {
    const cls = /^\[:(\w*):\]/.exec(text.slice(i))
    if (cls) {
      const members = CLASSES[cls[1] as string]
      if (members === undefined) {
        complain(proc, `invalid character class ${quote(cls[1] as string)}`)
        proc.exit(1)
      }
      chars += members
      i += cls[0].length
      continue
    }
    const equal = /^\[=([^])=\]/.exec(text.slice(i))
    if (equal) {
      chars += equal[1]
      i += equal[0].length
      continue
    }
    const repeat = /^\[([^])\*(\d*)\]/.exec(text.slice(i))
    if (repeat) {
      const n = (repeat[2] as string).startsWith('0') ? parseInt(repeat[2] as string, 8) : Number(repeat[2])
      if (n) chars += (repeat[1] as string).repeat(Math.min(n, 65536))
      else {
        fillAt = chars.length
        fill = repeat[1] as string
      }
      i += repeat[0].length
      continue
    }
    const a = one(i)
    if (text[a.end] === '-' && a.end + 1 < text.length) {
      const b = one(a.end + 1)
      if (b.c < a.c) {
        complain(
          proc,
          `range-endpoints of ${quote(`${text.slice(i, b.end)}`)} are in reverse collating sequence order`,
        )
        proc.exit(1)
      }
      chars += range(a.c.charCodeAt(0), b.c.charCodeAt(0))
      i = b.end
    } else {
      chars += a.c
      i = a.end
    }
  }
  return { chars, ...(fillAt === undefined ? {} : { fillAt }), ...(fill === undefined ? {} : { fill }) }
}

/** tr(1) */
export const tr: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: '+cCdst',
    long: { complement: { short: 'c' }, delete: { short: 'd' }, 'squeeze-repeats': { short: 's' }, 'truncate-set1': { short: 't' } },
  }) // prettier-ignore
  const complement = o.has('c') || o.has('C')
  const [del, squeeze] = [o.has('d'), o.has('s')]
  const [first, second, extra] = o.operands
  if (first === undefined) return tryHelp(proc, 'missing operand')
  if (second === undefined && !del && !squeeze) {
    complain(proc, `missing operand after ${quote(first)}\nTwo strings must be given when translating.`)
    return tryHelp(proc, undefined)
  }
  if (second === undefined && del && squeeze) {
    complain(
      proc,
      `missing operand after ${quote(first)}\nTwo strings must be given when both deleting and squeezing repeats.`,
    )
    return tryHelp(proc, undefined)
  }
  if (second !== undefined && del && !squeeze) {
    complain(
      proc,
      `extra operand ${quote(second)}\nOnly one string may be given when deleting without squeezing repeats.`,
    )
    return tryHelp(proc, undefined)
  }
  if (extra !== undefined) return tryHelp(proc, `extra operand ${quote(extra)}`)
  let from = parseSet(proc, first).chars
  if (complement) from = range(0, 255).replace(/[^]/g, (c) => (from.includes(c) ? '' : c))
  const to = second === undefined ? undefined : parseSet(proc, second)
  const map = new Array<string | undefined>(256)
  const translating = to !== undefined && !del
  if (translating) {
    let target = to.chars
    if (to.fillAt !== undefined)
      target =
        target.slice(0, to.fillAt) +
        (to.fill ?? '').repeat(Math.max(0, from.length - target.length)) +
        target.slice(to.fillAt)
    if (target === '' && !o.has('t')) {
      complain(proc, 'when not truncating set1, string2 must be non-empty')
      return 1
    }
    if (o.has('t')) from = from.slice(0, target.length)
    for (let i = 0; i < from.length; i++) map[from.charCodeAt(i)] = target[Math.min(i, target.length - 1)]
  }
  const deleted = del ? new Set(from) : undefined
  const squeezed = squeeze ? new Set(to === undefined ? from : to.chars) : undefined
  let last = ''
  const file = proc.fds.get(0)
  if (file === undefined) return 1
  for (;;) {
    const chunk = yield* readChunk(file)
    if (chunk instanceof Refusal) {
      complain(proc, 'read error: Is a directory')
      return 1
    }
    if (chunk === '') return 0
    let out = ''
    for (let i = 0; i < chunk.length; i++) {
      let c = chunk[i] as string
      if (deleted?.has(c)) continue
      if (translating) c = map[c.charCodeAt(0)] ?? c
      if (squeezed?.has(c) && c === last) continue
      last = c
      out += c
    }
    yield* proc.print(out)
  }
}

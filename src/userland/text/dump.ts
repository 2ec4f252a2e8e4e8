import { Refusal } from '../../kernel/refusal.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { complain, NOT_SIMULATED, openInput, parseOptions, programName, readWhole } from './program.ts'

const FACTORS: Readonly<Record<string, number>> = { '': 1, b: 512, k: 2 ** 10, K: 2 ** 10, m: 2 ** 20, M: 2 ** 20, G: 2 ** 30 } // prettier-ignore

/** A number of bytes, decimal, 0x… or 0… octal, with a factor behind it; else what is wrong with it. */
const byteCount = (word: string): number | 'number' | 'suffix' | 'large' => {
  const m = /^(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)(.*)$/s.exec(word)
  if (m === null) return 'number'
  const [, digits = '', suffix = ''] = m
  const factor = FACTORS[suffix]
  if (factor === undefined) return 'suffix'
  const n = (/^0[0-7]/.test(digits) ? parseInt(digits, 8) : Number(digits)) * factor
  return n < 2 ** 63 ? n : 'large'
}

/** The files one behind the other: what could be read, how many could be opened, and whether any could not be read. */
function* input(
  proc: Process,
  names: readonly string[],
): Task<{ readonly text: string; readonly opened: number; readonly failed: boolean }> {
  let [text, opened, failed] = ['', 0, false]
  for (const n of names.length > 0 ? names : ['-']) {
    const file = openInput(proc, n)
    if (!(file instanceof Refusal)) opened++
    const read = file instanceof Refusal ? file : yield* readWhole(file)
    if (read instanceof Refusal) {
      const named = programName(proc) === 'xxd' && read.errno === 'EISDIR' ? '' : `${n}: `
      complain(proc, named + strerror(read.errno))
      failed = true
    } else text += read
  }
  return { text, opened, failed }
}

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0')
const printable = (s: string): string => s.replace(/[^ -~]/g, '.')
const bytesOf = (s: string): number[] => [...s].map((c) => c.charCodeAt(0))

/** Lines of 16 bytes; equal ones in a row are shown as `*`. */
const squeezed = (text: string, show: (chunk: string, at: number) => string): string => {
  let out = ''
  let last: string | undefined
  let starred = false
  for (let at = 0; at < text.length; at += 16) {
    const chunk = text.slice(at, at + 16)
    if (chunk === last && chunk.length === 16) {
      if (!starred) out += '*\n'
      starred = true
      continue
    }
    starred = false
    last = chunk
    out += show(chunk, at)
  }
  return out
}

/** hexdump(1), hd: -C and the default of two-byte words. */
export const hexdump: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'Cn:s:v',
    long: {
      canonical: { short: 'C' },
      length: { argument: 'required', short: 'n' },
      skip: { argument: 'required', short: 's' },
    },
    notSimulated: ['b', 'c', 'd', 'o', 'x', 'e', 'f'],
  })
  const size = (option: string, what: string): number | undefined => {
    const word = o.value(option)
    const bytes = word === undefined ? undefined : byteCount(word)
    if (typeof bytes !== 'string') return bytes
    complain(proc, `failed to parse ${what}: '${word ?? ''}': Invalid argument`)
    return proc.exit(1)
  }
  const skip = size('s', 'offset') ?? 0
  const length = size('n', 'length')
  const { text: all, opened } = yield* input(proc, o.operands)
  if (opened === 0) {
    complain(proc, 'all input file arguments failed')
    return 1
  }
  const text = all.slice(skip, length === undefined ? undefined : skip + length)
  const canonical = o.has('C') || programName(proc) === 'hd'
  const line = (chunk: string, at: number): string => {
    const b = bytesOf(chunk)
    if (canonical) {
      const cells = b.map((x, i) => (i === 8 ? ' ' : '') + hex(x, 2)).join(' ')
      return `${hex(at + skip, 8)}  ${cells.padEnd(48)}  |${printable(chunk)}|\n`
    }
    let words = ''
    for (let i = 0; i < b.length; i += 2) words += ' ' + hex((b[i] ?? 0) | ((b[i + 1] ?? 0) << 8), 4)
    return `${hex(at + skip, 7)}${words.padEnd(40)}\n`
  }
  if (text !== '') yield* proc.print(squeezed(text, line) + `${hex(text.length + skip, canonical ? 8 : 7)}\n`)
  return opened < Math.max(1, o.operands.length) ? 1 : 0
}

/** xxd(1): dumps, and -p plain. */
export const xxd: Main = function* (proc) {
  const args = proc.argv.slice(1)
  let plain = false
  let reverse = false
  let length: number | undefined
  const files: string[] = []
  for (let i = 0; i < args.length; i++) {
    const a = args[i] as string
    if (a === '-p' || a === '-ps' || a === '-plain') plain = true
    else if (a === '-r') reverse = true
    else if (/^-l/.test(a)) length = Number(a.length > 2 ? a.slice(2) : args[++i])
    else if (/^-./.test(a)) {
      proc.err(`xxd: ${a} is real but not simulated; see: man xxd\n`)
      return NOT_SIMULATED
    } else files.push(a)
  }
  const { text: all, failed } = yield* input(proc, files)
  if (failed) return 2
  let text = all
  if (reverse) {
    const digits = plain ? text : text.split('\n').map((l) => l.replace(/^[0-9a-f]+:/, '').replace(/ {2}.*$/, '')).join('') // prettier-ignore
    const pairs = digits.replace(/\s/g, '').match(/[0-9a-fA-F]{2}/g) ?? []
    yield* proc.print(pairs.map((p) => String.fromCharCode(parseInt(p, 16))).join(''))
    return 0
  }
  if (length !== undefined) text = text.slice(0, length)
  if (plain) {
    const all = bytesOf(text).map((b) => hex(b, 2)).join('') // prettier-ignore
    yield* proc.print((all.match(/.{1,60}/g) ?? []).map((l) => l + '\n').join(''))
    return 0
  }
  for (let at = 0; at < text.length; at += 16) {
    const chunk = text.slice(at, at + 16)
    let cells = ''
    bytesOf(chunk).forEach((b, i) => (cells += (i % 2 === 0 ? ' ' : '') + hex(b, 2)))
    yield* proc.print(`${hex(at, 8)}:${cells.padEnd(40)}  ${printable(chunk)}\n`)
  }
  return 0
}

/** od(1): octal words, -c, -x, -t x1 c d1 o1 u1, -A. */
export const od: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'A:bcN:j:t:vxd',
    long: { 'address-radix': { argument: 'required', short: 'A' }, format: { argument: 'required', short: 't' }, 'read-bytes': { argument: 'required', short: 'N' } },
    notSimulated: ['S', 'w', 'a', 'f', 'i', 'l', 'o', 's', 'strings', 'width', 'endian='],
  }) // prettier-ignore
  const bytesFor = (option: 'j' | 'N'): number | undefined => {
    const word = o.value(option)
    const bytes = word === undefined ? undefined : byteCount(word)
    if (typeof bytes !== 'string') return bytes
    const name = `-${option} argument '${word ?? ''}'`
    complain(
      proc,
      { number: `invalid ${name}`, suffix: `invalid suffix in ${name}`, large: `${name} too large` }[bytes],
    )
    return proc.exit(1)
  }
  const skip = bytesFor('j') ?? 0
  const length = bytesFor('N')
  const { text: all, opened, failed } = yield* input(proc, o.operands)
  if (opened === 0) return 1
  if (skip > all.length) {
    complain(proc, 'cannot skip past end of combined input')
    return 1
  }
  const text = all.slice(skip, length === undefined ? undefined : skip + length)
  const kind = o.has('c')
    ? 'c'
    : o.has('x')
      ? 'x2'
      : o.has('b')
        ? 'o1'
        : o.has('d')
          ? 'u2'
          : (o.value('t') ?? 'o2')
  const tail = kind.endsWith('z')
  const m = /^([acdoux])([12]?)z?$/.exec(kind)
  if (m === null || m[1] === 'a') {
    proc.err(`od: type ${kind} is real but not simulated; see: man od\n`)
    return NOT_SIMULATED
  }
  const size = m[1] === 'c' ? 1 : Number(m[2] || 2)
  const cell = (n: number): string => {
    switch (m[1]) {
      case 'c':
        return (
          NAMED[n] ?? (n >= 32 && n < 127 ? String.fromCharCode(n) : n.toString(8).padStart(3, '0'))
        ).padStart(4)
      case 'x':
        return ' ' + hex(n, size * 2)
      case 'o':
        return ' ' + n.toString(8).padStart(size === 1 ? 3 : 6, '0')
      case 'd':
        return ' ' + String(n >= 2 ** (8 * size - 1) ? n - 2 ** (8 * size) : n).padStart(size === 1 ? 4 : 6)
      default:
        return ' ' + String(n).padStart(size === 1 ? 3 : 5)
    }
  }
  const radix = o.value('A') ?? 'o'
  const address = (at: number): string =>
    radix === 'n'
      ? ''
      : radix === 'x'
        ? hex(at, 6)
        : radix === 'd'
          ? String(at).padStart(7, '0')
          : at.toString(8).padStart(7, '0')
  const full = cell(0).length * (16 / size)
  const line = (chunk: string, at: number): string => {
    const b = bytesOf(chunk)
    let cells = ''
    for (let i = 0; i < b.length; i += size)
      cells += cell(size === 1 ? (b[i] ?? 0) : (b[i] ?? 0) | ((b[i + 1] ?? 0) << 8))
    return `${address(at + skip)}${tail ? `${cells.padEnd(full)}  >${printable(chunk)}<` : cells}\n`
  }
  yield* proc.print(squeezed(text, line) + (radix === 'n' ? '' : `${address(text.length + skip)}\n`))
  return failed ? 1 : 0
}

const NAMED: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
}

import { Refusal } from '../../kernel/refusal.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { complain, openInput, parseOptions, quote, readWhole } from './program.ts'

interface Key {
  readonly field: number
  readonly char: number
  readonly endField: number | undefined
  readonly endChar: number
  readonly flags: string
}

const parseKey = (proc: Process, text: string): Key => {
  const m = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text)
  if (m === null) {
    const bad = /^\d/.test(text)
      ? `stray character in field spec: invalid field specification ${quote(text)}`
      : `invalid number at field start: invalid count at start of ${quote(text)}`
    complain(proc, bad)
    proc.exit(2)
  }
  if (Number(m[1]) === 0) {
    complain(proc, `field number is zero: invalid field specification ${quote(text)}`)
    proc.exit(2)
  }
  return {
    field: Number(m[1]),
    char: Number(m[2] ?? 1),
    endField: m[4] === undefined ? undefined : Number(m[4]),
    endChar: Number(m[5] ?? 0),
    flags: (m[3] ?? '') + (m[6] ?? ''),
  }
}

/** Where each field begins and ends; with blanks as separators a field begins with the blanks before it. */
const fieldsOf = (line: string, separator: string | undefined): [number, number][] => {
  const out: [number, number][] = []
  if (separator !== undefined) {
    let from = 0
    for (;;) {
      const end = line.indexOf(separator, from)
      if (end < 0) return [...out, [from, line.length]]
      out.push([from, end])
      from = end + 1
    }
  }
  const re = /[ \t\n]*[^ \t\n]+/g
  for (let m; (m = re.exec(line));) out.push([m.index, re.lastIndex])
  return out
}

const keyText = (line: string, k: Key, separator: string | undefined, blanks: boolean): string => {
  const fields = fieldsOf(line, separator)
  const start = fields[k.field - 1]
  if (start === undefined) return ''
  let from = start[0]
  if (blanks) while (/[ \t]/.test(line[from] ?? '')) from++
  from = Math.min(from + k.char - 1, line.length)
  let to = line.length
  if (k.endField !== undefined) {
    const end = fields[k.endField - 1]
    if (end) {
      let base = end[0]
      if (blanks && k.endChar > 0) while (/[ \t]/.test(line[base] ?? '')) base++
      to = k.endChar === 0 ? end[1] : Math.min(base + k.endChar, line.length)
    }
  }
  return line.slice(from, Math.max(from, to))
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const UNITS = ' KMGTPEZY'

const bytewise = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Natural order of versions (filevercmp of gnulib, for what people sort: numbers inside names, addresses). */
const versions = (a: string, b: string): number => {
  const x = a.match(/\d+|\D+/g) ?? []
  const y = b.match(/\d+|\D+/g) ?? []
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const p = x[i]
    const q = y[i]
    if (p === undefined || q === undefined) return p === undefined ? -1 : 1
    const r = /^\d/.test(p) && /^\d/.test(q) ? Number(p) - Number(q) : bytewise(p, q)
    if (r !== 0) return r
  }
  return 0
}

const compareBy = (flags: string): ((a: string, b: string) => number) => {
  const has = (c: string): boolean => flags.includes(c)
  const number = (s: string): number => Number(/^[ \t]*(-?\d*\.?\d+|-?\d+\.?)/.exec(s)?.[1] ?? 0)
  const clean = (s: string): string => {
    let t = s
    if (has('d')) t = t.replace(/[^A-Za-z0-9 \t]/g, '')
    else if (has('i')) t = t.replace(/[^ -~]/g, '')
    return has('f') ? t.toUpperCase() : t
  }
  if (has('n')) return (a, b) => number(a) - number(b)
  if (has('g')) {
    const general = (s: string): number => {
      const n = parseFloat(s)
      return Number.isNaN(n) ? -Infinity : n
    }
    return (a, b) => (general(a) === general(b) ? 0 : general(a) - general(b))
  }
  if (has('h')) {
    const human = (s: string): [number, number] => {
      const m = /^[ \t]*(-?)(\d*\.?\d+)([KMGTPEZYk]?)/.exec(s)
      if (!m) return [0, 0]
      const n = Number(m[2]) * (m[1] ? -1 : 1)
      return [n === 0 ? 0 : Math.sign(n) * UNITS.indexOf((m[3] || ' ').toUpperCase()), n]
    }
    return (a, b) => human(a)[0] - human(b)[0] || human(a)[1] - human(b)[1]
  }
  if (has('M'))
    return (a, b) =>
      MONTHS.indexOf(a.trim().slice(0, 3).toUpperCase()) - MONTHS.indexOf(b.trim().slice(0, 3).toUpperCase())
  if (has('V')) return versions
  if (!has('d') && !has('i') && !has('f')) return bytewise
  return (a, b) => bytewise(clean(a), clean(b))
}

/** sort(1), in the C locale: bytes. */
export const sort: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'bcCdfghiMnrRk:o:st:uVmzS:T:',
    long: {
      'ignore-leading-blanks': { short: 'b' }, check: { argument: 'optional', short: 'c' }, 'dictionary-order': { short: 'd' }, 'ignore-case': { short: 'f' },
      'general-numeric-sort': { short: 'g' }, 'human-numeric-sort': { short: 'h' }, 'ignore-nonprinting': { short: 'i' },
      'month-sort': { short: 'M' }, 'numeric-sort': { short: 'n' }, reverse: { short: 'r' }, key: { argument: 'required', short: 'k' },
      output: { argument: 'required', short: 'o' }, stable: { short: 's' }, 'field-separator': { argument: 'required', short: 't' },
      unique: { short: 'u' }, 'version-sort': { short: 'V' }, merge: { short: 'm' }, 'zero-terminated': { short: 'z' },
    },
    notSimulated: ['random-sort', 'random-source=', 'files0-from=', 'debug', 'parallel=', 'batch-size=', 'compress-program='],
    status: 2,
  }) // prettier-ignore
  if (o.has('R')) {
    complain(proc, '-R is real but not simulated; see: man sort')
    return 125
  }
  const separator = o.value('t') === '\\0' ? '\0' : o.value('t')
  if (separator !== undefined && separator.length !== 1) {
    complain(proc, separator === '' ? 'empty tab' : `multi-character tab ${quote(separator)}`)
    return 2
  }
  const end = o.has('z') ? '\0' : '\n'
  const global = o.options.filter((x) => 'bdfghiMnVr'.includes(x.name)).map((x) => x.name).join('') // prettier-ignore
  const keys = o.options.filter((x) => x.name === 'k').map((x) => parseKey(proc, x.value ?? ''))
  const lines: string[] = []
  for (const name of o.operands.length > 0 ? o.operands : ['-']) {
    const file = openInput(proc, name)
    if (file instanceof Refusal) {
      complain(proc, `cannot read: ${name}: ${strerror(file.errno)}`)
      return 2
    }
    const all = yield* readWhole(file)
    if (all instanceof Refusal) {
      complain(proc, `read failed: ${name}: ${strerror(all.errno)}`)
      return 2
    }
    if (all === '') continue
    for (const line of (all.endsWith(end) ? all.slice(0, -1) : all).split(end)) lines.push(line)
  }
  const comparisons = (keys.length > 0 ? keys : [undefined]).map((k) => {
    const own = k !== undefined && k.flags !== ''
    const flags = own ? k.flags : global
    const order = compareBy(flags)
    const reverse = flags.includes('r')
    const blanks = flags.includes('b')
    const text = (s: string): string =>
      k === undefined ? (blanks ? s.replace(/^[ \t]+/, '') : s) : keyText(s, k, separator, blanks)
    return (a: string, b: string): number => {
      const r = order(text(a), text(b))
      return reverse ? -r : r
    }
  })
  const byKeys = (a: string, b: string): number => {
    for (const c of comparisons) {
      const r = c(a, b)
      if (r !== 0) return r
    }
    return 0
  }
  const plain = keys.length === 0 && global.replace('r', '') === ''
  const compare = (a: string, b: string): number => {
    const r = byKeys(a, b)
    if (r !== 0 || plain || o.has('s') || o.has('u')) return r
    return global.includes('r') ? bytewise(b, a) : bytewise(a, b)
  }
  if (o.has('c') || o.has('C')) {
    for (let i = 1; i < lines.length; i++) {
      const r = compare(lines[i - 1] as string, lines[i] as string)
      if (r < 0 || (r === 0 && !o.has('u'))) continue
      if (!o.has('C')) complain(proc, `${o.operands[0] ?? '-'}:${i + 1}: disorder: ${lines[i]}`)
      return 1
    }
    return 0
  }
  lines.sort(compare)
  const kept = o.has('u') ? lines.filter((l, i) => i === 0 || byKeys(lines[i - 1] as string, l) !== 0) : lines
  const text = kept.map((l) => l + end).join('')
  const output = o.value('o')
  if (output !== undefined) {
    const refusal = proc.writeFile(output, text)
    if (refusal) {
      complain(proc, `open failed: ${output}: ${strerror(refusal.errno)}`)
      return 2
    }
  } else yield* proc.print(text)
  return 0
}

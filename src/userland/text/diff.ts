import { Refusal } from '../../kernel/refusal.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { strftime } from '../../proc/strftime.ts'
import type { Task } from '../../proc/wait.ts'
import { complain, openInput, parseOptions, quote, readWhole, splitLines, tryHelp } from './program.ts'

interface Hunk {
  /** Lines [from, to) of each side that differ. */
  readonly a: readonly [number, number]
  readonly b: readonly [number, number]
}

/** Lines beyond which the longest common subsequence is not looked for. */
const MAX_LINES = 4000

/** The differences of two lists of lines: the longest common subsequence, after equal ends are cut off. */
const compare = (a: readonly string[], b: readonly string[], key: (s: string) => string): Hunk[] => {
  const x = a.map(key)
  const y = b.map(key)
  let start = 0
  while (start < x.length && start < y.length && x[start] === y[start]) start++
  let endA = x.length
  let endB = y.length
  while (endA > start && endB > start && x[endA - 1] === y[endB - 1]) {
    endA--
    endB--
  }
  const n = endA - start
  const m = endB - start
  if (n === 0 && m === 0) return []
  if (n > MAX_LINES || m > MAX_LINES || n === 0 || m === 0) return [{ a: [start, endA], b: [start, endB] }]
  const table = Array.from({ length: n + 1 }, () => new Uint16Array(m + 1))
  for (let i = n - 1; i >= 0; i--) {
    const row = table[i] as Uint16Array
    const below = table[i + 1] as Uint16Array
    for (let j = m - 1; j >= 0; j--)
      row[j] =
        x[start + i] === y[start + j]
          ? (below[j + 1] as number) + 1
          : Math.max(below[j] as number, row[j + 1] as number)
  }
  const hunks: Hunk[] = []
  let [i, j] = [0, 0]
  let [fromI, fromJ] = [0, 0]
  const flush = (): void => {
    if (i > fromI || j > fromJ) hunks.push({ a: [start + fromI, start + i], b: [start + fromJ, start + j] })
  }
  while (i < n || j < m) {
    if (i < n && j < m && x[start + i] === y[start + j]) {
      flush()
      i++
      j++
      fromI = i
      fromJ = j
    } else if (j >= m || (i < n && (table[i + 1]?.[j] as number) >= (table[i]?.[j + 1] as number))) i++
    else j++
  }
  flush()
  return hunks
}

const NO_NEWLINE = '\n\\ No newline at end of file\n'
const shown = (mark: string, line: string): string => mark + (line.endsWith('\n') ? line : line + NO_NEWLINE)

const range = (from: number, to: number): string =>
  to - from <= 1 ? String(to - from === 0 ? from : from + 1) : `${from + 1},${to}`

const normal = (a: readonly string[], b: readonly string[], hunks: readonly Hunk[]): string =>
  hunks
    .map((h) => {
      const op = h.a[0] === h.a[1] ? 'a' : h.b[0] === h.b[1] ? 'd' : 'c'
      const left = a.slice(...h.a).map((l) => shown('< ', l)).join('') // prettier-ignore
      const right = b.slice(...h.b).map((l) => shown('> ', l)).join('') // prettier-ignore
      return `${range(...h.a)}${op}${range(...h.b)}\n${left}${op === 'c' ? '---\n' : ''}${right}`
    })
    .join('')

const unified = (
  a: readonly string[],
  b: readonly string[],
  hunks: readonly Hunk[],
  context: number,
): string => {
  let out = ''
  for (let i = 0; i < hunks.length;) {
    let j = i
    while (hunks[j + 1] && (hunks[j + 1] as Hunk).a[0] - (hunks[j] as Hunk).a[1] <= 2 * context) j++
    const [first, last] = [hunks[i] as Hunk, hunks[j] as Hunk]
    const [a0, b0] = [
      Math.max(0, first.a[0] - context),
      Math.max(0, first.b[0] - Math.min(context, first.a[0])),
    ]
    const [a1, b1] = [Math.min(a.length, last.a[1] + context), Math.min(b.length, last.b[1] + context)]
    const size = (from: number, to: number): string =>
      to - from === 1 ? `${from + 1}` : `${to === from ? from : from + 1},${to - from}`
    out += `@@ -${size(a0, a1)} +${size(b0, b1)} @@\n`
    let at = a0
    for (const h of hunks.slice(i, j + 1)) {
      for (; at < h.a[0]; at++) out += shown(' ', a[at] as string)
      for (const l of a.slice(...h.a)) out += shown('-', l)
      for (const l of b.slice(...h.b)) out += shown('+', l)
      at = h.a[1]
    }
    for (; at < a1; at++) out += shown(' ', a[at] as string)
    i = j + 1
  }
  return out
}

/** diff(1): normal and unified; 0 equal, 1 different, 2 trouble. */
export const diff: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'abBiNqrsuU:w',
    long: {
      brief: { short: 'q' }, unified: { argument: 'optional', short: 'U' }, 'ignore-all-space': { short: 'w' }, 'ignore-space-change': { short: 'b' }, 'ignore-case': { short: 'i' },
      recursive: { short: 'r' }, 'report-identical-files': { short: 's' }, text: { short: 'a' }, 'new-file': { short: 'N' }, color: { argument: 'optional' },
    },
    notSimulated: ['B', 'c', 'C', 'e', 'y', 'D', 'F', 'I', 'W', 'x', 'side-by-side', 'context', 'ed', 'exclude=', 'label=', 'strip-trailing-cr', 'ignore-blank-lines'],
    status: 2,
    prefixed: true,
  }) // prettier-ignore
  const [from, to, extra] = o.operands
  if (from === undefined || to === undefined) {
    proc.err(
      `diff: missing operand after '${from ?? 'diff'}'\ndiff: Try 'diff --help' for more information.\n`,
    )
    return 2
  }
  if (extra !== undefined) {
    proc.err(`diff: extra operand '${extra}'\ndiff: Try 'diff --help' for more information.\n`)
    return 2
  }
  const key = (s: string): string => {
    let t = s
    if (o.has('w')) t = t.replace(/\s+/g, '')
    else if (o.has('b')) t = t.replace(/[ \t]+/g, ' ').replace(/ \n?$/, '')
    return o.has('i') ? t.toLowerCase() : t
  }
  const isDir = (p: string): boolean => {
    const n = proc.lookup(p)
    return !(n instanceof Refusal) && (n.kind === 'dir' || n.kind === 'virtual-dir')
  }
  const lines = o.value('U')
  if (lines !== undefined && !/^\d+$/.test(lines)) {
    proc.err(`diff: invalid context length '${lines}'\ndiff: Try 'diff --help' for more information.\n`)
    return 2
  }
  const context = o.has('u') || o.has('U') ? Number(lines ?? 3) : undefined
  const two = function* (x: string, y: string, titled: boolean): Task<number> {
    const left = yield* load(proc, x)
    const right = yield* load(proc, y)
    let bad = false
    for (const [name, text] of [
      [x, left],
      [y, right],
    ] as const) {
      if (!(text instanceof Refusal)) continue
      complain(proc, `${name}: ${strerror(text.errno)}`)
      bad = true
    }
    if (left instanceof Refusal || right instanceof Refusal || bad) return 2
    const [a, b] = [splitLines(left), splitLines(right)]
    const hunks = compare(a, b, key)
    if (hunks.length === 0) {
      if (o.has('s')) proc.out(`Files ${x} and ${y} are identical\n`)
      return 0
    }
    if (o.has('q')) proc.out(`Files ${x} and ${y} differ\n`)
    else {
      if (titled) proc.out(`diff ${proc.argv.slice(1).filter((w) => w.startsWith('-')).join(' ')} ${x} ${y}\n`) // prettier-ignore
      if (context === undefined) yield* proc.print(normal(a, b, hunks))
      else
        yield* proc.print(
          `--- ${x}\t${stamp(proc, x)}\n+++ ${y}\t${stamp(proc, y)}\n${unified(a, b, hunks, context)}`,
        )
    }
    return 1
  }
  if (isDir(from) && isDir(to)) {
    const names = (p: string): readonly string[] => {
      const r = proc.host.fs.readdir(p, proc.cwd, proc)
      return r instanceof Refusal ? [] : r
    }
    const walk = function* (x: string, y: string, depth: number): Task<number> {
      let status = 0
      for (const n of [...new Set([...names(x), ...names(y)])].sort()) {
        const [p, q] = [`${x}/${n}`, `${y}/${n}`]
        const here = names(x).includes(n)
        if (!here || !names(y).includes(n)) {
          proc.out(`Only in ${here ? x : y}: ${n}\n`)
          status = Math.max(status, 1)
        } else if (isDir(p) && isDir(q)) {
          if (!o.has('r')) proc.out(`Common subdirectories: ${p} and ${q}\n`)
          else if (depth < 50) status = Math.max(status, yield* walk(p, q, depth + 1))
        } else status = Math.max(status, yield* two(p, q, true))
      }
      return status
    }
    return yield* walk(from, to, 0)
  }
  const inside = (dir: string, file: string): string => `${dir}/${file.replace(/^.*\//, '')}`
  return yield* two(isDir(from) ? inside(from, to) : from, isDir(to) ? inside(to, from) : to, false)
}

const stamp = (proc: Process, path: string): string => {
  const node = path === '-' ? undefined : proc.lookup(path)
  const at = node === undefined || node instanceof Refusal ? proc.now : node.mtime
  return strftime('%Y-%m-%d %H:%M:%S.%N %z', EPOCH_SECONDS + at / 1e9)
}

function* load(proc: Process, name: string): Task<string | Refusal> {
  const file = openInput(proc, name)
  return file instanceof Refusal ? file : yield* readWhole(file)
}

/** cmp(1) */
export const cmp: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'bls',
    long: { silent: { short: 's' }, quiet: { short: 's' }, verbose: { short: 'l' } },
    notSimulated: ['i', 'n', 'ignore-initial=', 'bytes='],
    status: 2,
    prefixed: true,
  })
  const [x, y = '-'] = o.operands
  if (x === undefined) {
    proc.err("cmp: missing operand after 'cmp'\ncmp: Try 'cmp --help' for more information.\n")
    return 2
  }
  const texts: string[] = []
  for (const name of [x, y]) {
    const text = yield* load(proc, name)
    if (text instanceof Refusal) {
      if (!o.has('s')) complain(proc, `${name}: ${strerror(text.errno)}`)
      return 2
    }
    texts.push(text)
  }
  const [a = '', b = ''] = texts
  if (a === b) return 0
  if (o.has('s')) return 1
  let at = 0
  const shorter = Math.min(a.length, b.length)
  if (o.has('l')) {
    const width = String(Math.max(a.length, b.length)).length
    const octal = (s: string, i: number): string => s.charCodeAt(i).toString(8).padStart(3)
    for (; at < shorter; at++)
      if (a[at] !== b[at]) proc.out(`${String(at + 1).padStart(width)} ${octal(a, at)} ${octal(b, at)}\n`)
  } else while (at < shorter && a[at] === b[at]) at++
  const line = a.slice(0, at).split('\n').length
  if (at === shorter && (o.has('l') || a.length !== b.length)) {
    if (a.length === b.length) return 1
    const short = a.length < b.length ? x : y
    const text = a.length < b.length ? a : b
    proc.flush()
    if (text === '') proc.err(`cmp: EOF on ${short} which is empty\n`)
    else
      proc.err(
        `cmp: EOF on ${short} after byte ${shorter}${o.has('l') ? '' : `, ${text.endsWith('\n') ? `line ${line - 1}` : `in line ${line}`}`}\n`,
      )
    return 1
  }
  if (!o.has('l')) proc.out(`${x} ${y} differ: char ${at + 1}, line ${line}\n`)
  return 1
}

/** comm(1): lines of two sorted files, in three columns. */
export const comm: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: '123',
    notSimulated: ['z', 'check-order', 'nocheck-order', 'output-delimiter=', 'total', 'zero-terminated'],
  })
  const [x, y, extra] = o.operands
  if (x === undefined) return tryHelp(proc, 'missing operand')
  if (y === undefined) return tryHelp(proc, `missing operand after ${quote(x)}`)
  if (extra !== undefined) return tryHelp(proc, `extra operand ${quote(extra)}`)
  const sides: string[][] = []
  for (const name of [x, y]) {
    const text = yield* load(proc, name)
    if (text instanceof Refusal) {
      complain(proc, `${name}: ${strerror(text.errno)}`)
      return 1
    }
    sides.push(splitLines(text).map((l) => l.replace(/\n$/, '')))
  }
  const [a = [], b = []] = sides
  let unpaired = false
  const told = new Set<1 | 2>()
  /** check_order(): told once a file, and only where something had no partner. */
  const check = (file: 1 | 2, lines: readonly string[], read: number): void => {
    const [before, line] =
      read < lines.length ? [lines[read - 1], lines[read]] : [lines[read - 2], lines[read - 1]]
    if (!unpaired || before === undefined || line === undefined || before <= line || told.has(file)) return
    told.add(file)
    complain(proc, `file ${file} is not in sorted order`)
  }
  const put = (column: 1 | 2 | 3, line: string): void => {
    if (o.has(String(column))) return
    const tabs = ([1, 2] as const).filter((c) => c < column && !o.has(String(c))).length
    proc.out('\t'.repeat(tabs) + line + '\n')
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [p, q] = [a[i], b[j]]
    if (q === undefined || (p !== undefined && p < q)) {
      unpaired = true
      put(1, p as string)
      check(1, a, ++i)
    } else if (p === undefined || q < p) {
      unpaired = true
      put(2, q)
      check(2, b, ++j)
    } else {
      put(3, p)
      check(1, a, ++i)
      check(2, b, ++j)
    }
  }
  if (told.size > 0) complain(proc, 'input is not in sorted order')
  return told.size > 0 ? 1 : 0
}

/** paste(1) */
export const paste: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'd:sz',
    long: { delimiters: { argument: 'required', short: 'd' }, serial: { short: 's' } },
    notSimulated: ['zero-terminated'],
  })
  const delimiters = [...(o.value('d') ?? '\t').replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\0/g, '\0').replace(/\\\\/g, '\\')] // prettier-ignore
  const files: string[][] = []
  for (const name of o.operands.length > 0 ? o.operands : ['-']) {
    const text = yield* load(proc, name)
    if (text instanceof Refusal) {
      complain(proc, `${name}: ${strerror(text.errno)}`)
      return 1
    }
    files.push(splitLines(text).map((l) => l.replace(/\n$/, '')))
  }
  // Several `-` take turns at the lines of standard input.
  const dashes = o.operands.flatMap((n, i) => (n === '-' ? [i] : []))
  if (dashes.length > 1 && !o.has('s')) {
    const all = files[dashes[0] as number] as string[]
    dashes.forEach((at, k) => (files[at] = all.filter((_, i) => i % dashes.length === k)))
  }
  const between = (i: number): string => {
    const d = delimiters[i % Math.max(1, delimiters.length)] ?? ''
    return d === '\0' ? '' : d
  }
  const join = (cells: readonly string[]): string =>
    cells.map((c, i) => (i === 0 ? '' : between(i - 1)) + c).join('') + '\n'
  if (o.has('s')) for (const f of files) proc.out(join(f))
  else
    for (let row = 0; files.some((f) => row < f.length); row++) proc.out(join(files.map((f) => f[row] ?? '')))
  return 0
}

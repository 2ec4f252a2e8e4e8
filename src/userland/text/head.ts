import { Refusal } from '../../kernel/refusal.ts'
import type { Main, Process } from '../../proc/process.ts'
import type { Chunk, OpenFile } from '../../proc/file.ts'
import { strerror } from '../../proc/strerror.ts'
import { anyOf, type Task, type Wait } from '../../proc/wait.ts'
import {
  inputName,
  complain,
  Lines,
  openInput,
  parseOptions,
  quote,
  quoteFile,
  readChunk,
  readWhole,
  splitLines,
} from './program.ts'

const UNITS: Readonly<Record<string, number>> = {
  b: 512, k: 1024, K: 1024, KB: 1000, kB: 1000, KiB: 1024, m: 1048576, M: 1048576, MB: 1e6, MiB: 1048576, G: 2 ** 30, GB: 1e9, GiB: 2 ** 30,
} // prettier-ignore

/** A count with its unit; undefined where it is none. */
const count = (text: string): number | undefined => {
  const m = /^(\d+)([A-Za-z]*)$/.exec(text)
  if (m === null) return undefined
  const unit = m[2] === '' ? 1 : UNITS[m[2] as string]
  return unit === undefined ? undefined : Number(m[1]) * unit
}

/** `head -5` and `tail -5` of old are `-n 5`. */
const modern = (argv: readonly string[], isTail: boolean): string[] => {
  const out: string[] = []
  for (const [i, a] of argv.entries()) {
    const m = i === 1 ? /^-(\d+)([cqv]*)$/.exec(a) : null
    const plus = isTail && i === 1 && argv.length <= 3 ? /^\+(\d+)$/.exec(a) : null
    if (plus) out.push('-n', a)
    else if (m) out.push(m[2]?.includes('c') ? '-c' : '-n', m[1] as string)
    else out.push(a)
  }
  return out
}

interface Request {
  readonly bytes: boolean
  /** `-`: all but the last N (head); `+`: from the Nth on (tail). */
  readonly sign: '' | '-' | '+'
  readonly n: number
  readonly headers: boolean
  readonly names: readonly string[]
}

const request = (
  proc: Process,
  extra: string,
): { r: Request; has(name: string): boolean; value(n: string): string | undefined } => {
  proc.argv = modern(proc.argv, extra !== '')
  const o = parseOptions(proc, {
    short: 'c:n:qvz' + extra,
    long: {
      bytes: { argument: 'required', short: 'c' }, lines: { argument: 'required', short: 'n' }, quiet: { short: 'q' },
      silent: { short: 'q' }, verbose: { short: 'v' },
      ...(extra === '' ? {} : { follow: { argument: 'optional' as const, short: 'f' }, 'sleep-interval': { argument: 'required' as const, short: 's' } }),
    },
    notSimulated: ['z', 'zero-terminated', ...(extra === '' ? [] : ['pid=', 'max-unchanged-stats='])],
  }) // prettier-ignore
  const last = o.options.findLast((x) => x.name === 'c' || x.name === 'n')
  const bytes = last?.name === 'c'
  const m = /^([-+]?)(.*)$/.exec(last?.value ?? '10')
  const n = count(m?.[2] ?? '')
  if (n === undefined) {
    complain(proc, `invalid number of ${bytes ? 'bytes' : 'lines'}: ${quote(last?.value ?? '')}`)
    proc.exit(1)
  }
  const names = o.operands.length > 0 ? o.operands : ['-']
  const quiet = o.options.findLast((x) => x.name === 'q' || x.name === 'v')?.name
  const headers = quiet === 'v' || (quiet === undefined && names.length > 1)
  return { r: { bytes, sign: m?.[1] as Request['sign'], n, headers, names }, has: o.has, value: o.value }
}

const header = (proc: Process, name: string, first: boolean): void => {
  proc.out(`${first ? '' : '\n'}==> ${inputName(name)} <==\n`)
}

/** head(1) */
export const head: Main = function* (proc) {
  const { r } = request(proc, '')
  let status = 0
  let first = true
  for (const name of r.names) {
    const file = openInput(proc, name)
    if (file instanceof Refusal) {
      complain(proc, `cannot open ${quoteFile(name)} for reading: ${strerror(file.errno)}`)
      status = 1
      continue
    }
    if (r.headers) header(proc, name, first)
    first = false
    const refusal = yield* headOf(proc, file, r)
    if (refusal) {
      complain(proc, `error reading ${quoteFile(inputName(name))}: ${strerror(refusal.errno)}`)
      status = 1
    }
  }
  return status
}

function* headOf(proc: Process, file: OpenFile, r: Request): Task<Refusal | undefined> {
  if (r.sign === '-') {
    const all = yield* readWhole(file)
    if (all instanceof Refusal) return all
    const lines = r.bytes ? [] : splitLines(all)
    yield* proc.print(
      r.bytes
        ? all.slice(0, Math.max(0, all.length - r.n))
        : lines.slice(0, Math.max(0, lines.length - r.n)).join(''),
    )
    return undefined
  }
  if (r.bytes) {
    for (let left = r.n; left > 0;) {
      const chunk = yield* readChunk(file, Math.min(left, 65536))
      if (chunk instanceof Refusal) return chunk
      if (chunk === '') break
      left -= chunk.length
      yield* proc.print(chunk)
    }
    return undefined
  }
  const lines = new Lines(file)
  for (let i = 0; i < r.n; i++) {
    const line = yield* lines.next()
    if (line === undefined) return lines.refusal
    yield* proc.print(line)
  }
  return undefined
}

/** tail(1) */
export const tail: Main = function* (proc) {
  const { r, has } = request(proc, 'fFs:')
  const follows = has('f') || has('F')
  let status = 0
  let first = true
  const followed: Followed[] = []
  for (const name of r.names) {
    const file = openInput(proc, name)
    if (file instanceof Refusal) {
      complain(proc, `cannot open ${quoteFile(name)} for reading: ${strerror(file.errno)}`)
      status = 1
      continue
    }
    if (r.headers) header(proc, name, first)
    first = false
    const all = yield* readWhole(file)
    if (all instanceof Refusal) {
      complain(proc, `error reading ${quoteFile(inputName(name))}: ${strerror(all.errno)}`)
      if (follows) complain(proc, `${name}: cannot follow end of this type of file; giving up on this name`)
      status = 1
      continue
    }
    yield* proc.print(tailOf(all, r))
    if (name !== '-') followed.push({ name, file, at: all.length })
  }
  if (!follows) return status
  if (followed.length === 0) {
    if (r.names.every((n) => n === '-')) return status
    complain(proc, 'no files remaining')
    return 1
  }
  proc.flush()
  let shown = followed.at(-1)?.name
  for (;;) {
    const waits: Wait[] = []
    for (const f of followed) {
      const chunk = readOn(proc, f)
      waits.push(chunk === '' ? f.file.modified : f.file.readable)
      if (chunk === undefined || chunk === '') continue
      if (r.headers && shown !== f.name) header(proc, f.name, false)
      shown = f.name
      proc.out(chunk)
    }
    proc.flush()
    yield anyOf(...waits)
  }
}

/** A file whose end `tail -f` shows, and how much of it has been read. */
interface Followed {
  readonly name: string
  file: OpenFile
  at: number
}

/** What has been written since; of a file that was cut, all. */
const readOn = (proc: Process, f: Followed): Chunk => {
  const size = f.file.regularSize
  if (size !== undefined && size < f.at) {
    complain(proc, `${f.name}: file truncated`)
    const again = openInput(proc, f.name)
    if (again instanceof Refusal) return ''
    f.file = again
    f.at = 0
  }
  const chunk = f.file.read(65536)
  if (chunk instanceof Refusal) return ''
  f.at += chunk?.length ?? 0
  return chunk
}

const tailOf = (all: string, r: Request): string => {
  if (r.bytes) return r.sign === '+' ? all.slice(Math.max(0, r.n - 1)) : r.n === 0 ? '' : all.slice(-r.n)
  const lines = splitLines(all)
  return (r.sign === '+' ? lines.slice(Math.max(0, r.n - 1)) : r.n === 0 ? [] : lines.slice(-r.n)).join('')
}

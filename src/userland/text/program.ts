import { Refusal } from '../../kernel/refusal.ts'
import type { OpenFile } from '../../proc/file.ts'
import { getopt, type LongOption, type Option } from '../../proc/getopt.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { versionOf } from './version.ts'

/** Status of a real option that is not simulated. */
export const NOT_SIMULATED = 125

export interface Usage {
  readonly short: string
  readonly long?: Readonly<Record<string, LongOption>>
  /** Letters and long names that exist on Linux and are refused loudly here. */
  readonly notSimulated?: readonly string[]
  /** Status of a usage error: 1 in most of coreutils, 2 in grep, ls, sort. */
  readonly status?: number
  /** What grep shows before it points to its help. */
  readonly synopsis?: string
  /** The line that points to its help begins with its name, too (diffutils). */
  readonly prefixed?: boolean
}

/** The options and operands of a program of GNU; a usage error is said here and ends it. */
export const parseOptions = (
  proc: Process,
  usage: Usage,
): {
  options: readonly Option[]
  operands: readonly string[]
  has(name: string): boolean
  value(name: string): string | undefined
} => {
  const refused = usage.notSimulated ?? []
  const letters = refused.filter((n) => n.length === 1).join('')
  const long: Record<string, LongOption> = { ...usage.long, help: {}, version: {} }
  for (const n of refused)
    if (n.length > 1)
      long[n.replace(/=$/, '')] ??= n.endsWith('=') ? { argument: 'required' } : { argument: 'optional' }
  const r = getopt(proc.argv, usage.short + letters, long)
  const { name } = proc
  if ('error' in r) {
    proc.err(
      `${name}: ${r.error}\n${usage.synopsis ?? ''}${usage.prefixed ? `${name}: ` : ''}Try '${name} --help' for more information.\n`,
    )
    proc.exit(usage.status ?? 1)
  }
  if (r.options.some((o) => o.name === 'version' || (o.name === 'V' && programName(proc) === 'grep'))) {
    const version = versionOf(programName(proc))
    if (version !== undefined) {
      proc.out(version)
      proc.exit(0)
    }
  }
  for (const o of r.options) {
    const isLong = o.name.length > 1
    if (o.name !== 'help' && o.name !== 'version' && !refused.some((n) => n.replace(/=$/, '') === o.name))
      continue
    proc.err(
      `${name}: ${isLong ? '--' : '-'}${o.name} is real but not simulated; see: man ${programName(proc)}\n`,
    )
    proc.exit(NOT_SIMULATED)
  }
  const { options, operands } = r
  return {
    options,
    operands,
    has: (n) => options.some((o) => o.name === n),
    value: (n) => options.findLast((o) => o.name === n)?.value,
  }
}

/** The last part of argv[0]; messages of coreutils begin with all of it. */
export const programName = (proc: Process): string => proc.name.slice(proc.name.lastIndexOf('/') + 1)

/** `cat: /nosuch: No such file or directory` */
export const complain = (proc: Process, text: string): void => {
  proc.flush()
  proc.err(`${proc.name}: ${text}\n`)
}

export const tryHelp = (proc: Process, text: string | undefined, status = 1): number => {
  const { name } = proc
  proc.flush()
  proc.err(`${text === undefined ? '' : `${name}: ${text}\n`}Try '${name} --help' for more information.\n`)
  return status
}

/** As quote(3) of gnulib prints names in messages, in the C locale. */
export const quote = (s: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are shown as escapes
  `'${s.replace(/['\\\x00-\x1f\x7f-\xff]/g, (c) => ESCAPES[c] ?? '\\' + c.charCodeAt(0).toString(8).padStart(3, '0'))}'`

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\', "'": "\\'", '\n': '\\n', '\t': '\\t', '\r': '\\r', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\x07': '\\a',
} // prettier-ignore

/** As quotef(3) prints a file's name in front of a colon: bare where the shell would read it as one word. */
export const quoteName = (s: string): string => {
  if (s === '') return "''"
  // eslint-disable-next-line no-control-regex -- control characters are shown as escapes
  if (/[\x00-\x1f\x7f-\xff]/.test(s))
    return s
      .split(/([\x00-\x1f\x7f-\xff]+)/)
      .map((p, i) => (p === '' && i > 0 ? '' : i % 2 ? `$${quote(p)}` : `'${p}'`))
      .join('')
  if (/^[\w@%+=:,./-]+$/.test(s) || /^[^\s"'\\|&;()<>!{}*[\]?^$`~#:]+$/.test(s)) return s
  return s.includes("'") && !/["\\$`!]/.test(s) ? `"${s}"` : `'${s.replace(/'/g, "'\\''")}'`
}

/** As quoteaf(3) prints a file's name within a message: always in quotes, as the shell would read it. */
export const quoteFile = (s: string): string => {
  const quoted = quoteName(s)
  return quoted === s ? `'${s}'` : quoted
}

/** A file to read: `-` is standard input. Undefined where it can't be opened. */
export const openInput = (proc: Process, name: string): OpenFile | Refusal => {
  if (name === '-') return proc.fds.get(0) ?? new Refusal('EBADF')
  return proc.open(name, { read: true })
}

/** Reads a file by lines; a last line may lack its newline. */
export class Lines {
  readonly #file: OpenFile
  readonly #delimiter: string
  #rest = ''
  #ended = false
  /** Why reading stopped early. */
  refusal: Refusal | undefined

  constructor(file: OpenFile, delimiter = '\n') {
    this.#file = file
    this.#delimiter = delimiter
  }

  /** The next line with its newline; undefined at the end. */
  *next(): Task<string | undefined> {
    let from = 0
    for (;;) {
      const end = this.#rest.indexOf(this.#delimiter, from)
      if (end >= 0) {
        const line = this.#rest.slice(0, end + 1)
        this.#rest = this.#rest.slice(end + 1)
        return line
      }
      from = this.#rest.length
      const chunk = this.#ended ? '' : yield* readChunk(this.#file)
      if (chunk instanceof Refusal) this.refusal = chunk
      if (chunk instanceof Refusal || chunk === '') {
        this.#ended = true
        const last = this.#rest
        this.#rest = ''
        return last === '' ? undefined : last
      } else if (this.#rest.length > MAX_LINE) {
        this.refusal = new Refusal('ENOMEM')
        this.#ended = true
        this.#rest = ''
        return undefined
      }
      this.#rest += chunk
    }
  }
}

/** The longest line, in bytes: a device without newlines never ends one. */
const MAX_LINE = 4 * 1024 * 1024

/** Some bytes of a file, '' at its end. */
export function* readChunk(file: OpenFile, max = 65536): Task<string | Refusal> {
  for (;;) {
    const chunk = file.read(max)
    if (chunk !== undefined) return chunk
    yield file.readable
  }
}

/** The most that one program holds in memory, in bytes: a device without end fills it soon. */
const MAX_MEMORY = 32 * 1024 * 1024

export function* readWhole(file: OpenFile): Task<string | Refusal> {
  let all = ''
  for (;;) {
    const chunk = yield* readChunk(file)
    if (chunk instanceof Refusal) return chunk
    if (chunk === '') return all
    if (all.length + chunk.length > MAX_MEMORY) return new Refusal('ENOMEM')
    all += chunk
  }
}

/** The lines of a text, each with its newline if it has one. */
export const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** What messages call a file that was named `-`. */
export const inputName = (name: string): string => (name === '-' ? 'standard input' : name)

/** Says what went wrong with a file; status 1. */
export const fileError = (proc: Process, name: string, refusal: Refusal): number => {
  complain(proc, `${quoteName(name)}: ${strerror(refusal.errno)}`)
  return 1
}

/** At the end of a program of coreutils (close_stdout): a failed write is an error. */
export const closeStdout = (proc: Process, status: number): number => {
  proc.flush()
  if (proc.writeError === undefined) return status
  complain(proc, `write error: ${strerror(proc.writeError)}`)
  return status === 0 ? 1 : status
}

/** Does `each` with every line of the files that were named, or of standard input; the status that the errors make. */
export function* eachLine(
  proc: Process,
  names: readonly string[],
  each: (line: string) => Task<void>,
): Task<number> {
  let status = 0
  for (const name of names.length > 0 ? names : ['-']) {
    const file = openInput(proc, name)
    if (file instanceof Refusal) {
      status = fileError(proc, name, file)
      continue
    }
    const lines = new Lines(file)
    for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) yield* each(line)
    if (lines.refusal) status = fileError(proc, name, lines.refusal)
  }
  return status
}

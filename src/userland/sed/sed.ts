import { Refusal } from '../../kernel/refusal.ts'
import type { OpenFile } from '../../proc/file.ts'
import { getopt } from '../../proc/getopt.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { Lines, NOT_SIMULATED, readWhole } from '../text/program.ts'
import { Editor } from './edit.ts'
import { ScriptError, parseScript, type ScriptPart } from './script.ts'
import { USAGE } from './usage.ts'

/** sed(1) 4.9 of GNU */
export const main: Main = function* (proc) {
  const o = getopt(proc.argv, 'nse:f:i::l:rEuz', {
    quiet: { short: 'n' }, silent: { short: 'n' }, expression: { argument: 'required', short: 'e' }, file: { argument: 'required', short: 'f' },
    'in-place': { argument: 'optional', short: 'i' }, 'line-length': { argument: 'required', short: 'l' }, 'regexp-extended': { short: 'E' }, separate: { short: 's' },
    unbuffered: { short: 'u' }, 'null-data': { short: 'z' }, 'follow-symlinks': {}, sandbox: {}, posix: {}, debug: {}, help: {}, version: {},
  }) // prettier-ignore
  if ('error' in o) {
    proc.err(`sed: ${o.error}\n${USAGE}`)
    return 1
  }
  const has = (n: string): boolean => o.options.some((x) => x.name === n)
  if (has('help')) {
    proc.out(USAGE)
    return 0
  }
  for (const n of ['posix', 'debug', 'version']) {
    if (!has(n)) continue
    proc.err(`sed: --${n} is real but not simulated; see: man sed\n`)
    return NOT_SIMULATED
  }
  const parts: ScriptPart[] = []
  for (const x of o.options) {
    if (x.name === 'e') parts.push({ text: x.value ?? '', file: undefined })
    if (x.name !== 'f') continue
    const file = x.value === '-' ? proc.fds.get(0) : proc.open(x.value ?? '', { read: true })
    const text = file === undefined || file instanceof Refusal ? file : yield* readWhole(file)
    if (text === undefined || text instanceof Refusal) {
      proc.err(`sed: couldn't open file ${x.value}: ${strerror(text?.errno ?? 'EBADF')}\n`)
      return 1
    }
    parts.push({ text, file: x.value ?? '' })
  }
  const files = [...o.operands]
  if (parts.length === 0) {
    const script = files.shift()
    if (script === undefined) {
      proc.err(USAGE)
      return 1
    }
    parts.push({ text: script, file: undefined })
  }
  // `#n` on the first line is -n.
  const first = parts[0]?.text ?? ''
  const quiet = has('n') || /^#n(?:\n|$)/.test(first)
  const inPlace = o.options.find((x) => x.name === 'i')
  let editor: Editor
  try {
    editor = new Editor(proc, parseScript(parts, has('E') || has('r')), {
      quiet,
      separator: has('z') ? '\0' : '\n',
      lineLength: Number(o.options.findLast((x) => x.name === 'l')?.value ?? 70),
    })
  } catch (e) {
    if (!(e instanceof ScriptError)) throw e
    proc.err(`sed: ${e.message}\n`)
    return 1
  }
  const separate = has('s') || inPlace !== undefined
  if (inPlace !== undefined && files.length === 0) {
    proc.err('sed: no input files\n')
    return 4
  }
  const names = files.length > 0 ? files : ['-']
  let status = 0
  for (const group of separate ? names.map((n) => [n]) : [names]) {
    const input = new Input(proc, group, has('z') ? '\0' : '\n', inPlace !== undefined)
    if (inPlace) {
      const [name = ''] = group
      const text = yield* editInPlace(proc, editor, input, name, inPlace.value)
      if (text) status = 4
    } else yield* editor.run(input)
    status = Math.max(status, input.status)
    if (editor.exit !== undefined) break
  }
  proc.flush()
  const refusal = editor.writeFiles()
  if (refusal) {
    proc.err(`sed: ${refusal}\n`)
    status = 4
  }
  return editor.exit ?? status
}

/** -i: what is printed becomes the file. */
function* editInPlace(
  proc: Process,
  editor: Editor,
  input: Input,
  name: string,
  suffix: string | undefined,
): Task<boolean> {
  const node = proc.lookup(name)
  if (!(node instanceof Refusal) && node.kind !== 'file') {
    proc.err(
      node.kind === 'special'
        ? `sed: couldn't edit ${name}: not a regular file\n`
        : `sed: couldn't edit ${name}: not a regular file\n`,
    )
    return true
  }
  let text = ''
  editor.output = (s) => {
    text += s
  }
  yield* editor.run(input)
  editor.output = undefined
  if (node instanceof Refusal) return false
  if (suffix) {
    const backup = suffix.includes('*') ? suffix.replaceAll('*', name.replace(/^.*\//, '')) : name + suffix
    proc.writeFile(backup, node.kind === 'file' ? node.data : '')
  }
  const refusal = proc.writeFile(name, text + (yield* input.rest()))
  if (refusal === undefined) return false
  proc.err(`sed: couldn't open temporary file ${name}: ${strerror(refusal.errno)}\n`)
  return true
}

/** The input files as one stream of lines, one line looked ahead (`$` must know the last). */
export class Input {
  readonly #proc: Process
  readonly #names: string[]
  readonly #separator: string
  readonly #inPlace: boolean
  #lines: Lines | undefined
  #ahead: string | undefined
  #aheadFile = '-'
  #primed = false
  name = '-'
  status = 0
  number = 0

  constructor(proc: Process, names: readonly string[], separator: string, inPlace: boolean) {
    this.#proc = proc
    this.#names = [...names]
    this.#separator = separator
    this.#inPlace = inPlace
  }

  *next(): Task<string | undefined> {
    if (!this.#primed) {
      this.#ahead = yield* this.#read()
      this.#primed = true
    }
    const line = this.#ahead
    if (line === undefined) return undefined
    this.name = this.#aheadFile
    this.number++
    this.#ahead = yield* this.#read()
    return line
  }
  get isLast(): boolean {
    return this.#primed && this.#ahead === undefined
  }

  /** What `q` leaves unread (of a file that is edited in place). */
  *rest(): Task<string> {
    let all = ''
    for (let line = this.#ahead; line !== undefined; line = yield* this.#read()) all += line
    return all
  }

  *#read(): Task<string | undefined> {
    for (;;) {
      if (this.#lines === undefined) {
        const name = this.#names.shift()
        if (name === undefined) return undefined
        const file: OpenFile | Refusal | undefined =
          name === '-' && !this.#inPlace ? this.#proc.fds.get(0) : this.#proc.open(name, { read: true })
        if (file === undefined || file instanceof Refusal) {
          this.#proc.err(`sed: can't read ${name}: ${strerror(file?.errno ?? 'EBADF')}\n`)
          this.status = 2
          continue
        }
        this.#lines = new Lines(file, this.#separator)
        this.#aheadFile = name
      }
      const line = yield* this.#lines.next()
      if (line !== undefined) return line
      if (this.#lines.refusal) {
        const file = this.#aheadFile === '-' ? 'stdin' : this.#aheadFile
        const { errno } = this.#lines.refusal
        this.#proc.err(
          errno === 'EISDIR' && this.#inPlace
            ? `sed: couldn't edit ${file}: not a regular file\n`
            : `sed: read error on ${file}: ${strerror(errno)}\n`,
        )
        this.status = 2
      }
      this.#lines = undefined
    }
  }
}

import type { Redirect, Redirection } from 'unbash'
import { Refusal } from '../kernel/refusal.ts'
import { OpenFile } from '../proc/file.ts'
import type { OpenFlags } from '../proc/fs.ts'
import { strerror } from '../proc/strerror.ts'
import type { Task } from '../proc/wait.ts'
import { expandBody, expandString, expandWords } from './expand.ts'
import type { Shell } from './shell.ts'

/** A here-document: a text to be read once. */
class OpenText extends OpenFile {
  #rest: string
  constructor(text: string) {
    super()
    this.#rest = text
  }
  override read(max: number): string {
    const chunk = this.#rest.slice(0, max)
    this.#rest = this.#rest.slice(chunk.length)
    return chunk
  }
  override write(): Refusal {
    return new Refusal('EBADF')
  }
}

const MODES: Readonly<Record<string, OpenFlags>> = {
  '<': { read: true },
  '<>': { read: true, write: true, create: true },
  '>': { write: true, create: true, truncate: true },
  '>|': { write: true, create: true, truncate: true },
  '>>': { write: true, create: true, append: true },
  '&>': { write: true, create: true, truncate: true },
  '&>>': { write: true, create: true, append: true },
}

export type Fds = Map<number, OpenFile>

/** What the descriptors are with these redirections, left to right; undefined where one fails, which has been said. */
export function* redirect(sh: Shell, redirections: readonly Redirection[]): Task<Fds | undefined> {
  const fds: Fds = new Map(sh.proc.fds)
  for (const r of redirections) if (!(yield* apply(sh, r, fds))) return undefined
  return fds
}

function* apply(sh: Shell, r: Redirection, fds: Fds): Task<boolean> {
  switch (r.type) {
    case 'HereDoc': {
      const body = r.operator === '<<-' ? r.body.text.replace(/^\t+/gm, '') : r.body.text
      const quoted = r.delimiter?.quoted ?? false
      let text = quoted ? body : yield* expandBody(sh, r.body.parts, body)
      if (!quoted && r.operator === '<<-' && r.body.parts !== undefined) text = text.replace(/^\t+/gm, '')
      return put(sh, r, fds, 0, new OpenText(text))
    }
    case 'HereString':
      return put(sh, r, fds, 0, new OpenText((r.target ? yield* expandString(sh, r.target) : '') + '\n'))
    case 'Redirect': {
      const words = r.target ? yield* expandWords(sh, [r.target]) : []
      const [target] = words
      if (words.length !== 1 || target === undefined)
        return fail(sh, `${r.target?.text ?? ''}: ambiguous redirect`)
      if (r.operator === '<&' || r.operator === '>&') return duplicate(sh, r, fds, target)
      return open(sh, r, fds, target)
    }
  }
}

const fail = (sh: Shell, text: string): false => {
  sh.complain(text)
  return false
}

/** The descriptor that is redirected: `2>`, `{name}>` (a new one from 10 up), or the operator's own. */
const put = (sh: Shell, r: Redirection, fds: Fds, byDefault: number, file: OpenFile): boolean => {
  let fd = byDefault
  if (r.descriptor?.type === 'FileDescriptor') fd = r.descriptor.value
  else if (r.descriptor) {
    fd = 10
    while (fds.has(fd)) fd++
    sh.vars.set(r.descriptor.name, String(fd))
    sh.proc.setFd(fd, file)
  }
  fds.set(fd, file)
  return true
}

const open = (sh: Shell, r: Redirect, fds: Fds, path: string): boolean => {
  if (/^\/dev\/(?:tcp|udp)\/./.test(path))
    return fail(sh, `${path}: connections of bash are real but not simulated`)
  if ((r.operator === '>' || r.operator === '&>') && sh.options.noclobber) {
    const there = sh.proc.lookup(path)
    if (!(there instanceof Refusal) && there.kind === 'file')
      return fail(sh, `${path}: cannot overwrite existing file`)
  }
  const file = sh.proc.open(path, MODES[r.operator] as OpenFlags)
  if (file instanceof Refusal) return fail(sh, `${path}: ${strerror(file.errno)}`)
  if (r.operator.startsWith('&')) {
    fds.set(1, file)
    fds.set(2, file)
    return true
  }
  return put(sh, r, fds, r.operator.startsWith('<') ? 0 : 1, file)
}

const duplicate = (sh: Shell, r: Redirect, fds: Fds, target: string): boolean => {
  const byDefault = r.operator === '<&' ? 0 : 1
  const fd = r.descriptor?.type === 'FileDescriptor' ? r.descriptor.value : byDefault
  if (target === '-') {
    fds.delete(fd)
    return true
  }
  const m = /^(\d+)(-?)$/.exec(target)
  if (m === null) {
    // `>&file` without a number is `&>file`.
    if (r.operator === '>&' && r.descriptor === undefined) {
      const file = sh.proc.open(target, MODES['&>'] as OpenFlags)
      if (file instanceof Refusal) return fail(sh, `${target}: ${strerror(file.errno)}`)
      fds.set(1, file)
      fds.set(2, file)
      return true
    }
    return fail(sh, `${r.target?.text ?? target}: ambiguous redirect`)
  }
  const source = fds.get(Number(m[1]))
  if (source === undefined) return fail(sh, `${m[1]}: Bad file descriptor`)
  put(sh, r, fds, byDefault, source)
  if (m[2] === '-' && Number(m[1]) !== fd) fds.delete(Number(m[1]))
  return true
}

/** The contents of the file of `$(< file)`. */
export function* readRedirected(sh: Shell, r: Redirect): Task<string> {
  const fds = yield* redirect(sh, [r])
  const file = fds?.get(0)
  sh.substitutionStatus = file ? 0 : 1
  let all = ''
  for (;;) {
    const chunk = file?.read(65536)
    if (chunk === undefined || chunk === '') return all
    if (chunk instanceof Refusal) {
      sh.complain(`read error: ${strerror(chunk.errno)}`)
      sh.substitutionStatus = 1
      return all
    }
    all += chunk
  }
}

/** Makes `fds` the shell's own descriptors; what it returns puts the old ones back. */
export const install = (sh: Shell, fds: Fds): (() => void) => {
  const { proc } = sh
  proc.flush()
  const old = new Map(proc.fds)
  for (const file of old.values()) file.hold()
  replaceFds(sh, fds)
  return () => {
    proc.flush()
    replaceFds(sh, old)
    for (const file of old.values()) file.drop()
  }
}

/** Makes `fds` the shell's own descriptors for good: before it becomes another program, and by `exec`. */
export const replaceFds = (sh: Shell, fds: Fds): void => {
  const { proc } = sh
  proc.flush()
  for (const [fd, file] of fds) if (proc.fds.get(fd) !== file) proc.setFd(fd, file)
  for (const fd of [...proc.fds.keys()]) if (!fds.has(fd)) proc.closeFd(fd)
}

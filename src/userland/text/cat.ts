import { Refusal } from '../../kernel/refusal.ts'
import type { Main } from '../../proc/process.ts'
import { readsItsOutput } from '../../proc/fs.ts'
import {
  inputName,
  quoteFile,
  closeStdout,
  complain,
  fileError,
  openInput,
  parseOptions,
  programName,
  quoteName,
  readChunk,
} from './program.ts'

/** cat(1) */
export const cat: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'AbeEnstTuv',
    long: {
      'show-all': { short: 'A' }, 'number-nonblank': { short: 'b' }, 'show-ends': { short: 'E' }, number: { short: 'n' },
      'squeeze-blank': { short: 's' }, 'show-tabs': { short: 'T' }, 'show-nonprinting': { short: 'v' },
    },
  }) // prettier-ignore
  const nonPrinting = o.has('A') || o.has('e') || o.has('t') || o.has('v')
  const ends = o.has('A') || o.has('e') || o.has('E')
  const tabs = o.has('A') || o.has('t') || o.has('T')
  const numberAll = o.has('n') && !o.has('b')
  const plain = !nonPrinting && !ends && !tabs && !numberAll && !o.has('b') && !o.has('s')
  let status = 0
  let line = 0
  let blanks = 0
  let atStart = true
  const cook = (text: string): string => {
    let out = ''
    for (const part of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      const complete = part.endsWith('\n')
      const body = complete ? part.slice(0, -1) : part
      if (atStart) {
        blanks = body === '' && complete ? blanks + 1 : 0
        if (o.has('s') && blanks > 1) continue
        if (numberAll || (o.has('b') && !(body === '' && complete))) out += `${String(++line).padStart(6)}\t`
      }
      let shown = nonPrinting ? visible(body) : body
      if (tabs) shown = shown.replace(/\t/g, '^I')
      out += shown + (complete ? (ends ? '$\n' : '\n') : '')
      atStart = complete
    }
    return out
  }
  for (const name of o.operands.length > 0 ? o.operands : ['-']) {
    const file = openInput(proc, name)
    if (file instanceof Refusal) {
      status = fileError(proc, name, file)
      continue
    }
    if (readsItsOutput(file, proc.fds.get(1))) {
      complain(proc, `${quoteName(name)}: input file is output file`)
      status = 1
      continue
    }
    for (;;) {
      const chunk = yield* readChunk(file)
      if (chunk instanceof Refusal) {
        status = fileError(proc, name, chunk)
        break
      }
      if (chunk === '') break
      yield* proc.print(plain ? chunk : cook(chunk))
      proc.flush()
    }
  }
  return closeStdout(proc, status)
}

/** Control characters as ^X, bytes above 127 as M-x (cat -v). */
const visible = (s: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  s.replace(/[\x00-\x08\x0b-\x1f\x7f-\xff]/g, (c) => {
    const n = c.charCodeAt(0)
    const low = (b: number): string =>
      b < 32 ? '^' + String.fromCharCode(b + 64) : b === 127 ? '^?' : String.fromCharCode(b)
    return n < 128 ? low(n) : 'M-' + low(n - 128)
  })

/** tac(1): lines in reverse. */
export const tac: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 's:',
    long: { separator: { argument: 'required', short: 's' } },
    notSimulated: ['b', 'r', 'before', 'regex'],
  })
  let status = 0
  const separator = o.value('s') ?? '\n'
  for (const name of o.operands.length > 0 ? o.operands : ['-']) {
    const file = openInput(proc, name)
    if (file instanceof Refusal) {
      proc.err(`tac: failed to open '${name}' for reading: No such file or directory\n`)
      status = 1
      continue
    }
    let all = ''
    for (;;) {
      const chunk = yield* readChunk(file)
      if (chunk instanceof Refusal) {
        proc.err(`tac: ${name === '-' ? quoteFile(inputName(name)) : name}: read error: Is a directory\n`)
        status = 1
        break
      }
      if (chunk === '') break
      all += chunk
    }
    const parts = all.split(separator)
    const last = parts.pop() ?? ''
    const records = parts.map((p) => p + separator)
    if (last !== '') records.push(last)
    yield* proc.print(records.reverse().join(''))
  }
  return closeStdout(proc, status)
}

/** rev(1): each line backwards. */
export const rev: Main = function* (proc) {
  const o = parseOptions(proc, { short: '0' })
  let status = 0
  for (const name of o.operands.length > 0 ? o.operands : ['-']) {
    const file = openInput(proc, name)
    if (file instanceof Refusal) {
      proc.err(`${programName(proc)}: cannot open ${name}: No such file or directory\n`)
      status = 1
      continue
    }
    let rest = ''
    for (;;) {
      const chunk = yield* readChunk(file)
      if (chunk instanceof Refusal || chunk === '') break
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      yield* proc.print(lines.map((l) => [...l].reverse().join('') + '\n').join(''))
    }
    if (rest !== '') yield* proc.print([...rest].reverse().join(''))
  }
  return status
}

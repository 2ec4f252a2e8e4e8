import { Refusal } from '../../kernel/refusal.ts'
import type { Main } from '../../proc/process.ts'
import { fileError, inputName, openInput, parseOptions, readChunk } from './program.ts'

interface Counts {
  lines: number
  words: number
  chars: number
  bytes: number
  longest: number
}

/** wc(1) */
export const wc: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'clLmw',
    long: { bytes: { short: 'c' }, chars: { short: 'm' }, lines: { short: 'l' }, words: { short: 'w' }, 'max-line-length': { short: 'L' } },
    notSimulated: ['files0-from='],
  }) // prettier-ignore
  const chosen = o.options.length > 0
  const columns: (keyof Counts)[] = []
  if (o.has('l') || !chosen) columns.push('lines')
  if (o.has('w') || !chosen) columns.push('words')
  if (o.has('m')) columns.push('chars')
  if (o.has('c') || !chosen) columns.push('bytes')
  if (o.has('L')) columns.push('longest')
  const names = o.operands.length > 0 ? o.operands : ['-']
  const total: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 }
  let status = 0
  // Columns are as wide as the sum of the files' sizes needs; a pipe or folder among them makes them 7 wide at least.
  let size = 0
  let least = 1
  for (const name of names) {
    const node = name === '-' ? undefined : proc.lookup(name)
    if (node === undefined) {
      if (proc.fds.get(0)?.regularSize === undefined) least = 7
      size += proc.fds.get(0)?.regularSize ?? 0
    } else if (!(node instanceof Refusal)) {
      if (node.kind === 'file') size += node.data.length
      else least = 7
    }
  }
  const single = names.length === 1 && columns.length === 1
  const width = single ? 1 : Math.max(least, String(size).length)
  const print = (c: Counts, name: string | undefined): void => {
    proc.out(
      columns.map((k) => String(c[k]).padStart(width)).join(' ') +
        (name === undefined ? '' : ` ${name}`) +
        '\n',
    )
  }
  for (const name of names) {
    const file = openInput(proc, name)
    if (file instanceof Refusal) {
      status = fileError(proc, name, file)
      continue
    }
    const c: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 }
    let inWord = false
    let column = 0
    for (;;) {
      const chunk = yield* readChunk(file)
      if (chunk instanceof Refusal) {
        status = fileError(proc, inputName(name), chunk)
        break
      }
      if (chunk === '') break
      c.bytes += chunk.length
      for (let i = 0; i < chunk.length; i++) {
        const b = chunk.charCodeAt(i)
        const space = b === 32 || (b >= 9 && b <= 13)
        if (b === 10) c.lines++
        if (space) inWord = false
        else if (!inWord && b > 32 && b < 127) {
          inWord = true
          c.words++
        }
        if (b === 10 || b === 13 || b === 12) column = 0
        else if (b === 9) column += 8 - (column % 8)
        else if (b >= 32 && b < 127) column++
        if (column > c.longest) c.longest = column
      }
    }
    c.chars = c.bytes
    print(c, name === '-' && o.operands.length === 0 ? undefined : name)
    total.lines += c.lines
    total.words += c.words
    total.chars += c.chars
    total.bytes += c.bytes
    total.longest = Math.max(total.longest, c.longest)
  }
  if (names.length > 1) print(total, 'total')
  return status
}

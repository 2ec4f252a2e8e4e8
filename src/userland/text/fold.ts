import type { Main } from '../../proc/process.ts'
import { eachLine, complain, parseOptions, quote } from './program.ts'

const TAB = 8

/** fold(1): breaks lines that are too wide; with -s behind a blank. */
export const fold: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'bsw:0123456789',
    long: { bytes: { short: 'b' }, spaces: { short: 's' }, width: { argument: 'required', short: 'w' } },
  })
  // `-72` of old is `-w 72`.
  const digits = o.options.map((option) => option.name).filter((name) => /^\d$/.test(name)).join('') // prettier-ignore
  const given = o.value('w') ?? (digits || '80')
  const width = /^\d+$/.test(given) ? Number(given) : undefined
  if (width === undefined || width === 0) {
    const why = width === 0 ? ': Numerical result out of range' : ''
    complain(proc, `invalid number of columns: ${quote(given)}${why}`)
    return 1
  }
  const after = (column: number, c: string): number => {
    if (o.has('b')) return column + 1
    if (c === '\b') return Math.max(0, column - 1)
    if (c === '\r') return 0
    return c === '\t' ? column + TAB - (column % TAB) : column + 1
  }
  const columnOf = (text: string): number => {
    let column = 0
    for (const c of text) column = after(column, c)
    return column
  }
  const folded = (text: string): string => {
    let [out, line, column] = ['', '', 0]
    for (const c of text) {
      while (after(column, c) > width && line !== '') {
        const blank = o.has('s') ? Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t')) : -1
        const end = blank < 0 ? line.length : blank + 1
        out += line.slice(0, end) + '\n'
        line = line.slice(end)
        column = columnOf(line)
      }
      line += c
      column = after(column, c)
    }
    return out + line
  }
  return yield* eachLine(proc, o.operands, function* (line) {
    const text = line.replace(/\n$/, '')
    yield* proc.print(folded(text) + line.slice(text.length))
  })
}

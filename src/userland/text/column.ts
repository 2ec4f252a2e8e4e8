import type { Main, Process } from '../../proc/process.ts'
import { closeStdout, complain, eachLine, parseOptions } from './program.ts'

/** column(1) of util-linux 2.38: tables, and lists in columns. */

/** A tab goes to the next multiple of so many columns. */
const TAB = 8
const WIDTH = 80

export const column: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'tc:s:o:N:R:xeL',
    long: {
      table: { short: 't' }, 'output-width': { argument: 'required', short: 'c' }, separator: { argument: 'required', short: 's' },
      'output-separator': { argument: 'required', short: 'o' }, 'table-columns': { argument: 'required', short: 'N' },
      'table-right': { argument: 'required', short: 'R' }, fillrows: { short: 'x' }, 'keep-empty-lines': { short: 'L' },
    },
    notSimulated: ['n=', 'd', 'E=', 'H=', 'J', 'O=', 'p=', 'r=', 'T=', 'W=', 'i=', 'json', 'tree=', 'table-name=', 'table-hide=', 'table-wrap=',
      'table-order=', 'table-truncate=', 'table-noextreme=', 'table-noheadings', 'table-column=', 'table-columns-limit='],
  }) // prettier-ignore
  const lines: string[] = []
  const keepEmpty = o.has('L')
  // eslint-disable-next-line require-yield -- never waits
  const asked = o.value('c') === undefined ? undefined : outputWidth(proc, o.value('c') ?? '')
  const status = yield* eachLine(proc, o.operands, function* (line) {
    const text = line.replace(/\n$/, '')
    if (keepEmpty || text.trim() !== '') lines.push(text)
  })
  if (o.has('t')) {
    const separators = o.value('s')
    const rows = lines.map((line) => fieldsOf(line, separators))
    const names = o.value('N')?.split(',')
    if (names) rows.unshift(names)
    for (const row of tableOf(rows, o.value('o') ?? '  ', columnNumbers(o.value('R'), names)))
      proc.out(row + '\n')
  } else {
    const tty = proc.fds.get(1)?.isTty === true
    const width = tty ? Number(proc.env.get('COLUMNS') ?? proc.host.tty.columns) : WIDTH
    proc.out(listOf(lines.map((line) => line.trim()), asked ?? width, o.has('x'))) // prettier-ignore
  }
  return closeStdout(proc, status)
}

/** An unsigned number of 32 bits; ends the program where it is none. */
const outputWidth = (proc: Process, word: string): number => {
  const isNumber = /^\s*[-+]?\d+$/.test(word)
  if (isNumber && Number(word) >= 0 && Number(word) < 2 ** 32) return Number(word)
  complain(proc, `invalid columns argument: '${word}'${isNumber ? ': Numerical result out of range' : ''}`)
  return proc.exit(1)
}

/** Blanks in a row part once; each of one's own separators does. */
const fieldsOf = (line: string, separators: string | undefined): string[] => {
  if (separators === undefined) return line.split(/[ \t]+/).filter((field) => field !== '')
  const fields: string[] = ['']
  for (const c of line) {
    if (separators.includes(c)) fields.push('')
    else fields[fields.length - 1] += c
  }
  return fields
}

/** Columns by number, from 1, or by name. */
const columnNumbers = (list: string | undefined, names: readonly string[] | undefined): ReadonlySet<number> =>
  new Set(
    (list ?? '').split(',').map((word) => (names?.includes(word) ? names.indexOf(word) : Number(word) - 1)),
  )

const tableOf = (rows: readonly (readonly string[])[], gap: string, right: ReadonlySet<number>): string[] => {
  const columns = largest(rows, (row) => row.length)
  const widths = Array.from({ length: columns }, (_, i) => largest(rows, (row) => row[i]?.length ?? 0))
  return rows.map((row) =>
    widths
      .map((width, i) => {
        const field = row[i] ?? ''
        if (right.has(i)) return field.padStart(width)
        return i === columns - 1 ? field : field.padEnd(width)
      })
      .join(gap),
  )
}

/** As many columns of equal width as there is room for, filled downwards, or with -x to the right. */
const listOf = (entries: readonly string[], width: number, byRows: boolean): string => {
  const step = (Math.floor(largest(entries, (e) => e.length) / TAB) + 1) * TAB
  if (entries.length === 0) return ''
  const columns = Math.max(1, Math.floor(width / step))
  const rows = Math.ceil(entries.length / columns)
  let out = ''
  for (let r = 0; r < rows; r++) {
    const row = byRows ? entries.slice(r * columns, (r + 1) * columns) : everyNth(entries, r, rows)
    out += row
      .map((e, i) => (i === row.length - 1 ? e : e + '\t'.repeat(Math.ceil((step - e.length) / TAB))))
      .join('')
    out += '\n'
  }
  return out
}

const largest = <T>(list: readonly T[], size: (item: T) => number): number =>
  list.reduce((max, item) => Math.max(max, size(item)), 0)

const everyNth = (entries: readonly string[], first: number, n: number): string[] => {
  const picked: string[] = []
  for (let i = first; i < entries.length; i += n) picked.push(entries[i] as string)
  return picked
}

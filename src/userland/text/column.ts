import type { Main } from '../../proc/process.ts'
import { closeStdout, eachLine, parseOptions } from './program.ts'

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
    const width = Number(o.value('c') ?? (tty ? (proc.env.get('COLUMNS') ?? proc.host.tty.columns) : WIDTH))
    proc.out(listOf(lines.map((line) => line.trim()), width, o.has('x'))) // prettier-ignore
  }
  return closeStdout(proc, status)
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
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)),
  )
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
  const step = (Math.floor(Math.max(0, ...entries.map((e) => e.length)) / TAB) + 1) * TAB
  if (entries.length === 0) return ''
  const columns = Math.max(1, Math.floor(width / step))
  const rows = Math.ceil(entries.length / columns)
  let out = ''
  for (let r = 0; r < rows; r++) {
    const row = byRows
      ? entries.slice(r * columns, (r + 1) * columns)
      : entries.filter((_, i) => i % rows === r)
    out += row
      .map((e, i) => (i === row.length - 1 ? e : e + '\t'.repeat(Math.ceil((step - e.length) / TAB))))
      .join('')
    out += '\n'
  }
  return out
}

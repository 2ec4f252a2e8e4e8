/**
 * `<FillTable>`: a Markdown table in which `[answer]` is a cell to fill in. `[a;b]` accepts either; `[=network]`,
 * `[=broadcast]`, `[=hosts]` are computed from the prefix in the row's first cell.
 */
import type { RootContent, Table, TableCell } from 'mdast'
import { type JsxNode, plain } from './lesson.ts'
import { prefix } from './prefix.ts'
import { ContentMistake } from './problem.ts'
import { jsx } from './question.ts'

const BLANK = /^\[(.+)\]$/

function answers(text: string, first: string): string[] {
  return text.split(';').map((part) => {
    const word = part.trim()
    if (!word.startsWith('=')) return word
    const p = prefix(first)
    switch (word) {
      case '=network':
        return p.network
      case '=broadcast':
        if (p.broadcast === undefined)
          throw new RangeError(`${first} has no broadcast address: write the word expected instead`)
        return p.broadcast
      case '=hosts':
        return String(p.hosts)
      default:
        throw new RangeError(`\`${word}\` can't be computed; known: =network, =broadcast, =hosts`)
    }
  })
}

function cell(node: TableCell, label: { row: string; column: string }, first: string): boolean {
  const m = BLANK.exec(plain(node).trim())
  if (!m) return false
  node.children = [jsx('Blank', { answers: answers(m[1] ?? '', first).join(';'), ...label }, []) as never]
  return true
}

export function fillTable(node: JsxNode, file: string): void {
  const { line, column } = node.position?.start ?? { line: 1, column: 1 }
  const fail = (what: string, todo?: string): never => {
    throw new ContentMistake([{ file, line, column, what, ...(todo === undefined ? {} : { todo }) }])
  }
  const table = (node.children as RootContent[]).find((c): c is Table => c.type === 'table')
  if (!table)
    return fail('<FillTable> holds no table', 'Write a Markdown table inside it, with blank lines around.')
  const [head, ...rows] = table.children
  const columns = head?.children.map((c) => plain(c).trim()) ?? []
  let blanks = 0
  for (const row of rows) {
    const first = plain(row.children[0] as unknown as RootContent).trim()
    row.children.forEach((c, i) => {
      try {
        if (cell(c, { row: first, column: columns[i] ?? '' }, first)) blanks++
      } catch (e) {
        const at = c.position?.start ?? { line, column }
        throw new ContentMistake([
          { file, line: at.line, column: at.column, what: e instanceof Error ? e.message : String(e) },
        ])
      }
    })
  }
  if (blanks === 0)
    fail('<FillTable> has nothing to fill in', 'Put an answer in square brackets: | [192.168.1.0] |')
}

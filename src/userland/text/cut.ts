import type { Main } from '../../proc/process.ts'
import { eachLine, parseOptions, quote, tryHelp } from './program.ts'

interface Range {
  readonly from: number
  readonly to: number
}

/** `1,3-5,7-`; a string is what is wrong with it. */
const ranges = (list: string, what: 'field' | 'byte' | 'character'): Range[] | string => {
  const out: Range[] = []
  const kind =
    what === 'field' ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1'
  for (const item of list.split(/[,\s]/)) {
    const m = /^(\d*)(-?)(\d*)$/.exec(item)
    if (m === null)
      return what === 'field'
        ? `invalid field value ${quote(item)}`
        : `invalid byte/character position ${quote(item)}`
    const [, a = '', dash, b = ''] = m
    if (a === '' && b === '') return dash ? 'invalid range with no endpoint: -' : kind
    if (a !== '' && Number(a) === 0) return kind
    if (dash && b !== '' && Number(b) === 0)
      return a === '' ? 'invalid decreasing range' : 'invalid decreasing range'
    const from = a === '' ? 1 : Number(a)
    const to = dash ? (b === '' ? Infinity : Number(b)) : from
    if (to < from) return 'invalid decreasing range'
    out.push({ from, to })
  }
  return out.sort((x, y) => x.from - y.from)
}

/** cut(1) */
export const cut: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'b:c:d:f:ns',
    long: {
      bytes: { argument: 'required', short: 'b' }, characters: { argument: 'required', short: 'c' },
      delimiter: { argument: 'required', short: 'd' }, fields: { argument: 'required', short: 'f' },
      'only-delimited': { short: 's' }, complement: {}, 'output-delimiter': { argument: 'required' },
    },
    notSimulated: ['z', 'zero-terminated'],
  }) // prettier-ignore
  const lists = o.options.filter((x) => 'bcf'.includes(x.name) && x.name.length === 1)
  const [list] = lists
  if (lists.length > 1) return tryHelp(proc, 'only one list may be specified')
  if (list === undefined) return tryHelp(proc, 'you must specify a list of bytes, characters, or fields')
  const byField = list.name === 'f'
  const delimiter = o.value('d') ?? '\t'
  if (delimiter.length > 1) return tryHelp(proc, 'the delimiter must be a single character')
  if (o.value('d') !== undefined && !byField)
    return tryHelp(proc, 'an input delimiter may be specified only when operating on fields')
  if (o.has('s') && !byField)
    return tryHelp(proc, 'suppressing non-delimited lines makes sense\n\tonly when operating on fields')
  const wanted = ranges(list.value ?? '', byField ? 'field' : 'byte')
  if (typeof wanted === 'string') return tryHelp(proc, wanted)
  const chosen = (n: number): boolean => wanted.some((r) => n >= r.from && n <= r.to) !== o.has('complement')
  const between = o.value('output-delimiter')
  return yield* eachLine(proc, o.operands, function* (line) {
    const text = line.endsWith('\n') ? line.slice(0, -1) : line
    if (byField) {
      if (!text.includes(delimiter)) {
        if (!o.has('s')) yield* proc.print(text + '\n')
        return
      }
      const fields = text.split(delimiter).filter((_, i) => chosen(i + 1))
      yield* proc.print(fields.join(between ?? delimiter) + '\n')
      return
    }
    let out = ''
    let last = -1
    for (let i = 0; i < text.length; i++) {
      if (!chosen(i + 1)) continue
      if (between !== undefined && out !== '' && last !== i - 1) out += between
      out += text[i]
      last = i
    }
    yield* proc.print(out + '\n')
  })
}

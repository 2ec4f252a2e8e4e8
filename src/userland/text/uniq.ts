import { Refusal } from '../../kernel/refusal.ts'
import type { Main } from '../../proc/process.ts'
import { complain, fileError, Lines, openInput, parseOptions, quote, quoteFile, tryHelp } from './program.ts'

/** uniq(1) */
export const uniq: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'cdDf:is:uw:z',
    long: {
      count: { short: 'c' }, repeated: { short: 'd' }, 'skip-fields': { argument: 'required', short: 'f' }, 'ignore-case': { short: 'i' },
      'skip-chars': { argument: 'required', short: 's' }, unique: { short: 'u' }, 'check-chars': { argument: 'required', short: 'w' },
    },
    notSimulated: ['all-repeated', 'group', 'zero-terminated'],
  }) // prettier-ignore
  const number = (name: string, what: string): number => {
    const v = o.value(name)
    if (v !== undefined && !/^\d+$/.test(v)) {
      complain(proc, `${v}: invalid number of ${what}`)
      proc.exit(1)
    }
    return Number(v ?? (name === 'w' ? Infinity : 0))
  }
  const [fields, chars, width] = [
    number('f', 'fields to skip'),
    number('s', 'bytes to skip'),
    number('w', 'bytes to compare'),
  ]
  if (o.operands.length > 2) return tryHelp(proc, `extra operand ${quote(o.operands[2] ?? '')}`)
  const [input = '-', output] = o.operands
  const file = openInput(proc, input)
  if (file instanceof Refusal) return fileError(proc, input, file)
  let written = ''
  const key = (line: string): string => {
    let s = line
    for (let i = 0; i < fields; i++) s = s.replace(/^[ \t]*[^ \t]*/, '')
    s = s.slice(chars)
    if (width !== Infinity) s = s.slice(0, width)
    return o.has('i') ? s.toLowerCase() : s
  }
  const lines = new Lines(file)
  let group: string[] = []
  const emit = (): string => {
    const [first] = group
    if (first === undefined) return ''
    if (o.has('D')) return group.length > 1 ? group.map((l) => l + '\n').join('') : ''
    if (o.has('d') && group.length === 1) return ''
    if (o.has('u') && group.length > 1) return ''
    return (o.has('c') ? String(group.length).padStart(7) + ' ' : '') + first + '\n'
  }
  const put = (s: string): void => {
    if (output === undefined || output === '-') proc.out(s)
    else written += s
  }
  for (;;) {
    const line = yield* lines.next()
    const text = line?.replace(/\n$/, '')
    if (text !== undefined && group[0] !== undefined && key(group[0]) === key(text)) {
      group.push(text)
      continue
    }
    put(emit())
    if (text === undefined) break
    group = [text]
  }
  if (lines.refusal) {
    complain(proc, `error reading ${quoteFile(input)}`)
    return 1
  }
  if (output !== undefined && output !== '-') {
    const refusal = proc.writeFile(output, written)
    if (refusal) return fileError(proc, output, refusal)
  }
  return 0
}

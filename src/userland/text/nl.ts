import type { Main } from '../../proc/process.ts'
import { compileRegex } from '../../proc/regcomp.ts'
import { eachLine, parseOptions, quote, tryHelp } from './program.ts'

/** nl(1) */
export const nl: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'b:i:l:n:ps:v:w:h:f:',
    long: {
      'body-numbering': { argument: 'required', short: 'b' }, 'line-increment': { argument: 'required', short: 'i' },
      'number-format': { argument: 'required', short: 'n' }, 'number-separator': { argument: 'required', short: 's' },
      'starting-line-number': { argument: 'required', short: 'v' }, 'number-width': { argument: 'required', short: 'w' },
    },
    notSimulated: ['d', 'section-delimiter='],
  }) // prettier-ignore
  const style = o.value('b') ?? 't'
  if (!/^[atn]$|^p/.test(style)) {
    return tryHelp(proc, `invalid body numbering style: ${quote(style)}`)
  }
  const format = o.value('n') ?? 'rn'
  if (!['ln', 'rn', 'rz'].includes(format)) {
    return tryHelp(proc, `invalid line numbering format: ${quote(format)}`)
  }
  const pattern = style.startsWith('p') ? compileRegex(style.slice(1)) : undefined
  const width = Number(o.value('w') ?? 6)
  const separator = o.value('s') ?? '\t'
  let n = Number(o.value('v') ?? 1)
  return yield* eachLine(proc, o.operands, function* (line) {
    const text = line.replace(/\n$/, '')
    const numbered = style === 'a' || (style === 't' && text !== '') || (pattern?.test(text) ?? false)
    if (numbered) {
      const s = String(n)
      const shown = format === 'ln' ? s.padEnd(width) : s.padStart(width, format === 'rz' ? '0' : ' ')
      yield* proc.print(`${shown}${separator}${text}\n`)
      n += Number(o.value('i') ?? 1)
    } else yield* proc.print(' '.repeat(width + separator.length) + text + '\n')
  })
}

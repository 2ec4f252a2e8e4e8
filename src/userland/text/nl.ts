import type { Main, Process } from '../../proc/process.ts'
import { compileRegex } from '../../proc/regcomp.ts'
import { complain, eachLine, parseOptions, quote, tryHelp } from './program.ts'

/** Wider fields are cut to this: a page has room for no more. */
const MAX_WIDTH = 65536

/** xdectoimax() of gnulib: ends the program where the word is no number between `min` and `max`. */
const integer = (proc: Process, what: string, word: string, min: bigint, max: bigint): bigint => {
  const wrong = (why: string): never => {
    complain(proc, `invalid ${what}: ${quote(word)}${why}`)
    return proc.exit(1)
  }
  if (!/^\s*[-+]?\d+$/.test(word)) return wrong('')
  const n = BigInt(word.trim().replace('+', ''))
  // What an int could not hold either is told of in other words.
  if (n < min) return wrong(n < -(2n ** 31n) ? TOO_LARGE : ': Numerical result out of range')
  if (n > max) return wrong(TOO_LARGE)
  return n
}
const TOO_LARGE = ': Value too large for defined data type'

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
  const first = integer(proc, 'starting line number', o.value('v') ?? '1', -(2n ** 63n), 2n ** 63n - 1n)
  const step = integer(proc, 'line number increment', o.value('i') ?? '1', -(2n ** 63n), 2n ** 63n - 1n)
  const joined = integer(proc, 'line number of blank lines', o.value('l') ?? '1', 1n, 2n ** 63n - 1n)
  const width = Math.min(
    Number(integer(proc, 'line number field width', o.value('w') ?? '6', 1n, 2n ** 31n - 1n)),
    MAX_WIDTH,
  )
  const separator = o.value('s') ?? '\t'
  let n = first
  let blanks = 0n
  return yield* eachLine(proc, o.operands, function* (line) {
    const text = line.replace(/\n$/, '')
    if (text !== '') blanks = 0n
    else if (++blanks === joined) blanks = 0n
    const numbered =
      (style === 'a' && blanks === 0n) || (style === 't' && text !== '') || (pattern?.test(text) ?? false)
    if (numbered) {
      const s = String(n)
      const shown = format === 'ln' ? s.padEnd(width) : s.padStart(width, format === 'rz' ? '0' : ' ')
      yield* proc.print(`${shown}${separator}${text}\n`)
      n += step
    } else yield* proc.print(' '.repeat(width + separator.length) + text + '\n')
  })
}

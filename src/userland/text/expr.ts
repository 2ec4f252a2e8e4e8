import type { Main } from '../../proc/process.ts'
import { RegexError, compileRegex } from '../../proc/regcomp.ts'
import { complain, quote, tryHelp } from './program.ts'
import { BoundedRegExp } from '../../proc/bounded-regexp.ts'

class ExprError {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
]

/** expr(1): status 1 where the result is empty or 0, 2 on a syntax error, 3 on others. */
// eslint-disable-next-line require-yield -- never waits
export const expr: Main = function* (proc) {
  const words = proc.argv.slice(proc.argv[1] === '--' ? 2 : 1)
  if (words.length === 0) return tryHelp(proc, 'missing operand', 2)
  let at = 0
  const integer = (s: string): bigint => {
    if (!/^-?\d+$/.test(s)) throw new ExprError('non-integer argument')
    return BigInt(s)
  }
  const truth = (s: string): boolean => s !== '' && !/^-?0+$/.test(s)
  const match = (text: string, pattern: string): string => {
    const re = compileRegex(pattern)
    const m = new BoundedRegExp(`^(?:${re.source})`, re.flags).exec(text)
    const grouped = /\\\(/.test(pattern)
    return m === null ? (grouped ? '' : '0') : grouped ? (m[1] ?? '') : String(m[0].length)
  }
  const primary = (): string => {
    const w = words[at++]
    if (w === undefined)
      throw new ExprError(`syntax error: missing argument after ${quote(words[at - 2] ?? '')}`)
    if (w === '(') {
      const v = level(0)
      if (words[at++] !== ')')
        throw new ExprError(
          words[at - 1] === undefined
            ? `syntax error: expecting ')' after ${quote(words[at - 2] ?? '')}`
            : `syntax error: expecting ')' instead of ${quote(words[at - 1] ?? '')}`,
        )
      return v
    }
    if (w === ')') throw new ExprError("syntax error: unexpected ')'")
    if (w === '+' && words[at] !== undefined) return words[at++] as string
    if (w === 'length' && words[at] !== undefined) return String(primary().length)
    if (w === 'match' && words[at + 1] !== undefined) return match(primary(), primary())
    if (w === 'index' && words[at + 1] !== undefined) {
      const [s, set] = [primary(), primary()]
      return String([...s].findIndex((c) => set.includes(c)) + 1)
    }
    if (w === 'substr' && words[at + 2] !== undefined) {
      const [s, p, n] = [primary(), primary(), primary()]
      const [from, count] = [Number(p), Number(n)]
      return from > 0 && count > 0 ? s.substr(from - 1, count) : ''
    }
    return w
  }
  const level = (i: number): string => {
    const ops = LEVELS[i]
    if (ops === undefined) return primary()
    let left = level(i + 1)
    while (words[at] !== undefined && ops.includes(words[at] as string)) {
      const op = words[at++] as string
      left = apply(op, left, level(i + 1))
    }
    return left
  }
  const apply = (op: string, a: string, b: string): string => {
    switch (op) {
      case '|':
        return truth(a) ? a : truth(b) ? b : '0'
      case '&':
        return truth(a) && truth(b) ? a : '0'
      case ':':
        return match(a, b)
      case '+':
        return String(integer(a) + integer(b))
      case '-':
        return String(integer(a) - integer(b))
      case '*':
        return String(integer(a) * integer(b))
      case '/':
      case '%': {
        const [x, y] = [integer(a), integer(b)]
        if (y === 0n) throw new ExprError('division by zero')
        return String(op === '/' ? x / y : x % y)
      }
      default: {
        const numeric = /^-?\d+$/.test(a) && /^-?\d+$/.test(b)
        const r = numeric ? Number(BigInt(a) - BigInt(b)) : a < b ? -1 : a > b ? 1 : 0
        const yes =
          op === '<'
            ? r < 0
            : op === '<='
              ? r <= 0
              : op === '!='
                ? r !== 0
                : op === '>='
                  ? r >= 0
                  : op === '>'
                    ? r > 0
                    : r === 0
        return yes ? '1' : '0'
      }
    }
  }
  try {
    const v = level(0)
    if (at < words.length) throw new ExprError(`syntax error: unexpected argument ${quote(words[at] ?? '')}`)
    proc.out(v + '\n')
    return truth(v) ? 0 : 1
  } catch (e) {
    if (!(e instanceof ExprError) && !(e instanceof RegexError)) throw e
    complain(proc, e.message)
    return 2
  }
}

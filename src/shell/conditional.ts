import type { TestExpression, Word } from 'unbash'
import { fnmatch } from '../proc/fnmatch.ts'
import { RegexError, compileRegex } from '../proc/regcomp.ts'
import { TestError, binary, unary } from '../proc/test.ts'
import type { Task } from '../proc/wait.ts'
import { expandPattern, expandRegex, expandString } from './expand.ts'
import { ToTopLevel, type Shell } from './shell.ts'

/** `[[ … ]]`: 0 true, 1 false, 2 for an expression that makes no sense. */
export function* conditional(sh: Shell, e: TestExpression): Task<number> {
  try {
    const r = yield* evaluate(sh, e)
    return typeof r === 'number' ? r : r ? 0 : 1
  } catch (error) {
    if (!(error instanceof TestError)) throw error
    sh.complain(`[[: ${error.text}: integer expression expected`)
    return 1
  }
}

function* evaluate(sh: Shell, e: TestExpression): Task<boolean | 2> {
  switch (e.type) {
    case 'TestLogical':
      for (const operand of e.operands) {
        const r = yield* evaluate(sh, operand)
        if (r === 2) return r
        if (r === (e.operator === '||')) return r
      }
      return e.operator === '&&'
    case 'TestNot': {
      const r = yield* evaluate(sh, e.operand)
      if (r === 2) return r
      return e.negations.length % 2 === 1 ? !r : r
    }
    case 'TestGroup':
      return yield* evaluate(sh, e.expression)
    case 'TestUnary':
      return unary(e.operator, yield* expandString(sh, e.operand), sh.proc, testShell(sh))
    case 'TestBinary':
      return yield* compare(sh, e.operator, e.left, e.right)
  }
}

export const testShell = (sh: Shell): { variable(name: string): boolean; option(name: string): boolean } => ({
  variable: (name) => {
    const m = /^([A-Za-z_]\w*)\[(.+)\]$/.exec(name)
    if (!m) return sh.vars.isSet(name)
    const v = sh.vars.lookup(m[1] as string)
    return v?.assoc?.has(m[2] as string) ?? v?.array?.has(sh.vars.indexOf(v.array, m[2] as string)) ?? false
  },
  option: (name) => (sh.options as unknown as Readonly<Record<string, boolean>>)[name] ?? false,
})

function* compare(sh: Shell, op: string, left: Word, right: Word): Task<boolean | 2> {
  const a = yield* expandString(sh, left)
  const ignoreCase = sh.shopt.has('nocasematch')
  switch (op) {
    case '=':
    case '==':
      return fnmatch(yield* expandPattern(sh, right), a, ignoreCase)
    case '!=':
      return !fnmatch(yield* expandPattern(sh, right), a, ignoreCase)
    case '=~':
      return regex(sh, a, yield* expandRegex(sh, right), ignoreCase)
    case '-eq':
    case '-ne':
    case '-lt':
    case '-le':
    case '-gt':
    case '-ge': {
      const b = yield* expandString(sh, right)
      try {
        return binary(String(sh.arithmetic(a, '[[')), op, String(sh.arithmetic(b, '[[')), sh.proc)
      } catch (e) {
        if (!(e instanceof ToTopLevel) || e.fatal) throw e
        return false
      }
    }
    default:
      return binary(a, op, yield* expandString(sh, right), sh.proc)
  }
}

/** `=~`: what matched is BASH_REMATCH. What was quoted matches itself. */
const regex = (sh: Shell, text: string, pattern: string, ignoreCase: boolean): boolean | 2 => {
  const groups = sh.vars.ensure('BASH_REMATCH')
  groups.value = undefined
  groups.array = new Map()
  try {
    const m = compileRegex(pattern, { extended: true, ignoreCase }).exec(text)
    if (m === null) return false
    groups.array = new Map([...m].map((g, i) => [i, g ?? '']))
    return true
  } catch (e) {
    if (!(e instanceof RegexError)) throw e
    return 2
  }
}

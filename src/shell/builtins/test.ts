import { TestError, evaluateTest } from '../../proc/test.ts'
import { ToTopLevel, type Shell } from '../shell.ts'
import { testShell } from '../conditional.ts'

export const testBuiltin = (sh: Shell, argv: readonly string[]): number => {
  const name = argv[0] as string
  let args = argv.slice(1)
  if (name === '[') {
    if (args.at(-1) !== ']') {
      sh.complain("[: missing `]'")
      return 2
    }
    args = args.slice(0, -1)
  }
  try {
    return evaluateTest(args, sh.proc, testShell(sh)) ? 0 : 1
  } catch (e) {
    if (!(e instanceof TestError)) throw e
    sh.complain(`${name}: ${words(e)}`)
    return 2
  }
}

const words = (e: TestError): string => {
  switch (e.kind) {
    case 'unary':
      return `${e.text}: unary operator expected`
    case 'binary':
      return `${e.text}: binary operator expected`
    case 'integer':
      return `${e.text}: integer expression expected`
    case 'many':
      return 'too many arguments'
    case 'argument':
      return 'argument expected'
    case 'paren':
      return e.text === '' ? "`)' expected" : `\`)' expected, found ${e.text}`
  }
}

export const letBuiltin = (sh: Shell, argv: readonly string[]): number => {
  if (argv.length < 2) {
    sh.complain('let: expression expected')
    return 1
  }
  let n = 0n
  try {
    for (const a of argv.slice(1)) n = sh.arithmetic(a, 'let')
  } catch (e) {
    if (!(e instanceof ToTopLevel)) throw e
    return 1
  }
  return n === 0n ? 1 : 0
}

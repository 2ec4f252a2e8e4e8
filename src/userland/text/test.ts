import type { Main } from '../../proc/process.ts'
import { TestError, evaluateTest } from '../../proc/test.ts'
import { programName, quote } from './program.ts'

/** /usr/bin/test and /usr/bin/[ */
// eslint-disable-next-line require-yield -- never waits
export const test: Main = function* (proc) {
  const name = programName(proc)
  let args = proc.argv.slice(1)
  if (name === '[') {
    if (args.at(-1) !== ']') {
      proc.err("[: missing ']'\n")
      return 2
    }
    args = args.slice(0, -1)
  }
  try {
    return evaluateTest(args, proc) ? 0 : 1
  } catch (e) {
    if (!(e instanceof TestError)) throw e
    proc.err(`${name}: ${words(e)}\n`)
    return 2
  }
}

const words = (e: TestError): string => {
  switch (e.kind) {
    case 'unary':
      return `${quote(e.text)}: unary operator expected`
    case 'binary':
      return `${quote(e.text)}: binary operator expected`
    case 'integer':
      return `invalid integer ${quote(e.text)}`
    case 'many':
      return `extra argument ${quote(e.text)}`
    case 'argument':
      return 'missing argument'
    case 'paren':
      return e.text === '' ? "')' expected" : `')' expected, found ${e.text}`
  }
}

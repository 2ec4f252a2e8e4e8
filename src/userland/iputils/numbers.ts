import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'

/** error(3): `PROGRAM: message`, after what is still buffered for standard output. */
export const warn = (proc: Process, message: string): void => {
  proc.flush()
  proc.err(`${proc.name}: ${message}\n`)
}
export const fail = (proc: Process, status: number, message: string): never => {
  warn(proc, message)
  return proc.exit(status)
}

export const LONG_MAX = 9223372036854775807n
export const INT_MAX = 2147483647

/** A decimal number in a range; anything else ends the program with status 1, in the words of iputils. */
export const strtol = (proc: Process, text: string, low: number, high: number | bigint): number => {
  if (/^\d{1,9}$/.test(text)) {
    const n = Number(text)
    if (n >= low && n <= high) return n
  }
  if (!/^[ \t\n\v\f\r]*[+-]?\d+$/.test(text)) fail(proc, 1, `invalid argument: '${text}'`)
  const n = BigInt(text.trim())
  if (n > LONG_MAX || n < -LONG_MAX - 1n) fail(proc, 1, `invalid argument: '${text}': ${strerror('ERANGE')}`)
  if (n < low || n > high)
    fail(proc, 1, `invalid argument: '${text}': out of range: ${low} <= value <= ${high}`)
  return Number(n)
}

/** strtod(3): the number that the text begins with, and the rest. */
export const strtod = (text: string): { value: number; rest: string } => {
  const m = /^[ \t\n\v\f\r]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(text)
  return m === null ? { value: 0, rest: text } : { value: Number(m[0]), rest: text.slice(m[0].length) }
}

/** What `-V` of every tool of the package prints. */
export const iputilsVersion = (tool: string): string =>
  `${tool} from iputils 20221126\n` +
  'libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n'

import { Refusal } from '../../kernel/refusal.ts'
import type { Main } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { readWhole } from '../text/program.ts'
import { Awk, RunTimeError, unescape } from './interpret.ts'
import { AwkError } from './lexer.ts'
import { parseAwk, type Program } from './parser.ts'
import { USAGE } from './usage.ts'

const VERSION = `mawk 1.3.4 20200120
Copyright 2008-2019,2020, Thomas E. Dickey
Copyright 1991-1996,2014, Michael D. Brennan

random-funcs:       srandom/random
regex-funcs:        internal
compiled limits:
sprintf buffer      8192
maximum-integer     2147483647
`

/** awk(1): mawk 1.3.4, as Debian installs it */
export const main: Main = function* (proc) {
  const words = proc.argv.slice(1)
  const assignments: [string, string][] = []
  let fs: string | undefined
  let text: string | undefined
  while (words[0] !== undefined && /^-./.test(words[0])) {
    const word = words.shift() as string
    if (word === '--') break
    const letter = word[1] as string
    if (!'Ffv'.includes(letter)) {
      if (letter !== 'W') {
        proc.err(`awk: not an option: ${word}\n`)
        return 2
      }
      const option = word.slice(2) || (words.shift() ?? '')
      if (/^v/.test(option)) proc.out(VERSION)
      else if (/^(?:h|u)/.test(option)) proc.out(USAGE)
      else if (/^(?:i|r|s|p)/.test(option)) continue
      else {
        proc.err(`awk: -W ${option} is real but not simulated; see: man mawk\n`)
        return 125
      }
      return 0
    }
    const value = word.length > 2 ? word.slice(2) : words.shift()
    if (value === undefined) {
      proc.err(`awk: option ${word} lacks argument\n`)
      return 2
    }
    if (letter === 'F') fs = unescape(value)
    else if (letter === 'v') {
      const m = /^([A-Za-z_]\w*)=([^]*)$/.exec(value)
      if (m === null) {
        proc.err(`awk: improper assignment: -v ${value}\n`)
        return 2
      }
      assignments.push([m[1] as string, unescape(m[2] as string)])
    } else {
      const file = value === '-' ? proc.fds.get(0) : proc.open(value, { read: true })
      const all = file === undefined || file instanceof Refusal ? file : yield* readWhole(file)
      if (all === undefined || all instanceof Refusal) {
        proc.err(`awk: cannot open ${value} (${strerror(all?.errno ?? 'EBADF')})\n`)
        return 2
      }
      text = (text ?? '') + all + '\n'
    }
  }
  text ??= words.shift()
  if (text === undefined) {
    proc.out(USAGE)
    return 0
  }
  let program: Program
  try {
    program = parseAwk(text)
  } catch (e) {
    if (!(e instanceof AwkError)) throw e
    proc.err(`awk: ${e.message}\n`)
    return 2
  }
  try {
    return yield* new Awk(proc, program, words, assignments, fs).run()
  } catch (e) {
    if (!(e instanceof RunTimeError)) throw e
    proc.flush()
    proc.err(`awk: ${e.message}\n`)
    return 2
  }
}

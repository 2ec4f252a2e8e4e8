import type { Shell } from '../shell.ts'
import { isName } from '../variables.ts'
import { showUsage } from './usage.ts'

/** POSIX getopts; the place within a group of options (`-abc`) is kept on the shell. */
export const getopts = (sh: Shell, argv: readonly string[]): number => {
  const [, spec, name, ...given] = argv
  if (spec === undefined || name === undefined) return showUsage(sh, 'getopts')
  if (!isName(name)) {
    sh.complain(`getopts: \`${name}': not a valid identifier`)
    return 1
  }
  const args = argv.length > 3 ? given : sh.args
  let index = Number(sh.vars.get('OPTIND') ?? '1') || 1
  if (sh.optionPlace.index !== index) sh.optionPlace = { index, at: 1 }
  const silent = spec.startsWith(':')
  const word = args[index - 1]
  const done = (): number => {
    sh.vars.set('OPTIND', String(index))
    sh.vars.set(name, '?')
    return 1
  }
  if (word === undefined || !word.startsWith('-') || word === '-') return done()
  if (word === '--') {
    index++
    return done()
  }
  const c = word[sh.optionPlace.at] as string
  let at = sh.optionPlace.at + 1
  const finish = (value: string): number => {
    if (at >= word.length) {
      index++
      at = 1
    }
    sh.optionPlace = { index, at }
    sh.vars.set('OPTIND', String(index))
    sh.vars.set(name, value)
    return 0
  }
  const place = spec.indexOf(c, silent ? 1 : 0)
  if (place < 0 || c === ':') {
    if (silent) sh.vars.set('OPTARG', c)
    else {
      if (sh.vars.get('OPTERR') !== '0') sh.proc.err(`${sh.name}: illegal option -- ${c}\n`)
      sh.vars.unset('OPTARG')
    }
    return finish('?')
  }
  if (spec[place + 1] !== ':') {
    sh.vars.unset('OPTARG')
    return finish(c)
  }
  let value = word.slice(at)
  at = word.length
  if (value === '') {
    const following = args[index]
    if (following === undefined) {
      if (silent) sh.vars.set('OPTARG', c)
      else if (sh.vars.get('OPTERR') !== '0') sh.proc.err(`${sh.name}: option requires an argument -- ${c}\n`)
      return finish(silent ? ':' : '?')
    }
    value = following
    index++
  }
  sh.vars.set('OPTARG', value)
  return finish(c)
}

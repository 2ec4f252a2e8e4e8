import { deparseFunction } from '../deparse.ts'
import { quoteIfNeeded } from '../quote.ts'
import { ToTopLevel, type Options, type Shell } from '../shell.ts'
import { ReadonlyVariable, isName } from '../variables.ts'
import { showUsage, usage } from './usage.ts'

const LETTERS: Readonly<Record<string, keyof Options>> = {
  a: 'allexport', e: 'errexit', f: 'noglob', h: 'hashall', m: 'monitor', n: 'noexec', u: 'nounset', v: 'verbose', x: 'xtrace',
  B: 'nobraceexpand', C: 'noclobber', H: 'histexpand',
} // prettier-ignore

/** Options of `set -o` in its order; those without a key here are shown as they are on Debian and can't be changed. */
const NAMES: readonly (readonly [string, keyof Options | boolean])[] = [
  ['allexport', 'allexport'], ['braceexpand', 'nobraceexpand'], ['emacs', false], ['errexit', 'errexit'], ['errtrace', false],
  ['functrace', false], ['hashall', 'hashall'], ['histexpand', 'histexpand'], ['history', true], ['ignoreeof', false],
  ['interactive-comments', true], ['keyword', false], ['monitor', 'monitor'], ['noclobber', 'noclobber'], ['noexec', 'noexec'],
  ['noglob', 'noglob'], ['nolog', false], ['notify', false], ['nounset', 'nounset'], ['onecmd', false], ['physical', false],
  ['pipefail', 'pipefail'], ['posix', false], ['privileged', false], ['verbose', 'verbose'], ['vi', false], ['xtrace', 'xtrace'],
] // prettier-ignore

const isOn = (sh: Shell, name: string, key: keyof Options | boolean): boolean =>
  typeof key === 'boolean'
    ? name === 'history'
      ? sh.interactive
      : key
    : name === 'braceexpand'
      ? !sh.options[key]
      : sh.options[key]

export const set = (sh: Shell, argv: readonly string[]): number => {
  if (argv.length === 1) {
    for (const [name, v] of sh.vars.entries()) {
      if (v.array || v.assoc) {
        const entries = [...(v.array ?? v.assoc ?? [])].map(([k, s]) => `[${k}]="${s}"`)
        sh.proc.out(`${name}=(${entries.join(' ')})\n`)
      } else if (v.value !== undefined)
        sh.proc.out(`${name}=${v.value === '' ? '' : quoteIfNeeded(v.value)}\n`)
    }
    for (const [name, fn] of [...sh.functions].sort()) sh.proc.out(deparseFunction(name, fn.body) + '\n')
    return 0
  }
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === '--' || word === '-') {
      sh.args = argv.slice(i + 1)
      return 0
    }
    if (!/^[-+]./.test(word)) {
      sh.args = argv.slice(i)
      return 0
    }
    const on = word.startsWith('-')
    for (const c of word.slice(1)) {
      if (c === 'o') {
        const name = argv[i + 1]
        if (name === undefined) {
          list(sh, on)
          continue
        }
        i++
        const key = NAMES.find(([n]) => n === name)?.[1]
        if (key === undefined) {
          sh.complain(`set: ${name}: invalid option name`)
          return 2
        }
        if (typeof key === 'string') sh.options[key] = name === 'braceexpand' ? !on : on
        continue
      }
      const key = LETTERS[c]
      if (key === undefined) {
        if ('bkptEPT'.includes(c)) continue
        sh.complain(`set: ${word[0]}${c}: invalid option`)
        return showUsage(sh, 'set')
      }
      sh.options[key] = key === 'nobraceexpand' ? !on : on
    }
  }
  return 0
}

const list = (sh: Shell, readable: boolean): void => {
  for (const [name, key] of NAMES) {
    const on = isOn(sh, name, key)
    sh.proc.out(readable ? `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n` : `set ${on ? '-' : '+'}o ${name}\n`)
  }
}

export const shift = (sh: Shell, argv: readonly string[]): number => {
  const arg = argv[1]
  if (arg !== undefined && !/^[+-]?\d+$/.test(arg)) {
    sh.complain(`shift: ${arg}: numeric argument required`)
    return 1
  }
  if (argv.length > 2) {
    sh.complain('shift: too many arguments')
    throw new ToTopLevel(1)
  }
  const n = Number(arg ?? 1)
  if (n < 0) {
    sh.complain(`shift: ${arg}: shift count out of range`)
    return 1
  }
  if (n > sh.args.length) return 1
  sh.args = sh.args.slice(n)
  return 0
}

export const unset = (sh: Shell, argv: readonly string[]): number => {
  let args = argv.slice(1)
  let what: 'v' | 'f' | 'n' | undefined
  while (args[0]?.startsWith('-')) {
    if (!/^-[fvn]$/.test(args[0])) return usage(sh, 'unset', args[0])
    what = args[0][1] as 'v' | 'f' | 'n'
    args = args.slice(1)
  }
  let status = 0
  for (const a of args) {
    const m = /^([A-Za-z_]\w*)\[(.+)\]$/.exec(a)
    try {
      if (m) {
        const [, name = '', index = ''] = m
        const v = sh.vars.lookup(name)
        if (v?.readonly) throw new ReadonlyVariable(name)
        if (index === '@' || index === '*') sh.vars.unset(name)
        else if (v?.assoc) v.assoc.delete(index)
        else if (v?.array) v.array.delete(sh.vars.indexOf(v.array, index))
      } else if (what === 'f') sh.functions.delete(a)
      else if (!isName(a)) {
        if (what === undefined && sh.functions.delete(a)) continue
        status = 0
      } else if (what === 'n') sh.vars.unsetReference(a)
      else if (what === undefined && !sh.vars.lookup(a)) sh.functions.delete(a)
      else sh.vars.unset(a)
    } catch (e) {
      if (!(e instanceof ReadonlyVariable)) throw e
      sh.complain(`unset: ${e.name}: cannot unset: readonly variable`)
      status = 1
    }
  }
  return status
}

const SHOPTS = [
  'autocd', 'cdspell', 'checkhash', 'checkjobs', 'checkwinsize', 'cmdhist', 'compat31', 'complete_fullquote', 'dirspell', 'dotglob',
  'execfail', 'expand_aliases', 'extglob', 'extquote', 'failglob', 'force_fignore', 'globasciiranges', 'globskipdots', 'globstar',
  'gnu_errfmt', 'histappend', 'histreedit', 'histverify', 'hostcomplete', 'huponexit', 'inherit_errexit', 'interactive_comments',
  'lastpipe', 'lithist', 'localvar_inherit', 'localvar_unset', 'login_shell', 'mailwarn', 'no_empty_cmd_completion', 'nocaseglob',
  'nocasematch', 'noexpand_translation', 'nullglob', 'patsub_replacement', 'progcomp', 'progcomp_alias', 'promptvars',
  'restricted_shell', 'shift_verbose', 'sourcepath', 'varredir_close', 'xpg_echo',
] // prettier-ignore

export const shopt = (sh: Shell, argv: readonly string[]): number => {
  let args = argv.slice(1)
  let mode: 's' | 'u' | undefined
  let quiet = false
  while (args[0]?.startsWith('-')) {
    if (!/^-[pqsuo]+$/.test(args[0])) return usage(sh, 'shopt', args[0])
    if (args[0].includes('s')) mode = 's'
    if (args[0].includes('u')) mode = 'u'
    if (args[0].includes('q')) quiet = true
    args = args.slice(1)
  }
  let status = 0
  for (const name of args.length > 0 ? args : SHOPTS) {
    if (!SHOPTS.includes(name)) {
      sh.complain(`shopt: ${name}: invalid shell option name`)
      status = 1
    } else if (args.length > 0 && mode === 's') sh.shopt.add(name)
    else if (args.length > 0 && mode === 'u') sh.shopt.delete(name)
    else {
      const on = sh.shopt.has(name)
      if (args.length > 0 && !on) status = 1
      if (mode === 's' && !on) continue
      if (mode === 'u' && on) continue
      if (!quiet) sh.proc.out(`${name.padEnd(15)}\t${on ? 'on' : 'off'}\n`)
    }
  }
  return status
}

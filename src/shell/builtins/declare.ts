import type { Task } from '../../proc/wait.ts'
import { assignArray } from '../assign.ts'
import { deparseFunction } from '../deparse.ts'
import { doubleQuote, quoteIfNeeded } from '../quote.ts'
import type { Shell } from '../shell.ts'
import { ReadonlyVariable, isName, type Variable } from '../variables.ts'
import { usage } from './usage.ts'

/** `declare -p` of one variable. */
const show = (sh: Shell, name: string, v: Variable): string => {
  const flags = sh.attributes(v)
  const head = `declare -${flags === '' ? '-' : flags} ${name}`
  const list = (entries: Iterable<[string | number, string]>): string =>
    [...entries].map(([k, s]) => `[${quoteIfNeeded(String(k))}]=${doubleQuote(s)}`).join(' ')
  if (v.array) return `${head}=(${list(v.array)})\n`
  if (v.assoc) return `${head}=(${v.assoc.size ? list(v.assoc) + ' ' : ''})\n`
  return v.value === undefined ? `${head}\n` : `${head}=${doubleQuote(v.value)}\n`
}

/** One `name`, `name=value`, `name+=value`, `name[i]=value` or `name=(…)` of a declaration. */
function* declareOne(
  sh: Shell,
  command: string,
  arg: string,
  index: number,
  on: Set<string>,
  off: Set<string>,
  isLocal: boolean,
): Task<number> /* prettier-ignore */ {
  const m = /^([^=[+]*)(?:\[(.*?)\])?(\+?=)?([^]*)$/.exec(arg)
  const [, name = '', subscript, op, value = ''] = m ?? []
  if (!isName(name) || (op === undefined && value !== '')) {
    sh.complain(`${command}: \`${arg}': not a valid identifier`)
    return 1
  }
  const v = isLocal ? sh.vars.local(name) : sh.vars.ensure(name)
  const array = sh.arrayArguments.get(index)
  if (v.readonly && (op !== undefined || off.has('r'))) {
    sh.complain(off.has('r') ? `${command}: ${name}: readonly variable` : `${command}: ${name}: readonly variable`)
    return 1
  }
  if (on.has('A') && v.assoc === undefined) v.assoc = new Map()
  if (on.has('a') && v.array === undefined) sh.vars.ensureArray(v)
  if (on.has('i')) v.integer = true
  if (on.has('l')) v.lower = true
  if (on.has('u')) v.upper = true
  if (off.has('i')) v.integer = false
  if (off.has('l')) v.lower = false
  if (off.has('u')) v.upper = false
  if (off.has('n')) v.nameref = false
  if (op !== undefined) {
    const append = op === '+='
    if (array?.value.type === 'ArrayValue') yield* assignArray(sh, name, array.value, append)
    else if (subscript !== undefined) sh.vars.setElement(name, subscript, value, append)
    else sh.vars.set(name, value, append)
  }
  if (on.has('n')) v.nameref = true
  if (on.has('x')) sh.vars.export(name)
  if (off.has('x')) sh.vars.export(name, false)
  if (on.has('r')) v.readonly = true
  return 0
}

function* declaration(sh: Shell, argv: readonly string[], command: string, preset: string): Task<number> {
  const on = new Set(preset)
  const off = new Set<string>()
  let i = 1
  for (; i < argv.length; i++) {
    const a = argv[i] as string
    if (a === '--') {
      i++
      break
    }
    if (!/^[-+]./.test(a)) break
    if (!/^[-+][aAfFgiIlnprtux]+$/.test(a)) return usage(sh, command, a)
    for (const c of a.slice(1)) (a.startsWith('-') ? on : off).add(c)
  }
  const names = argv.slice(i)
  if (on.has('f') || on.has('F')) return functions(sh, names, on)
  if (command === 'export' && on.has('n')) {
    for (const n of names) sh.vars.export(n.replace(/=[^]*/, ''), false)
    return 0
  }
  if (names.length === 0 || on.has('p')) return print(sh, names, command, on)
  let status = 0
  const isLocal =
    (command === 'local' || ((command === 'declare' || command === 'typeset') && sh.vars.inFunction)) &&
    !on.has('g')
  for (const [k, arg] of names.entries()) {
    try {
      status = (yield* declareOne(sh, command, arg, i + k, on, off, isLocal)) || status
    } catch (e) {
      if (!(e instanceof ReadonlyVariable)) throw e
      sh.complain(`${command}: ${e.name}: readonly variable`)
      status = 1
    }
  }
  return status
}

const functions = (sh: Shell, names: readonly string[], on: ReadonlySet<string>): number => {
  let status = 0
  for (const name of names.length > 0 ? names : [...sh.functions.keys()].sort()) {
    const fn = sh.functions.get(name)
    if (fn === undefined) status = 1
    else if (on.has('F')) sh.proc.out(names.length > 0 ? `${name}\n` : `declare -f ${name}\n`)
    else sh.proc.out(`${deparseFunction(name, fn.body)}\n`)
  }
  return status
}

const print = (sh: Shell, names: readonly string[], command: string, on: ReadonlySet<string>): number => {
  if (names.length > 0) {
    let status = 0
    for (const name of names) {
      const v = sh.vars.lookup(name)
      if (v === undefined) {
        sh.complain(`${command}: ${name}: not found`)
        status = 1
      } else sh.proc.out(show(sh, name, v))
    }
    return status
  }
  for (const [name, v] of sh.vars.entries()) {
    if (command === 'export' && !v.exported) continue
    if (command === 'readonly' && !v.readonly) continue
    if (on.has('x') && !v.exported) continue
    if (on.has('r') && !v.readonly) continue
    if (on.has('i') && !v.integer) continue
    if (on.has('a') && !v.array) continue
    if (on.has('A') && !v.assoc) continue
    if (command === 'local') continue
    if (on.size === 0 && command === 'declare')
      sh.proc.out(v.value === undefined ? '' : `${name}=${quoteIfNeeded(v.value)}\n`)
    else sh.proc.out(show(sh, name, v))
  }
  return 0
}

export const declare = (sh: Shell, argv: readonly string[]): Task<number> =>
  declaration(sh, argv, argv[0] as string, '')
export const exportBuiltin = (sh: Shell, argv: readonly string[]): Task<number> =>
  declaration(sh, argv, 'export', 'x')
export const readonlyBuiltin = (sh: Shell, argv: readonly string[]): Task<number> =>
  declaration(sh, argv, 'readonly', 'r')
export const local = (sh: Shell, argv: readonly string[]): number | Task<number> => {
  if (sh.vars.inFunction) return declaration(sh, argv, 'local', '')
  sh.complain('local: can only be used in a function')
  return 1
}

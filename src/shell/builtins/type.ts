import { Refusal } from '../../kernel/refusal.ts'
import type { Task } from '../../proc/wait.ts'
import { deparseFunction } from '../deparse.ts'
import type { Shell } from '../shell.ts'
import { BUILTINS } from './table.ts'
import { usage } from './usage.ts'

const KEYWORDS = new Set([
  'if', 'then', 'else', 'elif', 'fi', 'case', 'esac', 'for', 'select', 'while', 'until', 'do', 'done', 'in', 'function', 'time',
  '{', '}', '!', '[[', ']]', 'coproc',
]) // prettier-ignore

/** `type`, and `command -v`, `command -V`. */
export const type = (sh: Shell, argv: readonly string[]): number | Task<number> => {
  let args = argv.slice(1)
  const flags = new Set<string>()
  const command = argv[0] === 'command'
  while (args[0]?.startsWith('-') && args[0].length > 1) {
    const option = args[0]
    args = args.slice(1)
    if (option === '--') break
    if (!(command ? /^-[pvV]+$/ : /^-[afptP]+$/).test(option)) return usage(sh, argv[0] as string, option)
    for (const c of option.slice(1)) flags.add(c)
  }
  // `command -v` is content with one that is found.
  let status = command && args.length > 0 ? 1 : 0
  for (const name of args) {
    const found = describe(sh, name, flags.has('a'), flags.has('f'), flags.has('P'))
    if (found.length === 0) {
      if (!command) status = 1
      if (command ? flags.has('V') : !flags.has('t') && !flags.has('p') && !flags.has('P'))
        sh.complain(`${argv[0]}: ${name}: not found`)
      continue
    }
    if (command) status = 0
    for (const f of found) {
      if (flags.has('t')) sh.proc.out(f.kind + '\n')
      else if (flags.has('p') && !command) sh.proc.out(f.kind === 'file' ? f.path + '\n' : '')
      else if (flags.has('P')) sh.proc.out(f.path + '\n')
      else if (command && flags.has('v'))
        sh.proc.out((f.kind === 'alias' ? `alias ${name}='${f.path}'` : f.path) + '\n')
      else sh.proc.out(f.text + '\n')
    }
  }
  return status
}

interface Found {
  readonly kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file'
  readonly text: string
  readonly path: string
}

const describe = (
  sh: Shell,
  name: string,
  all: boolean,
  noFunctions: boolean,
  onlyFiles: boolean,
): Found[] => {
  const found: Found[] = []
  if (!onlyFiles) {
    const alias = sh.aliases.get(name)
    if (alias !== undefined)
      found.push({ kind: 'alias', text: `${name} is aliased to \`${alias}'`, path: alias })
    if (KEYWORDS.has(name)) found.push({ kind: 'keyword', text: `${name} is a shell keyword`, path: name })
    const fn = noFunctions ? undefined : sh.functions.get(name)
    if (fn)
      found.push({
        kind: 'function',
        text: `${name} is a function\n${deparseFunction(name, fn.body)}`,
        path: name,
      })
    if (BUILTINS.has(name)) found.push({ kind: 'builtin', text: `${name} is a shell builtin`, path: name })
    if (found.length > 0 && !all) return found.slice(0, 1)
  }
  if (name.includes('/')) {
    if (!(sh.proc.host.executable(name, sh.proc) instanceof Refusal))
      found.push({ kind: 'file', text: `${name} is ${name}`, path: name })
    return found
  }
  const hashed = sh.hash.get(name)
  if (hashed && !all && !onlyFiles)
    return [{ kind: 'file', text: `${name} is hashed (${hashed.path})`, path: hashed.path }]
  for (const dir of (sh.vars.get('PATH') ?? '').split(':')) {
    const path = `${dir === '' ? '.' : dir}/${name}`
    if (sh.proc.host.executable(path, sh.proc) instanceof Refusal) continue
    found.push({ kind: 'file', text: `${name} is ${path}`, path })
    if (!all) break
  }
  return found
}

export const hash = (sh: Shell, argv: readonly string[]): number => {
  const args = argv.slice(1)
  if (args[0] === '-r') {
    sh.hash.clear()
    return 0
  }
  if (args[0] === '-t' || args[0] === '-d') {
    let status = 0
    for (const name of args.slice(1)) {
      const found = sh.hash.get(name)
      if (found === undefined) {
        sh.complain(`hash: ${name}: not found`)
        status = 1
      } else if (args[0] === '-t') sh.proc.out(found.path + '\n')
      else sh.hash.delete(name)
    }
    return status
  }
  if (args[0]?.startsWith('-')) return usage(sh, 'hash', args[0])
  if (args.length === 0) {
    if (sh.hash.size === 0) sh.proc.out('hash: hash table empty\n')
    else {
      sh.proc.out('hits\tcommand\n')
      for (const { path, hits } of sh.hash.values()) sh.proc.out(`${String(hits).padStart(4)}\t${path}\n`)
    }
    return 0
  }
  let status = 0
  for (const name of args) {
    const found = sh.proc.host.which(name, sh.proc)
    if (found instanceof Refusal) {
      sh.complain(`hash: ${name}: not found`)
      status = 1
    } else sh.hash.set(name, { path: found.path, hits: 0 })
  }
  return status
}

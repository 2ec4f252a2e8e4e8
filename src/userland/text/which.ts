import { Refusal } from '../../kernel/refusal.ts'
import type { Main } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { complain, parseOptions, programName, quote, tryHelp } from './program.ts'

/** which(1) of debianutils */
// eslint-disable-next-line require-yield -- never waits
export const which: Main = function* (proc) {
  let all = false
  const names: string[] = []
  for (const a of proc.argv.slice(1)) {
    if (names.length === 0 && /^-[as]+$/.test(a)) all ||= a.includes('a')
    else if (names.length === 0 && a.startsWith('-') && a !== '--') {
      proc.err(`Illegal option ${a.slice(0, 2)}\nUsage: /usr/bin/which [-a] args\n`)
      return 2
    } else if (a !== '--') names.push(a)
  }
  if (names.length === 0) return 1
  let status = 0
  for (const name of names) {
    const dirs = name.includes('/')
      ? ['']
      : (proc.env.get('PATH') ?? '').split(':').map((d) => (d === '' ? './' : d + '/'))
    let found = false
    for (const dir of dirs) {
      if (name === '' || proc.host.executable(dir + name, proc) instanceof Refusal) continue
      proc.out(dir + name + '\n')
      found = true
      if (!all) break
    }
    if (!found) status = 1
  }
  return status
}

/** env(1) */
export const env: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: '+0C:iu:',
    long: { 'ignore-environment': { short: 'i' }, null: { short: '0' }, unset: { argument: 'required', short: 'u' }, chdir: { argument: 'required', short: 'C' } },
    notSimulated: ['S', 'v', 'split-string=', 'debug', 'block-signal', 'default-signal', 'ignore-signal', 'list-signal-handling'],
    status: 125,
  }) // prettier-ignore
  const words = [...o.operands]
  if (words[0] === '-') words.shift()
  if (o.has('i') || o.operands[0] === '-') proc.env.clear()
  for (const x of o.options) if (x.name === 'u') proc.env.delete(x.value ?? '')
  while (words[0]?.includes('=')) {
    const w = words.shift() as string
    const eq = w.indexOf('=')
    proc.env.set(w.slice(0, eq), w.slice(eq + 1))
  }
  const [name] = words
  if (name === undefined) {
    for (const [k, v] of proc.env) proc.out(`${k}=${v}${o.has('0') ? '\0' : '\n'}`)
    return 0
  }
  const dir = o.value('C')
  if (dir !== undefined) proc.cwd = dir
  const found = proc.host.which(name, proc)
  const program = found instanceof Refusal ? found : proc.host.load(found.path, words, proc)
  if (program instanceof Refusal) {
    complain(proc, `${quote(name)}: ${strerror(program.errno)}`)
    return program.errno === 'ENOENT' ? 127 : 126
  }
  return yield* proc.exec(program.main, program.argv)
}

/** printenv(1) */
// eslint-disable-next-line require-yield -- never waits
export const printenv: Main = function* (proc) {
  const o = parseOptions(proc, { short: '0', long: { null: { short: '0' } }, status: 2 })
  const end = o.has('0') ? '\0' : '\n'
  if (o.operands.length === 0) {
    for (const [k, v] of proc.env) proc.out(`${k}=${v}${end}`)
    return 0
  }
  let status = 0
  for (const name of o.operands) {
    const v = proc.env.get(name)
    if (v === undefined) status = 1
    else proc.out(v + end)
  }
  return status
}

/** /bin/pwd */
// eslint-disable-next-line require-yield -- never waits
export const pwd: Main = function* (proc) {
  parseOptions(proc, { short: 'LP', long: { logical: { short: 'L' }, physical: { short: 'P' } } })
  proc.out(proc.cwd + '\n')
  return 0
}

/** basename(1) */
// eslint-disable-next-line require-yield -- never waits
export const basename: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: '+as:z',
    long: { multiple: { short: 'a' }, suffix: { argument: 'required', short: 's' }, zero: { short: 'z' } },
  })
  const [first, second, third] = o.operands
  if (first === undefined) return tryHelp(proc, 'missing operand')
  const many = o.has('a') || o.has('s')
  if (!many && third !== undefined) return tryHelp(proc, `extra operand ${quote(third)}`)
  const suffix = o.value('s') ?? (many ? '' : (second ?? ''))
  for (const name of many ? o.operands : [first]) {
    let base = name.replace(/\/+$/, '').replace(/^.*\//, '')
    if (base === '') base = name.startsWith('/') ? '/' : ''
    if (suffix !== '' && base.endsWith(suffix) && base !== suffix) base = base.slice(0, -suffix.length)
    proc.out(base + (o.has('z') ? '\0' : '\n'))
  }
  return 0
}

/** dirname(1) */
// eslint-disable-next-line require-yield -- never waits
export const dirname: Main = function* (proc) {
  const o = parseOptions(proc, { short: 'z', long: { zero: { short: 'z' } } })
  if (o.operands.length === 0) return tryHelp(proc, 'missing operand')
  for (const name of o.operands) {
    const bare = name.replace(/\/+$/, '')
    const dir =
      bare === ''
        ? name === ''
          ? '.'
          : '/'
        : bare.includes('/')
          ? bare.replace(/\/+[^/]*$/, '') || '/'
          : '.'
    proc.out(dir + (o.has('z') ? '\0' : '\n'))
  }
  return 0
}

const resolve = (path: string, cwd: string, lookup: (p: string) => string | undefined): string => {
  let out = ''
  let rest = (path.startsWith('/') ? path : `${cwd}/${path}`).split('/').filter((p) => p !== '' && p !== '.')
  for (let links = 0; rest.length > 0 && links < 40;) {
    const part = rest.shift() as string
    if (part === '..') {
      out = out.slice(0, Math.max(0, out.lastIndexOf('/')))
      continue
    }
    const target = lookup(`${out}/${part}`)
    if (target === undefined) out += '/' + part
    else {
      links++
      if (target.startsWith('/')) out = ''
      rest = [...target.split('/').filter((p) => p !== '' && p !== '.'), ...rest]
    }
  }
  return out || '/'
}

/** readlink(1), realpath(1) */
// eslint-disable-next-line require-yield -- never waits
export const readlink: Main = function* (proc) {
  const real = programName(proc) === 'realpath'
  const o = parseOptions(proc, {
    short: 'efmnqsvz',
    long: { canonicalize: { short: 'f' }, 'canonicalize-existing': { short: 'e' }, 'canonicalize-missing': { short: 'm' }, 'no-newline': { short: 'n' }, zero: { short: 'z' }, quiet: { short: 'q' } },
    notSimulated: ['relative-to=', 'relative-base='],
  }) // prettier-ignore
  if (o.operands.length === 0) return tryHelp(proc, 'missing operand')
  let status = 0
  const link = (p: string): string | undefined => {
    const node = proc.lookup(p, true)
    return !(node instanceof Refusal) && node.kind === 'symlink' ? node.target : undefined
  }
  const end = o.has('n') && o.operands.length === 1 ? '' : o.has('z') ? '\0' : '\n'
  for (const name of o.operands) {
    if (real || o.has('f') || o.has('e') || o.has('m')) {
      const path = resolve(name, proc.cwd, link)
      const parent = path.replace(/\/[^/]*$/, '') || '/'
      const missing = proc.lookup(o.has('e') ? path : parent)
      if (!o.has('m') && missing instanceof Refusal) {
        if (real && !o.has('q')) complain(proc, `${name}: ${strerror(missing.errno)}`)
        status = 1
      } else proc.out(path + end)
      continue
    }
    const target = link(name)
    if (target === undefined) {
      if (o.has('v')) complain(proc, `${name}: Invalid argument`)
      status = 1
    } else proc.out(target + end)
  }
  return status
}

import { Refusal } from '../../kernel/refusal.ts'
import type { Main, Process } from '../../proc/process.ts'
import { compileRegex, RegexError } from '../../proc/regcomp.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { hasWildcard } from '../../proc/fnmatch.ts'
import { getopt, type LongOption } from '../../proc/getopt.ts'
import { keyToPath, pathToKey, repeatedSeparators } from './key.ts'
import { expandGlobs, glob, parseSetting, type Setting } from './settings.ts'
import { USAGE } from './usage.ts'

/** sysctl(8) of procps-ng 4.0.2: reads and writes the files below /proc/sys. */
interface Sysctl {
  readonly proc: Process
  write: boolean
  quiet: boolean
  ignore: boolean
  dryRun: boolean
  deprecated: boolean
  /** What of a setting is printed. */
  show: 'both' | 'names' | 'values' | 'binary'
  pattern: RegExp | undefined
  patternGiven: boolean
}

const LONG = {
  all: { short: 'a' },
  deprecated: {},
  'dry-run': {},
  binary: { short: 'b' },
  ignore: { short: 'e' },
  names: { short: 'N' },
  values: { short: 'n' },
  load: { short: 'p', argument: 'optional' },
  quiet: { short: 'q' },
  write: { short: 'w' },
  system: {},
  pattern: { short: 'r', argument: 'required' },
  help: { short: 'h' },
  version: { short: 'V' },
} as const satisfies Readonly<Record<string, LongOption>>

export const sysctl: Main = function* (proc) {
  if (proc.argv.length < 2) {
    proc.err(USAGE)
    return 1
  }
  const s: Sysctl = {
    proc, write: false, quiet: false, ignore: false, dryRun: false, deprecated: false, show: 'both', pattern: undefined, patternGiven: false,
  } // prettier-ignore
  let mode: 'variables' | 'all' | 'load' | 'system' = 'variables'
  const files: string[] = []
  const found = getopt(proc.argv, 'bneNwfp::qoxaAXr:Vdh', LONG)
  if ('error' in found) {
    proc.err(`sysctl: ${found.error}\n`)
    proc.out(USAGE)
    return 0
  }
  const { options, operands } = found
  for (const o of options) {
    switch (o.name) {
      case 'a':
      case 'A':
      case 'X':
        mode = 'all'
        break
      case 'p':
      case 'f':
        mode = 'load'
        if (o.value !== undefined) files.push(o.value)
        break
      case 'system':
        mode = 'system'
        break
      case 'b':
        s.show = 'binary'
        break
      case 'n':
        s.show = 'values'
        break
      case 'N':
        s.show = 'names'
        break
      case 'e':
        s.ignore = true
        break
      case 'q':
        s.quiet = true
        break
      case 'w':
        s.write = true
        break
      case 'deprecated':
        s.deprecated = true
        break
      case 'dry-run':
        s.dryRun = true
        break
      case 'r':
        s.patternGiven = true
        s.pattern = compile(o.value ?? '')
        break
      case 'V':
        proc.out('sysctl from procps-ng 4.0.2\n')
        return 0
      case 'h':
      case 'd':
        proc.out(USAGE)
        return 0
    }
  }
  switch (mode) {
    case 'all':
      yield* readTree(s, '/proc/sys')
      return 0
    case 'load':
      return yield* load(s, [...files, ...operands])
    case 'system':
      return yield* loadSystem(s)
    case 'variables':
      return yield* variables(s, operands)
  }
}

/** A pattern that is no regular expression matches nothing. */
const compile = (pattern: string): RegExp | undefined => {
  try {
    return compileRegex(pattern, { extended: true })
  } catch (e) {
    if (e instanceof RegexError) return undefined
    throw e
  }
}

const wanted = (s: Sysctl, key: string): boolean => !s.patternGiven || (s.pattern?.test(key) ?? false)

const complain = (s: Sysctl, text: string): void => s.proc.err(`sysctl: ${text}\n`)

function* variables(s: Sysctl, operands: readonly string[]): Task<number> {
  if (operands.length === 0) {
    complain(s, 'no variables specified')
    s.proc.err("Try `sysctl --help' for more information.\n")
    return 1
  }
  let status = 0
  for (const operand of operands) {
    // A single character is passed over without a word.
    if (operand.length === 1 && (s.write || operand === '=')) status |= 1
    else if (s.write || operand.includes('=')) {
      const setting = operand.includes('=') ? parseSetting(operand) : undefined
      if (setting?.value === undefined) {
        complain(s, 'command line(0): invalid syntax, continuing...')
        status |= 1
        continue
      }
      const twice = repeatedSeparators(setting.key)
      if (twice !== undefined && !setting.key.startsWith('/'))
        complain(s, `separators should not be repeated: ${twice}`)
      status |= writeSetting(s, setting)
    } else status |= yield* readSetting(s, operand)
  }
  return status & 255
}

/** Below /proc/sys once everything is resolved; `/proc/sys` itself does not count. */
const isUnderSys = (path: string): boolean => {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.length > 2 && parts[0] === 'proc' && parts[1] === 'sys'
}

/** Status -1 where the key is none at all. */
function* readSetting(s: Sysctl, key: string): Task<number> {
  if (key === '') {
    complain(s, `"${key}" is an unknown key`)
    return -1
  }
  const twice = repeatedSeparators(key)
  const times = twice === undefined ? 0 : key.startsWith('/') ? 2 : 1
  for (let i = 0; i < times; i++) complain(s, `separators should not be repeated: ${twice}`)
  const path = keyToPath(key)
  const node = s.proc.lookup(path)
  if (node instanceof Refusal) {
    if (s.ignore) return 0
    complain(s, `cannot stat ${path}: ${strerror(node.errno)}`)
    return 1
  }
  if (!isUnderSys(path)) {
    complain(s, `Path is not under /proc/sys/: ${path}`)
    return -1
  }
  if (node.kind === 'virtual-dir') {
    yield* readTree(s, path)
    return 0
  }
  return yield* readFile(s, path, node.mode)
}

/** These two show other units of what stands next to them, and `-a` leaves them out. */
const DEPRECATED = ['base_reachable_time', 'retrans_time']

function* readTree(s: Sysctl, path: string): Task<void> {
  const names = s.proc.host.fs.readdir(path, '/', s.proc)
  if (names instanceof Refusal) return
  for (const name of names) {
    const below = `${path}/${name}`
    const node = s.proc.lookup(below)
    if (node instanceof Refusal) continue
    if (node.kind === 'virtual-dir') yield* readTree(s, below)
    else if (s.deprecated || !DEPRECATED.includes(name)) yield* readFile(s, below, node.mode)
  }
}

function* readFile(s: Sysctl, path: string, mode: number): Task<number> {
  const key = pathToKey(path)
  if (!wanted(s, key) || !(mode & 0o444)) return 0
  const text = s.proc.readFile(path)
  if (text instanceof Refusal) return 1
  if (s.show === 'names') yield* s.proc.print(key + '\n')
  else if (s.show === 'binary') yield* s.proc.print(text.replace(/\n$/, ''))
  else
    for (const line of text.replace(/\n$/, '').split('\n'))
      yield* s.proc.print(s.show === 'values' ? line + '\n' : `${key} = ${line}\n`)
  return 0
}

const writeSetting = (s: Sysctl, { path, value = '' }: Setting): number => {
  const key = pathToKey(path)
  if (!wanted(s, key)) return 0
  const node = s.proc.lookup(path)
  if (node instanceof Refusal) {
    if (s.ignore) return 0
    complain(s, `cannot stat ${path}: ${strerror(node.errno)}`)
    return 1
  }
  if (!isUnderSys(path)) {
    complain(s, `Path is not under /proc/sys/: ${path}`)
    return 1
  }
  if (node.kind !== 'special' || !(node.mode & 0o222)) {
    complain(s, `setting key "${key}": ${strerror('EINVAL')}`)
    return 0
  }
  if (!s.dryRun) {
    const refusal = s.proc.writeFile(path, value + '\n')
    if (refusal !== undefined) {
      complain(s, `setting key "${key}": ${strerror(refusal.errno)}`)
      return 1
    }
  }
  if (s.quiet) return 0
  if (s.show === 'binary') s.proc.out(value)
  else s.proc.out(s.show === 'both' ? `${key} = ${value}\n` : value + '\n')
  return 0
}

/** All files are read before anything is set. */
function* load(s: Sysctl, names: readonly string[]): Task<number> {
  let status = 0
  const settings: Setting[] = []
  for (const name of names.length === 0 ? ['/etc/sysctl.conf'] : names) {
    const matches = hasWildcard(name) ? glob(s.proc, name) : []
    for (const file of matches.length > 0 ? matches : [name]) {
      const found = yield* readSettings(s, file)
      if (found === undefined) status = 1
      else settings.push(...found)
    }
  }
  for (const setting of expandGlobs(s.proc, settings)) status |= writeSetting(s, setting)
  return status
}

function* readSettings(s: Sysctl, file: string): Task<Setting[] | undefined> {
  const text = file === '-' ? yield* s.proc.readAll(0) : s.proc.readFile(file)
  if (text instanceof Refusal) {
    if (text.errno === 'EISDIR') return []
    complain(s, `cannot open "${file}": ${strerror(text.errno)}`)
    return undefined
  }
  const settings: Setting[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (/^\s*([#;]|$)/.test(line)) continue
    const setting = parseSetting(line)
    if (setting === undefined) complain(s, `${file}(${i + 1}): invalid syntax, continuing...`)
    else settings.push(setting)
  }
  return settings
}

/** Where settings of the system lie; a name in an earlier folder hides the same name in a later one. */
const SYSTEM_DIRS = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
]

function* loadSystem(s: Sysctl): Task<number> {
  const found = new Map<string, string>()
  for (const dir of SYSTEM_DIRS) {
    const names = s.proc.host.fs.readdir(dir, '/', s.proc)
    if (names instanceof Refusal) continue
    for (const name of names)
      if (name.endsWith('.conf') && !found.has(name)) found.set(name, `${dir}/${name}`)
  }
  const files = [...found.keys()].sort().map((name) => found.get(name) as string)
  let status = 0
  const settings: Setting[] = []
  for (const file of [...files, '/etc/sysctl.conf']) {
    if (!s.quiet) s.proc.out(`* Applying ${file} ...\n`)
    const read = yield* readSettings(s, file)
    if (read === undefined) status = 1
    else settings.push(...read)
  }
  for (const setting of expandGlobs(s.proc, settings)) status |= writeSetting(s, setting)
  return status
}

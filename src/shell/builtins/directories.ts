import { Refusal } from '../../kernel/refusal.ts'
import { absolute } from '../../proc/fs.ts'
import { strerror } from '../../proc/strerror.ts'
import { printable } from '../quote.ts'
import type { Shell } from '../shell.ts'
import { usage } from './usage.ts'

const change = (sh: Shell, path: string, label: string, physical = false): string | undefined => {
  const { proc } = sh
  let to = absolute(path, proc.cwd)
  // `..` goes up by name, but the folder must be there.
  const node = proc.lookup(physical ? path : to)
  if (node instanceof Refusal) return `${label}: ${strerror(node.errno)}`
  if (node.kind !== 'dir' && node.kind !== 'virtual-dir') return `${label}: Not a directory`
  if (physical) to = realPath(sh, to)
  sh.vars.set('OLDPWD', proc.cwd)
  sh.vars.export('OLDPWD')
  proc.cwd = to
  sh.vars.set('PWD', to)
  return undefined
}

/** All symbolic links resolved. */
const realPath = (sh: Shell, path: string): string => {
  const { proc } = sh
  let out = ''
  let rest = path.split('/').filter((p) => p !== '')
  for (let links = 0; rest.length > 0;) {
    const part = rest.shift() as string
    if (part === '..') {
      out = out.slice(0, Math.max(0, out.lastIndexOf('/')))
      continue
    }
    const node = proc.lookup(`${out}/${part}`, true)
    if (!(node instanceof Refusal) && node.kind === 'symlink' && links++ < 40) {
      if (node.target.startsWith('/')) out = ''
      rest = [...node.target.split('/').filter((p) => p !== '' && p !== '.'), ...rest]
    } else out += '/' + part
  }
  return out || '/'
}

export const cd = (sh: Shell, argv: readonly string[]): number => {
  let args = argv.slice(1)
  let physical = false
  while (/^-[LPe@]+$/.test(args[0] ?? '')) {
    physical = args[0]?.includes('P') ?? false
    args = args.slice(1)
  }
  if (args[0] === '--') args = args.slice(1)
  else if (args[0]?.startsWith('-') && args[0] !== '-') return usage(sh, 'cd', args[0])
  if (args.length > 1) {
    sh.complain('cd: too many arguments')
    return 1
  }
  let path = args[0]
  if (path === undefined) {
    path = sh.vars.get('HOME')
    if (path === undefined) {
      sh.complain('cd: HOME not set')
      return 1
    }
  }
  let show = false
  if (path === '-') {
    path = sh.vars.get('OLDPWD')
    if (path === undefined) {
      sh.complain('cd: OLDPWD not set')
      return 1
    }
    show = true
  }
  if (!/^\.{0,2}(?:\/|$)/.test(path)) {
    for (const dir of (sh.vars.get('CDPATH') ?? '').split(':').filter((d) => d !== '')) {
      if (change(sh, `${dir}/${path}`, '', physical) === undefined) {
        sh.proc.out(sh.proc.cwd + '\n')
        return 0
      }
    }
  }
  const error = change(sh, path === '' ? '.' : path, printable(path), physical)
  if (error !== undefined) {
    sh.complain(`cd: ${error}`)
    return 1
  }
  if (show) sh.proc.out(sh.proc.cwd + '\n')
  return 0
}

export const pwd = (sh: Shell, argv: readonly string[]): number => {
  const option = argv[1]
  if (option !== undefined && option.startsWith('-') && !/^-[LP]+$|^--$/.test(option))
    return usage(sh, 'pwd', option)
  sh.proc.out((option === '-P' ? realPath(sh, sh.proc.cwd) : sh.proc.cwd) + '\n')
  return 0
}

const tilde = (sh: Shell, dir: string): string => {
  const home = sh.vars.get('HOME') ?? ''
  return home !== '' && (dir === home || dir.startsWith(home + '/')) ? '~' + dir.slice(home.length) : dir
}

const show = (sh: Shell): void => {
  sh.proc.out([sh.proc.cwd, ...sh.dirs].map((d) => tilde(sh, d)).join(' ') + '\n')
}

export const dirs = (sh: Shell, argv: readonly string[]): number => {
  const all = [sh.proc.cwd, ...sh.dirs]
  switch (argv[1]) {
    case undefined:
      show(sh)
      return 0
    case '-c':
      sh.dirs.length = 0
      return 0
    case '-v':
      sh.proc.out(all.map((d, i) => `${String(i).padStart(2)}  ${tilde(sh, d)}\n`).join(''))
      return 0
    case '-p':
      sh.proc.out(all.map((d) => tilde(sh, d) + '\n').join(''))
      return 0
    case '-l':
      sh.proc.out(all.join(' ') + '\n')
      return 0
    default:
      return usage(sh, 'dirs', argv[1])
  }
}

/** `+N` or `-N` as a place in the stack, 0 being the current folder. */
const place = (sh: Shell, name: string, arg: string): number | undefined => {
  const m = /^([+-])(\d+)$/.exec(arg)
  if (m === null) return undefined
  const size = sh.dirs.length + 1
  const n = m[1] === '+' ? Number(m[2]) : size - 1 - Number(m[2])
  if (n >= 0 && n < size) return n
  sh.complain(`${name}: ${arg}: directory stack index out of range`)
  return -1
}

export const pushd = (sh: Shell, argv: readonly string[]): number => {
  const arg = argv[1]
  const here = sh.proc.cwd
  const at = arg === undefined ? (sh.dirs.length > 0 ? 1 : undefined) : place(sh, 'pushd', arg)
  if (at === -1) return 1
  if (arg === undefined && at === undefined) {
    sh.complain('pushd: no other directory')
    return 1
  }
  if (at === undefined) {
    const error = change(sh, arg as string, arg as string)
    if (error !== undefined) {
      sh.complain(`pushd: ${error}`)
      return 1
    }
    sh.dirs.unshift(here)
  } else {
    const all = [here, ...sh.dirs]
    const turned =
      arg === undefined ? [all[1] as string, here, ...all.slice(2)] : [...all.slice(at), ...all.slice(0, at)]
    const error = change(sh, turned[0] as string, turned[0] as string)
    if (error !== undefined) {
      sh.complain(`pushd: ${error}`)
      return 1
    }
    sh.dirs.splice(0, sh.dirs.length, ...turned.slice(1))
  }
  show(sh)
  return 0
}

export const popd = (sh: Shell, argv: readonly string[]): number => {
  const arg = argv[1]
  if (sh.dirs.length === 0) {
    sh.complain('popd: directory stack empty')
    return 1
  }
  const at = arg === undefined ? 0 : place(sh, 'popd', arg)
  if (at === -1) return 1
  if (at === undefined) return usage(sh, 'popd', arg ?? '')
  if (at > 0) sh.dirs.splice(at - 1, 1)
  else {
    const to = sh.dirs.shift() as string
    const error = change(sh, to, to)
    if (error !== undefined) {
      sh.complain(`popd: ${error}`)
      return 1
    }
  }
  show(sh)
  return 0
}

import { Refusal, type Errno } from '../../kernel/refusal.ts'
import { absolute, type Inode } from '../../proc/fs.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { complain, parseOptions, quote, quoteFile, tryHelp } from './program.ts'

const isDir = (node: Inode | Refusal): boolean =>
  !(node instanceof Refusal) && (node.kind === 'dir' || node.kind === 'virtual-dir')
const base = (path: string): string => path.replace(/\/+$/, '').replace(/^.*\//, '') || '/'
const join = (dir: string, name: string): string => (dir.endsWith('/') ? dir : dir + '/') + name

/** mkdir(1) */
// eslint-disable-next-line require-yield -- never waits
export const mkdir: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'm:pv',
    long: { mode: { argument: 'required', short: 'm' }, parents: { short: 'p' }, verbose: { short: 'v' } },
    notSimulated: ['Z', 'context'],
  })
  if (o.operands.length === 0) return tryHelp(proc, 'missing operand')
  const text = o.value('m')
  if (text !== undefined && !/^[0-7]{1,4}$/.test(text)) {
    complain(proc, `invalid mode ${quote(text)}`)
    return 1
  }
  const mode = text === undefined ? 0o777 & ~proc.umask : parseInt(text, 8)
  let status = 0
  const make = (path: string, named: string, bits: number): boolean => {
    const refusal = proc.host.fs.mkdir(path, proc.cwd, proc, bits)
    if (refusal === undefined) {
      if (o.has('v')) proc.out(`mkdir: created directory ${quote(path)}\n`)
      return true
    }
    if (o.has('p') && refusal.errno === 'EEXIST' && isDir(proc.lookup(path))) return true
    complain(proc, `cannot create directory ${quote(named)}: ${strerror(refusal.errno)}`)
    status = 1
    return false
  }
  for (const name of o.operands) {
    if (!o.has('p')) {
      make(name, name, mode)
      continue
    }
    const parts = name.split('/')
    for (let i = 1; i <= parts.length; i++) {
      const path = parts.slice(0, i).join('/')
      if (path === '' || /(?:^|\/)\.{0,2}$/.test(path)) continue
      const there = proc.lookup(path)
      if (isDir(there)) continue
      if (
        !make(path, there instanceof Refusal ? name : path, i === parts.length ? mode : 0o777 & ~proc.umask)
      )
        break
    }
  }
  return status
}

/** rmdir(1) */
// eslint-disable-next-line require-yield -- never waits
export const rmdir: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'pv',
    long: { parents: { short: 'p' }, verbose: { short: 'v' }, 'ignore-fail-on-non-empty': {} },
  })
  if (o.operands.length === 0) return tryHelp(proc, 'missing operand')
  let status = 0
  for (const name of o.operands) {
    for (
      let path = name;
      path !== '' && path !== '/';
      path = path.includes('/') ? path.replace(/\/+[^/]*\/*$/, '') : ''
    ) {
      if (o.has('v')) proc.out(`rmdir: removing directory, ${quote(path)}\n`)
      let refusal = proc.host.fs.rmdir(path, proc.cwd, proc)
      if (refusal) {
        if (/^(?:.*\/)?\.$/.test(path)) refusal = new Refusal('EINVAL')
        if (refusal.errno === 'ENOTEMPTY' && o.has('ignore-fail-on-non-empty')) break
        complain(proc, `failed to remove ${quoteFile(path)}: ${strerror(refusal.errno)}`)
        status = 1
        break
      }
      if (!o.has('p')) break
    }
  }
  return status
}

/** rm(1) */
// eslint-disable-next-line require-yield -- never waits
export const rm: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'dfrRv',
    long: {
      dir: { short: 'd' }, force: { short: 'f' }, recursive: { short: 'r' }, verbose: { short: 'v' }, 'no-preserve-root': {}, 'preserve-root': { argument: 'optional' },
      'one-file-system': {},
    },
    notSimulated: ['i', 'I', 'interactive'],
  }) // prettier-ignore
  const recursive = o.has('r') || o.has('R')
  if (o.operands.length === 0) return o.has('f') ? 0 : tryHelp(proc, 'missing operand')
  const { fs } = proc.host
  let status = 0
  const fail = (path: string, errno: Errno): void => {
    complain(proc, `cannot remove ${quoteFile(path)}: ${strerror(errno)}`)
    status = 1
  }
  const remove = (path: string, depth: number): void => {
    const node = proc.lookup(path, true)
    if (node instanceof Refusal) {
      if (!(o.has('f') && (node.errno === 'ENOENT' || node.errno === 'ENOTDIR'))) fail(path, node.errno)
      return
    }
    if (!isDir(node)) {
      const refusal = fs.unlink(path, proc.cwd, proc)
      if (refusal) fail(path, refusal.errno)
      else if (o.has('v')) proc.out(`removed ${quote(path)}\n`)
      return
    }
    if (!recursive) {
      if (!o.has('d')) return fail(path, 'EISDIR')
    } else if (node.kind === 'dir' && depth < 500)
      for (const name of [...node.entries.keys()]) remove(join(path, name), depth + 1)
    const refusal = fs.rmdir(path, proc.cwd, proc)
    if (refusal) fail(path, refusal.errno)
    else if (o.has('v')) proc.out(`removed directory ${quote(path)}\n`)
  }
  for (const name of o.operands) {
    if (recursive && /^\/+$/.test(name) && !o.has('no-preserve-root')) {
      proc.err(
        "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n",
      )
      status = 1
    } else if (/^(?:.*\/)?\.{1,2}\/*$/.test(name)) {
      complain(proc, `refusing to remove '.' or '..' directory: skipping ${quote(name)}`)
      status = 1
    } else remove(name, 0)
  }
  return status
}

/** Sources and target of cp, mv and ln; a status where the words make no sense. */
const operands = (
  proc: Process,
  words: readonly string[],
  into: string | undefined,
): { sources: readonly string[]; target: string; dir: boolean } | number => {
  const sources = into === undefined ? words.slice(0, -1) : words
  const target = into ?? words.at(-1)
  if (target === undefined || words.length === 0) return tryHelp(proc, 'missing file operand')
  if (sources.length === 0) return tryHelp(proc, `missing destination file operand after ${quote(target)}`)
  const node = proc.lookup(target)
  const dir = isDir(node)
  if (sources.length > 1 && !dir) {
    complain(
      proc,
      node instanceof Refusal
        ? `target ${quote(target)}: ${strerror(node.errno)}`
        : `target ${quote(target)}: Not a directory`,
    )
    return 1
  }
  return { sources, target, dir }
}

/** cp(1) */
// eslint-disable-next-line require-yield -- never waits
export const cp: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'adfHLnpPrRt:Tuv',
    long: {
      archive: { short: 'a' }, force: { short: 'f' }, 'no-clobber': { short: 'n' }, recursive: { short: 'r' }, 'target-directory': { argument: 'required', short: 't' },
      update: { short: 'u' }, verbose: { short: 'v' }, preserve: { argument: 'optional' }, dereference: { short: 'L' }, 'no-target-directory': { short: 'T' },
    },
    notSimulated: ['b', 'i', 'l', 's', 'S', 'x', 'Z', 'backup', 'interactive', 'link', 'symbolic-link', 'parents', 'sparse=', 'attributes-only', 'reflink'],
  }) // prettier-ignore
  const where = operands(proc, o.operands, o.value('t'))
  if (typeof where === 'number') return where
  const recursive = o.has('a') || o.has('r') || o.has('R')
  const keepLinks = (o.has('a') || o.has('d') || o.has('P') || recursive) && !o.has('L')
  let status = 0
  const fail = (text: string): void => {
    complain(proc, text)
    status = 1
  }
  const copy = (from: string, to: string, depth: number): void => {
    const node = proc.lookup(from, keepLinks)
    if (node instanceof Refusal) return fail(`cannot stat ${quoteFile(from)}: ${strerror(node.errno)}`)
    const there = proc.lookup(to)
    if (isDir(node)) {
      if (!recursive) return fail(`-r not specified; omitting directory ${quoteFile(from)}`)
      if (there instanceof Refusal) {
        const refusal = proc.host.fs.mkdir(to, proc.cwd, proc, node.mode)
        if (refusal) return fail(`cannot create directory ${quoteFile(to)}: ${strerror(refusal.errno)}`)
      } else if (!isDir(there))
        return fail(`cannot overwrite non-directory ${quoteFile(to)} with directory ${quoteFile(from)}`)
      if (absolute(to, proc.cwd).startsWith(absolute(from, proc.cwd) + '/') || depth > 100)
        return fail(`cannot copy a directory, ${quoteFile(from)}, into itself, ${quoteFile(to)}`)
      if (o.has('v')) proc.out(`${quote(from)} -> ${quote(to)}\n`)
      const names = proc.host.fs.readdir(from, proc.cwd, proc)
      if (!(names instanceof Refusal))
        for (const n of [...names].reverse()) copy(join(from, n), join(to, n), depth + 1)
      return
    }
    if (isDir(there)) return fail(`cannot overwrite directory ${quoteFile(to)} with non-directory`)
    if (there === node) return fail(`${quote(from)} and ${quote(to)} are the same file`)
    if (!(there instanceof Refusal) && (o.has('n') || (o.has('u') && there.mtime >= node.mtime))) return
    if (node.kind === 'symlink') {
      if (!(there instanceof Refusal)) proc.host.fs.unlink(to, proc.cwd, proc)
      proc.host.fs.add(to, { ...node, mtime: proc.now }, proc.cwd, proc)
    } else if (node.kind === 'file' && node.program && there instanceof Refusal) {
      proc.host.fs.add(to, { ...node, mtime: proc.now }, proc.cwd, proc)
    } else {
      const text = proc.readFile(from)
      if (text instanceof Refusal)
        return fail(`cannot open ${quoteFile(from)} for reading: ${strerror(text.errno)}`)
      const refusal = proc.writeFile(to, text)
      if (refusal)
        return fail(
          to.endsWith('/')
            ? `cannot create regular file ${quoteFile(to)}: Not a directory`
            : `cannot create regular file ${quoteFile(to)}: ${strerror(refusal.errno)}`,
        )
      const made = proc.lookup(to)
      if (!(made instanceof Refusal) && there instanceof Refusal && node.kind === 'file')
        made.mode = node.mode & (o.has('a') || o.has('p') ? 0o7777 : ~proc.umask)
      if (!(made instanceof Refusal) && (o.has('a') || o.has('p'))) made.mtime = node.mtime
    }
    if (o.has('v')) proc.out(`${quote(from)} -> ${quote(to)}\n`)
  }
  for (const from of where.sources)
    copy(from, where.dir && !o.has('T') ? join(where.target, base(from)) : where.target, 0)
  return status
}

/** mv(1) */
// eslint-disable-next-line require-yield -- never waits
export const mv: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'fnt:Tuv',
    long: { force: { short: 'f' }, 'no-clobber': { short: 'n' }, 'target-directory': { argument: 'required', short: 't' }, update: { short: 'u' }, verbose: { short: 'v' }, 'no-target-directory': { short: 'T' } },
    notSimulated: ['b', 'i', 'S', 'Z', 'backup', 'interactive', 'strip-trailing-slashes'],
  }) // prettier-ignore
  const where = operands(proc, o.operands, o.value('t'))
  if (typeof where === 'number') return where
  let status = 0
  for (const from of where.sources) {
    const to = where.dir && !o.has('T') ? join(where.target, base(from)) : where.target
    const node = proc.lookup(from, true)
    const there = proc.lookup(to)
    if (node instanceof Refusal) {
      complain(proc, `cannot stat ${quoteFile(from)}: ${strerror(node.errno)}`)
      status = 1
      continue
    }
    if (!(there instanceof Refusal)) {
      if (there === node) {
        complain(proc, `${quote(from)} and ${quote(to)} are the same file`)
        status = 1
        continue
      }
      if (o.has('n') || (o.has('u') && there.mtime >= node.mtime)) continue
    }
    const refusal = proc.host.fs.rename(from, to, proc.cwd, proc)
    if (refusal) {
      const inside = refusal.errno === 'EINVAL'
      const words = inside ? `cannot move ${quoteFile(from)} to a subdirectory of itself, ${quoteFile(to)}` : isDir(there) && !isDir(node) ? `cannot overwrite directory ${quoteFile(to)} with non-directory` : `cannot move ${quoteFile(from)} to ${quoteFile(to)}: ${strerror(refusal.errno)}` // prettier-ignore
      complain(proc, words)
      status = 1
    } else if (o.has('v')) proc.out(`renamed ${quote(from)} -> ${quote(to)}\n`)
  }
  return status
}

/** ln(1) */
// eslint-disable-next-line require-yield -- never waits
export const ln: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'fnsTv',
    long: { force: { short: 'f' }, symbolic: { short: 's' }, 'no-dereference': { short: 'n' }, verbose: { short: 'v' }, 'no-target-directory': { short: 'T' } },
    notSimulated: ['b', 'd', 'F', 'i', 'L', 'P', 'r', 'S', 't', 'backup', 'relative'],
  }) // prettier-ignore
  const words = o.operands.length === 1 ? [...o.operands, '.'] : o.operands
  const where = operands(proc, words, undefined)
  if (typeof where === 'number') return where
  let status = 0
  const kind = o.has('s') ? 'symbolic' : 'hard'
  for (const from of where.sources) {
    const direct = o.has('T') || (o.has('n') && !isDir(proc.lookup(where.target, true)))
    const to = where.dir && !direct ? join(where.target, base(from)) : where.target
    const source = proc.lookup(from)
    if (!o.has('s') && source instanceof Refusal) {
      complain(proc, `failed to access ${quoteFile(from)}: ${strerror(source.errno)}`)
      status = 1
      continue
    }
    if (!o.has('s') && isDir(source)) {
      complain(proc, `${from}: hard link not allowed for directory`)
      status = 1
      continue
    }
    if (o.has('f')) proc.host.fs.unlink(to, proc.cwd, proc)
    const node: Inode = o.has('s')
      ? { kind: 'symlink', mode: 0o777, mtime: proc.now, target: from }
      : (source as Inode)
    const refusal = proc.host.fs.add(to, node, proc.cwd, proc)
    if (refusal) {
      complain(
        proc,
        `failed to create ${kind} link ${quoteFile(to)}: ${strerror(refusal.errno)}`.replace(
          /^(.*hard link.*?): /,
          `$1${o.has('s') ? '' : ` => ${quote(from)}`}: `,
        ),
      )
      status = 1
    } else if (o.has('v')) proc.out(`${quote(to)} ${o.has('s') ? '->' : '=>'} ${quote(from)}\n`)
  }
  return status
}

/** touch(1) */
// eslint-disable-next-line require-yield -- never waits
export const touch: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'acm',
    long: { 'no-create': { short: 'c' } },
    notSimulated: ['d', 'h', 'r', 't', 'date=', 'reference=', 'time='],
  })
  if (o.operands.length === 0) return tryHelp(proc, 'missing file operand')
  let status = 0
  for (const name of o.operands) {
    const node = proc.lookup(name)
    if (!(node instanceof Refusal)) {
      node.mtime = proc.now
      continue
    }
    if (o.has('c')) continue
    const file = proc.open(name, { write: true, create: true })
    if (!(file instanceof Refusal)) continue
    complain(
      proc,
      file.errno === 'EISDIR'
        ? `setting times of ${quote(name)}: No such file or directory`
        : `cannot touch ${quoteFile(name)}: ${strerror(file.errno)}`,
    )
    status = 1
  }
  return status
}

/** New mode bits of `755`, `+x`, `u=rw,go-w` …; undefined where it is no mode. */
const newMode = (text: string, old: number, dir: boolean, umask: number): number | undefined => {
  if (/^[0-7]{1,4}$/.test(text)) return parseInt(text, 8)
  let mode = old
  for (const clause of text.split(',')) {
    const m = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/.exec(clause)
    if (m === null) return undefined
    const who = m[1] as string
    for (const [, op, perms = ''] of (m[2] as string).matchAll(/([-+=])([rwxXst]*)/g)) {
      let bits = 0
      if (perms.includes('r')) bits |= 4
      if (perms.includes('w')) bits |= 2
      if (perms.includes('x') || (perms.includes('X') && (dir || (mode & 0o111) !== 0))) bits |= 1
      let mask = 0
      for (const [c, shift] of [['u', 6], ['g', 3], ['o', 0]] as const) if (who === '' || who.includes('a') || who.includes(c)) mask |= bits << shift // prettier-ignore
      if (who === '') mask &= ~umask
      let clear = 0
      for (const [c, shift] of [['u', 6], ['g', 3], ['o', 0]] as const) if (who === '' || who.includes('a') || who.includes(c)) clear |= 7 << shift // prettier-ignore
      if (op === '+') mode |= mask
      else if (op === '-') mode &= ~mask
      else mode = (mode & ~clear) | mask
      if (perms.includes('t')) mode = op === '-' ? mode & ~0o1000 : mode | 0o1000
    }
  }
  return mode
}

/** chmod(1) */
// eslint-disable-next-line require-yield -- never waits
export const chmod: Main = function* (proc) {
  // `chmod -x file`: a mode that looks like an option.
  const at = proc.argv.findIndex((a, i) => i > 0 && /^-[rwxXst]+$/.test(a))
  if (at > 0) proc.argv = [...proc.argv.slice(0, at), '--', ...proc.argv.slice(at)]
  const o = parseOptions(proc, {
    short: 'cfRv',
    long: { changes: { short: 'c' }, silent: { short: 'f' }, quiet: { short: 'f' }, recursive: { short: 'R' }, verbose: { short: 'v' } },
    notSimulated: ['reference='],
  }) // prettier-ignore
  const [mode, ...names] = o.operands
  if (mode === undefined) return tryHelp(proc, 'missing operand')
  if (names.length === 0) return tryHelp(proc, `missing operand after ${quote(mode)}`)
  let status = 0
  const change = (path: string, depth: number): void => {
    const node = proc.lookup(path)
    if (node instanceof Refusal) {
      if (!o.has('f')) complain(proc, `cannot access ${quoteFile(path)}: ${strerror(node.errno)}`)
      status = 1
      return
    }
    node.mode = newMode(mode, node.mode, isDir(node), proc.umask) ?? node.mode
    if (o.has('R') && node.kind === 'dir' && depth < 100)
      for (const n of node.entries.keys()) change(join(path, n), depth + 1)
  }
  if (newMode(mode, 0, false, 0) === undefined) return tryHelp(proc, `invalid mode: ${quote(mode)}`)
  for (const name of names) change(name, 0)
  return status
}

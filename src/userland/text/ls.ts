import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Inode } from '../../proc/fs.ts'
import type { Option } from '../../proc/getopt.ts'
import type { Host } from '../../proc/host.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { strftime } from '../../proc/strftime.ts'
import { complain, parseOptions, quote, quoteFile, tryHelp } from './program.ts'
import { quoteIn, quotesSome, QUOTING_STYLES, type QuotingStyle } from './quoting.ts'

interface Entry {
  readonly name: string
  readonly path: string
  readonly node: Inode
}

export const modeString = (node: Inode): string => {
  const type = node.kind === 'dir' || node.kind === 'virtual-dir' ? 'd' : node.kind === 'symlink' ? 'l' : node.kind === 'special' && node.char ? 'c' : '-' // prettier-ignore
  const m = node.mode
  let s = ''
  for (const shift of [6, 3, 0]) {
    const bits = (m >> shift) & 7
    s += (bits & 4 ? 'r' : '-') + (bits & 2 ? 'w' : '-') + (bits & 1 ? 'x' : '-')
  }
  if (m & 0o1000) s = s.slice(0, 8) + (m & 1 ? 't' : 'T')
  return type + s
}

const isDir = (node: Inode): boolean => node.kind === 'dir' || node.kind === 'virtual-dir'

export const sizeOf = (node: Inode): number =>
  node.kind === 'file' ? (node.program ? PROGRAM_SIZE : node.data.length) : node.kind === 'symlink' ? node.target.length : node.kind === 'dir' ? 40 + 20 * node.entries.size : node.kind === 'special' ? (node.size ?? 0) : 0 // prettier-ignore

/** Whose file it is; everything is root's but captures, which tcpdump writes as its own account (/etc/passwd, /etc/group). */
export const ownerOf = (
  node: Inode,
): { readonly name: string; readonly uid: number; readonly gid: number } =>
  node.kind === 'file' && node.owner === 'tcpdump'
    ? { name: node.owner, uid: 102, gid: 105 }
    : { name: 'root', uid: 0, gid: 0 }

/** What a program's file weighs here: ours have no bytes of their own. */
const PROGRAM_SIZE = 68496

export const linksOf = (node: Inode): number =>
  node.kind === 'dir' ? 2 + [...node.entries.values()].filter((e) => e.kind === 'dir').length : 1

const human = (n: number): string => {
  if (n < 1024) return String(n)
  let v = n
  for (const unit of 'KMGT') {
    v /= 1024
    if (v < 10) return `${(Math.ceil(v * 10) / 10).toFixed(1)}${unit}`
    if (v < 1024) return `${Math.ceil(v)}${unit}`
  }
  return String(n)
}

/** Half a year: older files show their year instead of the time of day. */
const RECENT = 15778476

const when = (proc: Process, mtime: number): string => {
  const t = EPOCH_SECONDS + mtime / 1e9
  const now = EPOCH_SECONDS + proc.now / 1e9
  return strftime(now - t > RECENT || t > now ? '%b %e  %Y' : '%b %e %H:%M', t)
}

const COLORS: Readonly<Record<string, string>> = { dir: '01;34', 'virtual-dir': '01;34', symlink: '01;36', exec: '01;32', char: '40;33;01' } // prettier-ignore

/** ls(1) */
// eslint-disable-next-line require-yield -- never waits
export const ls: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: '1aAbBcCdfFgGhHiklLmnNopqQrRsStuUvw:xXZ',
    long: {
      all: { short: 'a' }, 'almost-all': { short: 'A' }, directory: { short: 'd' }, 'human-readable': { short: 'h' }, inode: { short: 'i' },
      'numeric-uid-gid': { short: 'n' }, recursive: { short: 'R' }, reverse: { short: 'r' }, size: { short: 's' }, classify: { argument: 'optional', short: 'F' },
      color: { argument: 'optional' }, width: { argument: 'required', short: 'w' }, dereference: { short: 'L' }, 'no-group': { short: 'G' },
      'group-directories-first': {}, sort: { argument: 'required' }, escape: { short: 'b' }, literal: { short: 'N' }, 'quote-name': { short: 'Q' },
      'hide-control-chars': { short: 'q' }, 'show-control-chars': {}, 'quoting-style': { argument: 'required' },
    },
    notSimulated: ['B', 'f', 'k', 'u', 'Z', 'block-size=', 'format=', 'full-time', 'hide=', 'ignore=', 'time=', 'time-style=', 'zero'],
    status: 2,
  }) // prettier-ignore
  const tty = proc.fds.get(1)?.isTty === true
  const layout =
    o.options.findLast((x) => '1CglmnoxC'.includes(x.name) && x.name.length === 1)?.name ?? (tty ? 'C' : '1')
  const long =
    'glno'.includes(layout) ||
    (layout === '1' && o.options.some((x) => 'glno'.includes(x.name) && x.name.length === 1))
  const color = o.options.findLast((x) => x.name === 'color')
  const colored = color !== undefined && color.value !== 'never' && (color.value !== 'auto' || tty)
  const asked = o.value('w') ?? '120'
  if (!/^(0[xX][\da-fA-F]+|\d+)$/.test(asked)) {
    complain(proc, `invalid line width: ${quote(asked)}`)
    return 2
  }
  const width = Number(asked) || Infinity
  const style = styleOf(proc, o.options) ?? (tty ? 'shell-escape' : 'literal')
  const control = o.options.findLast((x) => x.name === 'q' || x.name === 'show-control-chars')
  const hide = control === undefined ? tty : control.name === 'q'
  let status = 0

  const order = (list: Entry[]): Entry[] => {
    const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
    const word = { time: 't', size: 'S', none: 'U', extension: 'X', version: 'v' }[o.value('sort') ?? '']
    const key = word ?? o.options.findLast((x) => 'StUXvc'.includes(x.name) && x.name.length === 1)?.name
    if (key === 'U') return list
    const ext = (s: string): string => (s.includes('.') ? s.slice(s.lastIndexOf('.')) : '')
    list.sort((a, b) => {
      if (key === 't' || key === 'c') return b.node.mtime - a.node.mtime || byName(a, b)
      if (key === 'S') return sizeOf(b.node) - sizeOf(a.node) || byName(a, b)
      if (key === 'X')
        return (ext(a.name) < ext(b.name) ? -1 : ext(a.name) > ext(b.name) ? 1 : 0) || byName(a, b)
      return byName(a, b)
    })
    if (o.has('r')) list.reverse()
    if (o.has('group-directories-first')) list.sort((a, b) => Number(isDir(b.node)) - Number(isDir(a.node)))
    return list
  }
  const mark = (node: Inode): string => {
    if (o.has('F'))
      return isDir(node)
        ? '/'
        : node.kind === 'symlink'
          ? '@'
          : node.kind === 'file' && node.mode & 0o111
            ? '*'
            : ''
    return o.has('p') && isDir(node) ? '/' : ''
  }
  const shown = (name: string): string => quoteIn(style, name, hide)
  const quoted = (name: string): boolean => quotesSome(style) && /^["']/.test(shown(name))
  /** Beside names in quotes, others get a blank, so that the letters stand below each other. */
  const aligned = (list: readonly Entry[]): ((e: Entry) => string) => {
    const some = (long || layout === 'C' || layout === 'x') && list.some((e) => quoted(e.name))
    return (e) => (some && !quoted(e.name) ? ' ' : '')
  }
  const painted = (e: Entry): string => {
    const name = shown(e.name)
    if (!colored) return name
    const code =
      COLORS[
        e.node.kind === 'file' && e.node.mode & 0o111
          ? 'exec'
          : e.node.kind === 'special' && e.node.char
            ? 'char'
            : e.node.kind
      ]
    return code === undefined ? name : `\x1b[${code}m${name}\x1b[0m`
  }
  const inode = (e: Entry): string =>
    (o.has('i') ? `${inodeNumber(proc.host, e.node)} ` : '') + (o.has('s') ? `${blocksOf(e.node)} ` : '')

  const print = (list: readonly Entry[]): void => {
    if (long) return printLong(list)
    const pad = aligned(list)
    const cells = list.map((e) => inode(e) + pad(e) + shown(e.name) + mark(e.node))
    const text = list.map((e) => inode(e) + pad(e) + painted(e) + mark(e.node))
    if (layout === 'm') return proc.out(withCommas(cells, text, width))
    if (layout !== 'C' && layout !== 'x') return proc.out(text.map((t) => t + '\n').join(''))
    proc.out(columns(cells, text, width, layout === 'x'))
  }

  const printLong = (list: readonly Entry[]): void => {
    const numeric = o.has('n')
    const rows = list.map((e) => ({
      e,
      links: String(linksOf(e.node)),
      size:
        e.node.kind === 'special' && e.node.char
          ? '1, 3'
          : o.has('h')
            ? human(sizeOf(e.node))
            : String(sizeOf(e.node)),
    }))
    const wide = (k: 'links' | 'size'): number => Math.max(0, ...rows.map((r) => r[k].length))
    const [w1, w2] = [wide('links'), wide('size')]
    const name = (node: Inode, of: 'uid' | 'gid'): string =>
      numeric ? String(ownerOf(node)[of]) : ownerOf(node).name
    const who = (node: Inode): string =>
      (['uid', 'gid'] as const)
        .filter((of) => (of === 'uid' ? !o.has('g') : !o.has('o') && !o.has('G')))
        .map((of) => {
          const width = Math.max(...list.map((e) => name(e.node, of).length))
          const text = name(node, of)
          return `${numeric ? text.padStart(width) : text.padEnd(width)} `
        })
        .join('')
    const pad = aligned(list)
    for (const { e, links, size } of rows) {
      const target = e.node.kind === 'symlink' ? ` -> ${shown(e.node.target)}` : mark(e.node)
      proc.out(
        `${inode(e)}${modeString(e.node)} ${links.padStart(w1)} ${who(e.node)}${size.padStart(w2)} ${when(proc, e.node.mtime)} ${pad(e)}${painted(e)}${target}\n`,
      )
    }
  }

  const entriesOf = (dir: string): Entry[] | Refusal => {
    const names = proc.host.fs.readdir(dir, proc.cwd, proc)
    if (names instanceof Refusal) return names
    const visible = names.filter((n) => o.has('a') || o.has('A') || !n.startsWith('.'))
    const all = o.has('a') ? ['.', '..', ...visible] : visible
    return all.flatMap((name) => {
      const path = `${dir.replace(/\/$/, '')}/${name}`
      const node = proc.lookup(path, !o.has('L'))
      return node instanceof Refusal ? [] : [{ name, path, node }]
    })
  }

  let first = true
  const list = (dir: string, titled: boolean, depth: number): void => {
    const entries = entriesOf(dir)
    if (entries instanceof Refusal) {
      complain(proc, `cannot open directory ${quoteFile(dir)}: ${strerror(entries.errno)}`)
      status = Math.max(status, depth === 0 ? 2 : 1)
      return
    }
    if (titled) proc.out(`${first ? '' : '\n'}${shown(dir)}:\n`)
    first = false
    order(entries)
    if (long || o.has('s')) proc.out(`total ${o.has('h') ? human(total(entries) * 1024) : total(entries)}\n`)
    print(entries)
    if (!o.has('R') || depth > 40) return
    for (const e of entries)
      if (isDir(e.node) && e.name !== '.' && e.name !== '..') list(e.path, true, depth + 1)
  }

  const files: Entry[] = []
  const dirs: Entry[] = []
  for (const name of o.operands.length > 0 ? o.operands : ['.']) {
    let node = proc.lookup(
      name,
      long || o.has('d') || o.has('F') ? !o.has('L') && !o.has('H') && !name.endsWith('/') : false,
    )
    if (node instanceof Refusal) {
      const link = proc.lookup(name, true)
      if (link instanceof Refusal) {
        complain(proc, `cannot access ${quoteFile(name)}: ${strerror(node.errno)}`)
        status = 2
        continue
      }
      node = link
    }
    ;(isDir(node) && !o.has('d') ? dirs : files).push({ name, path: name, node })
  }
  if (files.length > 0) {
    print(order(files))
    first = false
  }
  for (const d of order(dirs)) list(d.name, o.operands.length > 1 || o.has('R'), 0)
  return status
}

/** -m: names with commas between them, on lines shorter than `width`. */
const withCommas = (cells: readonly string[], texts: readonly string[], width: number): string => {
  let out = ''
  let at = 0
  for (const [i, cell] of cells.entries()) {
    if (i > 0) {
      const fits = at + cell.length + 2 < width
      out += fits ? ', ' : ',\n'
      at = fits ? at + 2 : 0
    }
    out += texts[i] ?? ''
    at += cell.length
  }
  return cells.length > 0 ? out + '\n' : ''
}

/** The style that the last option asks for. */
const styleOf = (proc: Process, options: readonly Option[]): QuotingStyle | undefined => {
  const asked = options.findLast((x) => ['b', 'N', 'Q', 'quoting-style'].includes(x.name))
  switch (asked?.name) {
    case 'b':
      return 'escape'
    case 'N':
      return 'literal'
    case 'Q':
      return 'c'
    case 'quoting-style': {
      const style = QUOTING_STYLES.find((s) => s === asked.value)
      if (style !== undefined) return style
      proc.err(
        `${proc.name}: invalid argument ${quote(asked.value ?? '')} for '--quoting-style'\nValid arguments are:\n`,
      )
      proc.err(QUOTING_STYLES.map((s) => `  - '${s}'\n`).join(''))
      return proc.exit(tryHelp(proc, undefined, 2))
    }
    default:
      return undefined
  }
}

/** Blocks of 1 KiB, as tmpfs counts them. */
const total = (entries: readonly Entry[]): number => entries.reduce((sum, e) => sum + blocksOf(e.node), 0)
const blocksOf = (node: Inode): number => (node.kind === 'file' ? Math.ceil(sizeOf(node) / 4096) * 4 : 0)

const inodes = new WeakMap<Host, { readonly numbers: WeakMap<Inode, number>; last: number }>()

/** Inode numbers of one machine, in the order of asking. */
export const inodeNumber = (host: Host, node: Inode): number => {
  let table = inodes.get(host)
  if (table === undefined) inodes.set(host, (table = { numbers: new WeakMap(), last: 100 }))
  let n = table.numbers.get(node)
  if (n === undefined) table.numbers.set(node, (n = ++table.last))
  return n
}

/** As many columns as fit, filled downwards (or across), two blanks between. */
const columns = (
  cells: readonly string[],
  text: readonly string[],
  width: number,
  across: boolean,
): string => {
  const n = cells.length
  if (n === 0) return ''
  const widthsOf = (count: number): { rows: number; widths: number[] } => {
    const rows = Math.ceil(n / count)
    const widths: number[] = []
    for (let i = 0; i < n; i++) {
      const c = across ? i % count : Math.floor(i / rows)
      widths[c] = Math.max(widths[c] ?? 0, (cells[i] as string).length + 2)
    }
    return { rows, widths }
  }
  let best = widthsOf(1)
  for (let count = Math.min(n, Math.max(1, Math.floor(width / 3))); count > 1; count--) {
    const tried = widthsOf(count)
    const sum = tried.widths.reduce((a, b) => a + b, 0)
    if (sum - 2 < width && tried.widths.length === count) {
      best = tried
      break
    }
  }
  const { rows, widths } = best
  let out = ''
  for (let r = 0; r < rows; r++) {
    let line = ''
    let at = 0
    let column = 0
    for (let c = 0; c < widths.length; c++) {
      const i = across ? r * widths.length + c : c * rows + r
      if (i >= n) continue
      line += tabbed(at, column) + (text[i] as string)
      at = column + (cells[i] as string).length
      column += widths[c] as number
    }
    out += line + '\n'
  }
  return out
}

/** From one column to another, with tabs where a tab helps, as ls does. */
const tabbed = (from: number, to: number): string => {
  let s = ''
  let at = from
  while (at < to) {
    if (Math.floor(to / 8) > Math.floor((at + 1) / 8)) {
      s += '\t'
      at += 8 - (at % 8)
    } else {
      s += ' '
      at++
    }
  }
  return s
}

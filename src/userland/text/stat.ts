import { Refusal } from '../../kernel/refusal.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import type { Inode } from '../../proc/fs.ts'
import type { Main, Process } from '../../proc/process.ts'
import { escape } from '../../proc/printf.ts'
import { strerror } from '../../proc/strerror.ts'
import { strftime } from '../../proc/strftime.ts'
import { inodeNumber, linksOf, modeString, ownerOf, sizeOf } from './ls.ts'
import { complain, parseOptions, quote, quoteFile, tryHelp } from './program.ts'

const typeOf = (node: Inode): string => {
  switch (node.kind) {
    case 'dir':
    case 'virtual-dir':
      return 'directory'
    case 'symlink':
      return 'symbolic link'
    case 'special':
      return node.char ? 'character special file' : 'regular empty file'
    case 'file':
      return node.data === '' && !node.program ? 'regular empty file' : 'regular file'
  }
}

/** stat(1) of files; -c and --printf with the letters that people use. */
// eslint-disable-next-line require-yield -- never waits
export const stat: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'c:L',
    long: {
      dereference: { short: 'L' },
      format: { argument: 'required', short: 'c' },
      printf: { argument: 'required' },
    },
    notSimulated: ['f', 't', 'file-system', 'terse', 'cached='],
  })
  if (o.operands.length === 0) return tryHelp(proc, 'missing operand')
  let status = 0
  const format = o.value('c') ?? o.value('printf')
  for (const name of o.operands) {
    const node = proc.lookup(name, !o.has('L'))
    if (node instanceof Refusal) {
      complain(proc, `cannot statx ${quoteFile(name)}: ${strerror(node.errno)}`)
      status = 1
      continue
    }
    if (format === undefined) proc.out(long(proc, name, node))
    else {
      const text = fill(proc, format, name, node)
      proc.out(o.has('printf') ? text : text + '\n')
    }
  }
  return status
}

const time = (node: Inode): string => strftime('%Y-%m-%d %H:%M:%S.%N %z', EPOCH_SECONDS + node.mtime / 1e9)
const octal = (node: Inode): string => (node.mode & 0o7777).toString(8).padStart(4, '0')
const named = (name: string, node: Inode): string =>
  node.kind === 'symlink' ? `${name} -> ${node.target}` : name

const long = (proc: Process, name: string, node: Inode): string => {
  const size = sizeOf(node)
  const { name: owner, uid, gid } = ownerOf(node)
  const account = (what: string, id: number, word: string): string =>
    `${what}: (${String(id).padStart(5)}/${word.padStart(8)})`
  const blocks = node.kind === 'file' ? Math.ceil(size / 4096) * 8 : node.kind === 'dir' ? 8 : 0
  return [
    `  File: ${named(name, node)}`,
    `  Size: ${String(size).padEnd(10)}\tBlocks: ${String(blocks).padEnd(10)} IO Block: 4096   ${typeOf(node)}`,
    `Device: 0,50\tInode: ${String(inodeNumber(proc.host, node)).padEnd(11)} Links: ${linksOf(node)}`,
    `Access: (${octal(node)}/${modeString(node)})  ${account('Uid', uid, owner)}   ${account('Gid', gid, owner)}`,
    `Access: ${time(node)}`,
    `Modify: ${time(node)}`,
    `Change: ${time(node)}`,
    ' Birth: -\n',
  ].join('\n')
}

const fill = (proc: Process, format: string, name: string, node: Inode): string => {
  const seconds = EPOCH_SECONDS + Math.floor(node.mtime / 1e9)
  const table: Readonly<Record<string, string>> = {
    a: (node.mode & 0o7777).toString(8), A: modeString(node), b: String(Math.ceil(sizeOf(node) / 512)), B: '512', d: '50', F: typeOf(node), g: String(ownerOf(node).gid), G: ownerOf(node).name,
    h: String(linksOf(node)), i: String(inodeNumber(proc.host, node)), n: name, N: node.kind === 'symlink' ? `${quote(name)} -> ${quote(node.target)}` : quote(name), o: '4096',
    s: String(sizeOf(node)), u: String(ownerOf(node).uid), U: ownerOf(node).name, w: '-', W: '0', x: time(node), X: String(seconds), y: time(node), Y: String(seconds), z: time(node), Z: String(seconds), '%': '%',
  } // prettier-ignore
  let out = ''
  for (let i = 0; i < format.length; i++) {
    const c = format[i] as string
    if (c === '%') out += table[format[++i] ?? ''] ?? '?'
    else if (c === '\\') {
      const e = escape(format, i, false)
      out += e.text
      i = e.end - 1
    } else out += c
  }
  return out
}

import type { Netns } from '../kernel/netns.ts'
import { Refusal } from '../kernel/refusal.ts'
import { OpenFile, type Chunk } from './file.ts'
import type { Main } from './process.ts'
import { WaitQueue, type Wait } from './wait.ts'

/** Whose eyes look: /proc/sys/net and /proc/net show the reader's network namespace, /proc/self its process. */
export interface FsView {
  readonly netns: Netns
  readonly pid: number
}

interface Meta {
  mode: number
  /** Virtual time in ns of the last change. */
  mtime: number
}
export interface DirNode extends Meta {
  readonly kind: 'dir'
  /** In order of creation; readdir gives the newest first, as tmpfs does. */
  readonly entries: Map<string, Inode>
}
/** A folder whose contents depend on who looks (procfs). */
export interface VirtualDirNode extends Meta {
  readonly kind: 'virtual-dir'
  list(view: FsView): readonly string[]
  lookup(name: string, view: FsView): Inode | undefined
}
export interface FileNode extends Meta {
  readonly kind: 'file'
  /** Byte string (see bytes.ts). */
  data: string
  /** Account whose file it is, where that is not root. */
  owner?: string
  /** Who waits for a change of the data. */
  watchers?: WaitQueue
  /** What runs when the file is executed; a file without it may still be a script (`#!`). */
  readonly program?: Main
  /** A network namespace that `ip netns add` pinned here. */
  readonly netns?: Netns
}
export interface SymlinkNode extends Meta {
  readonly kind: 'symlink'
  readonly target: string
  /** Where following leads at once, whatever the text says: magic links of procfs (`/proc/self/ns/net`). */
  readonly to?: Inode
}
/** A file made by the kernel at each read (procfs, /dev). */
export interface SpecialNode extends Meta {
  readonly kind: 'special'
  readonly char?: boolean
  /** What stat(2) says, where it is not 0, as in most of procfs. */
  readonly size?: number
  open?(view: FsView): OpenFile | Refusal
  read(view: FsView): string | Refusal
  write(bytes: string, view: FsView): Refusal | undefined
}
export type Inode = DirNode | VirtualDirNode | FileNode | SymlinkNode | SpecialNode

export interface OpenFlags {
  readonly read?: boolean
  readonly write?: boolean
  readonly create?: boolean
  readonly append?: boolean
  readonly truncate?: boolean
  readonly exclusive?: boolean
}

/** The way from the root to a folder, the nearest first: where `..` leads. */
interface Above {
  readonly node: Inode
  readonly above: Above | undefined
}

/** Largest file, in bytes: keeps a runaway `>>` from eating the page. */
const MAX_FILE = 4 * 1024 * 1024
const MAX_LINKS = 40

/** Makes an absolute path of `path` as seen from `cwd`; `.`, `..` and double slashes are resolved by name. */
export const absolute = (path: string, cwd: string): string => {
  const out: string[] = []
  for (const part of (path.startsWith('/') ? path : cwd + '/' + path).split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') out.pop()
    else out.push(part)
  }
  return '/' + out.join('/')
}

/** The files of one machine: a tree in memory. Everyone is root, so modes are shown but forbid nothing. */
export class FileSystem {
  readonly root: DirNode
  readonly #now: () => number
  readonly #pace: Pace | undefined

  /** `pace` makes reading cost time; without it (in tests) it is free. */
  constructor(now: () => number, pace?: Pace) {
    this.#now = now
    this.#pace = pace
    this.root = { kind: 'dir', mode: 0o755, mtime: now(), entries: new Map() }
  }

  /** Finds the inode of an absolute or `cwd`-relative path; the last symlink is followed unless `noFollow`. */
  lookup(path: string, cwd: string, view: FsView, noFollow = false): Inode | Refusal {
    if (path === '') return new Refusal('ENOENT')
    return this.#walk(path.startsWith('/') ? path : `${cwd}/${path}`, view, noFollow)
  }

  /** Goes down an absolute path part by part, through symlinks (path_resolution(7)). */
  #walk(path: string, view: FsView, noFollow: boolean): Inode | Refusal {
    let node: Inode = this.root
    let above: Above | undefined
    let links = 0
    for (let at = 0; at < path.length;) {
      const slash = path.indexOf('/', at)
      const end = slash < 0 ? path.length : slash
      const name = path.slice(at, end)
      at = end + 1
      if (name === '' || name === '.' || name === '..') {
        if (node.kind !== 'dir' && node.kind !== 'virtual-dir') return new Refusal('ENOTDIR')
        if (name === '..') {
          node = above?.node ?? this.root
          above = above?.above
        }
        continue
      }
      if (name.length > 255) return new Refusal('ENAMETOOLONG')
      let next: Inode | undefined
      if (node.kind === 'dir') next = node.entries.get(name)
      else if (node.kind === 'virtual-dir') next = node.lookup(name, view)
      else return new Refusal('ENOTDIR')
      if (next === undefined) return new Refusal('ENOENT')
      if (next.kind === 'symlink' && !(noFollow && slash < 0)) {
        if (++links > MAX_LINKS) return new Refusal('ELOOP')
        if (next.to === undefined) {
          if (next.target.startsWith('/')) {
            node = this.root
            above = undefined
          }
          path = slash < 0 ? next.target : `${next.target}${path.slice(slash)}`
          at = 0
          continue
        }
        next = next.to
      }
      above = { node, above }
      node = next
    }
    if (path.endsWith('/') && node.kind !== 'dir' && node.kind !== 'virtual-dir')
      return new Refusal('ENOTDIR')
    return node
  }

  /** The folder that holds (or would hold) the last part of `path`, and that part. */
  #parent(path: string, cwd: string, view: FsView): { dir: DirNode; name: string } | Refusal {
    const whole = path.startsWith('/') ? path : `${cwd}/${path}`
    let end = whole.length
    while (whole[end - 1] === '/') end--
    const slash = whole.lastIndexOf('/', end - 1)
    const name = whole.slice(slash + 1, end)
    if (name === '' || name === '.' || name === '..') return new Refusal('EEXIST')
    const dir = this.#walk(whole.slice(0, slash), view, false)
    if (dir instanceof Refusal) return dir
    if (dir.kind === 'virtual-dir') return new Refusal(dir.lookup(name, view) ? 'EACCES' : 'ENOENT')
    if (dir.kind !== 'dir') return new Refusal('ENOTDIR')
    if (name.length > 255) return new Refusal('ENAMETOOLONG')
    return { dir, name }
  }

  open(path: string, flags: OpenFlags, cwd: string, view: FsView): OpenFile | Refusal {
    let node = this.lookup(path, cwd, view)
    if (node instanceof Refusal) {
      if (!(flags.create && node.errno === 'ENOENT')) return node
      if (path.endsWith('/')) return new Refusal('EISDIR')
      const at = this.#parent(path, cwd, view)
      if (at instanceof Refusal) return at
      const link = at.dir.entries.get(at.name)
      // A link to what is not there yet: it is made where the link points, seen from the link's own folder.
      if (link?.kind === 'symlink') return this.open(link.target, flags, absolute(path + '/..', cwd), view)
      node = { kind: 'file', mode: 0o644, mtime: this.#now(), data: '' }
      at.dir.entries.set(at.name, node)
      at.dir.mtime = this.#now()
    } else if (flags.create && flags.exclusive) return new Refusal('EEXIST')
    switch (node.kind) {
      case 'dir':
      case 'virtual-dir':
        return flags.write ? new Refusal('EISDIR') : new OpenDir()
      case 'symlink':
        return new Refusal('ELOOP')
      case 'special':
        if (node.open) return node.open(view)
        if (flags.write && !(node.mode & 0o222)) return new Refusal('EACCES')
        return new OpenSpecial(node, view)
      case 'file':
        if (flags.truncate && flags.write) {
          node.data = ''
          node.watchers?.wakeAll()
        }
        return new OpenRegular(node, flags.append ?? false, this.#now, this.#pace)
    }
  }

  /** The whole file, as bytes. */
  readFile(path: string, cwd: string, view: FsView): string | Refusal {
    const node = this.lookup(path, cwd, view)
    if (node instanceof Refusal) return node
    if (node.kind === 'file') return node.data
    if (node.kind === 'special') return node.read(view)
    return new Refusal('EISDIR')
  }

  writeFile(path: string, bytes: string, cwd: string, view: FsView): Refusal | undefined {
    const file = this.open(path, { write: true, create: true, truncate: true }, cwd, view)
    return file instanceof Refusal ? file : file.write(bytes)
  }

  /** Names in a folder, the newest first (readdir(3) promises no order; `ls` sorts). */
  readdir(path: string, cwd: string, view: FsView): readonly string[] | Refusal {
    const node = this.lookup(path, cwd, view)
    if (node instanceof Refusal) return node
    if (node.kind === 'virtual-dir') return node.list(view)
    return node.kind === 'dir' ? [...node.entries.keys()].reverse() : new Refusal('ENOTDIR')
  }

  /** Puts `node` at `path`; refuses where something is already there. */
  add(path: string, node: Inode, cwd: string, view: FsView): Refusal | undefined {
    const at = this.#parent(path, cwd, view)
    if (at instanceof Refusal) return at
    if (at.dir.entries.has(at.name)) return new Refusal('EEXIST')
    at.dir.entries.set(at.name, node)
    at.dir.mtime = this.#now()
    return undefined
  }

  mkdir(path: string, cwd: string, view: FsView, mode = 0o755): Refusal | undefined {
    return this.add(path, { kind: 'dir', mode, mtime: this.#now(), entries: new Map() }, cwd, view)
  }

  unlink(path: string, cwd: string, view: FsView): Refusal | undefined {
    const at = this.#parent(path, cwd, view)
    if (at instanceof Refusal) return at
    const node = at.dir.entries.get(at.name)
    if (node === undefined) return new Refusal('ENOENT')
    if (node.kind === 'dir' || node.kind === 'virtual-dir') return new Refusal('EISDIR')
    at.dir.entries.delete(at.name)
    at.dir.mtime = this.#now()
    return undefined
  }

  rmdir(path: string, cwd: string, view: FsView): Refusal | undefined {
    const at = this.#parent(path, cwd, view)
    if (at instanceof Refusal) return at
    const node = at.dir.entries.get(at.name)
    if (node === undefined) return new Refusal('ENOENT')
    if (node.kind === 'virtual-dir') return new Refusal('EPERM')
    if (node.kind !== 'dir') return new Refusal('ENOTDIR')
    if (node.entries.size > 0) return new Refusal('ENOTEMPTY')
    at.dir.entries.delete(at.name)
    at.dir.mtime = this.#now()
    return undefined
  }

  rename(from: string, to: string, cwd: string, view: FsView): Refusal | undefined {
    const a = this.#parent(from, cwd, view)
    if (a instanceof Refusal) return a
    const b = this.#parent(to, cwd, view)
    if (b instanceof Refusal) return b
    const node = a.dir.entries.get(a.name)
    if (node === undefined) return new Refusal('ENOENT')
    const old = b.dir.entries.get(b.name)
    if (old === node) return undefined
    if (old?.kind === 'dir') {
      if (node.kind !== 'dir') return new Refusal('EISDIR')
      if (old.entries.size > 0) return new Refusal('ENOTEMPTY')
    } else if (old !== undefined && node.kind === 'dir') return new Refusal('ENOTDIR')
    if (node.kind === 'dir' && contains(node, b.dir)) return new Refusal('EINVAL')
    a.dir.entries.delete(a.name)
    b.dir.entries.delete(b.name)
    b.dir.entries.set(b.name, node)
    a.dir.mtime = b.dir.mtime = this.#now()
    return undefined
  }
}

const contains = (dir: DirNode, other: DirNode): boolean =>
  dir === other || [...dir.entries.values()].some((n) => n.kind === 'dir' && contains(n, other))

/** What a read costs, in ns of virtual time, mostly 0 (see Spin), and a wait for so long. */
export interface Pace {
  charge(work: number): number
  after(ns: number): Wait
}

/** Would reading on from `input` only give what was written to `output`, one and the same file? (As cat(1) asks.) */
export const readsItsOutput = (input: OpenFile, output: OpenFile | undefined): boolean =>
  input instanceof OpenRegular && output instanceof OpenRegular && input.node === output.node && !input.atEnd

class OpenRegular extends OpenFile {
  #at = 0
  readonly node: FileNode
  readonly #append: boolean
  readonly #now: () => number
  readonly #pace: Pace | undefined
  #pause = 0
  constructor(node: FileNode, append: boolean, now: () => number, pace: Pace | undefined) {
    super()
    this.node = node
    this.#append = append
    this.#now = now
    this.#pace = pace
  }
  override get regularSize(): number {
    return this.node.data.length
  }
  get atEnd(): boolean {
    return this.#at >= this.node.data.length
  }
  override readonly readable: Wait = (wake) => {
    const ns = this.#pause
    this.#pause = 0
    return this.#pace?.after(ns)(wake) ?? (() => {})
  }
  override readonly modified: Wait = (wake) => (this.node.watchers ??= new WaitQueue()).wait(wake)
  /** Now and then a reader has to wait a little: one that reads what it writes must let time pass. */
  override read(max: number): Chunk {
    this.#pause += this.#pace?.charge(1) ?? 0
    if (this.#pause > 0) return undefined
    const chunk = this.node.data.slice(this.#at, this.#at + max)
    this.#at += chunk.length
    return chunk
  }
  override write(bytes: string): Refusal | undefined {
    const node = this.node
    if (node.data.length + bytes.length > MAX_FILE) return new Refusal('EFBIG')
    if (this.#append || this.#at === node.data.length) {
      node.data += bytes
      this.#at = node.data.length
    } else {
      const gap = '\0'.repeat(Math.max(0, this.#at - node.data.length))
      node.data = node.data.slice(0, this.#at) + gap + bytes + node.data.slice(this.#at + bytes.length)
      this.#at += bytes.length
    }
    node.mtime = this.#now()
    node.watchers?.wakeAll()
    return undefined
  }
}

class OpenDir extends OpenFile {
  override read(): Refusal {
    return new Refusal('EISDIR')
  }
  override write(): Refusal {
    return new Refusal('EBADF')
  }
}

class OpenSpecial extends OpenFile {
  #rest: string | undefined
  readonly #node: SpecialNode
  readonly #view: FsView
  constructor(node: SpecialNode, view: FsView) {
    super()
    this.#node = node
    this.#view = view
  }
  override read(max: number): Chunk | Refusal {
    if (this.#rest === undefined) {
      const all = this.#node.read(this.#view)
      if (all instanceof Refusal) return all
      this.#rest = all
    }
    const chunk = this.#rest.slice(0, max)
    this.#rest = this.#rest.slice(chunk.length)
    return chunk
  }
  override write(bytes: string): Refusal | undefined {
    return this.#node.write(bytes, this.#view)
  }
}

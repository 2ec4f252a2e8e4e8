import type { DirNode, FileNode, Inode } from './fs.ts'
import { devNodes } from './dev.ts'
import { ETC, OS_RELEASE, PID_MAX, PROTECT_LINKS } from './etc.ts'
import type { Host } from './host.ts'
import type { Main } from './process.ts'
import { procDir, symlink } from './procfs.ts'
import { sysDir } from './sysfs.ts'
import { toBytes } from './bytes.ts'

const directory = (entries: readonly (readonly [string, Inode])[] = [], mode = 0o755): DirNode => ({
  kind: 'dir',
  mode,
  mtime: 0,
  entries: new Map(entries),
})

const file = (data: string, mode = 0o644): FileNode => ({ kind: 'file', mode, mtime: 0, data })

/** Folders that are there, and empty, on a fresh machine. */
const EMPTY = ['boot', 'home', 'media', 'mnt', 'opt', 'srv'] as const
const VAR = ['backups', 'cache', 'lib', 'local', 'log', 'mail', 'opt', 'spool'] as const

/**
 * The files of a fresh Debian 12 machine named `host.name`, with the given programs installed: /bin, /sbin and /lib are links
 * into /usr, /root, /tmp and /run are empty, /etc/resolv.conf names no server.
 */
export const installFiles = (
  host: Host,
  programs: readonly { readonly path: string; readonly main: Main }[],
): void => {
  const { name } = host
  const etc = directory()
  const put = (path: string, node: Inode): void => {
    const parts = path.split('/')
    let dir = etc
    for (const part of parts.slice(0, -1)) {
      const next = dir.entries.get(part)
      const below = next?.kind === 'dir' ? next : directory()
      dir.entries.set(part, below)
      dir = below
    }
    dir.entries.set(parts.at(-1) as string, node)
  }
  for (const [path, text] of Object.entries(ETC)) put(path, file(text))
  put('hosts', file(`127.0.0.1\tlocalhost\n127.0.1.1\t${toBytes(name)}\n`))
  put('hostname', file(`${toBytes(name)}\n`))
  put('resolv.conf', file(''))
  put('sysctl.d/99-sysctl.conf', symlink('../sysctl.conf'))
  put('os-release', symlink('../usr/lib/os-release'))
  put('mtab', symlink('/proc/mounts'))
  put('network', directory([['interfaces.d', directory()]]))

  const bin = directory()
  const sbin = directory()
  for (const { path, main } of programs) {
    const dir = path.startsWith('/usr/sbin/') ? sbin : bin
    dir.entries.set(path.slice(path.lastIndexOf('/') + 1), {
      kind: 'file',
      mode: 0o755,
      mtime: 0,
      data: '\x7fELF',
      program: main,
    })
  }
  const lib = directory([
    ['os-release', file(OS_RELEASE)],
    [
      'sysctl.d',
      directory([
        ['50-pid-max.conf', file(PID_MAX)],
        ['99-protect-links.conf', file(PROTECT_LINKS)],
      ]),
    ],
  ])
  const local = directory(['bin', 'etc', 'lib', 'sbin', 'share', 'src'].map((d) => [d, directory()]))
  const tree: readonly (readonly [string, Inode])[] = [
    ['bin', symlink('usr/bin')],
    ['dev', directory([...devNodes(host), ['pts', directory()], ['shm', directory([], 0o1777)]])],
    ['etc', etc],
    ['lib', symlink('usr/lib')],
    ['lib64', symlink('usr/lib64')],
    ['proc', procDir(host)],
    ['root', directory([], 0o700)],
    ['run', directory([['lock', directory([], 0o1777)]])],
    ['sbin', symlink('usr/sbin')],
    ['sys', sysDir()],
    ['tmp', directory([], 0o1777)],
    ['usr', directory([['bin', bin], ['lib', lib], ['lib64', directory()], ['local', local], ['sbin', sbin], ['share', directory()], ['src', directory()]])],
    ['var', directory([...VAR.map((d) => [d, directory()] as const), ['lock', symlink('/run/lock')], ['run', symlink('/run')], ['tmp', directory([], 0o1777)]])],
    ...EMPTY.map((d) => [d, directory()] as const),
  ] // prettier-ignore
  for (const [path, node] of tree) host.fs.root.entries.set(path, node)
}

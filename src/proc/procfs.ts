import { Refusal } from '../kernel/refusal.ts'
import { EPOCH_SECONDS } from './epoch.ts'
import type { FileNode, FsView, Inode, SpecialNode, SymlinkNode, VirtualDirNode } from './fs.ts'
import type { Host } from './host.ts'
import type { Process } from './process.ts'
import { procNetArp, procNetDev, procNetIfInet6, procNetRoute, procNetSnmp } from './procnet.ts'
import { procSys } from './procsys.ts'
import { KERNEL } from './release.ts'

/** /proc as far as programs and learners look into it (proc(5)). */

/** A file whose text is made at each read. */
export const textFile = (text: (view: FsView) => string | Refusal, mode = 0o444): SpecialNode => ({
  kind: 'special',
  mode,
  mtime: 0,
  read: text,
  write: () => new Refusal('EACCES'),
})

/** A folder of fixed names. */
export const fixedDir = (entries: Readonly<Record<string, Inode>>, mode = 0o555): VirtualDirNode => ({
  kind: 'virtual-dir',
  mode,
  mtime: 0,
  list: () => Object.keys(entries),
  lookup: (name) => (Object.hasOwn(entries, name) ? entries[name] : undefined),
})

export const symlink = (target: string, to?: Inode): SymlinkNode => ({
  kind: 'symlink',
  mode: 0o777,
  mtime: 0,
  target,
  ...(to === undefined ? {} : { to }),
})

/** Memory and processors of the recorded machine, rounded. */
const CPUS = 2
const MEM_KB = 12_345_678

/** The folder /proc of one machine. */
export const procDir = (host: Host): VirtualDirNode => {
  const fixed: Readonly<Record<string, Inode>> = {
    cmdline: textFile(() => 'console=ttyS0 quiet\n'),
    cpuinfo: textFile(() => cpuinfo()),
    filesystems: textFile(() =>
      ['sysfs', 'tmpfs', 'proc', 'cgroup2', 'devpts'].map((f) => `nodev\t${f}\n`).join(''),
    ),
    loadavg: textFile(
      () => `0.00 0.00 0.00 1/${host.processes.size} ${Math.max(0, ...host.processes.keys())}\n`,
    ),
    meminfo: textFile(() => meminfo()),
    mounts: symlink('self/mounts'),
    net: symlink('self/net'),
    self: symlink('self'),
    stat: textFile(() => `btime ${EPOCH_SECONDS}\nprocesses ${host.processes.size}\n`),
    sys: procSys(host),
    uptime: textFile(() => uptime(host)),
    version: textFile(
      () =>
        `Linux version ${KERNEL.release} (gcc (GCC) 15.3.0, GNU ld (GNU Binutils) 2.46) ${KERNEL.version}\n`,
    ),
  }
  return {
    kind: 'virtual-dir',
    mode: 0o555,
    mtime: 0,
    list: () => [...[...host.processes.keys()].map(String), ...Object.keys(fixed)],
    lookup(name, view) {
      if (name === 'self') return symlink(String(view.pid))
      if (Object.hasOwn(fixed, name)) return fixed[name]
      const proc = /^[1-9]\d*$/.test(name) ? host.processes.get(Number(name)) : undefined
      return proc === undefined ? undefined : pidDir(proc)
    },
  }
}

const uptime = (host: Host): string => {
  const seconds = (host.sim.clock.now / 1e9).toFixed(2)
  return `${seconds} ${seconds}\n`
}

const cpuinfo = (): string =>
  Array.from(
    { length: CPUS },
    (_, i) => `processor\t: ${i}\nvendor_id\t: HopByHop\nmodel name\t: virtual\ncpu cores\t: ${CPUS}\n\n`,
  ).join('')

const meminfo = (): string =>
  [['MemTotal', MEM_KB], ['MemFree', MEM_KB], ['MemAvailable', MEM_KB], ['SwapTotal', 0], ['SwapFree', 0]]
    .map(([name, kb]) => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`)
    .join('') // prettier-ignore

/** /proc/PID */
const pidDir = (proc: Process): VirtualDirNode => {
  const comm = (): string => (proc.name.split('/').at(-1) ?? '').slice(0, 15)
  const netnsFile: FileNode = { kind: 'file', mode: 0o444, mtime: 0, data: '', netns: proc.netns }
  const root: SymlinkNode = symlink('/')
  return fixedDir({
    cmdline: textFile(() => proc.argv.map((a) => a + '\0').join('')),
    comm: textFile(() => comm() + '\n'),
    cwd: symlink(proc.cwd),
    environ: textFile(() => [...proc.env].map(([k, v]) => `${k}=${v}\0`).join('')),
    exe: symlink(exePath(proc)),
    fd: fdDir(proc),
    mounts: textFile(() => MOUNTS),
    net: NET,
    ns: fixedDir({ net: symlink(netnsName(proc), netnsFile) }),
    root,
    stat: textFile(() => statLine(proc, comm())),
    status: textFile(() => status(proc, comm())),
  })
}

/** Numbers of namespaces count from here on Linux (PROC_DYNAMIC_FIRST and what was handed out before). */
const FIRST_NETNS_INODE = 4026531840
export const netnsName = (proc: Process): string => `net:[${FIRST_NETNS_INODE + proc.netns.id}]`

const exePath = (proc: Process): string => {
  const found = proc.host.which(proc.name, proc)
  return found instanceof Refusal ? proc.name : found.path
}

const MOUNTS = [
  'overlay / overlay rw,relatime 0 0',
  'proc /proc proc rw,relatime 0 0',
  'sysfs /sys sysfs rw,relatime 0 0',
  'tmpfs /tmp tmpfs rw,relatime 0 0',
  'tmpfs /run tmpfs rw,relatime,mode=755 0 0',
]
  .map((line) => line + '\n')
  .join('')

const fdDir = (proc: Process): VirtualDirNode => ({
  kind: 'virtual-dir',
  mode: 0o500,
  mtime: 0,
  list: () => [...proc.fds.keys()].sort((a, b) => a - b).map(String),
  lookup(name) {
    const file = /^(0|[1-9]\d*)$/.test(name) ? proc.fds.get(Number(name)) : undefined
    if (file === undefined) return undefined
    // Opening it again gives the same open file, as the fdopen of /dev/stdout is used.
    const again: SpecialNode = {
      ...textFile(() => ''),
      mode: 0o700,
      open: () => file,
      write: (bytes) => file.write(bytes),
    }
    return symlink(file.isTty ? '/dev/pts/0' : `pipe:[${name}]`, again)
  },
})

/** /proc/net: the namespace is the looker's, which is that of /proc/self. */
const NET: VirtualDirNode = fixedDir({
  arp: textFile((view) => procNetArp(view.netns)),
  dev: textFile((view) => procNetDev(view.netns)),
  if_inet6: textFile((view) => procNetIfInet6(view.netns)),
  route: textFile((view) => procNetRoute(view.netns)),
  snmp: textFile((view) => procNetSnmp(view.netns)),
})

const stateOf = (proc: Process): string =>
  proc.stopped ? 'T' : proc.status === undefined ? (proc.cancelWait ? 'S' : 'R') : 'Z'
const STATE_WORDS: Readonly<Record<string, string>> = {
  T: 'stopped',
  S: 'sleeping',
  R: 'running',
  Z: 'zombie',
}

const statLine = (proc: Process, comm: string): string =>
  `${proc.pid} (${comm}) ${stateOf(proc)} ${proc.parent?.pid ?? 1} ${proc.pgid} ${proc.host.tty.foreground}\n`

const status = (proc: Process, comm: string): string => {
  const state = stateOf(proc)
  const rows: readonly (readonly [string, string | number])[] = [
    ['Name', comm],
    ['Umask', proc.umask.toString(8).padStart(4, '0')],
    ['State', `${state} (${STATE_WORDS[state] ?? ''})`],
    ['Tgid', proc.pid],
    ['Pid', proc.pid],
    ['PPid', proc.parent?.pid ?? 1],
    ['Uid', '0\t0\t0\t0'],
    ['Gid', '0\t0\t0\t0'],
    ['Threads', 1],
  ]
  return rows.map(([name, value]) => `${name}:\t${value}\n`).join('')
}

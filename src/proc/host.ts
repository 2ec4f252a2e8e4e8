import type { Kernel } from '../kernel/kernel.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Sim } from '../kernel/sim.ts'
import { FileSystem, type FileNode, type Inode } from './fs.ts'
import { Process, type Main, type SpawnOptions } from './process.ts'
import type { Scheduler } from './scheduler.ts'
import { Spin } from './spin.ts'
import { Tty } from './tty.ts'

/** Where programs are looked for without PATH. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Processes that one machine may have at a time. */
const MAX_PROCESSES = 512

/** `#!` lines that may lead from one to the next (fs/exec.c: exec_binprm()). */
const MAX_INTERPRETERS = 4

/** One machine: a kernel, files, processes and a terminal. */
export class Host {
  readonly name: string
  readonly sim: Sim
  /** A new one after each reboot. */
  kernel: Kernel
  readonly scheduler: Scheduler
  readonly fs: FileSystem
  readonly tty = new Tty().hold()
  readonly processes = new Map<number, Process>()
  /** What computing without end costs in virtual time. */
  readonly spin = new Spin()
  /** uts namespace: what hostname(1) shows and sets. */
  hostname: string
  #nextPid = 20

  constructor(name: string, sim: Sim, kernel: Kernel, scheduler: Scheduler) {
    this.name = name
    this.hostname = name
    this.sim = sim
    this.kernel = kernel
    this.scheduler = scheduler
    const { clock } = sim
    this.fs = new FileSystem(() => clock.now, {
      charge: (work) => this.spin.charge(work),
      after: (ns) => (wake) => {
        const timer = clock.schedule(ns, wake)
        return () => clock.cancel(timer)
      },
    })
  }

  /** fork and exec; the process starts at its first turn. */
  spawn(o: SpawnOptions): Process {
    const proc = new Process(this, this.#nextPid++, o)
    proc.task = o.main(proc)
    this.processes.set(proc.pid, proc)
    if (this.processes.size > MAX_PROCESSES) this.scheduler.kill(proc, 'KILL')
    else this.scheduler.start(proc)
    return proc
  }

  /** What execve(2) would run for this path: the file, or why not. */
  executable(path: string, proc: Process): FileNode | Refusal {
    const node = proc.lookup(path)
    if (node instanceof Refusal) return node
    if (node.kind === 'dir' || node.kind === 'virtual-dir') return new Refusal('EACCES')
    if (node.kind !== 'file' || !(node.mode & 0o111)) return new Refusal('EACCES')
    return node
  }

  /** execvp(3): the first executable of that name in PATH; a name with a slash is a path. */
  which(
    name: string,
    proc: Process,
    path = proc.env.get('PATH') ?? DEFAULT_PATH,
  ): { path: string; file: FileNode } | Refusal {
    if (name.includes('/')) {
      const file = this.executable(name, proc)
      return file instanceof Refusal ? file : { path: name, file }
    }
    let refusal = new Refusal('ENOENT')
    if (name === '') return refusal
    for (const dir of path.split(':')) {
      const there = (dir === '' ? '.' : dir) + '/' + name
      const file = this.executable(there, proc)
      if (!(file instanceof Refusal)) return { path: there, file }
      // A folder of that name is passed over.
      if (file.errno === 'EACCES' && isFile(proc.lookup(there))) refusal = file
    }
    return refusal
  }

  /** What execve(2) runs for this path: a program, or the interpreter that a `#!` line names. */
  load(
    path: string,
    argv: readonly string[],
    proc: Process,
    depth = 0,
  ): { main: Main; argv: readonly string[] } | Refusal {
    const file = this.executable(path, proc)
    if (file instanceof Refusal) return file
    if (file.program) return { main: file.program, argv }
    const interpreter = /^#![ \t]*([^ \t\n]+)(?:[ \t]+(.*?))?[ \t]*(?:\n|$)/.exec(file.data)
    if (interpreter === null) return new Refusal('ENOEXEC')
    if (depth >= MAX_INTERPRETERS) return new Refusal('ELOOP')
    const [, name = '', argument] = interpreter
    const words = argument === undefined ? [name, path] : [name, argument, path]
    return this.load(name, [...words, ...argv.slice(1)], proc, depth + 1)
  }
}

const isFile = (node: Inode | Refusal): boolean =>
  !(node instanceof Refusal) && node.kind !== 'dir' && node.kind !== 'virtual-dir'

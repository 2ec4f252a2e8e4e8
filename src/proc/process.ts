import type { Cause } from '../kernel/sim.ts'
import type { Netns } from '../kernel/netns.ts'
import { Refusal, type Errno } from '../kernel/refusal.ts'
import { Environment } from './environment.ts'
import type { OpenFile } from './file.ts'
import type { Inode, OpenFlags } from './fs.ts'
import type { Host } from './host.ts'
import { defaultAction, SIGNALS, type Signal } from './signal.ts'
import { WaitQueue, type Resume, type Task, type Wait } from './wait.ts'

/** A program: gets its process, waits by `yield*`, returns its exit status (0–255). */
export type Main = (proc: Process) => Task<number>

/** Thrown by `proc.exit`; caught once, where processes are run. */
export class Exit {
  readonly status: number
  constructor(status: number) {
    this.status = status
  }
}

export interface SpawnOptions {
  readonly argv: readonly string[]
  readonly main: Main
  readonly parent: Process | undefined
  /** Descriptors of the new process; the caller's references are duplicated. Default: the parent's. */
  readonly fds?: ReadonlyMap<number, OpenFile>
  readonly env?: Environment
  readonly cwd?: string
  readonly netns?: Netns
  /** Process group: the new pid itself by 'own', else inherited. */
  readonly pgid?: number | 'own'
}

/** Bytes that a stream to a file or a pipe collects before it is written (BUFSIZ of glibc on such files). */
const STDIO_BUFFER = 4096

/** The most that one read of everything may hold, in bytes. */
const MAX_MEMORY = 32 * 1024 * 1024

/** A running program: its arguments, descriptors, environment, namespace, signals and children (fork(2), execve(2)). */
export class Process {
  readonly pid: number
  readonly host: Host
  argv: readonly string[]
  env: Environment
  cwd: string
  netns: Netns
  pgid: number
  umask = 0o022
  /** Account that it runs as; modes forbid nothing here, so only `id`, `whoami` and the like look. */
  user = 'root'
  parent: Process | undefined
  #children: Set<Process> | undefined
  readonly fds = new Map<number, OpenFile>()
  /** The learner's command that this process runs for; what it configures carries it. */
  cause: Cause | undefined
  /** Exit status once it has ended: 0–255, or 128+signal. */
  status: number | undefined
  killedBy: Signal | undefined
  stopped: Signal | undefined
  /** When it was started, in ns of virtual time. */
  readonly startedAt: number
  #childChange: WaitQueue | undefined

  /** Ignored and caught signals, a bit each by number (SigIgn and SigCgt of proc(5)). */
  #ignored = 0
  #caught = 0
  readonly #pending: Signal[] = []
  #stdout = ''
  #lineBuffered = false
  /** The running generator, and what it waits for. */
  task: Task<number> | undefined
  cancelWait: (() => void) | undefined

  constructor(host: Host, pid: number, o: SpawnOptions) {
    this.host = host
    this.pid = pid
    this.argv = o.argv
    this.parent = o.parent
    this.env = (o.env ?? o.parent?.env)?.copy() ?? new Environment(new Map())
    this.cwd = o.cwd ?? o.parent?.cwd ?? '/root'
    this.netns = o.netns ?? o.parent?.netns ?? host.kernel.initNetns
    this.pgid = o.pgid === 'own' ? pid : (o.pgid ?? o.parent?.pgid ?? pid)
    this.cause = o.parent?.cause ?? host.sim.cause
    this.umask = o.parent?.umask ?? 0o022
    this.user = o.parent?.user ?? 'root'
    this.startedAt = host.sim.clock.now
    for (const [fd, file] of o.fds ?? o.parent?.fds ?? []) this.fds.set(fd, file.hold())
    // An ignored signal stays ignored over fork and exec (signal(7)); a caught one goes back to default.
    if (o.parent) {
      this.#ignored = o.parent.#ignored
      ;(o.parent.#children ??= new Set()).add(this)
    }
  }

  get name(): string {
    return this.argv[0] ?? ''
  }
  /** Virtual time in ns. */
  get now(): number {
    return this.host.sim.clock.now
  }

  /** Woken whenever a child ends, stops or continues. */
  get childChange(): WaitQueue {
    return (this.#childChange ??= new WaitQueue())
  }

  // ---- streams

  /** Prints to standard output through the stream's buffer (by line on a terminal, else by 4 KiB and at the end). */
  out(bytes: string): void {
    this.#stdout += bytes
    const file = this.fds.get(1)
    if (file?.isTty || this.#lineBuffered) {
      // Only what is new can end a line: a program that never ends one must not be searched from its start each time.
      const end = bytes.lastIndexOf('\n') + 1
      if (end > 0) {
        const rest = bytes.slice(end)
        const lines = this.#stdout.slice(0, this.#stdout.length - rest.length)
        this.#stdout = rest
        this.#put(1, lines)
      } else if (this.#stdout.length >= STDIO_BUFFER) this.flush()
    } else if (this.#stdout.length >= STDIO_BUFFER) this.flush()
  }

  /** Like `out`, and waits while a pipe is full: for programs that may print without end. */
  *print(bytes: string): Task<void> {
    this.out(bytes)
    const file = this.fds.get(1)
    while (file?.full()) {
      yield file.writable
      if (this.#pending.length > 0) return
    }
  }

  /** Prints to standard error, at once. */
  err(bytes: string): void {
    this.fds.get(2)?.write(bytes)
  }

  flush(): void {
    if (this.#stdout === '') return
    const bytes = this.#stdout
    this.#stdout = ''
    this.#put(1, bytes)
  }

  /** setvbuf(3) _IOLBF on standard output. */
  setLineBuffered(): void {
    this.#lineBuffered = true
  }

  /** What the stream still holds. */
  get bufferedOutput(): string {
    return this.#stdout
  }

  /** Forgets what is buffered: a killed process never gets to write it. */
  discard(): void {
    this.#stdout = ''
  }

  /** write(2) on a descriptor, past the stream's buffer. A reader that is gone kills by SIGPIPE unless that is ignored. */
  write(fd: number, bytes: string): Refusal | undefined {
    const file = this.fds.get(fd)
    if (file === undefined) return new Refusal('EBADF')
    const refusal = file.write(bytes)
    if (refusal?.errno === 'EPIPE' && this.disposition('PIPE') === 'default') {
      this.killedBy = 'PIPE'
      throw new Exit(128 + SIGNALS.PIPE)
    }
    return refusal
  }

  #put(fd: number, bytes: string): void {
    this.writeError = this.write(fd, bytes)?.errno ?? this.writeError
  }
  /** The error of the last write of standard output that failed (what close_stdout of coreutils reports). */
  writeError: Errno | undefined;

  /** read(2): bytes, '' at the end; 'EINTR' where a caught signal came first. */
  *read(fd: number, max = 65536): Task<string | Refusal> {
    const file = this.fds.get(fd)
    if (file === undefined) return new Refusal('EBADF')
    for (;;) {
      const chunk = file.read(max)
      if (chunk !== undefined) return chunk
      if ((yield file.readable) === 'signal') return new Refusal('EINTR')
    }
  }

  /** All that is left to read. */
  *readAll(fd: number): Task<string | Refusal> {
    let all = ''
    for (;;) {
      const chunk = yield* this.read(fd)
      if (chunk instanceof Refusal) return chunk
      if (chunk === '') return all
      if (all.length + chunk.length > MAX_MEMORY) return new Refusal('ENOMEM')
      all += chunk
    }
  }

  // ---- files

  open(path: string, flags: OpenFlags): OpenFile | Refusal {
    return this.host.fs.open(path, flags, this.cwd, this)
  }
  lookup(path: string, noFollow = false): Inode | Refusal {
    return this.host.fs.lookup(path, this.cwd, this, noFollow)
  }
  readFile(path: string): string | Refusal {
    return this.host.fs.readFile(path, this.cwd, this)
  }
  writeFile(path: string, bytes: string): Refusal | undefined {
    return this.host.fs.writeFile(path, bytes, this.cwd, this)
  }

  /** Opens `path` as the lowest free descriptor. */
  openFd(path: string, flags: OpenFlags): number | Refusal {
    const file = this.open(path, flags)
    if (file instanceof Refusal) return file
    let fd = 0
    while (this.fds.has(fd)) fd++
    this.setFd(fd, file)
    return fd
  }
  /** dup2(2). */
  setFd(fd: number, file: OpenFile): void {
    const old = this.fds.get(fd)
    this.fds.set(fd, file.hold())
    old?.drop()
  }
  closeFd(fd: number): void {
    this.fds.get(fd)?.drop()
    this.fds.delete(fd)
  }

  // ---- time, signals, children

  /** Sleeps `ns`; 'signal' where a caught signal came first. */
  *sleep(ns: number): Task<Resume> {
    return yield this.after(ns)
  }
  /** A wait that ends `ns` from now, to be combined by `anyOf`. */
  after(ns: number): Wait {
    return (wake) => {
      const timer = this.host.sim.clock.schedule(ns, wake)
      return () => this.host.sim.clock.cancel(timer)
    }
  }

  /** sigaction(2): 'catch' makes waits end with 'signal'; `takeSignal` then tells which. */
  onSignal(signal: Signal, disposition: 'default' | 'ignore' | 'catch'): void {
    const bit = bitOf(signal)
    this.#ignored = disposition === 'ignore' ? this.#ignored | bit : this.#ignored & ~bit
    this.#caught = disposition === 'catch' ? this.#caught | bit : this.#caught & ~bit
  }
  disposition(signal: Signal): 'default' | 'ignore' | 'catch' {
    const bit = bitOf(signal)
    return this.#ignored & bit ? 'ignore' : this.#caught & bit ? 'catch' : 'default'
  }
  /** The oldest caught signal that has not been handled yet. */
  takeSignal(): Signal | undefined {
    return this.#pending.shift()
  }
  get signalPending(): boolean {
    return this.#pending.length > 0
  }

  /** kill(2) on this process. */
  signal(signal: Signal): void {
    if (this.status !== undefined) return
    const disposition = signal === 'KILL' || signal === 'STOP' ? 'default' : this.disposition(signal)
    if (disposition === 'ignore') return
    if (disposition === 'catch') {
      this.#pending.push(signal)
      this.host.scheduler.interrupt(this)
      return
    }
    switch (defaultAction(signal)) {
      case 'ignore':
        return
      case 'stop':
        this.stopped = signal
        this.parent?.childChange.wakeAll()
        return
      case 'continue':
        if (this.stopped === undefined) return
        this.stopped = undefined
        this.host.scheduler.continued(this)
        this.parent?.childChange.wakeAll()
        return
      case 'terminate':
        this.host.scheduler.kill(this, signal)
    }
  }

  /** Ends the process from wherever the program stands. */
  exit(status: number): never {
    throw new Exit(status & 255)
  }

  /** Starts a child (fork, and exec of `main`). */
  spawn(o: Omit<SpawnOptions, 'parent'>): Process {
    return this.host.spawn({ ...o, parent: this })
  }

  /** It has ended: its children have no parent any more, and nobody will ask for those that ended before it. */
  orphanChildren(): void {
    for (const child of this.#children ?? []) {
      child.parent = undefined
      if (child.status !== undefined) this.host.processes.delete(child.pid)
    }
    this.#children = undefined
  }

  /** waitpid(2): until the child has ended; its status. A caught signal does not end the wait. */
  *waitFor(child: Process): Task<number> {
    while (child.status === undefined) yield this.childChange.wait
    this.reap(child)
    return child.status
  }
  reap(child: Process): void {
    this.#children?.delete(child)
    this.host.processes.delete(child.pid)
  }

  /**
   * execve(2): becomes another program in the same process; never returns to its caller, whose generator is abandoned (its
   * `finally` blocks don't run, as nothing of the old program does). Output that is still buffered is written first.
   */
  *exec(main: Main, argv: readonly string[]): Task<number> {
    this.flush()
    this.argv = argv
    this.#lineBuffered = false
    this.#caught = 0
    this.#pending.length = 0
    this.task = main(this)
    for (;;) yield AT_ONCE
  }
}

const bitOf = (signal: Signal): number => 1 << (SIGNALS[signal] - 1)

const AT_ONCE: Wait = (wake) => {
  wake()
  return () => {}
}

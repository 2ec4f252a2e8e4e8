import { Kernel } from '../kernel/kernel.ts'
import { linkNew, linkSet, linkUpBoth } from '../kernel/rtnl/link.ts'
import { Refusal } from '../kernel/refusal.ts'
import { Sim, type Cause } from '../kernel/sim.ts'
import { devClose, devOpen } from '../kernel/dev/state.ts'
import type { NetDevice } from '../kernel/netdevice.ts'
import { toBytes } from '../proc/bytes.ts'
import { installFiles } from '../proc/rootfs.ts'
import type { OpenFile } from '../proc/file.ts'
import { Environment } from '../proc/environment.ts'
import { DEFAULT_PATH, Host } from '../proc/host.ts'
import type { Process } from '../proc/process.ts'
import { Scheduler } from '../proc/scheduler.ts'
import { bash } from '../shell/bash.ts'
import type { Program } from '../userland/program.ts'
import type { Lab, LabEnd, LabLink, LabNode } from './lab.ts'
import { Empty, Tape } from './tape.ts'

/** How long the machines settle after their cables are plugged in, and after their `exec` lines ran (as when recording). */
const SETTLE_LINKS = 2.2e9
const SETTLE_EXEC = 0.3e9

/** Steps (slices of processes and events) that one command may take; more are a runaway. */
const MAX_STEPS = 3_000_000

export type Outcome =
  /** What was waited for is there. */
  | 'done'
  /** Time came to the deadline first. */
  | 'deadline'
  /** A process waits for something outside the model; go on when `onExternal` is called. */
  | 'external'
  /** Too many steps without an end. */
  | 'runaway'

/** How a command without a terminal ended, and what it printed (byte strings). */
export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** What a person can do at a terminal: type a line, or press Ctrl-C, Ctrl-D, Ctrl-\\; `kill` stands for closing the window. */
export type Key = 'line' | 'int' | 'eof' | 'quit' | 'kill'

/** One thing done at a terminal, and when (ns of virtual time). The lab and a list of these make a world again. */
export interface LogEntry {
  readonly at: number
  readonly node: string
  readonly key: Key
  /** The line, without its newline; '' for other keys. */
  readonly text: string
}

/** bash is not a program like the others: the lab's own commands need it. Debian's sh is dash; here it is bash as well. */
const SHELLS = [
  { path: '/usr/bin/bash', main: bash },
  { path: '/usr/bin/sh', main: bash },
]

/** The environment of a login shell on the machines. */
const ENVIRONMENT = new Environment(
  new Map([
    ['PATH', DEFAULT_PATH],
    ['HOME', '/root'],
    ['USER', 'root'],
    ['LOGNAME', 'root'],
    ['TERM', 'xterm'],
    ['SHELL', '/bin/bash'],
  ]),
)

/** A lab that runs: machines, wires, one clock. The same lab and the same commands give the same bytes everywhere. */
export class World {
  readonly lab: Lab
  readonly sim: Sim
  readonly scheduler = new Scheduler()
  readonly hosts = new Map<string, Host>()
  /** All that was done at the terminals so far. */
  readonly log: LogEntry[] = []
  readonly #programs: readonly Program[]
  #wires: readonly (readonly [NetDevice, NetDevice])[]
  readonly #shells = new Map<string, Process>()

  constructor(lab: Lab, programs: readonly Program[]) {
    this.lab = lab
    this.#programs = programs
    this.sim = new Sim(seedOf(lab.name))
    for (const node of lab.nodes) {
      const host = new Host(node.name, this.sim, new Kernel(this.sim, node.name), this.scheduler)
      installFiles(host, [...SHELLS, ...programs])
      for (const [path, bytes] of Object.entries(node.files)) putFile(host, path, bytes)
      this.hosts.set(node.name, host)
      powerOn(host, node)
    }
    this.#wires = lab.links.map((link, i) => this.#plug(link, i))
    if (lab.links.length > 0) this.sleep(SETTLE_LINKS)
  }

  /** A wire: both ends up. MAC addresses are aa:c1:ab:00:00:01, :02 … over the ends in the order of the file. */
  #plug({ ends }: LabLink, i: number): readonly [NetDevice, NetDevice] {
    const [a, b] = ends
    const ns = (end: LabEnd) => this.host(end.node).kernel.initNetns
    const peer = { name: b.ifname, ns: ns(b), mac: labMac(2 * i + 2) }
    const near = must(linkNew(ns(a), { kind: 'veth', name: a.ifname, mac: labMac(2 * i + 1), peer }))
    const far = near.peer as NetDevice
    near.ns.nsidOf(far.ns)
    far.ns.nsidOf(near.ns)
    for (const dev of [near, far]) {
      dev.labLink = true
      this.#intoSwitch(dev)
    }
    linkUpBoth(near, far)
    return [near, far]
  }

  /** An end on a bridge node is a port of that node's bridge. */
  #intoSwitch(dev: NetDevice): void {
    const node = this.lab.nodes.find((n) => n.name === dev.ns.kernel.node)
    if (node?.kind === 'bridge') must(linkSet(dev, { master: must(dev.ns.device(node.name)) }))
  }

  /**
   * A machine goes off and on again. Processes, namespaces, devices made by hand, addresses, routes, sysctls and what lies
   * in /run and /tmp go; its cables come back, the lab's `exec` runs (it stands for the machine's own configuration), then
   * /etc/sysctl.d and /etc/sysctl.conf are read. Files stay.
   */
  *reboot(name: string): Generator<Outcome, void> {
    const host = this.host(name)
    const node = this.lab.nodes.find((n) => n.name === name) as LabNode
    for (const proc of [...host.processes.values()]) proc.signal('KILL')
    host.processes.clear()
    this.#shells.delete(name)
    const old = host.kernel
    for (const ns of old.netnses) for (const dev of ns.devices.values()) devClose(dev)
    host.kernel = new Kernel(this.sim, name)
    emptyFolders(host)
    powerOn(host, node)
    this.#wires = this.#wires.map((ends) => this.#replug(ends, old, host.kernel))
    this.sleep(SETTLE_LINKS)
    for (const line of [...node.exec, 'sysctl -q --system'])
      yield* this.runIn(name, line, { node: name, command: line, n: 0 })
    this.sleep(SETTLE_EXEC)
  }

  /** The end of a wire on a machine that was off is a new device; the other end only lost its carrier. */
  #replug(
    ends: readonly [NetDevice, NetDevice],
    old: Kernel,
    kernel: Kernel,
  ): readonly [NetDevice, NetDevice] {
    const anew = ends.map((dev) => {
      if (dev.ns.kernel !== old) return dev
      const fresh = kernel.initNetns.addDevice('veth', dev.name, dev.mac)
      fresh.macSet = fresh.labLink = true
      fresh.switchCarrier(false)
      return fresh
    }) as [NetDevice, NetDevice]
    const [a, b] = anew
    if (a === ends[0] && b === ends[1]) return ends
    a.peer = b
    b.peer = a
    a.ns.nsidOf(b.ns)
    b.ns.nsidOf(a.ns)
    for (const dev of anew) {
      if (ends.includes(dev)) continue
      this.#intoSwitch(dev)
      devOpen(dev)
    }
    return anew
  }

  host(name: string): Host {
    const host = this.hosts.get(name)
    if (host === undefined) throw new RangeError(`no node ${name} in lab ${this.lab.name}`)
    return host
  }

  /** Runs the lab's `exec` lines, each in a shell of its own, in the order of the nodes. */
  *exec(): Generator<Outcome, void> {
    let any = false
    for (const node of this.lab.nodes)
      for (const line of node.exec) {
        any = true
        yield* this.runIn(node.name, line, { node: node.name, command: line, n: 0 })
      }
    if (any) this.sleep(SETTLE_EXEC)
  }

  /** `bash -c LINE` on a node, without a terminal, to its end. Its exit status and what it printed. */
  *runIn(node: string, line: string, cause: Cause | undefined): Generator<Outcome, Ran> {
    const host = this.host(node)
    const tape = new Tape()
    const err = new Tape()
    this.sim.cause = cause
    const proc = host.spawn({
      argv: ['bash', '-c', line],
      main: bash,
      parent: undefined,
      env: ENVIRONMENT,
      cwd: '/root',
      pgid: 'own',
      fds: new Map<number, OpenFile>([[0, new Empty()], [1, tape], [2, err]]),
    }) // prettier-ignore
    this.sim.cause = undefined
    let outcome: Outcome
    while (
      (outcome = this.advance(() => proc.status !== undefined, this.sim.clock.now + 20e9)) === 'external'
    )
      yield outcome
    if (proc.status === undefined) proc.signal('KILL')
    return { status: proc.status ?? 137, stdout: tape.text, stderr: err.text }
  }

  /** Throws what a program of ours threw, if one did: nothing that came after it can be trusted. */
  throwBug(): void {
    const [bug] = this.scheduler.bugs
    if (bug !== undefined) throw bug.error
  }

  /** The login shell that reads a node's terminal; it starts at the first use, and again after `exit`. */
  shell(node: string): Process {
    const host = this.host(node)
    let shell = this.#shells.get(node)
    if (shell === undefined || shell.status !== undefined) {
      const fds = new Map([0, 1, 2].map((fd) => [fd, host.tty] as const))
      shell = host.spawn({
        argv: ['bash'],
        main: bash,
        parent: undefined,
        env: ENVIRONMENT,
        cwd: '/root',
        pgid: 'own',
        fds,
      })
      host.tty.foreground = shell.pgid
      this.#shells.set(node, shell)
      this.advance(() => host.tty.prompt !== undefined, this.sim.clock.now)
    }
    return shell
  }

  /** Lets time pass to `deadline` (ns), or until `done` holds; see Outcome. */
  advance(done: () => boolean, deadline: number): Outcome {
    const { scheduler } = this
    const { clock } = this.sim
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      if (scheduler.runNext()) continue
      if (done()) return 'done'
      if (scheduler.external > 0) return 'external'
      const at = clock.nextAt()
      if (at === undefined || at > deadline) {
        clock.skipTo(deadline)
        return 'deadline'
      }
      clock.runNext()
    }
    return 'runaway'
  }

  /** Does something at a terminal now, and logs it. */
  press(entry: LogEntry): void {
    const host = this.host(entry.node)
    const { tty } = host
    this.log.push(entry)
    switch (entry.key) {
      case 'line':
        return tty.type(toBytes(entry.text) + '\n')
      case 'eof':
        return tty.endOfFile()
      case 'int':
        tty.flushInput()
        return tty.signalForeground('INT', host.processes.values())
      case 'quit':
        return tty.signalForeground('QUIT', host.processes.values())
      case 'kill':
        return tty.signalForeground('KILL', host.processes.values())
    }
  }

  /** Does again what a log says, each thing at its time, and lets time pass to `until`: the same bytes as the first time. */
  *replay(log: readonly LogEntry[], until: number): Generator<Outcome, void> {
    for (const entry of log) {
      yield* this.#passTo(entry.at)
      const shell = this.shell(entry.node)
      if (entry.key === 'line' && this.host(entry.node).tty.prompt === 'PS1')
        shell.cause = { node: entry.node, command: entry.text, n: this.log.length + 1 }
      this.press(entry)
    }
    yield* this.#passTo(until)
  }

  *#passTo(at: number): Generator<Outcome, void> {
    for (;;) {
      const outcome = this.advance(() => false, at)
      if (outcome === 'external') yield outcome
      else return
    }
  }

  /** Runs what can run without time passing: typing takes none. */
  settle(): void {
    this.advance(() => false, this.sim.clock.now)
  }

  /** Lets `ns` of time pass. */
  sleep(ns: number): void {
    this.advance(() => false, this.sim.clock.now + ns)
  }

  /** A new world of the same lab with the same programs, at its start. */
  again(): World {
    return new World(this.lab, this.#programs)
  }
}

/** Puts a file of `binds` in place, with the folders above it. */
const putFile = (host: Host, path: string, bytes: string): void => {
  const view = { netns: host.kernel.initNetns, pid: 1 }
  const parts = path.split('/').slice(1, -1)
  for (let i = 1; i <= parts.length; i++) host.fs.mkdir('/' + parts.slice(0, i).join('/'), '/', view)
  must(host.fs.writeFile(path, toBytes(bytes), '/', view))
}

const labMac = (n: number): Uint8Array => Uint8Array.of(0xaa, 0xc1, 0xab, 0, (n >> 8) & 255, n & 255)

/** What a machine has before its cables: lo, and, if it is a switch, a bridge named like the node. */
const powerOn = (host: Host, node: LabNode): void => {
  const { initNetns } = host.kernel
  // A switch has no addresses of its own: not even ::1.
  const off = node.kind === 'bridge' ? 1 : 0
  initNetns.disableIpv6.all = initNetns.disableIpv6.default = initNetns.loopback.disableIpv6 = off
  devOpen(initNetns.loopback)
  if (node.kind !== 'bridge') return
  must(linkNew(initNetns, { kind: 'bridge', name: node.name, bridge: { mcastSnooping: false }, up: true }))
}

/** /run and /tmp live in memory only. */
const emptyFolders = (host: Host): void => {
  const view = { netns: host.kernel.initNetns, pid: 1 }
  for (const path of ['/run', '/tmp']) {
    const dir = host.fs.lookup(path, '/', view)
    if ('kind' in dir && dir.kind === 'dir') dir.entries.clear()
  }
}

/** FNV-1a, so that the seed depends on the lab alone. */
const seedOf = (name: string): number => {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h >>> 0
}

const must = <T>(value: T | Refusal | undefined): T => {
  if (value instanceof Refusal)
    throw new Error(`the lab's own wiring was refused: ${value.errno} ${value.extack ?? ''}`)
  return value as T
}

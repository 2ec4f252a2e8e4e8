/**
 * The lab as it runs behind one widget: a world, a console per machine, and everything that was typed. Knows nothing of
 * the page; whoever shows it sets `onText` and `onTyped`.
 */
import type { Process } from '../../proc/process.ts'
import { bootWorld } from '../../lab/boot.ts'
import { Console, drive } from '../../lab/console.ts'
import type { Lab } from '../../lab/lab.ts'
import { World, type LogEntry } from '../../lab/world.ts'
import type { Program } from '../../userland/program.ts'

/** What a terminal stands ready for: a command, the rest of one, or nothing, while a program has it. */
export type Readiness = 'PS1' | 'PS2' | 'running'

export interface Listener {
  /** A program printed. */
  text(node: string, text: string): void
  /** A line or key is about to be typed. */
  typed(entry: LogEntry, readiness: Readiness): void
}

export class Machines {
  readonly world: World
  readonly #consoles = new Map<string, Console>()
  readonly #shells = new Map<string, Process>()

  private constructor(world: World, listener: Listener) {
    this.world = world
    for (const node of world.hosts.keys()) {
      const console = new Console(world, node)
      console.onOutput = (text) => {
        listener.text(node, text)
      }
      this.#consoles.set(node, console)
    }
  }

  /** Boots the lab, then does again what `log` says; `rest` is called between entries so that the page stays alive. */
  static async boot(
    lab: Lab,
    programs: readonly Program[],
    listener: Listener,
    log: readonly LogEntry[],
    now: number | undefined,
    rest: () => Promise<void>,
  ): Promise<Machines> {
    const world = await bootWorld(lab, programs)
    const machines = new Machines(world, listener)
    for (const entry of log) {
      await drive(world, world.replay([], entry.at))
      listener.typed(entry, machines.readiness(entry.node))
      machines.#shells.set(entry.node, world.shell(entry.node))
      await drive(world, world.replay([entry], entry.at))
      machines.forget()
      await rest()
    }
    if (now !== undefined) await drive(world, world.replay([], now))
    machines.forget()
    return machines
  }

  console(node: string): Console {
    return this.#consoles.get(node) as Console
  }

  /** A shell that has not started, or has ended, starts when something is typed: to a person it waits. */
  readiness(node: string): Readiness {
    const shell = this.#shells.get(node)
    if (shell === undefined || shell.status !== undefined) return 'PS1'
    const { tty } = this.world.host(node)
    return tty.prompt !== undefined && tty.inputEmpty ? tty.prompt : 'running'
  }

  /** Does a program read the terminal of `node`? */
  reading(node: string): boolean {
    return this.readiness(node) === 'running' && this.console(node).reading
  }

  /** Types one line, as a command where the prompt waits. */
  line(node: string, text: string): void {
    const { world } = this
    world.settle()
    const shell = world.shell(node)
    this.#shells.set(node, shell)
    const console = this.console(node)
    if (console.prompt === 'PS1') console.start(text, { node, command: text, n: world.log.length + 1 })
    else console.input(text)
  }

  key(node: string, key: 'int' | 'eof' | 'quit' | 'kill'): void {
    const { world } = this
    world.settle()
    this.#shells.set(node, world.shell(node))
    world.press({ at: world.sim.clock.now, node, key, text: '' })
  }

  /** Is anything under way: a program in a foreground, or a job in a background? */
  get busy(): boolean {
    for (const node of this.world.hosts.keys()) if (this.runs(node)) return true
    return false
  }

  /** The same on one machine. */
  runs(node: string): boolean {
    if (this.readiness(node) === 'running') return true
    const shell = this.#shells.get(node)
    for (const proc of this.world.host(node).processes.values())
      if (proc.status === undefined && proc.stopped === undefined && proc !== shell) return true
    return false
  }

  /** Consoles keep output for whoever takes it as lines; here it has been shown already. */
  forget(): void {
    for (const console of this.#consoles.values()) console.take()
  }
}

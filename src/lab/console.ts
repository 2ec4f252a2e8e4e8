import { fromBytes } from '../proc/bytes.ts'
import type { Cause } from '../kernel/sim.ts'
import { outputLines, type OutputLine } from './session.ts'
import type { Key, Outcome, World } from './world.ts'

/** When a command that does not end by itself is interrupted, in ns after it was typed (formats.md, Session). */
const PING_LIMIT = 3.5e9
export const COMMAND_LIMIT = 20e9
/** A program that does not heed Ctrl-C gets it again after this time, and in the end SIGQUIT and SIGKILL. */
const PATIENCE = 3e9

/** Characters of output that one command may show; the rest is counted, not kept. */
const MAX_OUTPUT = 400_000

/**
 * Does this command line run a ping that goes on until it is interrupted? (also within `ip netns exec`, `docker exec`,
 * `sudo`.) Only its first word decides, as when the recordings were made.
 */
export const isEndlessPing = (text: string): boolean => {
  const first = text.split('\n', 1)[0] as string
  return (
    /^\s*(sudo\s+)?(ip\s+netns\s+exec\s+\S+\s+|ip\s+-n\s+\S+\s+)?(docker\s+exec\s+(-\S+\s+)*\S+\s+)?ping6?\b/.test(
      first,
    ) &&
    !/\s-\w*[cw]\s*\d|--help|\s-V\b/.test(first) &&
    !first.trimEnd().endsWith('&')
  )
}

/** One machine's terminal as the driver of a world sees it: types lines, presses keys, collects what is shown. */
export class Console {
  readonly world: World
  readonly node: string
  /** Called with text as it is shown (Unicode), for a page that shows it live. */
  onOutput: ((text: string) => void) | undefined
  #segments: (string | { readonly ctrlC: number })[] = ['']
  #size = 0
  #startedAt = 0

  constructor(world: World, node: string) {
    this.world = world
    this.node = node
    world.host(node).tty.onOutput = (bytes) => this.#show(bytes)
  }

  #show(bytes: string): void {
    this.#size += bytes.length
    if (this.#size > MAX_OUTPUT) return
    const i = this.#segments.length - 1
    this.#segments[i] = (this.#segments[i] as string) + bytes
    this.onOutput?.(fromBytes(bytes))
  }

  /** Is the prompt back, with nothing typed ahead? */
  get idle(): boolean {
    const { tty } = this.world.host(this.node)
    return tty.prompt === 'PS1' && tty.inputEmpty
  }
  get prompt(): 'PS1' | 'PS2' | undefined {
    return this.world.host(this.node).tty.prompt
  }
  /** Exit status of the last command line. */
  get status(): number {
    return this.world.host(this.node).tty.status
  }
  /** Does the program in the foreground wait for a line from the terminal? */
  get reading(): boolean {
    const { tty } = this.world.host(this.node)
    return tty.prompt === undefined && tty.reading
  }
  /** Seconds since the running command was typed. */
  get elapsed(): number {
    return (this.world.sim.clock.now - this.#startedAt) / 1e9
  }

  /** Types a command (several lines are typed at once). What it configures will carry `cause`. */
  start(text: string, cause: Cause): void {
    this.world.settle()
    this.world.shell(this.node).cause = cause
    this.#startedAt = this.world.sim.clock.now
    this.world.press({ at: this.#startedAt, node: this.node, key: 'line', text })
  }
  /** Types a line to whatever reads the terminal. */
  input(text: string): void {
    this.#press('line', text)
  }
  /** Presses Ctrl-C; `echo` shows it among the output. Either way its echo ends a line. */
  ctrlC(echo = true): void {
    if (echo) {
      this.#segments.push({ ctrlC: Math.round(this.elapsed * 1000) / 1000 }, '')
      this.onOutput?.('^C')
    } else this.#segments.push('')
    this.#press('int')
  }
  ctrlD(): void {
    this.#press('eof')
  }
  #press(key: Key, text = ''): void {
    this.world.settle()
    this.world.press({ at: this.world.sim.clock.now, node: this.node, key, text })
  }

  /** What was shown since the last call, as lines. */
  take(): OutputLine[] {
    const segments = this.#segments
    this.#segments = ['']
    const cut = this.#size - MAX_OUTPUT
    this.#size = 0
    const lines: OutputLine[] = []
    segments.forEach((s, i) => {
      if (typeof s !== 'string') {
        lines.push(s)
        return
      }
      // The key's echo ends its line: a program that prints a newline first has printed that end.
      const text = fromBytes(i > 0 && s.startsWith('\n') ? s.slice(1) : s)
      for (const line of outputLines(text)) lines.push(line)
    })
    if (cut > 0) lines.push(`[${cut} more bytes were printed; only the first ${MAX_OUTPUT} are kept]`)
    return lines
  }

  /**
   * Waits until the prompt is back; a command that does not end is interrupted at `deadline` (ns). Yields 'external'
   * where it has to wait for something outside the model.
   */
  *finish(deadline: number): Generator<Outcome, void> {
    // What a background job waits for outside the model has to be there too: what is typed next must find the same world
    // however long the loading took.
    const { scheduler } = this.world
    const done = (): boolean => this.idle && scheduler.external === 0 && scheduler.idle
    for (let interrupts = 0; !done();) {
      const outcome = this.world.advance(done, deadline)
      if (outcome === 'done') return
      if (outcome === 'external') {
        yield outcome
        continue
      }
      if (outcome === 'runaway') this.#show('\n[stopped: the command took too many steps]\n')
      if (interrupts >= 4) return
      if (interrupts < 2) this.ctrlC()
      else this.#press(interrupts === 2 ? 'quit' : 'kill')
      interrupts++
      deadline = this.world.sim.clock.now + PATIENCE
    }
  }

  /** When the command that was started is interrupted, unless it has ended by then. */
  deadline(text: string, interruptAt?: number): number {
    return (
      this.#startedAt +
      (interruptAt !== undefined ? interruptAt * 1e9 : isEndlessPing(text) ? PING_LIMIT : COMMAND_LIMIT)
    )
  }

  /** Types a command and waits for its end. `interruptAt`: seconds after which Ctrl-C is pressed. */
  *run(text: string, cause: Cause, interruptAt?: number): Generator<Outcome, void> {
    this.start(text, cause)
    yield* this.finish(this.deadline(text, interruptAt))
  }
}

/** Drives a generator of a world to its end; waits for what lies outside the model. */
export const drive = async <T>(world: World, task: Generator<Outcome, T>): Promise<T> => {
  for (;;) {
    const step = task.next()
    if (step.done) return step.value
    await new Promise<void>((resolve) => {
      world.scheduler.onExternal = resolve
      if (world.scheduler.external === 0) resolve()
    })
  }
}

/** The same where nothing outside the model may be needed; throws if it is. */
export const driveSync = <T>(task: Generator<Outcome, T>): T => {
  const step = task.next()
  if (!step.done) throw new Error('a program that is loaded on demand is not loaded yet')
  return step.value
}

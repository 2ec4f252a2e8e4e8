import type { Refusal } from '../kernel/refusal.ts'
import { OpenFile, type Chunk } from './file.ts'
import type { Process } from './process.ts'
import type { Signal } from './signal.ts'
import { WaitQueue } from './wait.ts'

/** The terminal of one machine, in canonical mode: lines go in, bytes come out (termios(3)). */
export class Tty extends OpenFile {
  override readonly isTty = true
  readonly columns = 120
  readonly rows = 40
  /** Process group that Ctrl-C reaches and that may read. */
  foreground = 0
  /** Set while a shell waits here for a command: PS1 for a new one, PS2 for the rest of one. */
  prompt: 'PS1' | 'PS2' | undefined
  /** Exit status of the last command line ($?), told by the shell whenever it prompts. */
  status = 0
  /** Where output goes; the driver sets it. */
  onOutput: (bytes: string) => void = () => {}
  /** Typed lines; an end of file is undefined. */
  readonly #input: (string | undefined)[] = []
  readonly #queue = new WaitQueue()
  override readonly readable = this.#queue.wait

  /** Bytes typed by a person: whole lines, each with its newline. */
  type(bytes: string): void {
    for (const line of bytes.match(/[^\n]*\n|[^\n]+$/g) ?? []) this.#input.push(line)
    this.#queue.wakeAll()
  }
  /** Ctrl-D on an empty line. */
  endOfFile(): void {
    this.#input.push(undefined)
    this.#queue.wakeAll()
  }
  /** Does a program wait for a line? */
  get reading(): boolean {
    return this.#queue.active
  }
  get inputEmpty(): boolean {
    return this.#input.length === 0
  }
  /** Throws away what was typed ahead (Ctrl-C does). */
  flushInput(): void {
    this.#input.length = 0
  }

  /** Ctrl-C, Ctrl-\ or Ctrl-Z: the signal goes to every process of the foreground group. */
  signalForeground(signal: Signal, processes: Iterable<Process>): void {
    for (const p of [...processes]) if (p.pgid === this.foreground) p.signal(signal)
  }

  override read(max: number): Chunk {
    if (this.#input.length === 0) return undefined
    const line = this.#input[0]
    if (line === undefined) {
      this.#input.shift()
      return ''
    }
    if (line.length <= max) this.#input.shift()
    else this.#input[0] = line.slice(max)
    return line.slice(0, max)
  }
  override write(bytes: string): Refusal | undefined {
    this.onOutput(bytes)
    return undefined
  }
}

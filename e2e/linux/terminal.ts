/**
 * A terminal of a node: an interactive bash on a pseudo-terminal of 120x40, typed into as a person would.
 * `script` of util-linux makes the pseudo-terminal, so that no native module is needed.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { StringDecoder } from 'node:string_decoder'
import type { OutputLine } from '../../src/lab/session.ts'
import { outputLines } from '../../src/lab/session.ts'
import { ENVIRONMENT, type Machine } from './machine.ts'

/** The prompt: control characters that no program prints, around the exit status. */
const PROMPT = '\x1e@@P$?@@\x1e'
const PROMPT_SHOWN = /\x1e@@P(\d+)@@\x1e/

/** The number of a pseudo-terminal is chance where other machines have theirs: a node's own is its first. Same length. */
const PTY = /\bpts\/\d+/g
const firstPty = (name: string): string => 'pts/0'.padEnd(name.length)

/** Seconds after a Ctrl-C that was not obeyed until the next one. */
const PATIENCE = 3

export interface Shown {
  output: OutputLine[]
  /** The exit status of what was typed; null while it still holds the foreground. */
  status: number | null
}

export class Terminal {
  readonly #node: string
  readonly #script: ChildProcessWithoutNullStreams
  /** What came and was not handed out yet. */
  #text = ''
  #interrupts: { offset: number; seconds: number | null }[] = []
  #ended = false
  #wake: (() => void) | undefined

  private constructor(machine: Machine) {
    this.#node = machine.name
    // a shell that is not interactive drops PS1, so it is set behind the one that `script` starts
    const prompts = [`'PS1=${PROMPT}'`, 'PS2=', 'PROMPT_COMMAND=']
    const [file, args] = machine.enter('setsid', '-c', '-w', 'env', '-C', '/root', ...prompts, 'bash')
    const shell = [file, ...args, '--norc', '--noprofile', '--noediting', '-i'].join(' ')
    const command = `stty rows 40 cols 120 -echo -opost && exec ${shell}`
    this.#script = spawn('script', ['-q', '-f', '-E', 'never', '-c', command, '/dev/null'], {
      env: ENVIRONMENT,
    })
    const decoder = new StringDecoder('utf8')
    this.#script.stdout.on('data', (chunk: Buffer) => {
      this.#text += decoder.write(chunk)
      this.#wake?.()
    })
    this.#script.on('exit', () => {
      this.#ended = true
      this.#wake?.()
    })
    // the shell may be gone when we type; the missing prompt says so
    this.#script.stdin.on('error', () => undefined)
  }

  static async open(machine: Machine): Promise<Terminal> {
    const terminal = new Terminal(machine)
    await terminal.wait([10])
    return terminal
  }

  /** Types a command and waits for the prompt; a Ctrl-C comes at each of `due`, in seconds. */
  async type(text: string, due: readonly number[], pinned: readonly (number | null)[] = []): Promise<Shown> {
    this.#script.stdin.write(text + '\n')
    const shown = await this.wait(due, pinned)
    // lines that are complete commands bring a prompt each
    if (text.includes('\n')) {
      await sleep(100)
      while (PROMPT_SHOWN.test(this.#text)) {
        const more = this.#take()
        shown.output.push(...more.output)
        shown.status = more.status
      }
    }
    return shown
  }

  /** Types a line that will hold the foreground unless it ends within that time. */
  async typeAndHold(text: string, seconds: number): Promise<Shown> {
    this.#script.stdin.write(text + '\n')
    return (await this.#prompt(seconds)) ? this.#take() : this.#takeSoFar()
  }

  /** Types a line that holds the foreground if it reads the terminal; otherwise waits for the prompt. */
  async typeAndListen(text: string, due: readonly number[]): Promise<Shown> {
    this.#script.stdin.write(text + '\n')
    const started = performance.now()
    while (!(await this.#prompt(0.1))) {
      // the shell reads too, once its prompt is on the way to us
      if ((await this.#readsTerminal()) && !(await this.#prompt(0.2))) return this.#takeSoFar()
      const passed = (performance.now() - started) / 1000
      if (passed > (due[0] ?? 0)) return this.wait([0])
    }
    return this.#take()
  }

  /** Presses Ctrl-C or Ctrl-D for the command that holds the foreground, if it still does. */
  async press(key: '^C' | '^D', settle: number): Promise<Shown> {
    if (await this.#prompt(settle)) return this.#take()
    const before = this.#takeSoFar().output
    this.#script.stdin.write(key === '^C' ? '\x03' : '\x04')
    const shown = await this.wait([20])
    // the terminal's echo of the key would end the line that the key stands on
    if (key === '^C' && shown.output[0] === '') shown.output.shift()
    return { output: [...before, ...shown.output], status: shown.status }
  }

  /** Whether some process of this terminal waits for a line to be typed. */
  async #readsTerminal(): Promise<boolean> {
    for (const pid of await descendants(this.#script.pid ?? 0)) {
      const stack = await readFile(`/proc/${pid}/stack`, 'utf8').catch(() => '')
      if (stack.includes('n_tty_read')) return true
    }
    return false
  }

  /** What came without the prompt coming back. */
  #takeSoFar(): Shown {
    const output = outputLines(this.#text.replaceAll('\r\n', '\n'))
    this.#text = ''
    return { output, status: null }
  }

  async wait(due: readonly number[], pinned: readonly (number | null)[] = []): Promise<Shown> {
    const started = performance.now()
    const last = due.at(-1) ?? 0
    const times = [...due, last + PATIENCE, last + 2 * PATIENCE]
    for (const [i, at] of times.entries()) {
      if (await this.#prompt(at - (performance.now() - started) / 1000)) return this.#take()
      this.#interrupts.push({ offset: this.#text.length, seconds: pinned[i] ?? null })
      this.#script.stdin.write('\x03')
    }
    this.#script.stdin.write('\x1c')
    if (await this.#prompt(PATIENCE)) return this.#take()
    throw new Error(`node ${this.#node} hangs; it printed ${JSON.stringify(this.#text)}`)
  }

  /** Whether the prompt shows within that time. */
  async #prompt(seconds: number): Promise<boolean> {
    const deadline = performance.now() + seconds * 1000
    for (;;) {
      if (PROMPT_SHOWN.test(this.#text)) return true
      if (this.#ended)
        throw new Error(`node ${this.#node}: the shell ended; it printed ${JSON.stringify(this.#text)}`)
      const left = deadline - performance.now()
      if (left <= 0) return false
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.#wake = undefined
    }
  }

  /** What came up to the prompt. What background jobs print after it belongs to the next block. */
  #take(): Shown {
    const prompt = PROMPT_SHOWN.exec(this.#text)
    if (!prompt) throw new Error('no prompt')
    const text = this.#text.slice(0, prompt.index).replace(PTY, firstPty)
    const output = withInterrupts(text, this.#interrupts)
    this.#text = this.#text.slice(prompt.index + prompt[0].length)
    this.#interrupts = []
    return { output, status: Number(prompt[1]) }
  }

  close(): void {
    this.#script.kill('SIGKILL')
  }
}

/**
 * The echo `^C` stands on a line of its own. What the program prints first after it usually is a newline, for the cursor
 * stands behind the echo: that newline ends the line of the `^C`.
 */
export function withInterrupts(
  text: string,
  interrupts: readonly { offset: number; seconds: number | null }[],
) {
  const output: OutputLine[] = []
  let from = 0
  for (const [i, { offset, seconds }] of [
    ...interrupts,
    { offset: text.length, seconds: undefined },
  ].entries()) {
    const part = text.slice(from, offset).replaceAll('\r\n', '\n')
    output.push(...outputLines(i > 0 && part.startsWith('\n') ? part.slice(1) : part))
    if (seconds !== undefined) output.push({ ctrlC: seconds })
    from = offset
  }
  return output
}

async function descendants(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const pids = children.split(' ').filter(Boolean).map(Number)
  return [...pids, ...(await Promise.all(pids.map(descendants))).flat()]
}

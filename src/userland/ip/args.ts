import { Refusal } from '../../kernel/refusal.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'

/** True where `word` is `full` or a beginning of it: ip takes any (even an ambiguous) abbreviation, the first match wins. */
export const matches = (word: string, full: string): boolean => word !== '' && full.startsWith(word)

/** The first row whose name the word is, or begins: the order of the rows is behaviour. */
export const rowFor = <Row extends readonly [name: string, ...rest: unknown[]]>(
  table: readonly Row[],
  word: string,
): Row | undefined => {
  if (word === '') return undefined
  for (let i = 0; i < table.length; i++) if ((table[i] as Row)[0].startsWith(word)) return table[i]
  return undefined
}

/** A command failed and has said so; the next line of a batch may still be run (`-force`). */
export class CommandFailed extends Error {
  readonly status: number
  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

/** Says so on standard error and ends the process, even in a batch. */
export const quit = (proc: Process, status: number, text: string): never => {
  proc.err(text + '\n')
  return proc.exit(status)
}

/**
 * Says so on standard error and ends the command. What is wrong with the words themselves (255) ends the process, as
 * ip calls exit(3) there; all else only fails.
 */
export const die = (proc: Process, status: number, text: string): never => {
  proc.err(text + '\n')
  if (status === 255) return proc.exit(255)
  throw new CommandFailed(status)
}

/** A word is not what its place asks for. Some reasons end with a newline of their own. */
export const invalid = (proc: Process, word: string, why: string): never =>
  die(proc, 255, `Error: argument "${word}" is wrong: ${why}`)

/** Something that exists on Linux and that we do not pretend to do. */
export const notSimulated = (proc: Process, what: string): never =>
  quit(proc, 125, `${proc.name.split('/').at(-1)}: ${what}: real, but not simulated here`)

/** What the kernel refused, in iproute2's words. */
export const printRefusal = (proc: Process, refusal: Refusal): void => {
  const { errno, extack } = refusal
  if (extack === undefined) proc.err(`RTNETLINK answers: ${strerror(errno)}\n`)
  else proc.err(`Error: ${extack}${extack.endsWith('.') ? '' : '.'}\n`)
}

/** Exit status after a request: 0, or `status` and a message where the kernel refused. */
export const answered = (proc: Process, refusal: unknown, status = 2): number => {
  if (!(refusal instanceof Refusal)) return 0
  printRefusal(proc, refusal)
  return status
}

/** The words after a subcommand, read one by one. */
export class Args {
  readonly proc: Process
  readonly #words: readonly string[]
  #at = 0

  constructor(proc: Process, words: readonly string[]) {
    this.proc = proc
    this.#words = words
  }
  get left(): number {
    return this.#words.length - this.#at
  }
  peek(): string | undefined {
    return this.#words[this.#at]
  }
  shift(): string | undefined {
    return this.#words[this.#at++]
  }
  /** Puts back the word that was read last. */
  unshift(): void {
    this.#at--
  }
  rest(): readonly string[] {
    return this.#words.slice(this.#at)
  }
  /** The word that must follow a keyword. */
  value(): string {
    return this.shift() ?? this.incomplete()
  }
  incomplete(): never {
    return die(this.proc, 255, 'Command line is not complete. Try option "help"')
  }
  invalid(word: string, why: string): never {
    return invalid(this.proc, word, why)
  }
  duplicate(key: string, word: string): never {
    return die(this.proc, 255, `Error: duplicate "${key}": "${word}" is the second value.`)
  }
  garbage(key: string, word: string): never {
    return die(this.proc, 255, `Error: either "${key}" is duplicate, or "${word}" is a garbage.`)
  }
  /** A number as strtoul(3) reads it with base 0; `why` where it is none or too large. */
  number(why: string, max = 0xffffffff): number {
    const word = this.value()
    const n = parseNumber(word)
    return n === undefined || n < 0 || n > max ? this.invalid(word, why) : n
  }
  onOff(key: string): boolean {
    const word = this.value()
    if (word === 'on') return true
    if (word === 'off') return false
    return die(this.proc, 1, `Error: argument of "${key}" must be "on" or "off", not "${word}"`)
  }
}

/** strtol(3) with base 0: decimal, 0x…, 0… (octal), a sign; undefined where anything is left over. */
export const parseNumber = (text: string): number | undefined => {
  const m = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(text)
  if (m === null) return undefined
  const digits = m[2] as string
  const n = /^0[0-7]/.test(digits) ? parseInt(digits, 8) : Number(digits)
  return m[1] === '-' ? -n : n
}

/**
 * The session format: a transcript as a terminal shows it (`A$ ping -c 1 10.0.0.2`, then what came).
 * One text serves as script, recording, golden, submission and solution.
 */
import { ContentError, nearest } from './content-error.ts'

/** A Ctrl-C that stands among the output; `seconds` since the command started, where the text says it (`^C 6.2s`). */
export interface CtrlC {
  readonly ctrlC: number | null
}

/** One line that the terminal showed, without its newline and without the escaping backslash; or a Ctrl-C. */
export type OutputLine = string | CtrlC

export interface SessionCommand {
  /** Whole lines, `##` included. */
  readonly comments: readonly string[]
  readonly node: string
  /** What is typed, its lines joined by newlines; `^C` or `^D` for a key at the second terminal (see `isKey`). */
  readonly text: string
  readonly output: readonly OutputLine[]
  /** The exit status that `[exit N]` pins. */
  readonly exit?: number
  /** Where the prompt stands in its file, from 1; 0 where there is no file. */
  readonly line: number
}

export interface Session {
  /** Only these names make a prompt. */
  readonly nodes: readonly string[]
  readonly commands: readonly SessionCommand[]
}

/**
 * A key pressed while an earlier command of that node holds the foreground. What that command printed since it gave way
 * to other nodes stands under this line; the terminal's echo of the key (`^C` and its newline) does not.
 */
export function isKey(command: SessionCommand): boolean {
  return command.text === '^C' || command.text === '^D'
}

/** Whether a key line for the same node comes later: then that node's command may hold the foreground until it. */
export function keyFollows(session: Session, index: number): boolean {
  const node = session.commands[index]?.node
  return session.commands.slice(index + 1).some((c) => c.node === node && isKey(c))
}

export function parseSession(text: string, nodeNames: Iterable<string>, file = 'session'): Session {
  const nodes = [...nodeNames]
  const names = new Set(nodes)
  const commands: SessionCommand[] = []
  let current: Draft | undefined
  let comments: string[] = []
  let line = 0
  for (const raw of splitLines(text)) {
    line++
    const at = { file, line, column: 1 }
    const prompt = splitPrompt(raw, names)
    if (prompt) {
      if (current) commands.push(finish(current))
      current = { ...prompt, comments, output: [], line, open: true }
      comments = []
    } else if (current?.open && isContinuation(raw)) {
      current.text += '\n' + raw.slice(2)
    } else if (raw.startsWith('##')) {
      comments.push(raw)
    } else if (current) {
      // these `##` lines did not stand right before a prompt: output after all
      current.output.push(...comments)
      comments = []
      readOutput(raw, current, at)
    } else if (raw !== '') {
      throw new ContentError(
        at,
        `${JSON.stringify(shorten(raw))} stands before the first prompt`,
        promptAdvice(raw, nodes),
      )
    }
    if (current && !prompt && !isContinuation(raw)) current.open = false
  }
  if (current) {
    current.output.push(...comments)
    commands.push(finish(current))
  }
  return { nodes, commands }
}

/** The text that `parseSession` reads back to the same commands. */
export function printSession(session: Session): string {
  const names = new Set(session.nodes)
  const lines: string[] = []
  for (const command of session.commands) {
    lines.push(...command.comments)
    const [first = '', ...more] = command.text.split('\n')
    lines.push(`${command.node}$ ${first}`)
    for (const l of more) lines.push(l === '' ? '>' : `> ${l}`)
    for (const l of command.output) lines.push(typeof l === 'string' ? escape(l, names) : printCtrlC(l))
    if (command.exit !== undefined) lines.push(`[exit ${command.exit}]`)
  }
  return lines.map((l) => l + '\n').join('')
}

/** Output as the terminal received it, cut into lines; a last line without newline gets one. */
export function outputLines(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

interface Draft {
  comments: string[]
  node: string
  text: string
  output: OutputLine[]
  exit?: number
  line: number
  /** No output line came yet: `> ` continues the command. */
  open: boolean
}

function finish({ open: _, ...command }: Draft): SessionCommand {
  return command
}

function readOutput(raw: string, command: Draft, at: { file: string; line: number; column: number }): void {
  if (command.exit !== undefined) {
    throw new ContentError(
      at,
      `output follows [exit ${command.exit}]`,
      'Move [exit N] to the end of the output, or write \\[exit … where the command printed it.',
    )
  }
  if (raw.startsWith('[exit ')) {
    const n = /^\[exit (\d{1,3})\]$/.exec(raw)?.[1]
    if (n === undefined || Number(n) > 255) {
      throw new ContentError(
        at,
        `${JSON.stringify(shorten(raw))} is no exit status`,
        'Write [exit N] with N from 0 to 255, or \\[exit … where the command printed it.',
      )
    }
    command.exit = Number(n)
  } else if (raw === '^C') {
    command.output.push({ ctrlC: null })
  } else if (/^\^C\s+[\d.,]/.test(raw)) {
    const seconds = /^\^C (\d+(?:\.\d+)?)s$/.exec(raw)?.[1]
    if (seconds === undefined) {
      throw new ContentError(
        { ...at, column: 4 },
        `${JSON.stringify(shorten(raw))} is no time of a Ctrl-C`,
        'Write it like ^C 6.2s, or \\^C … where the command printed it.',
      )
    }
    command.output.push({ ctrlC: Number(seconds) })
  } else {
    command.output.push(raw.startsWith('\\') ? raw.slice(1) : raw)
  }
}

function splitPrompt(line: string, names: ReadonlySet<string>): { node: string; text: string } | undefined {
  const dollar = line.indexOf('$ ')
  if (dollar <= 0) return undefined
  const node = line.slice(0, dollar)
  return names.has(node) ? { node, text: line.slice(dollar + 2) } : undefined
}

function isContinuation(line: string): boolean {
  return line === '>' || line.startsWith('> ')
}

function escape(line: string, names: ReadonlySet<string>): string {
  const special =
    isContinuation(line) ||
    ['##', '^C', '[exit ', '\\'].some((s) => line.startsWith(s)) ||
    splitPrompt(line, names)
  return special ? '\\' + line : line
}

function printCtrlC({ ctrlC }: CtrlC): string {
  return ctrlC === null ? '^C' : `^C ${ctrlC}s`
}

/** Lines without their ends; CRLF only where the whole text has it, for a command may print a lone CR. */
function splitLines(text: string): string[] {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  const crlf = body.includes('\r\n') && !/(?:^|[^\r])\n/.test(body)
  return outputLines(crlf ? body.replaceAll('\r\n', '\n') : body)
}

function promptAdvice(line: string, nodes: readonly string[]): string {
  const written = /^([\w-]+)\$/.exec(line)?.[1]
  const meant = written === undefined ? undefined : nearest(written, nodes)
  if (meant !== undefined) return `Did you mean ${meant}$ ? This lab has ${nodes.join(', ')}.`
  return `Begin with a prompt such as "${nodes[0] ?? 'A'}$ ip addr"; this lab has ${nodes.join(', ')}.`
}

function shorten(line: string): string {
  return line.length > 60 ? line.slice(0, 59) + '…' : line
}

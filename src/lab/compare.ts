/**
 * Compares a session with another run of it, command by command. What is chance on a real machine may differ
 * (`chance.ts`); all else, down to the last blank, must be equal.
 */
import { CHANCE, type Chance } from './chance.ts'
import { diffLines, matchingPairs } from './diff.ts'
import { isKey, type Session, type SessionCommand } from './session.ts'

export interface Failed {
  /** Counts from 1, in the expected session; 0 for a command that only the actual one has. */
  readonly n: number
  readonly node: string
  readonly command: string
  /** Lines that begin with `-` (expected) or `+` (actual), or one that says in words what is wrong. */
  readonly diff: readonly string[]
}

export interface Comparison {
  readonly commands: number
  readonly match: number
  readonly failed: readonly Failed[]
}

/** `exact`: nothing is left to chance. */
export function compareSessions(expected: Session, actual: Session, { exact = false } = {}): Comparison {
  const left = exact ? undefined : new Reading(expected, expected)
  const right = exact ? undefined : new Reading(actual, expected)
  const names = new Pairing()
  const failed: Failed[] = []
  let match = 0
  const key = (c: SessionCommand) => `${c.node}$ ${c.text.trim()}`
  const partners = matchingPairs(expected.commands.map(key), actual.commands.map(key))
  for (const [i, command] of expected.commands.entries()) {
    const partner = partners.get(i)
    const other = partner === undefined ? undefined : actual.commands[partner]
    const diff =
      partner === undefined || other === undefined
        ? ['the other session lacks this command']
        : compareCommand(
            [command, left?.block(i) ?? plain(command)],
            [other, right?.block(partner) ?? plain(other)],
            names,
          )
    if (diff.length === 0) match++
    else failed.push({ n: i + 1, node: command.node, command: command.text, diff })
  }
  const paired = new Set(partners.values())
  for (const [i, { node, text }] of actual.commands.entries()) {
    if (!paired.has(i))
      failed.push({ n: 0, node, command: text, diff: ['only the other session has this command'] })
  }
  return { commands: expected.commands.length, match, failed }
}

type Side = readonly [SessionCommand, Block]

function compareCommand([e, expected]: Side, [a, actual]: Side, names: Pairing): string[] {
  const diff = diffLines(expected.lines, actual.lines)
  if (diff.length > 0) return diff
  if (e.exit !== undefined && e.exit !== a.exit)
    return [`-[exit ${e.exit}]`, `+[exit ${a.exit ?? 'not written'}]`]
  const wrong = names.pair(expected.names, actual.names)
  return wrong === undefined ? [] : [wrong]
}

/** What a command printed, with placeholders for what is chance, and the names that were chance, in their order. */
interface Block {
  readonly lines: readonly string[]
  readonly names: readonly ChanceName[]
}

interface ChanceName {
  readonly space: string
  readonly value: string
  readonly within: 'session' | 'command'
}

function plain(command: SessionCommand): Block {
  return { lines: command.output.map((l) => (typeof l === 'string' ? l : '^C')), names: [] }
}

/** Reads one session through the list of chance; what `typed` says is not chance. */
class Reading {
  readonly #session: Session
  /** Names that somebody typed, in lower case. */
  readonly #typed: ReadonlySet<string>
  readonly #hasBridge: boolean

  constructor(session: Session, typed: Session) {
    this.#session = session
    const text = typed.commands.map((c) => c.text).join('\n')
    const names = CHANCE.flatMap((row) => (row.kind === 'name' ? (text.match(row.find) ?? []) : []))
    this.#typed = new Set(names.map(canonical))
    this.#hasBridge = /\btype bridge\b|\baddbr\b/.test(text)
  }

  block(index: number): Block {
    const command = this.#session.commands[index]
    if (!command) throw new RangeError(`no command ${index}`)
    const about = this.#about(index)
    const rows = CHANCE.filter((row) => row.when?.test(about) ?? true)
    const late = rows.filter((row) => row.kind === 'late')
    const read = plain(command)
      .lines.filter((line) => !late.some((row) => row.find.test(line)))
      .map((line) => this.#line(line, rows))
    for (const row of rows) {
      if (row.kind !== 'unordered') continue
      const rank = (line: string) => (row.head?.test(line) ? 0 : line.trim() === '' ? 2 : 1)
      read.sort((x, y) => rank(x.text) - rank(y.text) || (rank(x.text) === 1 ? order(x.text, y.text) : 0))
    }
    return { lines: read.map((r) => r.text), names: read.flatMap((r) => r.names) }
  }

  /** What was typed; for a key, the command that it was pressed for. */
  #about(index: number): string {
    const { node } = this.#session.commands[index] ?? {}
    for (let i = index; i >= 0; i--) {
      const command = this.#session.commands[i]
      if (command && command.node === node && !isKey(command)) return command.text
    }
    return ''
  }

  #line(line: string, rows: readonly Chance[]): { text: string; names: ChanceName[] } {
    const names: ChanceName[] = []
    let text = line
    for (const row of rows) {
      if (row.kind === 'text') text = text.replace(row.find, row.put)
      if (row.kind !== 'name') continue
      text = text.replace(row.find, (found) => {
        const value = canonical(found)
        if (row.fixed?.test(found) || this.#typed.has(value)) return found
        // A bridge takes the lowest of its ports' random addresses. Which port that is, is chance: no telling apart.
        if (row.within === 'command' || !this.#hasBridge)
          names.push({ space: row.space, value, within: row.within })
        return row.put
      })
    }
    return { text, names }
  }
}

function canonical(name: string): string {
  return name.toLowerCase().replaceAll(':', '')
}

function order(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0
}

/** Expected name <-> actual name, one to one. */
class Pairing {
  readonly #session = new Map<string, string>()

  /** Says what does not fit; only pairs that fit together are kept. */
  pair(expected: readonly ChanceName[], actual: readonly ChanceName[]): string | undefined {
    const command = new Map<string, string>()
    const session = new Map(this.#session)
    for (const [i, e] of expected.entries()) {
      const a = actual[i]
      if (!a) throw new Error('equal lines with unequal names')
      const known = e.within === 'command' ? command : session
      for (const [side, from, to] of [['-', e, a] as const, ['+', a, e] as const]) {
        const before = known.get(`${side}${from.space} ${from.value}`)
        if (before !== undefined && before !== to.value) {
          return `${e.space}: ${side === '-' ? e.value : a.value} was ${before} so far, now it is ${to.value}`
        }
        known.set(`${side}${from.space} ${from.value}`, to.value)
      }
    }
    for (const [key, value] of session) this.#session.set(key, value)
    return undefined
  }
}

/**
 * A learner's work on one exercise, as this browser keeps it. Anything may stand in storage: what has not the right
 * shape, or belongs to a lab that has changed since, is put aside under another key and said so, never wiped.
 */
import type { Key, LogEntry } from '../../lab/world.ts'
import type { Lab } from '../../lab/lab.ts'

/** What is kept beside the log: how the exercise was worked on. */
export interface Effort {
  /** Failed checks. */
  readonly tries: number
  /** Hints seen. */
  readonly hints: number
  readonly solutionShown: boolean
  /** When work began, ms since 1970; 0 before the first command. */
  readonly began: number
}

export interface Work extends Effort {
  readonly log: readonly LogEntry[]
  /** Virtual time, ns. */
  readonly now: number
}

export const NO_EFFORT: Effort = { tries: 0, hints: 0, solutionShown: false, began: 0 }

/** Entries that a log may have, and characters of a line: more is not typed by people. */
const MAX_LOG = 5_000
const MAX_LINE = 100_000
/** Seven days of virtual time, in ns. */
const MAX_TIME = 7 * 86_400e9

const KEYS: readonly Key[] = ['line', 'int', 'eof', 'quit', 'kill']

export const workKey = (id: string): string => `hop:work:v1:${id}`

/** Says whether stored work still belongs to this lab: FNV-1a over what makes the machines. */
export const labStamp = (lab: Lab): string => {
  let h = 0x811c9dc5
  for (const c of JSON.stringify(lab)) h = Math.imul(h ^ (c.codePointAt(0) ?? 0), 0x01000193)
  return (h >>> 0).toString(36)
}

export type Stored =
  | { readonly kind: 'none' }
  | { readonly kind: 'work'; readonly work: Work }
  /** Unreadable, or of another state of the lab. */
  | { readonly kind: 'damaged' | 'changed'; readonly text: string }

const isRecord = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' && v !== null && !Array.isArray(v)
const isCount = (v: unknown): v is number => typeof v === 'number' && Number.isSafeInteger(v) && v >= 0

/** Reads stored work for a lab with these nodes. */
export const parseWork = (text: string | null, stamp: string, nodes: readonly string[]): Stored => {
  if (text === null) return { kind: 'none' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'damaged', text }
  }
  if (!isRecord(value) || typeof value.lab !== 'string' || !Array.isArray(value.log) || !isTime(value.now))
    return { kind: 'damaged', text }
  if (value.lab !== stamp) return { kind: 'changed', text }
  const log: LogEntry[] = []
  for (const entry of value.log as unknown[]) {
    if (!isEntry(entry, nodes, log.at(-1)?.at ?? 0)) return { kind: 'damaged', text }
    log.push({ at: entry.at, node: entry.node, key: entry.key, text: entry.text })
  }
  if (log.length > MAX_LOG || value.now < (log.at(-1)?.at ?? 0)) return { kind: 'damaged', text }
  const { tries, hints, solutionShown, began } = value
  if (!isCount(tries) || !isCount(hints) || typeof solutionShown !== 'boolean' || !isCount(began))
    return { kind: 'damaged', text }
  return { kind: 'work', work: { log, now: value.now, tries, hints, solutionShown, began } }
}

const isTime = (v: unknown): v is number => isCount(v) && v <= MAX_TIME

const isEntry = (v: unknown, nodes: readonly string[], after: number): v is LogEntry =>
  isRecord(v) &&
  isTime(v.at) &&
  v.at >= after &&
  typeof v.node === 'string' &&
  nodes.includes(v.node) &&
  KEYS.includes(v.key as Key) &&
  typeof v.text === 'string' &&
  v.text.length <= MAX_LINE &&
  !v.text.includes('\n')

export const printWork = (work: Work, stamp: string): string => JSON.stringify({ lab: stamp, ...work })

/** What undo leaves: everything before the last line that was typed at a prompt. Undefined where there is none. */
export const withoutLast = (
  log: readonly LogEntry[],
): { log: readonly LogEntry[]; now: number } | undefined => {
  const last = log.findLastIndex((e) => e.key === 'line')
  const entry = log[last]
  return entry === undefined ? undefined : { log: log.slice(0, last), now: entry.at }
}

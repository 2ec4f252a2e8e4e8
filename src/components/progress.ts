/**
 * What the learner has done, as this browser keeps it. Written by the exercise widget, read by the marks in the
 * sidebar and the overview. Anything may stand in storage: what does not have this shape is not read, nor wiped.
 */
export const PROGRESS_KEY = 'hop:progress:v1'
/** Lessons read to their end: slug → ISO date. Counts for lessons without exercises. */
export const READ_KEY = 'hop:read:v1'

export interface Solved {
  readonly solved: string
  readonly how: 'own' | 'hints' | 'solution'
}

const isRecord = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' && v !== null && !Array.isArray(v)

const isDate = (v: unknown): v is string => typeof v === 'string' && !Number.isNaN(Date.parse(v))

const isSolved = (v: unknown): v is Solved =>
  isRecord(v) && isDate(v.solved) && (v.how === 'own' || v.how === 'hints' || v.how === 'solution')

function parsed(text: string | null): Record<string, unknown> {
  if (text === null) return {}
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {} // damaged: the widget, which owns it, says so and sets it aside
  }
}

export const parseProgress = (text: string | null): Map<string, Solved> =>
  new Map(Object.entries(parsed(text)).filter((e): e is [string, Solved] => isSolved(e[1])))

export const parseRead = (text: string | null): Map<string, string> =>
  new Map(Object.entries(parsed(text)).filter((e): e is [string, string] => isDate(e[1])))

/** Storage may be forbidden altogether; a page then knows of no progress. */
export function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export type State = 'done' | 'partly' | 'doing' | 'todo'

/** A lesson is done when its exercises are, or, without any, when it was read to the end. */
export function lessonState(
  slug: string,
  exercises: readonly string[],
  progress: ReadonlyMap<string, Solved>,
  read: ReadonlyMap<string, string>,
): State {
  if (exercises.length === 0) return read.has(slug) ? 'done' : 'todo'
  const solved = exercises.filter((id) => progress.has(id))
  if (solved.length === 0) return read.has(slug) ? 'doing' : 'todo'
  if (solved.length < exercises.length) return 'doing'
  return solved.some((id) => progress.get(id)?.how === 'solution') ? 'partly' : 'done'
}

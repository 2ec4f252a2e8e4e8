/** Writes down that an exercise was solved, in the form that ../progress.ts reads. */
import { parseProgress, PROGRESS_KEY, type Solved } from '../progress.ts'
import { load, save, setAside } from './storage.ts'

export type How = Solved['how']

const RANK: readonly How[] = ['solution', 'hints', 'own']

/** Keeps the better of two ways. Returns the key under which a damaged record was put aside, if it was. */
export const recordSolved = (id: string, how: How): string | undefined => {
  const text = load(PROGRESS_KEY)
  const progress = parseProgress(text)
  const aside = text !== null && !readable(text) ? setAside(PROGRESS_KEY, text) : undefined
  const before = progress.get(id)
  if (before === undefined || RANK.indexOf(how) > RANK.indexOf(before.how)) {
    // Entries that this version does not understand stay as they are.
    const all = text !== null && aside === undefined ? (JSON.parse(text) as Record<string, unknown>) : {}
    save(
      PROGRESS_KEY,
      JSON.stringify({ ...all, [id]: { solved: new Date().toISOString(), how } satisfies Solved }),
    )
    document.dispatchEvent(new CustomEvent('hop:progress'))
  }
  return aside
}

const readable = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** A mistake in something an instructor wrote: where it is, what it is, what to do. */
export interface Problem {
  /** Path as the instructor knows it, from the top of the project. */
  readonly file: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  readonly what: string
  /** What to do about it; the nearest right word, where there is one. */
  readonly todo?: string
}

export const print = (p: Problem): string =>
  `${p.file}:${p.line}:${p.column}: ${p.what}${p.todo === undefined ? '' : `\n    ${p.todo}`}`

export class ContentMistake extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map(print).join('\n'))
    this.name = 'ContentMistake'
    this.problems = problems
  }
}

/** Edits (insert, delete, replace, swap of neighbours) from `a` to `b`; optimal string alignment. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let d = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d = Math.min(d, (before[j - 2] ?? 0) + 1)
      row.push(d)
    }
    before = last
    last = row
  }
  return last[b.length] ?? a.length
}

/** The right word that was probably meant, or undefined where none is near. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const lower = word.toLowerCase()
  let best: string | undefined
  let least = Math.max(2, Math.ceil(word.length / 3)) + 1
  for (const candidate of words) {
    const d = distance(lower, candidate.toLowerCase())
    if (d < least) {
      best = candidate
      least = d
    }
  }
  return best
}

/** "Did you mean …?", else the words there are. */
export function suggest(word: string, words: Iterable<string>): string {
  const list = [...words]
  const near = nearest(word, list)
  if (near !== undefined) return `Did you mean \`${near}\`?`
  return list.length > 0 ? `Known: ${list.join(', ')}.` : 'There are none yet.'
}

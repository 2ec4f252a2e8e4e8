/**
 * A mistake of an instructor in a lab, a session or an exercise: says where, what is wrong and what to do about it.
 * Lines and columns count from 1.
 */
export class ContentError extends Error {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly what: string
  readonly todo: string

  constructor(at: { file: string; line: number; column: number }, what: string, todo: string) {
    super(`${at.file}:${at.line}:${at.column}: ${what}. ${todo}`)
    this.name = 'ContentError'
    this.file = at.file
    this.line = at.line
    this.column = at.column
    this.what = what
    this.todo = todo
  }
}

/** The one of `words` that `word` is most likely a slip of, if any is near enough. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.ceil(word.length / 3)) + 1
  for (const candidate of words) {
    const d = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (d < least) {
      least = d
      best = candidate
    }
  }
  return best
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let d = Math.min(
        at(rows, i - 1, j) + 1,
        at([row], 0, j - 1) + 1,
        at(rows, i - 1, j - 1) + (same ? 0 : 1),
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d = Math.min(d, at(rows, i - 2, j - 2) + 1)
      row.push(d)
    }
    rows.push(row)
  }
  return at(rows, a.length, b.length)
}

function at(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? Number.POSITIVE_INFINITY
}

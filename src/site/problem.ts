import { nearest } from '../lab/content-error.ts'

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

/** "Did you mean …?", else the words there are. */
export function suggest(word: string, words: Iterable<string>): string {
  const list = [...words]
  const near = nearest(word, list)
  if (near !== undefined) return `Did you mean \`${near}\`?`
  return list.length > 0 ? `Known: ${list.join(', ')}.` : 'There are none yet.'
}

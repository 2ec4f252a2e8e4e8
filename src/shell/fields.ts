import { hasWildcard } from '../proc/fnmatch.ts'

/** One word after expansion: its text, and where it has wildcards its pattern (quoted characters behind backslashes). */
export interface Field {
  readonly text: string
  readonly pattern: string | undefined
}

const SPECIAL = /[\\*?[\]!+@(){}|^~,&-]/g
export const escapePattern = (s: string): string => s.replace(SPECIAL, '\\$&')

/** Collects the pieces of one word of the source and cuts them into fields (bash(1), Word Splitting). */
export class Fields {
  readonly done: Field[] = []
  readonly #ifs: string
  #text = ''
  #pattern: string | undefined
  #started = false

  constructor(ifs: string) {
    this.#ifs = ifs
  }

  /** Text in which nothing is special any more. */
  quoted(s: string): void {
    this.#text += s
    if (this.#pattern !== undefined) this.#pattern += escapePattern(s)
    this.#started = true
  }
  /** Unquoted text of the source: wildcards work, blanks don't split. */
  literal(text: string, pattern: string): void {
    if (this.#pattern === undefined && hasWildcard(pattern)) this.#pattern = escapePattern(this.#text)
    this.#text += text
    if (this.#pattern !== undefined) this.#pattern += pattern
    this.#started = true
  }
  /** An unquoted expansion: cut at IFS, wildcards work. */
  split(s: string): void {
    if (s === '') return
    const ifs = this.#ifs
    if (ifs === '') return this.literal(s, s)
    let i = 0
    const white = (c: string): boolean => (c === ' ' || c === '\t' || c === '\n') && ifs.includes(c)
    while (i < s.length) {
      let j = i
      while (j < s.length && !ifs.includes(s[j] as string)) j++
      if (j > i) this.literal(s.slice(i, j), s.slice(i, j))
      if (j >= s.length) return
      // One separator: white space of IFS, with at most one other character of IFS among it.
      let k = j
      while (k < s.length && white(s[k] as string)) k++
      let hard = false
      if (k < s.length && ifs.includes(s[k] as string)) {
        hard = true
        k++
        while (k < s.length && white(s[k] as string)) k++
      }
      if (hard) this.#started = true
      this.end()
      i = k
    }
  }
  /** `"$@"`: each its own field; the first joins what stands before, the last what follows. */
  all(values: readonly string[], quoted: boolean): void {
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.end()
      if (quoted) this.quoted(values[i] as string)
      else this.split(values[i] as string)
    }
  }
  /** Ends the current field if there is one. */
  end(): void {
    if (!this.#started) return
    this.done.push({ text: this.#text, pattern: this.#pattern })
    this.#text = ''
    this.#pattern = undefined
    this.#started = false
  }
}

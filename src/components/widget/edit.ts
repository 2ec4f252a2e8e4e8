/** Editing of a line as GNU readline does it in its emacs mode (readline(3)), on a text and a caret. */
export interface Line {
  readonly text: string
  readonly caret: number
}

export interface Edited extends Line {
  /** What was cut out, for Ctrl-Y. */
  readonly killed?: string
}

const wordLeft = (text: string, caret: number, word: RegExp): number => {
  let i = caret
  while (i > 0 && !word.test(text[i - 1] as string)) i--
  while (i > 0 && word.test(text[i - 1] as string)) i--
  return i
}
const wordRight = (text: string, caret: number, word: RegExp): number => {
  let i = caret
  while (i < text.length && !word.test(text[i] as string)) i++
  while (i < text.length && word.test(text[i] as string)) i++
  return i
}
const NOT_SPACE = /\S/
const LETTER = /[\p{L}\p{N}]/u

const cut = ({ text }: Line, from: number, to: number): Edited => ({
  text: text.slice(0, from) + text.slice(to),
  caret: from,
  killed: text.slice(from, to),
})

/** By readline's own names. */
export const EDITS = {
  'beginning-of-line': ({ text }: Line): Edited => ({ text, caret: 0 }),
  'end-of-line': ({ text }: Line): Edited => ({ text, caret: text.length }),
  'backward-word': ({ text, caret }: Line): Edited => ({ text, caret: wordLeft(text, caret, LETTER) }),
  'forward-word': ({ text, caret }: Line): Edited => ({ text, caret: wordRight(text, caret, LETTER) }),
  'unix-line-discard': (l: Line): Edited => cut(l, 0, l.caret),
  'kill-line': (l: Line): Edited => cut(l, l.caret, l.text.length),
  'unix-word-rubout': (l: Line): Edited => cut(l, wordLeft(l.text, l.caret, NOT_SPACE), l.caret),
  'backward-kill-word': (l: Line): Edited => cut(l, wordLeft(l.text, l.caret, LETTER), l.caret),
  'kill-word': (l: Line): Edited => cut(l, l.caret, wordRight(l.text, l.caret, LETTER)),
} as const satisfies Readonly<Record<string, (line: Line) => Edited>>

export type Edit = keyof typeof EDITS

/** Which edit a key means; Ctrl-W is the browser's, Alt-Backspace and Ctrl-Alt-W stand in for it. */
export const editOf = (key: string, ctrl: boolean, alt: boolean): Edit | undefined => {
  const k = key.toLowerCase()
  if (ctrl && alt) return k === 'w' ? 'unix-word-rubout' : undefined
  if (ctrl)
    return (
      {
        a: 'beginning-of-line',
        e: 'end-of-line',
        u: 'unix-line-discard',
        k: 'kill-line',
        w: 'unix-word-rubout',
      } as const
    )[k]
  if (alt)
    return (
      { backspace: 'backward-kill-word', b: 'backward-word', f: 'forward-word', d: 'kill-word' } as const
    )[k]
  return undefined
}

/** Commands that were typed, walked through with the arrows; the line that was being written waits at the end. */
export class History {
  readonly entries: string[] = []
  #at = 0
  #draft = ''

  add(text: string): void {
    if (text.trim() !== '' && this.entries.at(-1) !== text) this.entries.push(text)
    if (this.entries.length > 500) this.entries.shift()
    this.#at = this.entries.length
    this.#draft = ''
  }
  previous(now: string): string | undefined {
    if (this.#at === 0) return undefined
    if (this.#at === this.entries.length) this.#draft = now
    return this.entries[--this.#at]
  }
  next(): string | undefined {
    if (this.#at >= this.entries.length) return undefined
    return ++this.#at === this.entries.length ? this.#draft : this.entries[this.#at]
  }
  /** Ctrl-R: the newest entry before `before` that contains `query`; its place, -1 where there is none. */
  search(query: string, before = this.entries.length): number {
    if (query === '') return -1
    for (let i = before - 1; i >= 0; i--) if (this.entries[i]?.includes(query)) return i
    return -1
  }
}

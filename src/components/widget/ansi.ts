/** What a program prints, as runs of one look: SGR colours (ECMA-48 §8.3.117); other control sequences are not shown. */
export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan'

export interface Run {
  readonly text: string
  readonly colour: Colour | undefined
  readonly bold: boolean
}

/** A piece of output: text, the end of a line, back to its start, one cell back, or an empty screen. */
export type Piece = Run | 'newline' | 'return' | 'back' | 'clear'

const COLOURS: Readonly<Record<number, Colour>> = {
  1: 'red',
  2: 'green',
  3: 'yellow',
  4: 'blue',
  5: 'magenta',
  6: 'cyan',
}

/** CSI sequences, OSC strings, other escapes, and the controls that mean something here. */

const CONTROL =
  /\x1b\[([0-9;?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\x00-\x1f\x7f]/g
/** An escape sequence whose end has not come yet. */

const OPEN = /\x1b(?:\[[0-9;?]*[ -/]*|\][^\x07\x1b]*)?$/

/** Reads a stream of output in whatever pieces it comes; keeps the look and an unfinished sequence between them. */
export class Ansi {
  #colour: Colour | undefined
  #bold = false
  #rest = ''

  read(chunk: string): Piece[] {
    let text = this.#rest + chunk
    const open = OPEN.exec(text)
    this.#rest = open === null || open[0].length > 200 ? '' : open[0]
    if (open !== null) text = text.slice(0, open.index)
    const pieces: Piece[] = []
    let from = 0
    for (const m of text.matchAll(CONTROL)) {
      this.#text(pieces, text.slice(from, m.index))
      from = m.index + m[0].length
      this.#control(pieces, m)
    }
    this.#text(pieces, text.slice(from))
    return pieces
  }

  #text(pieces: Piece[], text: string): void {
    if (text !== '') pieces.push({ text, colour: this.#colour, bold: this.#bold })
  }

  #control(pieces: Piece[], [whole, parameters = '', final]: RegExpMatchArray): void {
    if (whole === '\n') pieces.push('newline')
    else if (whole === '\r') pieces.push('return')
    else if (whole === '\b') pieces.push('back')
    else if (whole === '\t') this.#text(pieces, '\t')
    else if (final === 'm') this.#look(parameters)
    else if (final === 'J' || whole === '\x1bc') pieces.push('clear')
  }

  #look(parameters: string): void {
    for (const p of parameters.split(';').map(Number)) {
      if (p === 0) {
        this.#colour = undefined
        this.#bold = false
      } else if (p === 1) this.#bold = true
      else if (p === 22) this.#bold = false
      else if (p === 39) this.#colour = undefined
      else if (p >= 30 && p <= 37) this.#colour = COLOURS[p - 30]
      else if (p >= 90 && p <= 97) this.#colour = COLOURS[p - 90]
    }
  }
}

/** East Asian wide characters (UAX #11), as far as people here type and read them. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]+/gu

/** Text cut into runs of narrow and of wide characters. */
export const widths = (text: string): { readonly text: string; readonly wide: boolean }[] => {
  const runs: { text: string; wide: boolean }[] = []
  let from = 0
  for (const m of text.matchAll(WIDE)) {
    if (m.index > from) runs.push({ text: text.slice(from, m.index), wide: false })
    runs.push({ text: m[0], wide: true })
    from = m.index + m[0].length
  }
  if (from < text.length) runs.push({ text: text.slice(from), wide: false })
  return runs
}

/** The output of one terminal: a bounded list of lines in the DOM, drawn once a frame, kept at its end unless read back. */
import { Ansi, widths, type Piece, type Run } from './ansi.ts'

/** Lines that are kept. */
const MAX_LINES = 5000
/** Characters of one line that are kept; a program without newlines must not freeze the page. */
const MAX_LINE = 20_000
/** Pieces of output that wait for the next frame; more are not shown at all. */
const MAX_PENDING = 400_000

export class Screen {
  /** The scrolling box; holds the log and whatever the caller puts below it. */
  readonly box: HTMLElement
  readonly #log: HTMLElement
  readonly #ansi = new Ansi()
  #pending = ''
  #cut = 0
  #lines = 0
  /** The line that is being written, undefined at the start of one. */
  #line: HTMLElement | undefined
  #length = 0
  #overwrite = false
  /** Where the output of the last command begins. */
  #block: HTMLElement

  constructor(box: HTMLElement, log: HTMLElement) {
    this.box = box
    this.#log = log
    this.#block = this.#newBlock()
  }

  #newBlock(): HTMLElement {
    const block = document.createElement('div')
    block.className = 'term-block'
    block.tabIndex = -1
    this.#log.append(block)
    return block
  }

  get commands(): HTMLElement[] {
    return [...this.#log.querySelectorAll<HTMLElement>('.term-block')].filter((b) => b.childElementCount > 0)
  }

  /** Output of a program. */
  write(text: string): void {
    if (this.#pending.length + text.length > MAX_PENDING) this.#cut += text.length
    else this.#pending += text
  }

  /** A typed line with the prompt it was typed at; `command` begins a new block, `open` leaves the line to what comes. */
  echo(prompt: string, text: string, command: boolean, open = false): void {
    this.flush()
    this.#endLine()
    if (command) this.#block = this.#newBlock()
    const line = this.#open()
    if (prompt !== '') line.append(element('i', prompt))
    const typed = element('b', '')
    this.#append(typed, text)
    line.append(typed)
    if (!open) this.#endLine()
  }

  /** A remark of the page itself, not of a program. */
  remark(text: string): void {
    this.flush()
    this.#endLine()
    this.#open().append(element('span', text, 'hint'))
    this.#endLine()
  }

  clear(): void {
    this.flush()
    this.#log.replaceChildren()
    this.#lines = 0
    this.#line = undefined
    this.#block = this.#newBlock()
  }

  /** Draws what has come; stays at the end if it was there. A hidden one is not measured. */
  flush(hidden = false): void {
    if (this.#pending === '' && this.#cut === 0) return
    const atEnd = !hidden && this.atEnd
    const pieces = this.#ansi.read(this.#pending)
    this.#pending = ''
    for (const piece of pieces) this.#piece(piece)
    if (this.#cut > 0) {
      const { length } = String(this.#cut)
      this.#cut = 0
      if (length > 0) this.#endLine()
      this.#open().append(element('span', '[…]', 'hint'))
      this.#endLine()
    }
    this.#bound()
    if (atEnd) this.toEnd()
  }

  get atEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.box
    return scrollTop + clientHeight >= scrollHeight - 24
  }
  page(way: 1 | -1): void {
    this.box.scrollTop += way * this.box.clientHeight * 0.8
  }
  toEnd(): void {
    this.box.scrollTop = this.box.scrollHeight
  }

  #piece(piece: Piece): void {
    if (piece === 'newline') {
      if (this.#line === undefined) this.#open()
      this.#endLine()
    } else if (piece === 'return') this.#overwrite = true
    else if (piece === 'back') {
      const last = this.#line?.lastChild
      if (last?.textContent) last.textContent = last.textContent.slice(0, -1)
    } else if (piece === 'clear') this.#clearBlock()
    else this.#run(piece)
  }

  /** A program that draws its whole screen anew (watch, clear). */
  #clearBlock(): void {
    const [first] = this.#block.children
    const keep = first?.querySelector('i') ? first : undefined
    this.#lines -= this.#block.childElementCount
    this.#block.replaceChildren(...(keep ? [keep] : []))
    this.#lines += keep ? 1 : 0
    this.#line = undefined
  }

  #run({ text, colour, bold }: Run): void {
    const line = this.#open()
    if (this.#overwrite) {
      line.replaceChildren()
      this.#length = 0
      this.#overwrite = false
    }
    const room = MAX_LINE - this.#length
    if (room <= 0) return
    const shown = text.slice(0, room)
    this.#length += shown.length
    if (colour === undefined && !bold) {
      this.#append(line, shown)
      return
    }
    const span = element(
      'span',
      '',
      [colour === undefined ? '' : `c-${colour}`, bold ? 'c-bold' : ''].join(' ').trim(),
    )
    this.#append(span, shown)
    line.append(span)
  }

  /** The grid never trusts a font: each wide character stands in a box of two cells. */
  #append(to: HTMLElement, text: string): void {
    for (const { text: run, wide } of widths(text)) {
      if (!wide) to.append(run)
      else for (const c of run) to.append(element('span', c, 'w2'))
    }
  }

  #open(): HTMLElement {
    if (this.#line === undefined) {
      this.#line = element('div', '', 'ln')
      this.#block.append(this.#line)
      this.#lines++
      this.#length = 0
    }
    return this.#line
  }
  #endLine(): void {
    this.#line = undefined
    this.#overwrite = false
  }

  #bound(): void {
    while (this.#lines > MAX_LINES) {
      const block = this.#log.firstElementChild
      if (!block) return
      const line = block.firstElementChild
      if (line && line !== this.#line) {
        line.remove()
        this.#lines--
      } else if (block !== this.#block) block.remove()
      else return
    }
  }
}

const element = (name: string, text: string, className = ''): HTMLElement => {
  const e = document.createElement(name)
  if (text !== '') e.textContent = text
  if (className !== '') e.className = className
  return e
}

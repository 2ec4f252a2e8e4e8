/**
 * One machine's terminal: a log and a line to type on. The line is a real text area, so that Hangul composes and phones
 * bring their keyboard; the keys are bash's.
 */
import type { Translate } from '../../i18n/translate.ts'
import { EDITS, editOf, History, type Edit } from './edit.ts'
import { Screen } from './screen.ts'
import type { Completion } from './complete.ts'
import type { Readiness } from './machines.ts'

export type Key = 'int' | 'eof' | 'quit'

export interface TerminalHost {
  readonly node: string
  readonly t: Translate
  /** `booting`: the machines are on their way; the prompt stands, and lines wait. */
  readiness(): Readiness | 'booting'
  line(text: string): void
  key(key: Key): void
  /** Words that may stand where the caret is, each in place of what stands from `from`. */
  complete(text: string, caret: number): Promise<Completion>
  /** Says something to a screen reader. */
  say(text: string): void
}

let serial = 0

export const promptOf = (node: string, readiness: Readiness | 'booting'): string =>
  readiness === 'running' ? '' : readiness === 'PS2' ? '> ' : `${node}$ `

export class Terminal {
  readonly panel: HTMLElement
  readonly screen: Screen
  readonly input: HTMLTextAreaElement
  readonly history = new History()
  readonly #host: TerminalHost
  readonly #prompt: HTMLElement
  readonly #below: HTMLElement
  /** Lines that were pasted, or typed while the machines boot, and wait for the prompt. */
  readonly #queue: string[] = []
  #killed = ''
  /** Esc was pressed: the next Tab leaves. */
  #leaving = false
  /** Ctrl-R: where the search stands, undefined outside one. */
  #search: { at: number; readonly draft: string } | undefined
  #tabs = 0
  /** What was written since the last time something was said. */
  #unsaid = ''

  constructor(host: TerminalHost) {
    this.#host = host
    const { t, node } = host
    const box = document.createElement('div')
    box.className = 'live term'
    const log = document.createElement('div')
    log.setAttribute('role', 'log')
    log.setAttribute('aria-live', 'off')
    log.setAttribute('aria-label', t('terminal.output', { node }))
    log.tabIndex = -1
    this.#prompt = document.createElement('i')
    this.#prompt.className = 'term-prompt'
    this.#prompt.setAttribute('aria-hidden', 'true')
    this.input = document.createElement('textarea')
    Object.assign(this.input, {
      rows: 1,
      spellcheck: false,
      autocomplete: 'off',
      autocapitalize: 'none',
      enterKeyHint: 'go',
      className: 'term-input',
    })
    this.input.setAttribute('autocorrect', 'off')
    this.input.setAttribute('aria-label', t('terminal.name', { node }))
    const how = document.createElement('span')
    how.className = 'vh'
    how.id = `hop-leave-${++serial}`
    how.textContent = t('terminal.leave')
    this.input.setAttribute('aria-describedby', how.id)
    const line = document.createElement('div')
    line.className = 'term-line'
    line.append(this.#prompt, this.input, how)
    this.#below = document.createElement('div')
    this.#below.className = 'hint term-below'
    box.append(log, line, this.#below)
    this.panel = box
    this.screen = new Screen(box, log)
    this.#listen(box)
    this.refresh()
  }

  #listen(box: HTMLElement): void {
    const { input } = this
    input.addEventListener('keydown', (e) => {
      if (!e.isComposing && e.keyCode !== 229) this.#keydown(e)
    })
    input.addEventListener('input', () => {
      this.#tabs = 0
      if (this.#search) this.#searchOn(this.history.entries.length)
      this.#fit()
    })
    input.addEventListener('paste', (e) => {
      const text = e.clipboardData?.getData('text/plain').replaceAll('\r\n', '\n') ?? ''
      if (!text.includes('\n')) return
      e.preventDefault()
      this.paste(text)
    })
    input.addEventListener('blur', () => {
      this.#leaving = false
    })
    box.addEventListener('click', () => {
      if (String(getSelection() ?? '') === '' && document.activeElement !== input)
        input.focus({ preventScroll: true })
    })
    box.addEventListener('keydown', (e) => {
      if (e.target === input) return
      if (e.ctrlKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) this.#walk(e)
      else if (e.key === 'Escape' || (e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey))
        this.focus()
    })
  }

  /** A line of the page's own below the prompt, until something is typed. */
  note(text: string): void {
    this.#below.textContent = text
  }

  focus(): void {
    this.input.focus({ preventScroll: true })
  }

  /** Several lines, typed one after another; the last one waits for Enter if no newline ends it. */
  paste(text: string): void {
    const { selectionStart, selectionEnd, value } = this.input
    const whole = value.slice(0, selectionStart) + text + value.slice(selectionEnd)
    const lines = whole.split('\n')
    const rest = lines.pop() ?? ''
    this.#queue.push(...lines)
    this.#set(rest, rest.length)
    this.next()
  }

  /** Types the next waiting line where something reads it. */
  next(): void {
    while (this.#queue.length > 0 && this.#reads) this.#submit(this.#queue.shift() as string)
  }
  get waiting(): boolean {
    return this.#queue.length > 0
  }
  get #reads(): boolean {
    const readiness = this.#host.readiness()
    return readiness !== 'running' && readiness !== 'booting'
  }

  #submit(text: string): void {
    this.history.add(text)
    this.#below.textContent = ''
    this.#host.line(text)
  }

  /** The prompt as it stands now. */
  get promptText(): string {
    const readiness = this.#host.readiness()
    return promptOf(this.#host.node, readiness)
  }

  /** Shows output and prompt as they are. */
  refresh(): void {
    // A hidden terminal has no size: it is measured when its tab opens.
    const hidden = this.panel.hidden !== false
    const stick = !hidden && this.screen.atEnd
    this.screen.flush(hidden)
    const prompt = this.#search ? '(reverse-i-search) ' : this.promptText
    if (this.#prompt.textContent !== prompt) {
      this.#prompt.textContent = prompt
      this.input.style.textIndent = `${prompt.length}ch`
      if (!hidden && this.input.value !== '') this.#fit()
    }
    if (stick) this.screen.toEnd()
  }

  /** Its tab was opened. */
  opened(): void {
    this.#fit()
    this.screen.toEnd()
  }

  #fit(): void {
    this.input.style.height = 'auto'
    this.input.style.height = `${this.input.scrollHeight}px`
  }

  #set(text: string, caret: number): void {
    this.input.value = text
    this.input.setSelectionRange(caret, caret)
    this.#fit()
    this.screen.toEnd()
  }
  /** Puts a command at the prompt, without running it. */
  suggest(text: string): void {
    this.#set(text, text.length)
    this.focus()
  }

  #keydown(e: KeyboardEvent): void {
    const { key } = e
    const ctrl = e.ctrlKey && !e.metaKey
    if (key !== 'Tab') this.#tabs = 0
    if (this.#search && this.#searchKey(e)) return
    const leaving = this.#leaving
    if (key !== 'Shift') this.#leaving = key === 'Escape'
    if (key === 'Enter' && !e.shiftKey && !ctrl && !e.altKey) {
      e.preventDefault()
      const text = this.input.value
      this.#set('', 0)
      for (const line of text.split('\n')) {
        if (this.#queue.length > 0 || this.#host.readiness() === 'booting') this.#queue.push(line)
        else this.#submit(line)
      }
      if (this.#host.readiness() === 'booting')
        this.note(this.#host.t('terminal.booting', { node: this.#host.node }))
    } else if (key === 'Tab' && !ctrl && !e.altKey) {
      if (e.shiftKey || leaving || this.input.value === '') return
      e.preventDefault()
      void this.complete()
    } else if (key === 'PageUp' || key === 'PageDown') {
      e.preventDefault()
      this.screen.page(key === 'PageUp' ? -1 : 1)
    } else if (ctrl && (key === 'ArrowUp' || key === 'ArrowDown')) this.#walk(e)
    else if (key === 'ArrowUp' || (ctrl && !e.altKey && key === 'p'))
      this.#recall(e, this.history.previous(this.input.value))
    else if (key === 'ArrowDown') this.#recall(e, this.history.next())
    else if (ctrl && !e.altKey) this.#ctrl(e)
    else this.#edit(e, editOf(key, ctrl, e.altKey))
  }

  #ctrl(e: KeyboardEvent): void {
    const key = e.key.toLowerCase()
    if (key === 'c') {
      const { selectionStart, selectionEnd } = this.input
      if (selectionStart !== selectionEnd || String(getSelection() ?? '') !== '') return // the browser copies
      e.preventDefault()
      this.interrupt()
    } else if (key === 'd') {
      e.preventDefault()
      const { value, selectionStart: at } = this.input
      if (value !== '') this.#set(value.slice(0, at) + value.slice(at + 1), at)
      else this.#host.key('eof')
    } else if (key === 'l') {
      e.preventDefault()
      this.screen.clear()
    } else if (key === 'r') {
      e.preventDefault()
      this.#search = { at: -1, draft: this.input.value }
      this.#set('', 0)
      this.refresh()
    } else if (key === '\\') {
      e.preventDefault()
      this.#host.key('quit')
    } else if (key === 'y') {
      e.preventDefault()
      const { value, selectionStart: at } = this.input
      this.#set(value.slice(0, at) + this.#killed + value.slice(at), at + this.#killed.length)
    } else this.#edit(e, editOf(key, true, false))
  }

  /** Ctrl-C: throws the line away, or ends the program. */
  interrupt(): void {
    this.#queue.length = 0
    const text = this.input.value
    this.#set('', 0)
    this.caret('^C', text)
    this.#host.key('int')
  }
  /** Shows a key as the terminal echoes it, behind what was typed so far. */
  caret(key: string, typed = ''): void {
    if (this.#host.readiness() === 'running') this.screen.write(key)
    else this.screen.echo(this.promptText, typed + key, true, true)
  }

  #edit(e: KeyboardEvent, edit: Edit | undefined): void {
    if (edit === undefined) return
    e.preventDefault()
    const done = EDITS[edit]({ text: this.input.value, caret: this.input.selectionStart })
    if ('killed' in done && done.killed) this.#killed = done.killed
    this.#set(done.text, done.caret)
  }

  #recall(e: KeyboardEvent, text: string | undefined): void {
    e.preventDefault()
    if (text !== undefined) this.#set(text, text.length)
  }

  /** Tab: the word as far as it is certain; a second Tab lists what it may be. */
  async complete(): Promise<void> {
    const { value, selectionStart: caret } = this.input
    const { from, words } = await this.#host.complete(value, caret)
    if (words.length === 0 || this.input.value !== value) return
    const common = words.reduce((a, b) => {
      let i = 0
      while (i < a.length && a[i] === b[i]) i++
      return a.slice(0, i)
    })
    const [only] = words
    const text = words.length === 1 && only !== undefined ? (/[/=]$/.test(only) ? only : `${only} `) : common
    if (text.length > caret - from) {
      this.#set(value.slice(0, from) + text + value.slice(caret), from + text.length)
      this.#tabs = 0
    } else if (++this.#tabs > 1) {
      this.#tabs = 0
      const names = words.map((w) => w.replace(/^.*\/(?=.)/, ''))
      this.screen.echo(this.promptText, value, true)
      this.screen.write(names.join('  ') + '\n')
      this.refresh()
      this.#host.say(names.slice(0, 20).join(', '))
    }
  }

  /** Keys within Ctrl-R; false for those that leave it and then mean what they always mean. */
  #searchKey(e: KeyboardEvent): boolean {
    const search = this.#search as NonNullable<typeof this.search>
    const found = this.history.entries[search.at]
    const ctrl = e.ctrlKey && !e.altKey
    const leave = (text: string): void => {
      this.#search = undefined
      this.#below.textContent = ''
      this.#set(text, text.length)
      this.refresh()
    }
    if (ctrl && e.key === 'r') {
      e.preventDefault()
      this.#searchOn(search.at < 0 ? this.history.entries.length : search.at)
      return true
    }
    if (
      e.key === 'Escape' ||
      e.key === 'Tab' ||
      e.key.startsWith('Arrow') ||
      (ctrl && 'ae'.includes(e.key))
    ) {
      e.preventDefault()
      leave(found ?? search.draft)
      return true
    }
    if (ctrl && (e.key === 'g' || e.key === 'c')) {
      e.preventDefault()
      leave(search.draft)
      return true
    }
    if (e.key === 'Enter') leave(found ?? this.input.value)
    return false
  }
  get search(): { at: number; readonly draft: string } | undefined {
    return this.#search
  }
  #searchOn(before: number): void {
    if (!this.#search) return
    const at = this.history.search(this.input.value, before)
    if (at >= 0 || this.input.value === '' || before === this.history.entries.length) this.#search.at = at
    this.#below.textContent = this.history.entries[this.#search.at] ?? ''
    this.screen.toEnd()
  }

  /** Ctrl-↑ and Ctrl-↓: back and forth through the output, one command at a time. */
  #walk(e: KeyboardEvent): void {
    e.preventDefault()
    const blocks = this.screen.commands
    const here = blocks.findIndex((b) => b === document.activeElement)
    const to =
      e.key === 'ArrowUp' ? (here < 0 ? blocks.length - 1 : Math.max(0, here - 1)) : here < 0 ? -1 : here + 1
    const block = blocks[to]
    if (block) {
      block.focus({ preventScroll: true })
      block.scrollIntoView({ block: 'nearest' })
    } else {
      this.focus()
      this.screen.toEnd()
    }
  }

  /** Shows what is being typed by the page itself. */
  show(text: string): void {
    this.#set(text, text.length)
  }
  #news = false
  /** Was anything printed since the last time one asked? */
  takeNews(): boolean {
    const news = this.#news
    this.#news = false
    return news
  }

  /** Output of a program. */
  write(text: string): void {
    this.screen.write(text)
    this.#news = true
    if (this.#unsaid.length < 100_000) this.#unsaid += text
  }
  /** A typed line, at the prompt that waited. */
  echo(text: string, readiness: Readiness): void {
    this.screen.echo(promptOf(this.#host.node, readiness), text, readiness === 'PS1')
  }
  /** Speaks what came since the last time: at most ten lines, and how many more there are. */
  speak(): void {
    const lines = this.#unsaid
      .replace(/\x1b\[[0-9;?]*[@-~]/g, '')
      .split('\n')
      .filter((l) => l.trim() !== '')
    this.#unsaid = ''
    if (lines.length === 0) return
    const more = lines.length - 10
    const said = lines.slice(0, 10).join('\n')
    this.#host.say(more > 0 ? `${said}\n${this.#host.t('terminal.more', { count: more })}` : said)
  }
  /** Forgets what was not spoken: replayed output is nothing new. */
  hush(): void {
    this.#unsaid = ''
  }
}

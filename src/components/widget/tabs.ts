/** A tab per machine: arrows, Home and End move and open, one tab stop (ARIA authoring practices, Tabs). */
import type { Terminal } from './terminal.ts'

let serial = 0

export class Tabs {
  readonly #tabs: readonly HTMLElement[]
  readonly #terminals: ReadonlyMap<string, Terminal>
  selected: string

  constructor(list: HTMLElement, panels: HTMLElement, terminals: ReadonlyMap<string, Terminal>) {
    this.#terminals = terminals
    this.#tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"][data-node]')]
    const first = this.#tabs.find((t) => t.getAttribute('aria-selected') === 'true') ?? this.#tabs[0]
    this.selected = first?.dataset.node ?? ''
    const id = `hop-term-${++serial}`
    panels.replaceChildren(
      ...[...terminals].map(([node, terminal], i) => {
        const { panel } = terminal
        panel.id = `${id}-${i}`
        panel.setAttribute('role', 'tabpanel')
        const tab = this.#tabs.find((t) => t.dataset.node === node)
        if (tab) {
          tab.id = `${id}-tab-${i}`
          tab.setAttribute('aria-controls', panel.id)
          panel.setAttribute('aria-labelledby', tab.id)
        }
        return panel
      }),
    )
    list.addEventListener('click', (e) => {
      const tab =
        e.target instanceof Element ? e.target.closest<HTMLElement>('[role="tab"][data-node]') : null
      if (!tab) return
      this.select(tab.dataset.node as string, false)
      // A pointer wants to type; the keyboard stays on the tabs.
      if (e.detail > 0) terminals.get(this.selected)?.focus()
    })
    list.addEventListener('keydown', (e) => {
      const at = this.#tabs.findIndex((t) => t.dataset.node === this.selected)
      const to = (
        { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: this.#tabs.length - 1 } as Record<
          string,
          number | undefined
        >
      )[e.key]
      if (to === undefined || e.ctrlKey || e.altKey || e.metaKey) return
      e.preventDefault()
      const tab = this.#tabs[(to + this.#tabs.length) % this.#tabs.length]
      if (tab) this.select(tab.dataset.node as string, true)
    })
    this.select(this.selected, false)
  }

  select(node: string, focus: boolean): void {
    this.selected = node
    for (const tab of this.#tabs) {
      const on = tab.dataset.node === node
      tab.setAttribute('aria-selected', String(on))
      tab.tabIndex = on ? 0 : -1
      if (on) {
        tab.classList.remove('news')
        if (focus) tab.focus()
      }
    }
    for (const [name, terminal] of this.#terminals) {
      const closed = terminal.panel.hidden
      terminal.panel.hidden = name !== node
      if (closed && name === node) terminal.opened()
    }
  }

  /** Marks tabs where something was printed that nobody has seen. */
  mark(): void {
    for (const tab of this.#tabs) {
      const node = tab.dataset.node as string
      const news = this.#terminals.get(node)?.takeNews() === true
      if (news && node !== this.selected) tab.classList.add('news')
    }
  }
}

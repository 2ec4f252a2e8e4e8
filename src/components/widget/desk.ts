/**
 * The widget's first half: a terminal per machine with its prompt. It stands while the simulator is still on its way;
 * what is typed until then waits, and `exercise.ts` types it when the machines run.
 */
import type { Translate } from '../../i18n/translate.ts'
import type { Completion } from './complete.ts'
import { keyRow } from './keys.ts'
import type { Readiness } from './machines.ts'
import { pageData, pageStrings, type PageData } from './page-data.ts'
import { Tabs } from './tabs.ts'
import { Terminal, type Key } from './terminal.ts'

/** Who answers what is typed. */
export interface Operator {
  readiness(node: string): Readiness | 'booting'
  line(node: string, text: string): void
  key(node: string, key: Key): void
  complete(node: string, text: string, caret: number): Promise<Completion>
  /** Says something to a screen reader. */
  say(text: string): void
}

export class Desk {
  readonly root: HTMLElement
  readonly data: PageData
  readonly t: Translate
  readonly terminals: ReadonlyMap<string, Terminal>
  readonly tabs: Tabs
  /** Undefined until the simulator is there. */
  operator: Operator | undefined
  /** Called when the machines run. */
  booted = (): void => undefined
  readonly #machines = new Promise<void>((resolve) => {
    this.booted = resolve
  })

  constructor(root: HTMLElement) {
    this.root = root
    this.data = pageData(root)
    this.t = pageStrings(this.data.lang)
    const tabs = [...root.querySelectorAll<HTMLElement>('[role="tab"][data-node]')]
    this.terminals = new Map(
      tabs.map((t) => [t.dataset.node as string, this.#terminal(t.dataset.node as string)]),
    )
    const panel = this.part('panel')
    const focused = panel.contains(document.activeElement)
    this.tabs = new Tabs(this.part('tabs'), panel, this.terminals)
    this.part('bench').append(keyRow(this.t, () => this.current))
    this.suggest()
    if (focused) this.current.focus()
  }

  part(name: string): HTMLElement {
    const part = this.root.querySelector<HTMLElement>(`[data-part="${name}"]`)
    if (!part) throw new Error(`the widget's shell has no part "${name}"`)
    return part
  }
  get current(): Terminal {
    return this.terminals.get(this.tabs.selected) as Terminal
  }

  /** Says in the empty terminal what one may type. */
  suggest(): void {
    this.terminals.get(this.data.node)?.note(this.t('terminal.try', { commands: this.data.try ?? 'ip addr' }))
  }

  #terminal(node: string): Terminal {
    return new Terminal({
      node,
      t: this.t,
      readiness: () => this.operator?.readiness(node) ?? 'booting',
      line: (text) => this.operator?.line(node, text),
      key: (key) => this.operator?.key(node, key),
      complete: async (text, caret) => {
        await this.#machines
        return (this.operator as Operator).complete(node, text, caret)
      },
      say: (text) => this.operator?.say(text),
    })
  }
}

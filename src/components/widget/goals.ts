/** The list of goals: one line that hops past what is reached (look.md, The widget). */
import type { GoalResult } from '../../grade/result.ts'
import type { Translate } from '../../i18n/translate.ts'

export type GoalState = 'todo' | 'reached' | 'kept' | 'broken' | 'failed' | 'unknown'

/** What happened to a goal since the last time. */
export interface GoalChange {
  readonly n: number
  readonly state: GoalState
}

interface Row {
  readonly item: HTMLElement
  state: GoalState
  /** It was reached before the learner did anything: it must stay so. */
  given: boolean
  where: string
}

export class Goals {
  readonly #rows: Row[]
  readonly #t: Translate

  constructor(list: HTMLElement, t: Translate) {
    this.#t = t
    this.#rows = [...list.querySelectorAll<HTMLElement>('[data-goal]')].map((item) => ({
      item,
      state: 'todo',
      given: false,
      where: '',
    }))
  }

  get reached(): number {
    return this.#rows.filter((r) => r.state === 'reached' || r.state === 'kept').length
  }
  get count(): number {
    return this.#rows.length
  }

  /** Which goals hold before anything was typed. */
  begin(results: readonly GoalResult[]): void {
    results.forEach((r, i) => {
      const row = this.#rows[i]
      if (row) row.given = r.verdict.outcome === 'pass'
    })
  }

  /** Shows new results. `checked`: what is not reached has failed a check. `fresh`: the last command made it so. */
  update(results: readonly GoalResult[], checked: boolean, fresh: boolean): GoalChange[] {
    const changes: GoalChange[] = []
    results.forEach(({ verdict }, i) => {
      const row = this.#rows[i]
      if (!row) return
      const before = row.state
      const was = before === 'reached' || before === 'kept' || before === 'broken'
      row.where = verdict.outcome === 'fail' && verdict.place ? verdict.place.node : ''
      if (verdict.outcome === 'pass') row.state = row.given ? 'kept' : 'reached'
      else if (verdict.outcome === 'error') row.state = 'unknown'
      else if (checked) row.state = 'failed'
      else if (fresh && (was || (row.given && before === 'todo'))) row.state = 'broken'
      else if (before !== 'failed' || fresh) row.state = 'todo'
      const text = this.#words(
        row,
        verdict.outcome === 'error' ? this.#t(`grade.${verdict.why.key}`, verdict.why.args) : '',
        before !== 'broken',
      )
      if (row.state !== before) changes.push({ n: i + 1, state: row.state })
      const st = row.item.querySelector('.st')
      if (st && st.textContent !== text) st.textContent = text
    })
    this.#draw()
    return changes
  }

  #words({ state, where }: Row, why: string, justNow: boolean): string {
    const t = this.#t
    const at = where === '' ? '' : ` · ${t('goal.stoppedAt', { node: where })}`
    switch (state) {
      case 'todo':
        return t('goal.todo') + at
      case 'reached':
        return t('goal.reached')
      case 'kept':
        return t('goal.kept')
      case 'broken':
        return justNow ? t('goal.brokenByLast') : t('goal.broken')
      case 'failed':
        return t('goal.failed') + at
      case 'unknown':
        return `${t('goal.unknown')}: ${why}`
    }
  }

  #draw(): void {
    this.#rows.forEach((row, i) => {
      const cls = row.state === 'kept' ? 'reached' : row.state
      if (row.item.className === cls && row.item.dataset.state === row.state) return
      row.item.className = cls
      row.item.dataset.state = row.state
      const svg = row.item.querySelector('svg')
      if (svg) svg.innerHTML = sign(row.state, this.#rows[i - 1]?.state, i === 0, i === this.#rows.length - 1)
    })
    // The piece of line above a goal belongs to the one before it.
    this.#rows.forEach((row, i) => {
      const svg = row.item.querySelector('svg')
      if (svg) svg.innerHTML = sign(row.state, this.#rows[i - 1]?.state, i === 0, i === this.#rows.length - 1)
    })
  }
}

const done = (s: GoalState | undefined): boolean => s === 'reached' || s === 'kept'

const sign = (state: GoalState, before: GoalState | undefined, first: boolean, last: boolean): string => {
  const line = (cls: string, y1: string, y2: string): string =>
    `<line class="${cls}" x1="8" x2="8" y1="${y1}" y2="${y2}"/>`
  const above = first ? '' : line(done(before) ? 'g-line' : 'g-todo', '0', '7')
  const below = last ? '' : line(done(state) ? 'g-line' : 'g-todo', '25', '100%')
  switch (state) {
    case 'reached':
    case 'kept':
      return `${above}<path class="g-line g-arc" d="M8 7 A9 9 0 0 1 8 25"/>${below}`
    case 'todo':
      return `${above}<path class="g-dots" d="M8 7 A9 9 0 0 1 8 25"/>${below}`
    case 'broken':
      return `${above}<path class="g-line" d="M8 7 A9 9 0 0 1 15 10"/><path class="g-broken g-bar" d="M9 15 H23"/><path class="g-dots" d="M15.5 21 A9 9 0 0 1 8 25"/>${below}`
    case 'failed':
      return `${above}${line(done(before) && !first ? 'g-line' : 'g-todo', first ? '6' : '0', '12')}<path class="g-broken g-bar" d="M0 14 H16"/>${below}`
    case 'unknown':
      return `${above}<text x="4" y="21" class="g-ask">?</text>${below}`
  }
}

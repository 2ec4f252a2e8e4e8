/** What a page says to its widget: the JSON that ExerciseShell.astro wrote into it, and the texts of its language. */
import { translator, type Strings, type Translate } from '../../i18n/translate.ts'
import type { Exercise } from '../../grade/exercise.ts'
import type { Lab } from '../../lab/lab.ts'

export interface PageData {
  readonly kind: 'exercise' | 'lab'
  /** Key under which work is kept: the exercise's id, or `lab:NAME`. */
  readonly id: string
  readonly lang: 'ko' | 'en'
  readonly lab: Lab
  readonly exercise: Exercise | null
  /** The terminal that is open first. */
  readonly node: string
  /** Commands to suggest in an empty terminal. */
  readonly try: string | null
}

const json = (script: Element | null): unknown => JSON.parse(script?.textContent ?? 'null')

export const pageData = (root: HTMLElement): PageData =>
  json(root.querySelector(':scope > script.hop-data')) as PageData

export const pageStrings = (lang: string): Translate =>
  translator((json(document.querySelector('#hop-strings')) ?? {}) as Strings, lang)

/** Marks in the sidebar, on the overview and at the next hop. They follow what the widget stores, in any tab. */
import {
  lessonState,
  parseProgress,
  parseRead,
  PROGRESS_KEY,
  READ_KEY,
  type State,
  stored,
} from './progress.ts'

const words = (text: string | undefined): string[] => (text ?? '').split(' ').filter((w) => w !== '')

export function mark(root: ParentNode = document): void {
  const progress = parseProgress(stored(PROGRESS_KEY))
  const read = parseRead(stored(READ_KEY))
  const state = (slug: string, exercises: readonly string[]): State =>
    lessonState(slug, exercises, progress, read)

  for (const item of root.querySelectorAll<HTMLElement>('[data-exercises][data-lesson]')) {
    const s = state(item.dataset.lesson ?? '', words(item.dataset.exercises))
    for (const name of ['done', 'partly', 'doing'] as const) item.classList.toggle(name, s === name)
    const word = item.querySelector<HTMLElement>('.state')
    const said = s === 'done' || s === 'partly' ? word?.dataset[s] : undefined
    if (word && said !== undefined && !item.classList.contains('current')) word.textContent = ` ${said}`
    const kick = item.querySelector<HTMLElement>('.kick')
    if (kick?.dataset.done !== undefined && (s === 'done' || s === 'partly'))
      kick.textContent = kick.dataset.done
  }
  for (const module of root.querySelectorAll<HTMLElement>('[data-lessons]')) {
    const lessons = JSON.parse(module.dataset.lessons ?? '[]') as [string, ...string[]][]
    const done = lessons.filter(([slug, ...exercises]) => /done|partly/.test(state(slug, exercises))).length
    const count = module.querySelector('.q')
    if (count) count.textContent = `${done}/${lessons.length}`
  }
  document.dispatchEvent(new CustomEvent('hop:marked'))
}

mark()
addEventListener('storage', (e) => {
  if (e.key === null || e.key === PROGRESS_KEY || e.key === READ_KEY) mark()
})
// The widget says so in its own tab, where no storage event comes.
document.addEventListener('hop:progress', () => mark())

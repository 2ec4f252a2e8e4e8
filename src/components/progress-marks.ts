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

/** On the overview: the first lesson that is not done, once any is. */
function resume(root: ParentNode): void {
  const box = root.querySelector<HTMLElement>('.resume')
  const lessons = [...root.querySelectorAll<HTMLElement>('.lessons li')]
  const open = lessons.find((l) => !l.matches('.done, .partly'))
  if (!box || !open || !lessons.some((l) => l.matches('.done, .partly, .doing'))) return
  const link = open.querySelector('a')
  const go = box.querySelector('a')
  const [kick, title] = [box.querySelector('.kick'), box.querySelector('strong')]
  if (!link || !go || !kick || !title) return
  kick.textContent = box.dataset.resume ?? ''
  title.textContent = `${open.closest<HTMLElement>('[data-module]')?.dataset.module ?? ''}: ${link.textContent}`
  go.textContent = box.dataset.go ?? ''
  go.href = link.href
}

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
    if (module.dataset.text !== undefined && lessons.length > 0) {
      const solved = lessons.flatMap(([, ...ids]) => ids).filter((id) => progress.has(id)).length
      module.textContent = module.dataset.text.replace('{{l}}', String(done)).replace('{{e}}', String(solved))
    }
  }
  resume(root)
  document.dispatchEvent(new CustomEvent('hop:marked'))
}

mark()
addEventListener('storage', (e) => {
  if (e.key === null || e.key === PROGRESS_KEY || e.key === READ_KEY) mark()
})
// The widget says so in its own tab, where no storage event comes.
document.addEventListener('hop:progress', () => mark())

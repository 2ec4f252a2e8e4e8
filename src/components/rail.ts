/**
 * The reader's way down the page: petrol as far as they are, the square at its end. It does not pass an unsolved
 * exercise. Headings that it has passed get their hop in petrol; the contents list follows.
 */
import { parseProgress, parseRead, PROGRESS_KEY, READ_KEY, stored } from './progress.ts'

/** Where on the screen one reads: a little above its middle. */
const EYE = 0.4

const main = document.querySelector<HTMLElement>('[data-has-sidebar] main')
const passed = main?.querySelector<HTMLElement>(':scope > .passed')
const headings = [...document.querySelectorAll<HTMLElement>('.prose > h2[id]')]
const stops = [...headings, ...document.querySelectorAll<HTMLElement>('.course > li')].map((heading) => ({
  heading,
  hop: heading.querySelector('.hop'),
}))
const overview = document.querySelector('.course') !== null

/** The first exercise that is not solved holds the square; on the overview, the first open module. */
function gate(): number {
  const open = document.querySelector('.course .lessons li:not(.done, .partly)')?.closest('.course > li')
  if (open) return open.getBoundingClientRect().top + 12
  const solved = parseProgress(stored(PROGRESS_KEY))
  for (const widget of document.querySelectorAll<HTMLElement>('hop-exercise[data-id]'))
    if (!solved.has(widget.dataset.id ?? '')) return widget.getBoundingClientRect().top + 24
  return Number.POSITIVE_INFINITY
}

function contents(current: number): void {
  for (const list of document.querySelectorAll('.toc, .toc-bar')) {
    list.querySelectorAll('a').forEach((a, i) => {
      if (i === current) a.setAttribute('aria-current', 'true')
      else a.removeAttribute('aria-current')
    })
    const n = list.querySelector('summary .n')
    const title = list.querySelector('summary b')
    if (n) n.textContent = `${current + 1}/${headings.length}`
    if (title) title.textContent = list.querySelectorAll('a > span:last-child')[current]?.textContent ?? ''
  }
}

let waiting = false
function draw(): void {
  waiting = false
  if (!main || !passed) return
  const eye = innerHeight * EYE
  const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2
  const top = passed.getBoundingClientRect().top
  const bottom = main.getBoundingClientRect().bottom - parseFloat(getComputedStyle(main).paddingBottom)
  const end = Math.min(atEnd || overview ? bottom : Math.max(eye, top), gate(), bottom)
  passed.style.height = `${Math.max(0, end - top)}px`
  let current = 0
  stops.forEach(({ heading, hop }, i) => {
    const y = heading.getBoundingClientRect().top
    hop?.classList.toggle('done', y + 13 <= end)
    if (y <= eye || atEnd) current = i
  })
  if (headings.length > 0) contents(current)
}
const soon = () => {
  if (waiting) return
  waiting = true
  requestAnimationFrame(draw)
}

/** Reaching the next hop means having read the page. */
function rememberRead(): void {
  const end = document.querySelector<HTMLElement>('.next[data-lesson], .next-none')
  const slug = end?.dataset.lesson
  if (!end || slug === undefined) return
  new IntersectionObserver((seen, observer) => {
    if (!seen.some((s) => s.isIntersecting)) return
    observer.disconnect()
    const read = parseRead(stored(READ_KEY))
    if (read.has(slug)) return
    read.set(slug, new Date().toISOString())
    try {
      localStorage.setItem(READ_KEY, JSON.stringify(Object.fromEntries(read)))
    } catch {
      return // storage full or forbidden: nothing is kept, nothing else suffers
    }
    document.dispatchEvent(new CustomEvent('hop:progress'))
  }).observe(end)
}

if (main && passed) {
  addEventListener('scroll', soon, { passive: true })
  addEventListener('resize', soon)
  document.addEventListener('hop:marked', soon)
  new ResizeObserver(soon).observe(main)
  soon()
  rememberRead()
  for (const details of document.querySelectorAll<HTMLDetailsElement>('.toc-bar details')) {
    details.addEventListener('click', (e) => {
      if (e.target instanceof Element && e.target.closest('a')) details.open = false
    })
    details.addEventListener('keydown', (e) => {
      if (e.key !== 'Escape' || !details.open) return
      details.open = false
      details.querySelector('summary')?.focus()
    })
  }
}

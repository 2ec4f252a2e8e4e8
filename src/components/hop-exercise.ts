/**
 * Stands for the widget until someone comes near: its shell is in the page's HTML, its code (terminal, simulator,
 * drawing) is fetched when it is almost in view, gets the focus or is pressed. What is pressed before is done after.
 */
import { takeSession } from './hop-run.ts'

type Widget = typeof import('./widget/exercise.ts')

/** How far away "near" is: about one screen. */
const NEAR = '700px 0px'

class HopExercise extends HTMLElement {
  private widget: Promise<Widget> | undefined

  connectedCallback(): void {
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some((s) => s.isIntersecting)) void this.load()
      },
      { rootMargin: NEAR },
    )
    observer.observe(this)
    void this.loaded.then(() => {
      observer.disconnect()
    })
    this.addEventListener('focusin', () => void this.load(), { once: true })
    const early = (e: Event) => {
      const button =
        e.target instanceof Element ? e.target.closest<HTMLElement>('button[data-act], [role="tab"]') : null
      if (!button) return
      e.stopImmediatePropagation()
      void this.load().then(() => {
        button.click()
      })
    }
    this.addEventListener('click', early, { capture: true })
    void this.loaded.then(() => {
      this.removeEventListener('click', early, { capture: true })
    })
  }

  private done: () => void = () => undefined
  /** Settles once the widget has taken over. */
  readonly loaded = new Promise<void>((resolve) => {
    this.done = resolve
  })

  async load(): Promise<void> {
    this.widget ??= import('./widget/exercise.ts')
    const widget = await this.widget
    if (this.dataset.state === 'live') return
    this.dataset.state = 'live'
    await widget.mount(this)
    this.done()
  }
}

customElements.define('hop-exercise', HopExercise)
takeSession()

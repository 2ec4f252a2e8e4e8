/**
 * Stands for the widget until someone comes near: its shell is in the page's HTML, its code (terminal, simulator,
 * drawing) is fetched when it is almost in view, gets the focus or is pressed. What is pressed before is done after.
 */
import { takeSession } from './hop-run.ts'
import type { Desk } from './widget/desk.ts'

/** How far away "near" is: about one screen. */
const NEAR = '700px 0px'

class HopExercise extends HTMLElement {
  #loading: Promise<void> | undefined
  #desk: Desk | undefined

  connectedCallback(): void {
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some((s) => s.isIntersecting)) void this.load()
      },
      { rootMargin: NEAR },
    )
    observer.observe(this)
    const focused = () => void this.load()
    this.addEventListener('focusin', focused)
    const pressed = (e: Event) => {
      const button =
        e.target instanceof Element ? e.target.closest<HTMLElement>('[data-act], [role="tab"]') : null
      if (!button || (this.#desk && button.role === 'tab')) return
      e.stopImmediatePropagation()
      void this.load().then(() => {
        button.click()
      })
    }
    this.addEventListener('click', pressed, { capture: true })
    this.#taken = () => {
      this.querySelector('.ex-unloaded')?.remove()
      observer.disconnect()
      this.removeEventListener('focusin', focused)
      this.removeEventListener('click', pressed, { capture: true })
    }
  }

  /** Called when the widget has taken over. */
  #taken = (): void => undefined

  load(): Promise<void> {
    return (this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined
      this.#sayNotLoaded()
      throw error
    }))
  }

  /** The terminals stand as soon as their own code is there; to compile the simulator, ten times as large, would hold them up. */
  async #load(): Promise<void> {
    const { Desk } = await import('./widget/desk.ts')
    this.#desk ??= new Desk(this)
    const { mount } = await import('./widget/exercise.ts')
    await mount(this.#desk)
    this.dataset.state = 'live'
    this.#taken()
  }

  /** The network failed. The next press or focus tries again. */
  #sayNotLoaded(): void {
    this.querySelector('.ex-unloaded')?.remove()
    const strings = JSON.parse(document.querySelector('#hop-strings')?.textContent ?? '{}') as Record<
      string,
      string
    >
    const p = document.createElement('p')
    p.className = 'ex-unloaded'
    p.setAttribute('role', 'alert')
    p.textContent = strings['exercise.notLoaded'] ?? ''
    this.querySelector('[data-part="bench"]')?.append(p)
  }
}

customElements.define('hop-exercise', HopExercise)
takeSession()

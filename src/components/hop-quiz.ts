/**
 * A question with one or several right answers. Checking shows the reason of every answer that was chosen, and,
 * once all is right, of all. A prediction (`data-once`) is committed once and then compared with what happened.
 */
type Strings = Record<'none' | 'right' | 'wrong' | 'some', string>

class HopQuiz extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector('form')
    const status = this.querySelector<HTMLElement>('[role="status"]')
    if (!form || !status) return
    const strings = JSON.parse(this.dataset.strings ?? '{}') as Strings
    form.addEventListener('submit', (e) => {
      e.preventDefault()
      status.textContent = strings[this.check(form)]
    })
    form.addEventListener('change', () => {
      if (this.dataset.once !== undefined) return
      // A new choice is a new try: old reasons would speak of something else.
      for (const c of this.choices()) this.reveal(c, false)
      status.textContent = ''
      status.className = ''
    })
  }

  private choices(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('.choice')]
  }

  private reveal(choice: HTMLElement, on: boolean): void {
    const why = choice.querySelector<HTMLElement>('.why')
    if (why) why.hidden = !on
    choice.classList.toggle('shown', on)
  }

  private check(form: HTMLFormElement): keyof Strings {
    const choices = this.choices()
    const chosen = choices.filter((c) => c.querySelector('input')?.checked)
    const right = choices.filter((c) => c.dataset.right !== undefined)
    if (chosen.length === 0) return 'none'
    const wrong = chosen.filter((c) => !right.includes(c)).length
    const all = wrong === 0 && chosen.length === right.length
    const committed = this.dataset.once !== undefined
    // What was chosen is judged; what was not, only where there is something to say about it.
    const says = (c: HTMLElement) =>
      c.querySelector('.why')?.textContent?.trim() !== c.querySelector('.mark')?.textContent?.trim()
    for (const c of choices)
      this.reveal(c, chosen.includes(c) || ((all || committed) && (right.includes(c) || says(c))))
    const after = this.querySelector<HTMLElement>('.after')
    if (after && (all || committed)) after.hidden = false
    if (committed) {
      for (const input of form.querySelectorAll('input')) input.disabled = true
      form.querySelector('button')?.setAttribute('aria-disabled', 'true')
    }
    const verdict = all ? 'right' : wrong > 0 ? 'wrong' : 'some'
    const status = this.querySelector<HTMLElement>('[role="status"]')
    if (status) status.className = verdict
    return verdict
  }
}

customElements.define('hop-quiz', HopQuiz)

export {}

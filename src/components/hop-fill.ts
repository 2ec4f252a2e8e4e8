/** A table to fill in: every cell is compared with its answers; after one try the answers may be shown. */
type Strings = Record<'right' | 'one' | 'many', string>

/** As a person writes it: case, spaces and thousands separators don't matter. */
const plain = (text: string): string => text.normalize('NFC').toLowerCase().replaceAll(/[\s,]/g, '')

class HopFill extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector('form')
    const status = this.querySelector<HTMLElement>('[role="status"]')
    const show = this.querySelector<HTMLButtonElement>('[data-show]')
    if (!form || !status || !show) return
    const strings = JSON.parse(this.dataset.strings ?? '{}') as Strings
    const cells = [...this.querySelectorAll<HTMLInputElement>('input.blank')]
    const answers = (cell: HTMLInputElement) => (cell.dataset.answers ?? '').split(';')
    const judge = () => {
      const wrong = cells.filter((c) => !answers(c).some((a) => plain(a) === plain(c.value)))
      for (const c of cells) {
        c.setAttribute('aria-invalid', String(wrong.includes(c)))
        c.classList.toggle('right', !wrong.includes(c))
      }
      status.className = wrong.length === 0 ? 'right' : 'wrong'
      status.textContent =
        wrong.length === 0
          ? strings.right
          : (wrong.length === 1 ? strings.one : strings.many).replace('{{count}}', String(wrong.length))
      show.hidden = wrong.length === 0
      return wrong
    }
    form.addEventListener('submit', (e) => {
      e.preventDefault()
      judge()[0]?.focus()
    })
    show.addEventListener('click', () => {
      for (const c of cells) c.value = answers(c)[0] ?? ''
      judge()
      form.querySelector('button')?.focus()
    })
    form.addEventListener('input', (e) => {
      if (!(e.target instanceof HTMLInputElement)) return
      e.target.removeAttribute('aria-invalid')
      e.target.classList.remove('right')
    })
  }
}

customElements.define('hop-fill', HopFill)

export {}

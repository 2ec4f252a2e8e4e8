/** A table to fill in: every cell is compared with its answers; after one try the answers may be shown. */
type Strings = Record<'right' | 'one' | 'many' | 'empty' | 'empties', string>

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
      // What nobody has filled in yet is not wrong.
      const empty = cells.filter((c) => plain(c.value) === '')
      const wrong = cells.filter(
        (c) => !empty.includes(c) && !answers(c).some((a) => plain(a) === plain(c.value)),
      )
      for (const c of cells) {
        c.setAttribute('aria-invalid', String(wrong.includes(c)))
        c.classList.toggle('right', !wrong.includes(c) && !empty.includes(c))
      }
      const left = [...wrong, ...empty]
      status.className = left.length === 0 ? 'right' : 'wrong'
      const count = (n: number, one: string, many: string): string[] =>
        n === 0 ? [] : [(n === 1 ? one : many).replace('{{count}}', String(n))]
      status.textContent =
        left.length === 0
          ? strings.right
          : [
              ...count(wrong.length, strings.one, strings.many),
              ...count(empty.length, strings.empty, strings.empties),
            ].join(' ')
      show.hidden = left.length === 0
      return left
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

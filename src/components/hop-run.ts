/**
 * "Run it here" on a recorded session. The first press puts a terminal with the session's lab below the figure;
 * each press types the session into it, from the start. The widget does the typing: it listens for `hop:run`.
 */
interface Session {
  readonly session: string
}

export function takeSession(): void {
  if (customElements.get('hop-run')) return
  customElements.define(
    'hop-run',
    class extends HTMLElement {
      connectedCallback(): void {
        const button = this.querySelector('button')
        const data = this.querySelector('script')
        const figure = this.closest('figure')
        if (!button || !data || !figure) return
        const { session } = JSON.parse(data.textContent) as Session
        button.addEventListener('click', () => {
          let bench = figure.nextElementSibling
          if (!(bench instanceof HTMLElement) || bench.dataset.for !== 'run') {
            const template = document.querySelector<HTMLTemplateElement>(
              `template[data-lab-shell="${CSS.escape(this.dataset.lab ?? '')}"]`,
            )
            const shell = template?.content.firstElementChild?.cloneNode(true)
            if (!(shell instanceof HTMLElement)) return
            shell.dataset.for = 'run'
            figure.after(shell)
            bench = shell
          }
          const detail = { session }
          const target = bench as HTMLElement & { load?: () => Promise<void> }
          void target.load?.().then(() => {
            target.dispatchEvent(new CustomEvent('hop:run', { detail }))
          })
        })
      }
    },
  )
}

/** Search: a dialog over Pagefind's index of the page's language, which loads when the dialog first opens. */
interface Found {
  readonly url: string
  readonly meta: { readonly title?: string }
  /** HTML of our own pages' text, with <mark>. */
  readonly excerpt: string
  readonly sub_results: readonly { readonly title: string; readonly url: string; readonly excerpt: string }[]
}
interface Pagefind {
  init(): Promise<void>
  debouncedSearch(q: string): Promise<{ results: { data(): Promise<Found> }[] } | null>
}

const SHOWN = 8

const button = document.querySelector<HTMLButtonElement>('button.search')
const dialog = document.querySelector<HTMLDialogElement>('#find')
const input = dialog?.querySelector('input')
const count = dialog?.querySelector('.find-count')
const list = dialog?.querySelector('.find-results')

if (button && dialog && input && count && list) {
  const strings = JSON.parse(dialog.dataset.strings ?? '{}') as Record<
    'none' | 'one' | 'many' | 'dev',
    string
  >
  let engine: Promise<Pagefind> | undefined
  const load = () =>
    (engine ??= (import(/* @vite-ignore */ dialog.dataset.index ?? '') as Promise<Pagefind>).then(
      async (p) => {
        await p.init()
        return p
      },
    ))

  const show = (found: readonly Found[], all: number, q: string) => {
    count.textContent =
      all === 0
        ? strings.none.replace('{{q}}', q)
        : (all === 1 ? strings.one : strings.many).replace('{{count}}', String(all))
    list.replaceChildren(
      ...found.map((f) => {
        const item = document.createElement('li')
        // The best heading below the page, where the words stand under one.
        const sub = f.sub_results.find((s) => s.url.includes('#'))
        const link = document.createElement('a')
        link.href = sub?.url ?? f.url
        link.textContent = f.meta.title ?? f.url
        if (sub && sub.title !== f.meta.title) link.append(` · ${sub.title}`)
        const text = document.createElement('p')
        text.innerHTML = sub?.excerpt ?? f.excerpt
        item.append(link, text)
        return item
      }),
    )
  }

  const search = async () => {
    const q = input.value.trim()
    if (q === '') {
      count.textContent = ''
      list.replaceChildren()
      return
    }
    let pagefind: Pagefind
    try {
      pagefind = await load()
    } catch {
      engine = undefined
      count.textContent = strings.dev
      return
    }
    const answer = await pagefind.debouncedSearch(q)
    if (answer === null) return // a later letter has taken over
    const found = await Promise.all(answer.results.slice(0, SHOWN).map((r) => r.data()))
    if (input.value.trim() === q) show(found, answer.results.length, q)
  }

  const open = () => {
    if (!dialog.open) dialog.showModal()
    input.select()
  }
  button.addEventListener('click', open)
  addEventListener('keydown', (e) => {
    if (e.key.toLowerCase() !== 'k' || !(e.ctrlKey || e.metaKey) || e.shiftKey || e.altKey) return
    // In a terminal Ctrl-K cuts to the end of the line.
    if (e.ctrlKey && e.target instanceof Element && e.target.closest('hop-exercise')) return
    e.preventDefault()
    if (dialog.open) dialog.close()
    else open()
  })
  input.addEventListener('input', () => void search())
  input.addEventListener('keydown', (e) => {
    if (e.key === 'Escape') {
      e.preventDefault() // a search field would only be cleared
      dialog.close()
    }
    if (e.key !== 'Enter') return
    e.preventDefault() // Enter takes the first result; it does not submit (and close) the form
    list.querySelector('a')?.click()
  })
  dialog.addEventListener('keydown', (e) => {
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return
    const stops: HTMLElement[] = [input, ...list.querySelectorAll('a')]
    const at = stops.indexOf(document.activeElement as HTMLElement)
    const to = stops[at + (e.key === 'ArrowDown' ? 1 : -1)]
    if (!to) return
    e.preventDefault()
    to.focus()
  })
  dialog.addEventListener('click', (e) => {
    if (e.target === dialog) dialog.close() // outside
    if (e.target instanceof Element && e.target.closest('.find-results a')) dialog.close()
  })
}

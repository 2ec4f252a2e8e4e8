/** Small makers of elements. */
type Children = readonly (Node | string)[]

export const el = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  props: Partial<Record<'class' | 'text' | 'role' | 'title' | 'href', string>> = {},
  children: Children = [],
): HTMLElementTagNameMap[K] => {
  const e = document.createElement(name)
  if (props.class) e.className = props.class
  if (props.text) e.textContent = props.text
  if (props.role) e.setAttribute('role', props.role)
  if (props.title) e.title = props.title
  if (props.href && e instanceof HTMLAnchorElement) e.href = props.href
  e.append(...children)
  return e
}

export const button = (text: string, cls: string, act: () => void): HTMLButtonElement => {
  const b = el('button', { class: cls, text })
  b.type = 'button'
  b.addEventListener('click', act)
  return b
}

/** Prose with `code` in backticks, as hints are written. */
export const prose = (text: string): Node[] =>
  text.split('`').map((part, i) => (i % 2 === 0 ? document.createTextNode(part) : el('code', { text: part })))

/** Something that can't be used now says so and stays focusable. */
export const setDisabled = (b: HTMLElement | null, off: boolean): void => {
  if (off) b?.setAttribute('aria-disabled', 'true')
  else b?.removeAttribute('aria-disabled')
}

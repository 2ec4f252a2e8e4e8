/** The row of keys that a phone's keyboard lacks. */
import type { Translate } from '../../i18n/translate.ts'
import type { Terminal } from './terminal.ts'
import { el } from './dom.ts'

export const keyRow = (t: Translate, terminal: () => Terminal): HTMLElement => {
  const row = el('div', { class: 'keys', role: 'toolbar' })
  row.setAttribute('aria-label', t('terminal.keys'))
  const press = (key: string): void => {
    const { input } = terminal()
    if (key.length === 1) {
      input.setRangeText(key, input.selectionStart, input.selectionEnd, 'end')
      input.dispatchEvent(new Event('input'))
      return
    }
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const at = Math.max(0, input.selectionStart + (key === 'ArrowLeft' ? -1 : 1))
      input.setSelectionRange(at, at)
      return
    }
    input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  }
  const keys: readonly [label: string, name: string, act: () => void][] = [
    ['Tab', 'Tab', () => void terminal().complete()],
    ['^C', 'Ctrl-C', () => terminal().interrupt()],
    ['↑', t('terminal.up'), () => press('ArrowUp')],
    ['↓', t('terminal.down'), () => press('ArrowDown')],
    ['←', t('terminal.left'), () => press('ArrowLeft')],
    ['→', t('terminal.right'), () => press('ArrowRight')],
    ['|', '|', () => press('|')],
    ['/', '/', () => press('/')],
    ['-', '-', () => press('-')],
  ]
  for (const [label, name, act] of keys) {
    const b = el('button', { text: label })
    b.type = 'button'
    b.setAttribute('aria-label', name)
    // The line keeps the focus, and with it the phone's keyboard.
    b.addEventListener('pointerdown', (e) => {
      e.preventDefault()
    })
    b.addEventListener('click', act)
    row.append(b)
  }
  return row
}

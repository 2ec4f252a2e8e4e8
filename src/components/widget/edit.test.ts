import { describe, expect, it } from 'vitest'
import { editOf, EDITS, History } from './edit.ts'

const line = (marked: string) => ({ text: marked.replace('|', ''), caret: marked.indexOf('|') })
const show = ({ text, caret }: { text: string; caret: number }) =>
  text.slice(0, caret) + '|' + text.slice(caret)

describe('EDITS', () => {
  it.each([
    ['beginning-of-line', 'ip ad|dr', '|ip addr'],
    ['end-of-line', 'ip ad|dr', 'ip addr|'],
    ['unix-line-discard', 'ip ad|dr', '|dr'],
    ['kill-line', 'ip ad|dr', 'ip ad|'],
    ['unix-word-rubout', 'ip addr add 10.0.0.1/24|', 'ip addr add |'],
    ['unix-word-rubout', 'ip addr   |x', 'ip |x'],
    ['backward-kill-word', 'ip addr add 10.0.0.1/24|', 'ip addr add 10.0.0.1/|'],
    ['kill-word', 'ip| addr add', 'ip| add'],
    ['backward-word', 'ip addr add |', 'ip addr |add '],
    ['forward-word', 'ip| addr', 'ip addr|'],
    ['backward-kill-word', '핑을 보내기|', '핑을 |'],
  ] as const)('%s: %s', (edit, before, after) => {
    expect(show(EDITS[edit](line(before)))).toBe(after)
  })
  it('says what was cut out', () => {
    expect(EDITS['kill-line'](line('ping |-c 1')).killed).toBe('-c 1')
  })
})

describe('editOf', () => {
  it('takes Alt-Backspace and Ctrl-Alt-W for Ctrl-W', () => {
    expect(editOf('Backspace', false, true)).toBe('backward-kill-word')
    expect(editOf('w', true, true)).toBe('unix-word-rubout')
    expect(editOf('a', false, false)).toBeUndefined()
  })
})

describe('History', () => {
  it('walks back, keeps the draft, and comes to it again', () => {
    const h = new History()
    h.add('one')
    h.add('two')
    h.add('two')
    h.add('  ')
    expect([h.previous('dra'), h.previous('x'), h.previous('x')]).toEqual(['two', 'one', undefined])
    expect([h.next(), h.next(), h.next()]).toEqual(['two', 'dra', undefined])
  })
  it('searches backwards', () => {
    const h = new History()
    for (const t of ['ip a', 'ping 1', 'ip r']) h.add(t)
    expect([h.search('ip'), h.search('ip', 2), h.search('zz'), h.search('')]).toEqual([2, 0, -1, -1])
  })
})

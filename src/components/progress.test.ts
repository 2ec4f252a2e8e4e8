import { describe, expect, it } from 'vitest'
import { lessonState, parseProgress, parseRead } from './progress.ts'

const day = '2026-11-25T00:00:00.000Z'

describe('stored progress', () => {
  it('keeps what has the right shape', () => {
    const text = JSON.stringify({
      'switching/first-ping': { solved: day, how: 'own' },
      a: { solved: 'yesterday', how: 'own' },
      b: { solved: day, how: 'luck' },
      c: null,
      d: 7,
    })
    expect([...parseProgress(text).keys()]).toEqual(['switching/first-ping'])
  })
  it('reads nothing from anything else', () => {
    for (const text of [null, '', 'null', '[]', '7', '"x"', '{', '{"a":', '\u0000'])
      expect([parseProgress(text).size, parseRead(text).size]).toEqual([0, 0])
  })
})

describe('state of a lesson', () => {
  const solved = (how: 'own' | 'solution') => ({ solved: day, how })
  it('needs all exercises', () => {
    const none = new Map()
    const one = new Map([['a', solved('own')]])
    const both = new Map([...one, ['b', solved('solution')] as const])
    expect(lessonState('s', ['a', 'b'], none, none)).toBe('todo')
    expect(lessonState('s', ['a', 'b'], one, none)).toBe('doing')
    expect(lessonState('s', ['a', 'b'], both, none)).toBe('partly')
    expect(lessonState('s', ['a'], one, none)).toBe('done')
  })
  it('without exercises is a matter of reading', () => {
    expect(lessonState('s', [], new Map(), new Map())).toBe('todo')
    expect(lessonState('s', [], new Map(), new Map([['s', day]]))).toBe('done')
  })
})

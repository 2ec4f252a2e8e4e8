import { expect, test } from 'vitest'
import { BoundedRegExp, search } from './bounded-regexp.ts'
import { parseRegexp, type Program } from './regexp-program.ts'

/** Small patterns over a, b and c, with everything the parser knows. */
const pattern = (below: (n: number) => number, depth: number): string => {
  const atom = (): string => {
    switch (depth <= 0 ? below(6) : below(12)) {
      case 0: return 'a'
      case 1: return 'b'
      case 2: return ['.', '[ab]', '[^a]', '\\w', '\\x61', '[a-c]'][below(6)] as string
      case 3: return ['^', '$', '\\b', '\\B'][below(4)] as string
      case 4: return 'c'
      case 5: return '(?:)'
      case 6: return `(?:${pattern(below, depth - 1)})`
      case 7: return `(${pattern(below, depth - 1)})`
      case 8: return `(?=${pattern(below, depth - 1)})`
      case 9: return `(?<!${['a', 'b', 'ab'][below(3)]})`
      case 10: return `${pattern(below, depth - 1)}|${pattern(below, depth - 1)}`
      default: return `(?<=${['a', 'b'][below(2)]})`
    }
  } // prettier-ignore
  let out = ''
  for (let n = 1 + below(3); n > 0; n--) {
    const a = atom()
    const quantifier = ['', '', '*', '+', '?', '*?', '{2}', '{1,2}', '{0,3}?'][below(9)] as string
    // In JavaScript alone a round of a loop that matches nothing does not count: such loops are left out.
    const bare = new RegExp(`^(?:${a})$`).test('') || /^[\^$]$|^\\[bB]$|\||^\(\?<?[=!]/.test(a)
    out += bare ? a : a + quantifier
  }
  return out
}

test('finds what the engine of JavaScript finds', () => {
  let state = 7
  const below = (n: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % n
  }
  let compared = 0
  for (let i = 0; i < 4000; i++) {
    const source = pattern(below, 3)
    const flags = ['', 'i', 'm', 'g'][below(4)] as string
    const text = Array.from({ length: below(10) }, () => 'abcA\n'[below(5)]).join('')
    const native = new RegExp(source, flags).exec(text)
    const slots = search(parseRegexp(source, flags) as Program, text, 0, false)
    expect(
      slots && [slots[0], text.slice(slots[0], slots[1])],
      `/${source}/${flags} on ${JSON.stringify(text)}`,
    ).toEqual(native ? [native.index, native[0]] : undefined)
    compared++
  }
  expect(compared).toBe(4000)
})

test.each([
  ['^(a+)+$', 'a'.repeat(5000) + '!'],
  ['^(a|aa)+$', 'a'.repeat(5000) + '!'],
  ['(a*)*b', 'a'.repeat(5000)],
  ['(?:(?:a*)*)*c', 'a'.repeat(2000)],
  ['.*.*.*.*.*x', 'a'.repeat(2000)],
  ['^(\\w+\\s?)*$', 'word '.repeat(2000) + '!'],
])('%s does not run away', (source, text) => {
  expect(new BoundedRegExp(source).exec(text)).toBeNull()
})

test('stands in for RegExp in the methods of String', () => {
  const re = (source: string, flags: string): RegExp => new BoundedRegExp(source, flags)
  const long = 'ab'.repeat(3000)
  expect(long.replace(re('(a|b)+?b', 'g'), '<$&>').slice(0, 12)).toBe('<ab><ab><ab>')
  expect('2001-12-31'.replace(re('(?<y>(\\d|x)+)-((?:\\d)+)', ''), '$3/$<y>')).toBe('12/2001-31')
  expect('a1b22c'.split(re('(?:\\d|x)+', ''))).toEqual(['a', 'b', 'c'])
  expect([...'aXbXc'.matchAll(re('(?:X|y)+', 'g'))].map((m) => m.index)).toEqual([1, 3])
  const sticky = re('(?:a|b)+', 'y')
  sticky.lastIndex = 1
  expect(sticky.exec('cab')?.[0]).toBe('ab')
  expect(re('((?:a|b)+)c\\1', '').exec('abcab')?.[1]).toBe('ab')
})

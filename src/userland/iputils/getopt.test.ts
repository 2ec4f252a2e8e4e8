import { expect, test } from 'vitest'
import { getopt } from './getopt.ts'
import { strtod } from './numbers.ts'

const read = (line: string) => getopt(line.split(' '), 'c:qnI:')

test('options and operands may mix', () => {
  expect(read('10.0.0.1 -c 2 -qn')).toEqual({
    options: [
      { opt: 'c', arg: '2' },
      { opt: 'q', arg: '' },
      { opt: 'n', arg: '' },
    ],
    operands: ['10.0.0.1'],
  })
  expect(read('-c2 -qI eth0 -- -n').operands).toEqual(['-n'])
  expect(read('-c2 -qIeth0').options.at(-1)).toEqual({ opt: 'I', arg: 'eth0' })
})

test('what is wrong is said in the words of getopt', () => {
  expect(read('-c').options).toEqual([{ bad: "option requires an argument -- 'c'" }])
  expect(read('-Z').options).toEqual([{ bad: "invalid option -- 'Z'" }])
  expect(read('--count').options[0]).toEqual({ bad: "invalid option -- '-'" })
})

test('strtod reads as far as it can', () => {
  expect(strtod('0.2')).toEqual({ value: 0.2, rest: '' })
  expect(strtod('1abc')).toEqual({ value: 1, rest: 'abc' })
  expect(strtod('abc')).toEqual({ value: 0, rest: 'abc' })
  expect(strtod('-1e2')).toEqual({ value: -100, rest: '' })
})

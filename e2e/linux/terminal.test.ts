import { expect, test } from 'vitest'
import { runsPing } from './record.ts'
import { withInterrupts } from './terminal.ts'

test.each([
  ['ping B', true],
  ['ping -i 0.2 B | cat', true],
  ['sudo ping B', true],
  ['ip netns exec red ping 10.0.0.1', true],
  ['docker exec -it web ping db', true],
  ['ping -c 3 B', false],
  ['ping -qc3 B', false],
  ['ping B -w 5', false],
  ['ping B > out &', false],
  ['traceroute B', false],
  ['echo ping', false],
])('%s needs an early Ctrl-C: %s', (command, early) => {
  expect(runsPing(command)).toBe(early)
})

test('a Ctrl-C stands on a line of its own', () => {
  const at = (offset: number, seconds: number | null = null) => ({ offset, seconds })
  expect(withInterrupts('a\n\n--- b ---\n', [at(2)])).toEqual(['a', { ctrlC: null }, '--- b ---'])
  expect(withInterrupts('\n', [at(0, 6.2)])).toEqual([{ ctrlC: 6.2 }])
  expect(withInterrupts('half', [at(4)])).toEqual(['half', { ctrlC: null }])
  expect(withInterrupts('a\r\nb\n', [])).toEqual(['a', 'b'])
})

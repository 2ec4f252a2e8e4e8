import { expect, it } from 'vitest'
import { Clock } from './clock.ts'

const drain = (clock: Clock): void => {
  while (clock.runNext());
}

it('runs events by time, equal times in the order of scheduling', () => {
  const clock = new Clock()
  const seen: string[] = []
  for (const [delay, name] of [
    [30, 'c'],
    [10, 'a'],
    [30, 'd'],
    [20, 'b'],
    [30, 'e'],
  ] as const)
    clock.schedule(delay, () => void seen.push(`${clock.now}${name}`))
  drain(clock)
  expect(seen).toEqual(['10a', '20b', '30c', '30d', '30e'])
})

it('forgets what is cancelled, and nothing else', () => {
  const clock = new Clock()
  const seen: number[] = []
  const timers = Array.from({ length: 200 }, (_, i) =>
    clock.schedule((i * 37) % 101, (n: number) => void seen.push(n), i),
  )
  timers.filter((_, i) => i % 3 === 0).forEach((t) => clock.cancel(t))
  clock.cancel(timers[0])
  drain(clock)
  expect(seen.length).toBe(timers.filter((_, i) => i % 3 !== 0).length)
  const due = seen.map((i) => (i * 37) % 101)
  expect(due).toEqual([...due].sort((a, b) => a - b))
  expect(clock.pending).toBe(0)
})

it('never goes back', () => {
  const clock = new Clock()
  clock.schedule(50, () => {})
  clock.runNext()
  clock.skipTo(20)
  clock.schedule(-5, () => {})
  clock.runNext()
  expect(clock.now).toBe(50)
})

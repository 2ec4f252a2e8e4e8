import { expect, it } from 'vitest'
import { JIFFY_NS, wheelDelay } from './jiffies.ts'

it('fires a timer at the next step of its level', () => {
  const jiffies = (delay: number, now = 0): number => wheelDelay(now * JIFFY_NS, delay * JIFFY_NS) / JIFFY_NS
  // Below 63 jiffies each is a step, then each eighth, each sixty-fourth.
  expect(jiffies(1)).toBe(2)
  expect(jiffies(62)).toBe(63)
  expect(jiffies(63)).toBe(64)
  expect(jiffies(64)).toBe(72)
  expect(jiffies(250)).toBe(256)
  expect(jiffies(250, 5)).toBe(251)
  expect(jiffies(250, 6)).toBe(258)
  expect(jiffies(1250)).toBe(1280)
  expect(jiffies(7500)).toBe(7680)
})

it('is never early', () => {
  for (let now = 0; now < 2000; now += 7)
    for (const delay of [0, 1, 62.5, 63, 250, 503, 504, 5000, 40_000])
      expect(wheelDelay(now * 1e6, delay * JIFFY_NS)).toBeGreaterThanOrEqual(delay * JIFFY_NS)
})

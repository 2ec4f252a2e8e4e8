/** A jiffy of 4 ms (CONFIG_HZ=250), in ns, and how many make a second. */
export const JIFFY_NS = 4e6
export const HZ = 250

/** First delays of the wheel's levels, in jiffies; each level is eight times as coarse as the one before. */
const LEVELS = [63, 504, 4032, 32256, 258048] as const

/**
 * When a kernel timer really fires, as a delay from `now` (both ns): at the next step of its level of the timer wheel, late by up
 * to an eighth of the delay (kernel/time/timer.c, calc_index()).
 */
export const wheelDelay = (now: number, delay: number): number => {
  const jiffies = Math.floor(now / JIFFY_NS)
  const wanted = Math.ceil(Math.max(0, delay) / JIFFY_NS)
  const level = LEVELS.findIndex((limit) => wanted < limit)
  const step = 8 ** (level < 0 ? LEVELS.length : level)
  return (Math.floor((jiffies + wanted) / step) + 1) * step * JIFFY_NS - now
}

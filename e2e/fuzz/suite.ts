import { beforeAll, expect, test } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { SEED, smallLabs, typedLines } from './corpus.ts'
import { Lines } from './lines.ts'
import { Chance } from './random.ts'
import { typeLines, type Typed } from './session.ts'

/** Half of the lines: each of two files types as many. */
export const HALF = Number(process.env['FUZZ_LINES'] ?? 100_000) / 2
/** Worlds of the second half count from here. */
export const SECOND = 1_000_000

/** Lines that are typed into one world before the next is made. */
const PER_WORLD = 250
/** Worlds of one test; the first of them is typed twice. */
const PER_TEST = 10
/** No line may keep the page busy for longer, in ms; a machine that is busy with other things gets its time. */
const LONGEST = 30_000

/** Tests that type `count` random lines, with worlds numbered from `first`. */
export const typeRandomLines = (first: number, count: number): void => {
  let corpus: string[] = []
  let labs: Lab[] = []
  beforeAll(async () => {
    corpus = await typedLines()
    labs = await smallLabs()
  })

  test('there is something to spoil', () => {
    expect(corpus.length).toBeGreaterThan(1000)
    expect(labs.length).toBeGreaterThan(4)
  })

  const type = (world: number): Promise<Typed> => {
    const c = new Chance(SEED + world * 7919)
    return typeLines(labs[world % labs.length] as Lab, new Lines(c, corpus), c, PER_WORLD)
  }

  const worlds = Math.ceil(count / PER_WORLD)
  const starts = Array.from({ length: Math.ceil(worlds / PER_TEST) }, (_, i) => first + i * PER_TEST)
  test.each(starts)('random lines, worlds from %i', { timeout: 300_000 }, async (start) => {
    for (let world = start; world < Math.min(start + PER_TEST, first + worlds); world++) {
      const typed = await type(world)
      expect(typed.bugs, `world ${world} of seed ${SEED}`).toEqual([])
      expect(typed.slowest.ms, typed.slowest.line.slice(0, 400)).toBeLessThan(LONGEST)
      expect(new Set(typed.ok), `world ${world} answers`).toEqual(new Set(['ok']))
      if (world === start)
        expect((await type(world)).shown === typed.shown, `world ${world} shows the same twice`).toBe(true)
    }
  })
}

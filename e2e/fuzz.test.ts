/**
 * Nothing that is typed, pasted or loaded makes an exception, a freeze or a mess. Here: the first 50,000 of 100,000 random
 * lines (the others are in fuzz/more.test.ts, so that two processors share the work), and random bytes into everything that
 * reads a file. Chance is seeded: `FUZZ_SEED=n` gives other lines, `FUZZ_LINES=n` more of them.
 */
import { beforeAll, expect, test } from 'vitest'
import { parseProgress, parseRead } from '../src/components/progress.ts'
import { parseWork } from '../src/components/widget/work.ts'
import { parseExercise } from '../src/grade/exercise.ts'
import { ContentError } from '../src/lab/content-error.ts'
import { parseLab, type Lab } from '../src/lab/lab.ts'
import { parseSession, printSession } from '../src/lab/session.ts'
import { read, SEED, type Written } from './fuzz/corpus.ts'
import { mangle } from './fuzz/mangle.ts'
import { Chance } from './fuzz/random.ts'
import { HALF, typeRandomLines } from './fuzz/suite.ts'

typeRandomLines(0, HALF)

let labFiles: Written[] = []
let exercises: Written[] = []
let sessions: Written[] = []

beforeAll(async () => {
  sessions = await read('src/**/*.golden')
  labFiles = [...(await read('e2e/linux/labs/*.yml')), ...(await read('content/labs/*.yml'))]
  exercises = await read('content/exercises/**/*.yml')
})

/** What a reader of files may do with nonsense: read it, or say in a ContentError where and what. */
const reads = (
  c: Chance,
  files: readonly Written[],
  times: number,
  load: (text: string, path: string) => unknown,
): number => {
  let good = 0
  for (let i = 0; i < times; i++) {
    const { path, text } = c.pick(files)
    const spoiled = c.chance(0.9) ? mangle(c, text) : mangle(c, mangle(c, mangle(c, text)))
    try {
      load(spoiled, path)
      good++
    } catch (e) {
      if (!(e instanceof ContentError))
        throw new Error(`${path} spoiled to ${JSON.stringify(spoiled)}`, { cause: e })
      expect(e.message).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')}:\\d+:\\d+: `))
    }
  }
  return good
}

test('labs of random bytes are read or refused with a place', () => {
  const good = reads(new Chance(SEED + 1), labFiles, 3000, parseLab)
  expect(good).toBeGreaterThan(0)
})

test('exercises of random bytes are read or refused with a place', () => {
  const byName = new Map(labFiles.map((f) => [/([\w-]+)\.clab\.yml$/.exec(f.path)?.[1] ?? '', f]))
  const labOf = (name: string): Lab | undefined => {
    const f = byName.get(name)
    return f && parseLab(f.text, f.path)
  }
  const good = reads(new Chance(SEED + 2), exercises, 1500, (text, path) =>
    parseExercise(text, path, 'a/b', labOf),
  )
  expect(good).toBeGreaterThan(0)
})

test('sessions of random bytes are read or refused, and print what they read', () => {
  const nodes = ['A', 'B', 'C', 'R', 'host']
  const good = reads(new Chance(SEED + 3), sessions, 1500, (text, path) => {
    const session = parseSession(text, nodes, path)
    const printed = printSession(session)
    expect(printSession(parseSession(printed, nodes, path))).toBe(printed)
  })
  expect(good).toBeGreaterThan(0)
})

test('stored progress of random bytes is read or set aside', () => {
  const c = new Chance(SEED + 4)
  const stored = [
    '{}', '[]', 'null', '1', '"x"', '{"switching/first-ping":{"at":1,"log":[]}}', '{"v":1,"stamp":"s","log":[{"node":"A","text":"ip a"}]}', '',
    '{"switching/first-ping":{"solved":true,"hints":2}}', '{"a":{"b":{"c":[1,2,{"d":null}]}}}',
  ] // prettier-ignore
  for (let i = 0; i < 5000; i++) {
    const text = c.chance(0.2) ? c.pick(stored) : mangle(c, c.pick(stored))
    expect(parseProgress(text)).toBeInstanceOf(Map)
    expect(parseRead(text)).toBeInstanceOf(Map)
    expect(() => parseWork(text, 's', ['A', 'B']), text).not.toThrow()
  }
})

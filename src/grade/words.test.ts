import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import en from '../i18n/en.json' with { type: 'json' }
import ko from '../i18n/ko.json' with { type: 'json' }

/** Every key that the grader says has words in both languages. */
it('finds words for all that the grader says', () => {
  const source = globSync(`${import.meta.dirname}/*.ts`)
    .filter((f) => !f.endsWith('.test.ts'))
    .map((f) => readFileSync(f, 'utf8'))
    .join('\n')
  const keys = new Set(
    [...source.matchAll(/'((?:ping|noPing|run|json|resolve|capture|typed|not|any|netns|fact)\.\w+)'/g)].map(
      (m) => `grade.${m[1]}`,
    ),
  )
  expect(keys.size).toBeGreaterThan(40)
  for (const key of keys) {
    expect(Object.keys(ko), key).toContain(key)
    expect(Object.keys(en), key).toContain(key)
  }
})

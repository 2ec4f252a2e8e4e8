/** Which Hangul syllables the site prints: those of content/, of the texts and of the components. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PLACES = [
  'content/**/*.{mdx,yml,md}',
  'src/i18n/*.json',
  'src/content/i18n/*.json',
  'src/{components,pages,lab,grade}/**/*.{astro,ts}',
]

/** Syllable → the first file that holds it. */
export function whereSyllables(): Map<string, string> {
  const found = new Map<string, string>()
  for (const file of PLACES.flatMap((p) => globSync(p, { cwd: ROOT })).sort())
    for (const letter of readFileSync(ROOT + file, 'utf8').match(/[가-힣]/g) ?? [])
      if (!found.has(letter)) found.set(letter, file)
  return found
}

export const syllablesInUse = (): string => [...whereSyllables().keys()].join('')

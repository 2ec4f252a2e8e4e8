import { readFileSync } from 'node:fs'
import fontverter from 'fontverter'
import { describe, expect, it } from 'vitest'
import { whereSyllables } from './letters.ts'
import { codePoints } from './sfnt.ts'

const face = async (file: string) =>
  codePoints(
    Buffer.from(
      await fontverter.convert(
        readFileSync(new URL(`../../public/fonts/${file}`, import.meta.url)),
        'truetype',
      ),
    ),
  )

describe('the cut fonts', () => {
  it.each(['hop-text-hangul-400', 'hop-text-hangul-600', 'hop-mono-hangul-400'])(
    '%s has every syllable that the site prints (else: npm run fonts)',
    async (name) => {
      const has = await face(`${name}.woff2`)
      expect(has.size).toBeGreaterThan(1000)
      const missing = [...whereSyllables()].filter(([letter]) => !has.has(letter.codePointAt(0) ?? 0))
      expect(missing).toEqual([])
    },
  )
  it('has what terminals print', async () => {
    const has = await face('hop-mono-400.woff2')
    for (const letter of 'aZ09 ~→─│é')
      expect([letter, has.has(letter.codePointAt(0) ?? 0)]).toEqual([letter, true])
    // The pipe is another face's.
    expect(has.has(0x7c)).toBe(false)
    expect((await face('hop-mono-bar-400.woff2')).has(0x7c)).toBe(true)
  })
})

import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import en from './en.json' with { type: 'json' }
import ko from './ko.json' with { type: 'json' }
import notes from './notes.json' with { type: 'json' }
import { type Strings, translator } from './translate.ts'

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort()

describe('texts of the site', () => {
  it('has the same keys in both languages', () => {
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort())
  })
  it('fills in the same values in both languages', () => {
    const english: Strings = en
    for (const [key, text] of Object.entries(ko))
      expect([key, placeholders(text)]).toEqual([key, placeholders(english[key] ?? '')])
  })
  it('has no note about a key that is gone, and no empty text', () => {
    for (const key of Object.keys(notes)) expect(Object.keys(ko)).toContain(key)
    for (const text of [...Object.values(ko), ...Object.values(en)]) expect(text).not.toBe('')
  })
})

describe('translator', () => {
  it('prints what i18next prints', async () => {
    for (const [lang, strings] of Object.entries({ ko, en })) {
      const i18n = i18next.createInstance()
      await i18n.init({
        resources: { [lang]: { translation: strings } },
        lng: lang,
        keySeparator: false,
        nsSeparator: false,
        interpolation: { escapeValue: false },
      })
      const t = translator(strings, lang)
      for (const [key, text] of Object.entries(strings)) {
        const values = Object.fromEntries(placeholders(text).map((name) => [name ?? '', `‹${name}›`]))
        const plain = key.replace(/_(one|other)$/, '')
        if (plain === key) expect(t(key, values)).toBe(i18n.t(key, values))
        else
          for (const count of [0, 1, 2, 21])
            expect(t(plain, { ...values, count })).toBe(i18n.t(plain, { ...values, count }))
      }
    }
  })
  it('shows a missing key and keeps an unfilled place', () => {
    const t = translator({ a: 'x {{n}}' }, 'en')
    expect(t('b')).toBe('b')
    expect(t('a')).toBe('x {{n}}')
  })
})

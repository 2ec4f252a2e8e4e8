/** Texts at build time, by i18next. Keys are flat and say where they appear: see src/i18n/notes.json. */
import i18next from 'i18next'
import en from '../i18n/en.json' with { type: 'json' }
import ko from '../i18n/ko.json' with { type: 'json' }
import type { Strings, Translate } from '../i18n/translate.ts'
import type { Lang } from './files.ts'

export const texts: Readonly<Record<Lang, Strings>> = { ko, en }

const i18n = i18next.createInstance()
await i18n.init({
  resources: { ko: { translation: ko }, en: { translation: en } },
  lng: 'ko',
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false }, // Astro escapes
})

export function translation(lang: Lang): Translate {
  const t = i18n.getFixedT(lang)
  return (key, values) => t(key, { ...values })
}

/** Groups of keys that only the build uses; the widget's own are the rest. */
const STAY = /^(site|search|page|course|path|console|quiz|predict|fill|myth|reference)\./

/** What the widget may say, in one page's language. */
export const shipped = (lang: Lang): Strings =>
  Object.fromEntries(Object.entries(texts[lang]).filter(([key]) => !STAY.test(key)))

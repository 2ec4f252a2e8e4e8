import en from '../i18n/en.json' with { type: 'json' }
import ko from '../i18n/ko.json' with { type: 'json' }
import type { Message } from '../grade/result.ts'

const TEXTS: Readonly<Record<'ko' | 'en', Readonly<Record<string, string>>>> = { ko, en }

/** A message of the grader in words: the same texts as on the site. */
export const sayIn = (lang: 'ko' | 'en', { key, args }: Message): string => {
  const text = TEXTS[lang]['grade.' + key]
  if (text === undefined) throw new Error(`src/i18n/${lang}.json lacks "grade.${key}"`)
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(args[name] ?? ''))
}

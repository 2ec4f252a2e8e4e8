/** What the components of a page ask about it: its language, its place, links that respect the base path. */
import type { AstroGlobal } from 'astro'
import type { Translate } from '../../i18n/translate.ts'
import { isLang, type Lang } from '../../site/files.ts'
import { translation } from '../../site/i18n.ts'

const BASE = import.meta.env.BASE_URL.replace(/\/?$/, '/')

export const href = (path: string): string => BASE + path.replace(/^\//, '')

export interface Page {
  readonly lang: Lang
  readonly t: Translate
  /** Path below the language: `switching/two-machines`, '' for the home page; undefined outside both languages. */
  readonly slug: string | undefined
  readonly link: (slug: string, lang?: Lang) => string
}

export function page(Astro: Pick<AstroGlobal, 'url'>): Page {
  const [first, ...rest] = Astro.url.pathname.slice(BASE.length).split('/')
  const known = isLang(first)
  const lang = known ? first : 'ko'
  return {
    lang,
    t: translation(lang),
    slug: known ? rest.join('/').replace(/\/(index\.html)?$/, '') : undefined,
    link: (slug, to = lang) => href(slug === '' ? `${to}/` : `${to}/${slug}/`),
  }
}

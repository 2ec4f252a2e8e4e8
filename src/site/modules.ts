/** The course as the folders of `content/` have it: modules in the order of modules.yml, lessons by their `sidebar.order`. */
import { parse } from 'yaml'
import { files, type Lang, read, ROOT } from './files.ts'
import { lesson } from './catalog.ts'

type Text = Readonly<Record<Lang, string>>

interface ModuleRow {
  readonly dir: string
  readonly title: Text
  readonly about: Text
  readonly can: Text
}

export interface LessonRow {
  /** URL below the language: `switching/two-machines`. */
  readonly slug: string
  readonly title: string
  readonly exercises: readonly string[]
}

export interface Module extends ModuleRow {
  readonly number: number
  readonly lessons: readonly LessonRow[]
}

const orderOf = (frontmatter: Readonly<Record<string, unknown>>): number => {
  const sidebar = frontmatter.sidebar as { order?: unknown } | undefined
  return typeof sidebar?.order === 'number' ? sidebar.order : Number.MAX_SAFE_INTEGER
}

function lessons(dir: string, lang: Lang, root: string): LessonRow[] {
  return files(`content/${lang}/${dir}/*.mdx`, root)
    .map((file) => {
      const { frontmatter, uses } = lesson(file, root)
      return {
        slug: file.slice(`content/${lang}/`.length, -'.mdx'.length),
        title: String(frontmatter.title ?? file),
        order: orderOf(frontmatter),
        draft: frontmatter.draft === true,
        exercises: uses.flatMap((u) => (u.name === 'Exercise' ? (u.attributes.get('id') ?? []) : [])),
      }
    })
    .filter((l) => !l.draft)
    .sort((a, b) => a.order - b.order || a.slug.localeCompare(b.slug))
    .map(({ slug, title, exercises }) => ({ slug, title, exercises }))
}

export function modules(lang: Lang, root = ROOT): Module[] {
  const rows = parse(read('content/modules.yml', root)) as ModuleRow[]
  return rows.map((row, number) => ({ ...row, number, lessons: lessons(row.dir, lang, root) }))
}

/** Starlight's sidebar: it decides what comes before and after a page. Read when the server starts. */
export const sidebar = () =>
  modules('ko')
    .filter((m) => m.lessons.length > 0)
    .map((m) => ({
      label: m.title.ko,
      translations: { en: m.title.en },
      items: m.lessons.map(({ slug }) => ({ slug })),
    }))

/** Everything that can be wrong with content/, as one list. Stops the build; also a test and `hop validate`. */
import type { AstroIntegration } from 'astro'
import { ContentError } from '../lab/content-error.ts'
import { exerciseIds, exercise, exerciseFile, labNames, lab, labFile } from './catalog.ts'
import { components } from './components.ts'
import { untrueBlocks } from './console-blocks.ts'
import { files, type Lang, LANGS, read, ROOT } from './files.ts'
import { type Lesson, readLesson } from './lesson.ts'
import { ContentMistake, print, type Problem, suggest } from './problem.ts'

export const lessonFiles = (lang: Lang, root = ROOT): string[] => files(`content/${lang}/**/*.mdx`, root)

/** Names in attributes (`<Exercise id>`, `<Lab lab>`) and in `console` fences that nothing in content/ has. */
function* unknownNames(lesson: Lesson, root: string): Generator<Problem> {
  const known = { exercise: exerciseIds(root), lab: labNames(root) }
  const fileOf = { exercise: exerciseFile, lab: labFile }
  for (const use of lesson.uses) {
    for (const [attribute, kind] of Object.entries(components[use.name].refers ?? {})) {
      const name = use.attributes.get(attribute)
      if (name === undefined || known[kind].includes(name)) continue
      yield {
        file: lesson.file,
        line: use.line,
        column: use.column,
        what: `<${use.name} ${attribute}="${name}">: there is no ${fileOf[kind](name)}`,
        todo: suggest(name, known[kind]),
      }
    }
  }
  for (const block of lesson.consoles) {
    if (block.lab === undefined || known.lab.includes(block.lab)) continue
    yield {
      file: lesson.file,
      line: block.line - 1,
      column: 1,
      what: `lab=${block.lab}: there is no ${labFile(block.lab)}`,
      todo: suggest(block.lab, known.lab),
    }
  }
}

/** Pages of the site, as a link from the root names them: `/ko/switching/masks/`. */
const pages = (root: string): string[] =>
  LANGS.flatMap((lang) => [
    `/${lang}/`,
    ...lessonFiles(lang, root).flatMap((f) =>
      f.endsWith('/index.mdx') ? [] : [`/${f.slice('content/'.length, -'.mdx'.length)}/`],
    ),
  ])

/** Links and `needs` that lead nowhere. */
function* deadLinks(lesson: Lesson, root: string): Generator<Problem> {
  const known = pages(root)
  for (const { url, line, column } of lesson.links) {
    const [path = ''] = url.split(/[#?]/)
    if (known.includes(path)) continue
    yield {
      file: lesson.file,
      line,
      column,
      what: `there is no page ${path}`,
      todo: known.includes(`${path}/`) ? `End it with a slash: ${path}/` : suggest(path, known),
    }
  }
  const lang = lesson.file.split('/')[1] ?? ''
  const needs = Array.isArray(lesson.frontmatter.needs) ? lesson.frontmatter.needs.map(String) : []
  const slugs = known.flatMap((p) => (p.startsWith(`/${lang}/`) ? [p.slice(lang.length + 2, -1)] : []))
  for (const slug of needs) {
    if (slugs.includes(slug)) continue
    yield {
      file: lesson.file,
      line: lineOf(lesson, root, slug),
      column: 1,
      what: `\`needs\` names ${slug}, and there is no content/${lang}/${slug}.mdx`,
      todo: suggest(slug, slugs),
    }
  }
}

/** Line of a word in the frontmatter. */
const lineOf = (lesson: Lesson, root: string, word: string): number =>
  Math.max(
    1,
    read(lesson.file, root)
      .split('\n')
      .findIndex((l) => l.includes(word)) + 1,
  )

/** Every page exists in each language, and holds the same exercises there. */
function* translations(lessons: ReadonlyMap<string, Lesson>, root: string): Generator<Problem> {
  for (const lang of LANGS) {
    for (const file of lessonFiles(lang, root)) {
      for (const other of LANGS) {
        if (other === lang) continue
        const twin = file.replace(`content/${lang}/`, `content/${other}/`)
        const theirs = lessons.get(twin)
        if (!theirs) {
          yield { file, line: 1, column: 1, what: `missing translation: ${twin}`, todo: `Write ${twin}.` }
          continue
        }
        const has = new Set(names(theirs))
        for (const use of lessons.get(file)?.uses ?? []) {
          const id = use.name === 'Exercise' ? use.attributes.get('id') : undefined
          if (id === undefined || has.has(id)) continue
          yield {
            file: theirs.file,
            line: 1,
            column: 1,
            what: `the translation lacks <Exercise id="${id}">`,
            todo: `It stands at ${file}:${use.line}.`,
          }
        }
      }
    }
  }
}

const names = (lesson: Lesson): string[] =>
  lesson.uses.flatMap((u) => (u.name === 'Exercise' ? (u.attributes.get('id') ?? []) : []))

/** What a parser of labs or exercises threw; it carries its own place. Anything else is our own bug. */
function thrown(e: unknown): Problem {
  if (e instanceof ContentError)
    return { file: e.file, line: e.line, column: e.column, what: e.what, todo: e.todo }
  throw e
}

function* data(root: string): Generator<Problem> {
  for (const name of labNames(root)) {
    try {
      lab(name, root)
    } catch (e) {
      yield thrown(e)
    }
  }
  for (const id of exerciseIds(root)) {
    try {
      exercise(id, root)
    } catch (e) {
      yield thrown(e)
    }
  }
}

/** What is wrong with one lesson by itself; translations are compared in checkContent(). */
export const checkLesson = (lesson: Lesson, root = ROOT): Problem[] => [
  ...lesson.problems,
  ...unknownNames(lesson, root),
  ...deadLinks(lesson, root),
]

export function checkContent(root = ROOT): Problem[] {
  const lessons = new Map<string, Lesson>()
  for (const lang of LANGS)
    for (const file of lessonFiles(lang, root)) lessons.set(file, readLesson(read(file, root), file))
  const problems: Problem[] = []
  for (const lesson of lessons.values()) problems.push(...checkLesson(lesson, root))
  problems.push(...translations(lessons, root), ...data(root))
  return problems
}

/** Console blocks that are not true, of all lessons below `root` or of one. */
export async function checkConsoles(root = ROOT, only?: string): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const file of LANGS.flatMap((lang) => lessonFiles(lang, root)))
    if (only === undefined || file === only)
      problems.push(...(await untrueBlocks(readLesson(read(file, root), file), root)))
  return problems
}

/**
 * Astro integration: `astro build` stops with the whole list. `astro dev` says it and serves what it can; when a lab, an
 * exercise or a module changes, everything made from them is made anew (Vite knows only what is imported).
 */
export function contentCheck(root = ROOT): AstroIntegration {
  return {
    name: 'content-check',
    hooks: {
      'astro:config:setup': async ({ command, logger }) => {
        const problems = [...checkContent(root), ...(command === 'build' ? await checkConsoles(root) : [])]
        if (problems.length === 0) return
        const mistake = new ContentMistake(problems)
        if (command === 'build') throw mistake
        logger.error(mistake.message)
      },
      'astro:server:setup': ({ server, logger }) => {
        server.watcher.add(`${root}content`)
        server.watcher.on('all', (_, path) => {
          const file = path.replaceAll('\\', '/')
          if (!file.startsWith(`${root}content/`)) return
          const problems = checkContent(root)
          if (problems.length > 0) logger.error(problems.map(print).join('\n'))
          if (file.endsWith('.mdx')) {
            // The page itself is Astro's business.
            void checkConsoles(root, file.slice(root.length)).then((untrue) => {
              if (untrue.length > 0) logger.error(untrue.map(print).join('\n'))
            })
            return
          }
          for (const environment of Object.values(server.environments))
            environment.moduleGraph.invalidateAll()
          server.ws.send({ type: 'full-reload' })
        })
      },
    },
  }
}

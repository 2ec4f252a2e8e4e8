/**
 * From what an author writes to what a page needs: components without imports, `console` fences as recorded
 * figures, questions with their parts in place, links under the base path. Mistakes stop here with their place.
 */
import { relative } from 'node:path'
import type { Code, Root, RootContent } from 'mdast'
import { SKIP, visit } from 'unist-util-visit'
import type { VFile } from 'vfile'
import { isComponent } from './components.ts'
import { checkLesson } from './content-check.ts'
import { ROOT } from './files.ts'
import { fillTable } from './fill-table.ts'
import { continues, fenceOption, type JsxNode, readLesson } from './lesson.ts'
import { ContentMistake } from './problem.ts'
import { isJsx, jsx, question } from './question.ts'

/** Ours alone; an author never writes these. */
const INTERNAL = ['Console', 'Listing', 'Question', 'Blank']

/** A fence becomes our own figure: `console` is a session, anything else the text of a file. */
function figure(node: Code, pageLab: string | undefined, bare: boolean, typed: Map<string, string>): JsxNode {
  const option = (name: string) => fenceOption(node.meta, name)
  const lab = option('lab') ?? pageLab
  // To run a block that continues another, the other is typed first.
  const before = continues(node.meta) ? typed.get(lab ?? '') : undefined
  if (node.lang === 'console') typed.set(lab ?? '', `${before ?? ''}${node.value}\n`)
  const attributes = {
    before,
    text: node.value,
    lang: node.lang ?? undefined,
    lab,
    title: option('title'),
    mark: option('mark'),
    bare: bare ? '' : undefined,
  }
  return jsx(node.lang === 'console' ? 'Console' : 'Listing', attributes, [])
}

function figures(tree: Root, lab: string | undefined): void {
  const typed = new Map<string, string>()
  const walk = (parent: { children: RootContent[] }, inBox: boolean) => {
    parent.children = parent.children.map((child) => {
      if (child.type === 'code') return figure(child, lab, inBox, typed)
      if ('children' in child) {
        const box = isJsx(child) && ['Said', 'Real', 'Choice', 'Why'].includes(child.name ?? '')
        walk(child, inBox || box)
      }
      return child
    })
  }
  walk(tree, false)
}

/** A Korean particle stays with the bracket before it: U+2060 forbids the break that `)` would allow. */
const bindParticles = (text: string): string => text.replaceAll(/\)(?=[가-힣])/g, ')\u2060')

function texts(tree: Root, base: string): void {
  visit(tree, (node) => {
    if (node.type === 'text') node.value = bindParticles(node.value)
    if (node.type === 'link' && /^\/(?!\/)/.test(node.url))
      node.url = base.replace(/\/?$/, '/') + node.url.slice(1)
  })
}

function imports(tree: Root): void {
  const used = new Set<string>()
  visit(tree, (node) => {
    if (isJsx(node) && node.name !== null && (isComponent(node.name) || INTERNAL.includes(node.name)))
      used.add(node.name)
  })
  for (const name of used) {
    const source = `${ROOT}src/components/${name}.astro`
    tree.children.unshift({
      type: 'mdxjsEsm',
      value: '',
      data: {
        estree: {
          type: 'Program',
          sourceType: 'module',
          body: [
            {
              type: 'ImportDeclaration',
              source: { type: 'Literal', value: source, raw: JSON.stringify(source) },
              specifiers: [{ type: 'ImportDefaultSpecifier', local: { type: 'Identifier', name } }],
              attributes: [],
            },
          ],
        },
      },
    })
  }
}

export interface LessonOptions {
  readonly base: string
}

export function remarkLesson({ base }: LessonOptions) {
  return async (tree: Root, file: VFile): Promise<void> => {
    const path = relative(ROOT, file.path).replaceAll('\\', '/')
    const lesson = readLesson(String(file.value), path)
    // The frontmatter was taken out before; content-check has seen it in the file itself.
    const problems = checkLesson(lesson).filter((p) => p.line > 1 && !p.what.includes('frontmatter'))
    if (problems.length > 0) throw new ContentMistake(problems)
    const matter =
      (file.data.astro as { frontmatter?: Record<string, unknown> } | undefined)?.frontmatter ?? {}

    figures(tree, typeof matter.lab === 'string' ? matter.lab : undefined)
    const questions: JsxNode[] = []
    visit(tree, (node) => {
      if (!isJsx(node)) return undefined
      if (node.name === 'Quiz' || node.name === 'Predict') questions.push(node)
      else if (node.name === 'FillTable') fillTable(node, path)
      else return undefined
      return SKIP
    })
    for (const q of questions) await question(q, path)
    texts(tree, base)
    imports(tree)
  }
}

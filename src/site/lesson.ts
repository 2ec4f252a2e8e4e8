/**
 * Reads a lesson (MDX) without building it: frontmatter, components with their places, console blocks, headings.
 * The build, the tests and `hop validate` all look at lessons through this one pair of eyes.
 */
import type { Root, RootContent } from 'mdast'
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx-jsx'
import remarkGfm from 'remark-gfm'
import remarkMdx from 'remark-mdx'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { visit } from 'unist-util-visit'
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { components, frontmatterKeys, isComponent, type ComponentName } from './components.ts'
import { type Problem, suggest } from './problem.ts'

export type JsxNode = MdxJsxFlowElement | MdxJsxTextElement

export interface Use {
  readonly name: ComponentName
  /** Attributes written as plain strings. */
  readonly attributes: ReadonlyMap<string, string>
  readonly line: number
  readonly column: number
}

export interface ConsoleBlock {
  readonly session: string
  /** Name of the lab, from the fence's `lab=…`; the page's `lab` in the frontmatter otherwise. */
  readonly lab: string | undefined
  /** Line of the block's first line of text. */
  readonly line: number
  /** Goes on where the block of the same lab before it ended. */
  readonly continues: boolean
  readonly meta: string
}

/** A link within the site, as written: `/ko/switching/masks/`. */
export interface SiteLink {
  readonly url: string
  readonly line: number
  readonly column: number
}

export interface Lesson {
  readonly file: string
  readonly frontmatter: Readonly<Record<string, unknown>>
  readonly tree: Root
  readonly uses: readonly Use[]
  readonly consoles: readonly ConsoleBlock[]
  readonly links: readonly SiteLink[]
  readonly problems: readonly Problem[]
}

const FRONTMATTER = /^---\r?\n([\s\S]*?)^---[ \t]*$/m

/** Text with its frontmatter blanked out, so that every position stays right. */
const blanked = (text: string): string => {
  const m = text.startsWith('---') ? FRONTMATTER.exec(text) : null
  return m ? m[0].replaceAll(/[^\n]/g, ' ') + text.slice(m[0].length) : text
}

function readFrontmatter(text: string, file: string, problems: Problem[]): Record<string, unknown> {
  const m = text.startsWith('---') ? FRONTMATTER.exec(text) : null
  if (!m) {
    problems.push({
      file,
      line: 1,
      column: 1,
      what: 'a page begins with frontmatter',
      todo: 'Start it with `---`, `title: …`, `---`.',
    })
    return {}
  }
  const lines = new LineCounter()
  const doc = parseDocument(m[1] ?? '', { lineCounter: lines })
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: line + 1, column: col }
  }
  for (const e of doc.errors)
    problems.push({ ...place(e.pos[0]), what: e.message.split('\n')[0] ?? e.message })
  if (!isMap(doc.contents)) {
    problems.push({ file, line: 2, column: 1, what: 'frontmatter is a list of `key: value` lines' })
    return {}
  }
  for (const { key } of doc.contents.items) {
    const name = isScalar(key) ? String(key.value) : '?'
    if (frontmatterKeys.includes(name)) continue
    problems.push({
      ...place(isScalar(key) ? (key.range?.[0] ?? 0) : 0),
      what: `unknown key \`${name}\` in the frontmatter`,
      todo: suggest(name, frontmatterKeys),
    })
  }
  if (!doc.has('title'))
    problems.push({
      file,
      line: 2,
      column: 1,
      what: 'the frontmatter has no `title`',
      todo: 'Add `title: …`.',
    })
  return doc.toJS() as Record<string, unknown>
}

const placeOf = (node: { position?: { start: { line: number; column: number } } | undefined }) => ({
  line: node.position?.start.line ?? 1,
  column: node.position?.start.column ?? 1,
})

/** What is wrong with one use of a component, by its row in the table. */
function* checkUse(node: JsxNode, file: string, parents: readonly string[]): Generator<Problem> {
  const at = { file, ...placeOf(node) }
  const name = node.name ?? ''
  // Plain HTML elements are lower case; they need no row.
  if (!/^[A-Z]/.test(name)) return
  if (!isComponent(name)) {
    yield { ...at, what: `unknown component <${name}>`, todo: suggest(name, Object.keys(components)) }
    return
  }
  const spec = components[name]
  if (spec.inside && !spec.inside.some((p) => parents.includes(p)))
    yield { ...at, what: `<${name}> stands inside ${spec.inside.map((p) => `<${p}>`).join(' or ')} only` }
  const known = [...spec.required, ...spec.optional]
  const given = new Set<string>()
  for (const a of node.attributes) {
    if (a.type !== 'mdxJsxAttribute') {
      yield { ...at, what: `<${name}> takes attributes by name, not {…}` }
      continue
    }
    given.add(a.name)
    if (!known.includes(a.name))
      yield { ...at, what: `<${name}> has no attribute \`${a.name}\``, todo: suggest(a.name, known) }
  }
  for (const r of spec.required)
    if (!given.has(r))
      yield { ...at, what: `<${name}> needs the attribute \`${r}\``, todo: `Write ${r}="…".` }
}

const attributesOf = (node: JsxNode): Map<string, string> => {
  const map = new Map<string, string>()
  for (const a of node.attributes) {
    if (a.type !== 'mdxJsxAttribute') continue
    if (typeof a.value === 'string') map.set(a.name, a.value)
    else if (a.value) map.set(a.name, literal(a.value.value))
    else map.set(a.name, '')
  }
  return map
}

/** `{'…'}`, `{"…"}` and {`…`}: the only expressions that an author needs (for several lines). */
function literal(expression: string): string {
  const m = /^\s*(['"`])([\s\S]*)\1\s*$/.exec(expression)
  return m ? (m[2] ?? '') : expression.trim()
}

/** `lab=two-hosts` or `title="…"` of a fence's first line. */
export function fenceOption(meta: string | null | undefined, name: string): string | undefined {
  const m = new RegExp(`(?:^|\\s)${name}=(?:"([^"]*)"|(\\S+))`).exec(meta ?? '')
  return m?.[1] ?? m?.[2]
}

/** A fence that goes on where the block of the same lab before it ended. */
export const continues = (meta: string | null | undefined): boolean =>
  /(?:^|\s)continue(?:\s|$)/.test(meta ?? '')

export function readLesson(text: string, file: string): Lesson {
  const problems: Problem[] = []
  const frontmatter = readFrontmatter(text, file, problems)
  let tree: Root = { type: 'root', children: [] }
  try {
    tree = unified().use(remarkParse).use(remarkGfm).use(remarkMdx).parse(blanked(text))
  } catch (e) {
    // A VFileMessage: unclosed tag, stray `{` …
    const m = e as { line?: number; column?: number; reason?: string; message?: string }
    const what = m.reason ?? m.message ?? String(e)
    // An unclosed tag is reported at the end of the file; its own place stands in the words.
    const [, line, column] = /\((\d+):(\d+)-/.exec(what) ?? []
    problems.push({ file, line: Number(line ?? m.line ?? 1), column: Number(column ?? m.column ?? 1), what })
  }
  return { file, frontmatter, tree, problems, ...lookThrough(tree, file, frontmatter, problems) }
}

function lookThrough(
  tree: Root,
  file: string,
  frontmatter: Readonly<Record<string, unknown>>,
  problems: Problem[],
): { uses: Use[]; consoles: ConsoleBlock[]; links: SiteLink[] } {
  const uses: Use[] = []
  const consoles: ConsoleBlock[] = []
  const links: SiteLink[] = []
  const walk = (nodes: readonly RootContent[], parents: readonly string[]) => {
    for (const node of nodes) {
      if (node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement') {
        problems.push(...checkUse(node, file, parents))
        if (node.name !== null && isComponent(node.name))
          uses.push({ name: node.name, attributes: attributesOf(node), ...placeOf(node) })
        walk(node.children, [...parents, node.name ?? ''])
      } else if (node.type === 'code' && node.lang === 'console') {
        consoles.push({
          session: `${node.value}\n`,
          lab:
            fenceOption(node.meta, 'lab') ??
            (typeof frontmatter.lab === 'string' ? frontmatter.lab : undefined),
          line: placeOf(node).line + 1,
          continues: continues(node.meta),
          meta: node.meta ?? '',
        })
      } else if ('children' in node) walk(node.children, parents)
    }
  }
  walk(tree.children, [])
  visit(tree, 'link', (node) => {
    if (/^\/(?!\/)/.test(node.url)) links.push({ url: node.url, ...placeOf(node) })
  })
  return { uses, consoles, links }
}

/** Text of a heading or paragraph, without its marks. */
export function plain(node: RootContent | Root): string {
  let text = ''
  visit(node, (n) => {
    if (n.type === 'text' || n.type === 'inlineCode') text += n.value
  })
  return text
}

/**
 * `<Quiz>` and `<Predict>` as authors write them: some text, then `<Choice>` lines, each with a `<Why>`. A page
 * needs the question in a <legend>, the choices as labelled inputs and the reasons beside them.
 */
import type { PhrasingContent, RootContent } from 'mdast'
import type { MdxJsxAttribute } from 'mdast-util-mdx-jsx'
import type { JsxNode } from './lesson.ts'
import { hasLab, lab } from './catalog.ts'
import { ContentMistake } from './problem.ts'
import { truth } from './truth.ts'

export const isJsx = (node: { type: string }): node is JsxNode =>
  node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement'

export function jsx(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  children: readonly unknown[],
): JsxNode {
  return {
    type: 'mdxJsxFlowElement',
    name,
    attributes: Object.entries(attributes).flatMap(([key, value]): MdxJsxAttribute[] =>
      value === undefined ? [] : [{ type: 'mdxJsxAttribute', name: key, value }],
    ),
    children: children as RootContent[] as never,
  }
}

const attribute = (node: JsxNode, name: string): string | undefined => {
  const found = node.attributes.find((a) => a.type === 'mdxJsxAttribute' && a.name === name)
  if (found?.type !== 'mdxJsxAttribute') return undefined
  if (typeof found.value === 'string') return found.value
  if (!found.value) return ''
  return /^\s*(['"`])([\s\S]*)\1\s*$/.exec(found.value.value)?.[2] ?? found.value.value
}

const set = (node: JsxNode, name: string, value: string): void => {
  node.attributes = node.attributes.filter((a) => a.type !== 'mdxJsxAttribute' || a.name !== name)
  node.attributes.push({ type: 'mdxJsxAttribute', name, value })
}

/** All nodes below, as they stand; <Choice> may sit in a paragraph when it shares its line with others. */
function* named(node: JsxNode, name: string): Generator<JsxNode> {
  for (const child of node.children as RootContent[]) {
    if (isJsx(child) && child.name === name) yield child
    else if ('children' in child) yield* named(child as unknown as JsxNode, name)
  }
}

/** Paragraphs opened up: a <legend> or <label> takes no <p>. Several become lines. */
function unwrapped(nodes: readonly RootContent[]): PhrasingContent[] {
  const out: PhrasingContent[] = []
  for (const node of nodes) {
    if (out.length > 0 && node.type === 'paragraph') out.push({ type: 'break' })
    if (node.type === 'paragraph') out.push(...node.children)
    else out.push(node as PhrasingContent)
  }
  return out
}

const without = (nodes: readonly RootContent[], name: string): RootContent[] =>
  nodes
    .filter((n) => !(isJsx(n) && n.name === name))
    .map((n) =>
      'children' in n ? ({ ...n, children: without(n.children as RootContent[], name) } as RootContent) : n,
    )
    .filter((n) => !(n.type === 'paragraph' && n.children.length === 0))

function choice(node: JsxNode, name: string, several: boolean): JsxNode {
  const why = [...named(node, 'Why')].map((w) => ({
    ...jsx('Why', { slot: 'why' }, w.children as RootContent[]),
  }))
  const given = Object.fromEntries(['right', 'prints', 'wire'].map((a) => [a, attribute(node, a)]))
  return jsx('Choice', { name, right: given.right, several: several ? '' : undefined }, [
    ...unwrapped(without(node.children, 'Why')),
    ...why,
  ])
}

export async function question(node: JsxNode, file: string): Promise<void> {
  const { line, column } = node.position?.start ?? { line: 1, column: 1 }
  const fail = (what: string, todo: string): never => {
    throw new ContentMistake([{ file, line, column, what, todo }])
  }
  const choices = [...named(node, 'Choice')]
  const tag = `<${node.name ?? ''}>`
  if (choices.length < 2) fail(`${tag} has ${choices.length} choices`, 'Write at least two <Choice> lines.')

  if (node.name === 'Predict') {
    const wires = attribute(node, 'wires')
    const labName = attribute(node, 'lab') ?? ''
    if (!hasLab(labName)) fail(`${tag}: there is no lab ${labName}`, 'See content/labs.')
    const answer = await truth(lab(labName), attribute(node, 'session') ?? '', wires).catch((e: unknown) =>
      fail(`${tag}: ${e instanceof Error ? e.message : String(e)}`, 'See content/README.md.'),
    )
    for (const c of choices) {
      const words = attribute(c, 'prints')
      const wire = attribute(c, 'wire')
      if (wires === undefined ? words === undefined : wire === undefined)
        fail(
          `a <Choice> of ${tag} lacks \`${wires === undefined ? 'prints' : 'wire'}\``,
          'It is compared with what the simulator does.',
        )
      const right = words !== undefined ? answer.printed.includes(words) : answer.wires.includes(wire ?? '')
      if (right) set(c, 'right', '')
    }
    set(node, 'printed', answer.printed)
    if (wires !== undefined) set(node, 'carried', answer.wires.join(' '))
    const right = choices.filter((c) => attribute(c, 'right') !== undefined).length
    if (right === 0 || (wires === undefined && right !== 1))
      fail(
        `${right} choices of ${tag} are true`,
        `The simulator printed:\n${answer.printed.replaceAll(/^/gm, '      ')}`,
      )
  }
  const right = choices.filter((c) => attribute(c, 'right') !== undefined).length
  if (right === 0) fail(`${tag} has no right answer`, 'Write <Choice right>…</Choice>.')
  for (const c of choices)
    if (node.name === 'Quiz' && [...named(c, 'Why')].length === 0)
      fail(`a <Choice> of ${tag} has no reason`, 'Add <Why>…</Why> inside it: a learner wants to know why.')

  const several = right > 1 || attribute(node, 'wires') !== undefined
  const asked = without(without(node.children, 'Choice'), 'Why')
  const own = (node.children as RootContent[]).filter((n): n is JsxNode => isJsx(n) && n.name === 'Why')
  // Figures stand before the question, words in it.
  const figures = asked.filter((n) => n.type !== 'paragraph')
  const words = asked.filter((n) => n.type === 'paragraph')
  if (words.length === 0) fail(`${tag} asks nothing`, 'Begin it with the question.')
  if (several) set(node, 'several', '')
  set(node, 'name', `q${line}`)
  node.children = [
    ...(figures.length > 0 ? [jsx('Question', { slot: 'before' }, figures)] : []),
    jsx('Question', { slot: 'question' }, unwrapped(words)),
    ...choices.map((c) => choice(c, `q${line}`, several)),
    ...own.map((w) => jsx('Why', { slot: 'why' }, w.children as RootContent[])),
  ] as never
}

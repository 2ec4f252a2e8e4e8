/** Headings get their number and their hop in the rail; wide tables scroll inside themselves. */
import type { Element, Root } from 'hast'
import { toString } from 'hast-util-to-string'
import { SKIP, visit } from 'unist-util-visit'

const path = (className: string, d: string): Element => ({
  type: 'element',
  tagName: 'path',
  properties: { className: [className], d },
  children: [],
})

const hop = (): Element => ({
  type: 'element',
  tagName: 'svg',
  properties: { className: ['hop'], ariaHidden: 'true' },
  children: [path('gap', 'M1 2 V24'), path('arc', 'M1 -1 V3 A10 10 0 0 1 1 23 V27')],
})

export function rehypeLesson() {
  return (tree: Root): void => {
    let n = 0
    for (const node of tree.children) {
      if (node.type !== 'element' || node.tagName !== 'h2') continue
      node.properties.dataN = String(++n)
      node.children.push(hop())
    }
    visit(tree, 'element', (node, index, parent) => {
      if (node.tagName !== 'table' || !parent || index === undefined) return undefined
      const head = node.children.find((c): c is Element => c.type === 'element' && c.tagName === 'thead')
      parent.children[index] = {
        type: 'element',
        tagName: 'div',
        properties: {
          className: ['scroll'],
          role: 'region',
          tabIndex: 0,
          ariaLabel: head ? toString(head).replaceAll(/\s+/g, ' ').trim() : 'table',
        },
        children: [node],
      }
      return SKIP
    })
  }
}

import type { Command } from 'unbash'
import { parseScript } from './parse.ts'
import type { Shell } from './shell.ts'

/** Replaces command names that are aliases by their texts (bash(1), ALIASES). */
export const expandAliases = (sh: Shell, text: string): string => {
  const places: { pos: number; end: number; name: string; next: number | undefined }[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) return node.forEach(visit)
    const n = node as { type?: string }
    if (n.type === 'Word') return
    if (n.type === 'Command') {
      const c = node as Command
      if (c.name && c.name.text === c.name.value && sh.aliases.has(c.name.text)) {
        const word = c.suffix[0]
        places.push({
          pos: c.name.pos,
          end: c.name.end,
          name: c.name.text,
          next: word?.type === 'Word' ? word.pos : undefined,
        })
      }
      return
    }
    Object.values(node).forEach(visit)
  }
  visit(parseScript(text).commands)
  let out = text
  for (const p of places.sort((a, b) => b.pos - a.pos)) {
    const value = expand(sh, p.name, new Set())
    let rest = out.slice(p.end)
    // A text that ends in a blank lets the next word be an alias too.
    if (/\s$/.test(value) && p.next !== undefined) {
      const m = /^(\s*)([^\s;&|()<>]+)/.exec(rest)
      if (m?.[2] !== undefined && sh.aliases.has(m[2]))
        rest = (m[1] ?? '') + expand(sh, m[2], new Set()) + rest.slice(m[0].length)
    }
    out = out.slice(0, p.pos) + value + rest
  }
  return out
}

const expand = (sh: Shell, name: string, seen: Set<string>): string => {
  const value = sh.aliases.get(name)
  if (value === undefined || seen.has(name)) return name
  seen.add(name)
  return value.replace(/^\s*[^\s;&|()<>]+/, (word) => {
    const bare = word.trimStart()
    return word.slice(0, word.length - bare.length) + expand(sh, bare, seen)
  })
}

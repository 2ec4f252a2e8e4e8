/** Regular expressions of JavaScript as programs for a machine: what bounded-regexp.ts runs. */

export type Inst =
  | { readonly op: 'match' }
  | { readonly op: 'char'; readonly test: (code: number) => boolean }
  | { readonly op: 'jump'; to: number }
  /** Tries `first`, then `second`. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | {
      readonly op: 'look'
      readonly insts: readonly Inst[]
      readonly behind: boolean
      /** The least and the most that it can match, in characters. */
      readonly width: Width
      readonly wanted: boolean
      readonly next: number
    }
  | { readonly op: 'reference'; readonly group: number; readonly ignoreCase: boolean }

export type Width = readonly [least: number, most: number]

export interface Program {
  readonly insts: readonly Inst[]
  /** Groups, the whole match included. */
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
  /** Back references make what was tried before worth trying again. */
  readonly references: boolean
  /** Loops without end, and whether one stands within another (or repeats a choice). */
  readonly loops: number
  readonly nested: boolean
}

type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'inst'; readonly inst: Inst }
  | { readonly kind: 'list'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'group'; readonly node: Node; readonly index: number }
  | {
      readonly kind: 'repeat'
      readonly node: Node
      readonly low: number
      readonly high: number
      readonly lazy: boolean
    }
  | { readonly kind: 'look'; readonly node: Node; readonly behind: boolean; readonly wanted: boolean }

/** Programs that would be longer are left to the engine of JavaScript. */
const MAX_INSTS = 20_000

/** The program of a pattern that RegExp has accepted; undefined where it uses what is not known here, or would be too long. */
export const parseRegexp = (source: string, flags: string): Program | undefined => {
  if (flags.includes('u') || flags.includes('v')) return undefined
  const parser = new Parser(source, flags)
  const node = parser.choice()
  if (parser.failed || parser.at < source.length) return undefined
  const insts: Inst[] = []
  if (!emit(node, insts)) return undefined
  insts.push({ op: 'match' })
  return { insts, groups: parser.groups, names: parser.names, references: parser.references, ...shape(node) }
}

/** Loops in a tree: how many are endless, and whether they can multiply. */
const shape = (node: Node, inside = false): { loops: number; nested: boolean } => {
  switch (node.kind) {
    case 'empty':
    case 'inst':
      return { loops: 0, nested: false }
    case 'list':
    case 'choice': {
      const parts = node.nodes.map((n) => shape(n, inside))
      const nested = parts.some((p) => p.nested) || (inside && node.kind === 'choice')
      return { loops: parts.reduce((sum, p) => sum + p.loops, 0), nested }
    }
    case 'group':
      return shape(node.node, inside)
    case 'look':
      // Where it is tried again and again it counts as a loop.
      return { loops: shape(node.node, inside).loops + 1, nested: shape(node.node, inside).nested || inside }
    case 'repeat': {
      const single = node.node.kind === 'inst'
      const counts = node.high > 1
      const below = shape(node.node, inside || (counts && !single))
      return { loops: below.loops + (counts ? 1 : 0), nested: below.nested || (inside && counts) }
    }
  }
}

/** How long what a node matches can be. */
const widthOf = (node: Node): Width => {
  switch (node.kind) {
    case 'empty':
    case 'look':
      return [0, 0]
    case 'inst':
      return node.inst.op === 'char' ? [1, 1] : node.inst.op === 'reference' ? [0, Infinity] : [0, 0]
    case 'group':
      return widthOf(node.node)
    case 'list':
      return node.nodes.map(widthOf).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0])
    case 'choice': {
      const widths = node.nodes.map(widthOf)
      return [Math.min(...widths.map(([least]) => least)), Math.max(...widths.map(([, most]) => most))]
    }
    case 'repeat': {
      const [least, most] = widthOf(node.node)
      return [least * node.low, most === 0 ? 0 : most * node.high]
    }
  }
}

/** Appends a node's instructions; false where there would be too many. */
const emit = (node: Node, out: Inst[]): boolean => {
  if (out.length > MAX_INSTS) return false
  switch (node.kind) {
    case 'empty':
      return true
    case 'inst':
      out.push(node.inst)
      return true
    case 'list':
      return node.nodes.every((n) => emit(n, out))
    case 'group':
      out.push({ op: 'save', slot: node.index * 2 })
      if (!emit(node.node, out)) return false
      out.push({ op: 'save', slot: node.index * 2 + 1 })
      return true
    case 'look': {
      const insts: Inst[] = []
      if (!emit(node.node, insts)) return false
      insts.push({ op: 'match' })
      out.push({
        op: 'look',
        insts,
        behind: node.behind,
        width: widthOf(node.node),
        wanted: node.wanted,
        next: out.length + 1,
      })
      return true
    }
    case 'choice': {
      const ends: (Inst & { op: 'jump' })[] = []
      for (const [i, n] of node.nodes.entries()) {
        const last = i === node.nodes.length - 1
        const split = { op: 'split' as const, first: out.length + 1, second: 0 }
        if (!last) out.push(split)
        if (!emit(n, out)) return false
        if (last) break
        const end = { op: 'jump' as const, to: 0 }
        out.push(end)
        ends.push(end)
        split.second = out.length
      }
      for (const end of ends) end.to = out.length
      return true
    }
    case 'repeat':
      return emitRepeat(node, out)
  }
}

const emitRepeat = ({ node, low, high, lazy }: Node & { kind: 'repeat' }, out: Inst[]): boolean => {
  for (let i = 0; i < low; i++) if (!emit(node, out)) return false
  if (high === Infinity) {
    const start = out.length
    const split = { op: 'split' as const, first: start + 1, second: 0 }
    out.push(split)
    if (!emit(node, out)) return false
    out.push({ op: 'jump', to: start })
    prefer(split, start + 1, out.length, lazy)
    return true
  }
  const splits: (Inst & { op: 'split' })[] = []
  for (let i = low; i < high; i++) {
    const split = { op: 'split' as const, first: out.length + 1, second: 0 }
    out.push(split)
    splits.push(split)
    if (!emit(node, out)) return false
  }
  for (const split of splits) prefer(split, split.first, out.length, lazy)
  return true
}

const prefer = (split: Inst & { op: 'split' }, body: number, end: number, lazy: boolean): void => {
  split.first = lazy ? end : body
  split.second = lazy ? body : end
}

const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isSpace = (code: number): boolean =>
  (code >= 9 && code <= 13) ||
  code === 32 ||
  code === 160 ||
  code === 0xfeff ||
  code === 0x2028 ||
  code === 0x2029
const isNewline = (code: number): boolean => code === 10 || code === 13 || code === 0x2028 || code === 0x2029
const boundary = (text: string, at: number): boolean =>
  (at > 0 && isWord(text.charCodeAt(at - 1))) !== (at < text.length && isWord(text.charCodeAt(at)))

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  d: isDigit,
  D: (c) => !isDigit(c),
  w: isWord,
  W: (c) => !isWord(c),
  s: isSpace,
  S: (c) => !isSpace(c),
}
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12, '0': 0 }

class Parser {
  readonly #s: string
  readonly #ignoreCase: boolean
  readonly #multiline: boolean
  readonly #dotAll: boolean
  at = 0
  groups = 1
  references = false
  failed = false
  readonly names = new Map<string, number>()

  constructor(source: string, flags: string) {
    this.#s = source
    this.#ignoreCase = flags.includes('i')
    this.#multiline = flags.includes('m')
    this.#dotAll = flags.includes('s')
  }

  choice(): Node {
    const nodes = [this.#sequence()]
    while (this.#take('|')) nodes.push(this.#sequence())
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'choice', nodes }
  }

  #take(text: string): boolean {
    if (!this.#s.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  #sequence(): Node {
    const nodes: Node[] = []
    while (!this.failed && this.at < this.#s.length && this.#s[this.at] !== '|' && this.#s[this.at] !== ')')
      nodes.push(this.#repeat(this.#atom()))
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'list', nodes }
  }

  #repeat(node: Node): Node {
    let low: number
    let high: number
    const m = /^\{(\d+)(,?)(\d*)\}/.exec(this.#s.slice(this.at, this.at + 24))
    if (this.#take('*')) [low, high] = [0, Infinity]
    else if (this.#take('+')) [low, high] = [1, Infinity]
    else if (this.#take('?')) [low, high] = [0, 1]
    else if (m !== null) {
      this.at += m[0].length
      low = Number(m[1])
      high = m[2] === '' ? low : m[3] === '' ? Infinity : Number(m[3])
    } else return node
    return { kind: 'repeat', node, low, high, lazy: this.#take('?') }
  }

  #inst(inst: Inst): Node {
    return { kind: 'inst', inst }
  }
  #assert(holds: (text: string, at: number) => boolean): Node {
    return this.#inst({ op: 'assert', holds })
  }
  #char(test: (code: number) => boolean): Node {
    return this.#inst({ op: 'char', test })
  }
  #literal(code: number): Node {
    if (!this.#ignoreCase) return this.#char((c) => c === code)
    const [lower, upper] = [
      String.fromCharCode(code).toLowerCase(),
      String.fromCharCode(code).toUpperCase(),
    ].map((s) => s.charCodeAt(0))
    return this.#char((c) => c === code || c === lower || c === upper)
  }

  #atom(): Node {
    const c = this.#s[this.at++] as string
    switch (c) {
      case '.':
        return this.#char(this.#dotAll ? () => true : (code) => !isNewline(code))
      case '^':
        return this.#assert(
          this.#multiline ? (t, at) => at === 0 || isNewline(t.charCodeAt(at - 1)) : (_, at) => at === 0,
        )
      case '$':
        return this.#assert(
          this.#multiline
            ? (t, at) => at === t.length || isNewline(t.charCodeAt(at))
            : (t, at) => at === t.length,
        )
      case '[':
        return this.#class()
      case '(':
        return this.#group()
      case '\\':
        return this.#escape()
      default:
        return this.#literal(c.charCodeAt(0))
    }
  }

  #group(): Node {
    const close = (node: Node): Node => {
      if (!this.#take(')')) this.failed = true
      return node
    }
    if (this.#take('?:')) return close(this.choice())
    if (this.#take('?=')) return close({ kind: 'look', node: this.choice(), behind: false, wanted: true })
    if (this.#take('?!')) return close({ kind: 'look', node: this.choice(), behind: false, wanted: false })
    if (this.#take('?<=')) return close({ kind: 'look', node: this.choice(), behind: true, wanted: true })
    if (this.#take('?<!')) return close({ kind: 'look', node: this.choice(), behind: true, wanted: false })
    const named = /^\?<([\w$]+)>/.exec(this.#s.slice(this.at, this.at + 80))
    if (named !== null) this.at += named[0].length
    else if (this.#s[this.at] === '?') {
      this.failed = true
      return { kind: 'empty' }
    }
    const index = this.groups++
    if (named !== null) this.names.set(named[1] as string, index)
    return close({ kind: 'group', index, node: this.choice() })
  }

  #escape(): Node {
    const c = this.#s[this.at++] ?? '\\'
    if (c === 'b') return this.#assert(boundary)
    if (c === 'B') return this.#assert((t, at) => !boundary(t, at))
    const set = Object.hasOwn(CLASSES, c) ? CLASSES[c] : undefined
    if (set !== undefined) return this.#char(set)
    if (/[1-9]/.test(c)) {
      const more = /^\d*/.exec(this.#s.slice(this.at, this.at + 3))?.[0] ?? ''
      this.at += more.length
      this.references = true
      return this.#inst({ op: 'reference', group: Number(c + more), ignoreCase: this.#ignoreCase })
    }
    if (c === 'k') this.failed = true
    return this.#literal(this.#code(c))
  }

  /** The character of an escape whose letter was read. */
  #code(c: string): number {
    if (Object.hasOwn(CONTROLS, c)) return CONTROLS[c] as number
    const digits = c === 'x' ? 2 : c === 'u' ? 4 : 0
    const m =
      digits === 0
        ? null
        : new RegExp(`^[0-9a-fA-F]{${digits}}`).exec(this.#s.slice(this.at, this.at + digits))
    if (m === null) return c.charCodeAt(0)
    this.at += digits
    return parseInt(m[0], 16)
  }

  #class(): Node {
    const negated = this.#take('^')
    const tests: ((code: number) => boolean)[] = []
    while (this.at < this.#s.length && this.#s[this.at] !== ']') {
      const low = this.#member(tests)
      if (low === undefined || this.#s[this.at] !== '-' || this.#s[this.at + 1] === ']') {
        if (low !== undefined) tests.push((c) => c === low)
        continue
      }
      this.at++
      const high = this.#member(tests)
      if (high === undefined) tests.push((c) => c === low || c === 45)
      else tests.push((c) => c >= low && c <= high)
    }
    if (!this.#take(']')) this.failed = true
    const plain = (code: number): boolean => tests.some((test) => test(code))
    const folded = (code: number): boolean => {
      const s = String.fromCharCode(code)
      return plain(code) || plain(s.toLowerCase().charCodeAt(0)) || plain(s.toUpperCase().charCodeAt(0))
    }
    const within = this.#ignoreCase ? folded : plain
    return this.#char(negated ? (code) => !within(code) : within)
  }

  /** One member of a class: its code, or undefined where it is a class itself (`\d`), which is put into `tests`. */
  #member(tests: ((code: number) => boolean)[]): number | undefined {
    const c = this.#s[this.at++] as string
    if (c !== '\\') return c.charCodeAt(0)
    const e = this.#s[this.at++] ?? '\\'
    const set = Object.hasOwn(CLASSES, e) ? CLASSES[e] : undefined
    if (set !== undefined) {
      tests.push(set)
      return undefined
    }
    return e === 'b' ? 8 : this.#code(e)
  }
}

import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from 'yaml'
import { ContentError, nearest } from './content-error.ts'

/** A node of a YAML file that an instructor wrote; every complaint names the file, the line and the column. */
export class YamlNode {
  readonly #file: YamlFile
  readonly #node: Node | null
  /** Where to point to when the node itself is empty. */
  readonly #offset: number

  constructor(file: YamlFile, node: Node | null, offset: number) {
    this.#file = file
    this.#node = node
    this.#offset = node?.range?.[0] ?? offset
  }

  fail(what: string, todo: string): never {
    throw new ContentError(this.where, what, todo)
  }
  get where(): { file: string; line: number; column: number } {
    return this.#file.position(this.#offset)
  }
  get isMap(): boolean {
    return isMap(this.#node)
  }
  get isSeq(): boolean {
    return isSeq(this.#node)
  }
  get isEmpty(): boolean {
    return this.#node === null || (isScalar(this.#node) && this.#node.value === null)
  }

  /** The entries by key; keys not in `keys` are refused with the nearest right one. `what` names the thing for people. */
  map<K extends string>(
    what: string,
    keys: readonly K[],
    required: readonly K[] = [],
  ): Partial<Record<K, YamlNode>> {
    const out: Partial<Record<K, YamlNode>> = {}
    for (const [key, value, at] of this.entries(what)) {
      if (!(keys as readonly string[]).includes(key)) {
        const near = nearest(key, keys)
        at.fail(
          `unknown key "${key}" in ${what}`,
          `${near ? `Did you mean "${near}"? ` : ''}Known keys: ${keys.join(', ')}.`,
        )
      }
      out[key as K] = value
    }
    for (const key of required)
      if (out[key] === undefined) this.fail(`${what} lacks "${key}"`, `Add "${key}: …" to ${what}.`)
    return out
  }

  /** The entries of a map with free keys, in order: key, value, and where the key stands. */
  entries(what: string): [string, YamlNode, YamlNode][] {
    const node = this.#node
    if (!isMap(node)) return this.fail(`${what} must be a map`, `Write "key: value" lines under it.`)
    return node.items.map((pair: Pair) => {
      const key = pair.key as Node | null
      const at = new YamlNode(this.#file, key, this.#offset)
      if (!isScalar(key))
        return at.fail(`a key of ${what} is no plain word`, 'Write a word before the colon.')
      return [
        String(key.value),
        new YamlNode(this.#file, pair.value as Node | null, key.range?.[0] ?? this.#offset),
        at,
      ]
    })
  }

  list(what: string): YamlNode[] {
    const node = this.#node
    if (!isSeq(node)) return this.fail(`${what} must be a list`, `Write "- item" lines, or [a, b].`)
    return node.items.map((item) => new YamlNode(this.#file, item as Node | null, this.#offset))
  }

  string(what: string): string {
    const node = this.#node
    if (!isScalar(node) || typeof node.value !== 'string')
      return this.fail(
        `${what} must be text`,
        isScalar(node) && node.value !== null
          ? `Put it in quotes: "${String(node.value)}".`
          : 'Write it after the colon.',
      )
    return node.value
  }
  /** Text, or a number or truth value as it was written. */
  text(what: string): string {
    const node = this.#node
    if (!isScalar(node) || node.value === null)
      return this.fail(`${what} must be text`, 'Write it after the colon.')
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
  }
  number(what: string): number {
    const node = this.#node
    if (!isScalar(node) || typeof node.value !== 'number' || !Number.isFinite(node.value))
      return this.fail(`${what} must be a number`, 'Write digits without quotes.')
    return node.value
  }
  boolean(what: string): boolean {
    const node = this.#node
    if (!isScalar(node) || typeof node.value !== 'boolean')
      return this.fail(`${what} must be true or false`, 'Write true or false.')
    return node.value
  }
  /** The plain JavaScript value. */
  value(): unknown {
    return this.#node === null ? null : (this.#node.toJSON() as unknown)
  }

  oneOf<K extends string>(what: string, words: readonly K[]): K {
    const word = this.text(what)
    if ((words as readonly string[]).includes(word)) return word as K
    const near = nearest(word, words)
    return this.fail(
      `"${word}" is no ${what}`,
      `${near ? `Did you mean "${near}"? ` : ''}Possible: ${words.join(', ')}.`,
    )
  }

  /** The line of the file where a block of text (`|`) begins to have content. */
  get contentLine(): number {
    const block =
      isScalar(this.#node) && (this.#node.type === 'BLOCK_LITERAL' || this.#node.type === 'BLOCK_FOLDED')
    return this.where.line + (block ? 1 : 0)
  }
}

class YamlFile {
  readonly #name: string
  readonly #lines: LineCounter
  constructor(name: string, lines: LineCounter) {
    this.#name = name
    this.#lines = lines
  }
  position(offset: number): { file: string; line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.#name, line: Math.max(1, line), column: Math.max(1, col) }
  }
}

/** Reads a YAML file; a syntax error is a ContentError. Aliases are not followed far (they could blow up). */
export const parseYaml = (text: string, file: string): YamlNode => {
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  const yaml = new YamlFile(file, lines)
  const [error] = doc.errors
  if (error !== undefined)
    throw new ContentError(
      yaml.position(error.pos[0]),
      error.message.replace(/\.$/, ''),
      'Mend the YAML; indent with spaces and put text with ": " or "#" in quotes.',
    )
  return new YamlNode(yaml, doc.contents, 0)
}

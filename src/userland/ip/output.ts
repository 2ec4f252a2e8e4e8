import type { Process } from '../../proc/process.ts'

/** A value of the JSON output; `Fixed` keeps the two decimals that timers are printed with. */
export type Json = string | number | boolean | null | Fixed | JsonArray | JsonObject
export class Fixed {
  readonly text: string
  constructor(value: number) {
    this.text = value.toFixed(2)
  }
}
class JsonArray {
  readonly items: Json[] = []
}
class JsonObject {
  readonly members: [string, Json][] = []
}

/** Colours of `-c` (man ip(8)), as SGR parameters. */
export type Color = 'ifname' | 'mac' | 'inet' | 'inet6' | 'up' | 'down'
const SGR: Readonly<Record<Color, number>> = { ifname: 36, mac: 33, inet: 35, inet6: 34, up: 32, down: 31 }

export interface OutputOptions {
  readonly json: boolean
  readonly pretty: boolean
  readonly color: boolean
  readonly oneline: boolean
}

/**
 * One emission, two forms: a field prints its text, or, within `list` under -j, becomes a member of the JSON object that
 * is open. Every text brings its own trailing space, as ip's do.
 */
export class Output {
  readonly #proc: Process
  readonly #o: OutputOptions
  #open: (JsonArray | JsonObject)[] = []

  constructor(proc: Process, o: OutputOptions) {
    this.#proc = proc
    this.#o = o
  }

  /** True while JSON is being made. */
  get json(): boolean {
    return this.#open.length > 0
  }
  /** What separates the lines of one record: a backslash under -o. */
  get nl(): string {
    return this.#o.oneline ? '\\' : '\n'
  }

  /** All records of one listing: under -j the array that is printed at the end. */
  list(body: () => void): void {
    if (!this.#o.json) {
      body()
      return
    }
    const root = new JsonArray()
    this.#open = [root]
    body()
    this.#open = []
    this.#proc.out((this.#o.pretty ? pretty(root, 0) : compact(root)) + '\n')
  }
  object(key: string | undefined, body: () => void): void {
    this.#within(key, new JsonObject(), body)
  }
  array(key: string | undefined, body: () => void): void {
    this.#within(key, new JsonArray(), body)
  }
  #within(key: string | undefined, value: JsonArray | JsonObject, body: () => void): void {
    if (!this.json) {
      body()
      return
    }
    this.#put(key, value)
    this.#open.push(value)
    body()
    this.#open.pop()
  }
  #put(key: string | undefined, value: Json): void {
    const at = this.#open.at(-1)
    if (at instanceof JsonObject && key !== undefined) at.members.push([key, value])
    else if (at instanceof JsonArray) at.items.push(value)
  }

  /** A field: in JSON `key: value`, in text `text`. */
  field(key: string | undefined, value: Json, text: string, color?: Color): void {
    if (this.json) this.#put(key, value)
    else this.text(text, color)
  }
  /** Text that JSON has no part for. */
  text(text: string, color?: Color): void {
    if (this.json || text === '') return
    this.#proc.out(color !== undefined && this.#o.color ? `\x1b[${SGR[color]}m${text}\x1b[0m` : text)
  }
  /** A member that only JSON has. */
  member(key: string, value: Json): void {
    if (this.json) this.#put(key, value)
  }
}

const scalar = (v: string | number | boolean | null | Fixed): string =>
  v instanceof Fixed ? v.text : JSON.stringify(v)

const compact = (v: Json): string =>
  v instanceof JsonArray ? `[${v.items.map(compact).join(',')}]`
  : v instanceof JsonObject ? `{${v.members.map(([k, m]) => `"${k}":${compact(m)}`).join(',')}}`
  : scalar(v) // prettier-ignore

const pretty = (v: Json, depth: number): string => {
  const indent = (n: number): string => '\n' + '    '.repeat(n)
  if (v instanceof JsonArray) {
    const items = v.items.map((item) => pretty(item, depth + 1)).join(',')
    return items === '' ? '[ ]' : `[ ${items} ]`
  }
  if (v instanceof JsonObject) {
    if (v.members.length === 0) return '{}'
    const members = v.members.map(([k, m]) => `${indent(depth + 1)}"${k}": ${pretty(m, depth + 1)}`)
    return `{${members.join(',')}${indent(depth)}}`
  }
  return scalar(v)
}

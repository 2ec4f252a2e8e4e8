/**
 * The environment of a process (environ(7)). A copy is made for each child, most of which never change it: the variables
 * are copied at the first change only. `_` is apart, for it differs in every process; it stands last, as bash puts it.
 */
export class Environment implements Iterable<readonly [string, string]> {
  #variables: Map<string, string>
  #shared = false
  #underscore: string | undefined

  /** The map is its own from then on. */
  constructor(variables: Map<string, string>) {
    this.#variables = variables
  }

  copy(): Environment {
    const copy = new Environment(this.#variables)
    copy.#underscore = this.#underscore
    this.#shared = copy.#shared = true
    return copy
  }

  get(name: string): string | undefined {
    return name === '_' ? this.#underscore : this.#variables.get(name)
  }
  has(name: string): boolean {
    return this.get(name) !== undefined
  }
  set(name: string, value: string): void {
    if (name === '_') this.#underscore = value
    else this.#own().set(name, value)
  }
  delete(name: string): void {
    if (name === '_') this.#underscore = undefined
    else if (this.#variables.has(name)) this.#own().delete(name)
  }
  clear(): void {
    this.#variables = new Map()
    this.#shared = false
    this.#underscore = undefined
  }
  *[Symbol.iterator](): Iterator<readonly [string, string]> {
    yield* this.#variables
    if (this.#underscore !== undefined) yield ['_', this.#underscore]
  }

  #own(): Map<string, string> {
    if (this.#shared) {
      this.#variables = new Map(this.#variables)
      this.#shared = false
    }
    return this.#variables
  }
}

import type { Process } from '../proc/process.ts'

/** A shell variable and its attributes (bash(1), PARAMETERS). */
export interface Variable {
  /** Undefined while declared but unset. */
  value: string | undefined
  /** Indexed array, in order of index. */
  array?: Map<number, string> | undefined
  assoc?: Map<string, string> | undefined
  exported?: boolean
  readonly?: boolean
  integer?: boolean
  lower?: boolean
  upper?: boolean
  nameref?: boolean
  /** `value` is computed (RANDOM, SECONDS). */
  readonly dynamic?: boolean
}

/** Thrown where a variable may not be changed; printed by the shell as `bash: x: readonly variable`. */
export class ReadonlyVariable {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export const isName = (s: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(s)

/** All variables of one shell; exported ones are mirrored in the environment of its process. */
export class Variables {
  readonly #proc: Process
  readonly #vars = new Map<string, Variable>()
  /** What each running function has hidden by `local`, innermost last. */
  readonly #scopes: Map<string, Variable | undefined>[] = []
  /** Variables that bash brings along, made when they are first asked for; the shell sets it. */
  special: (name: string) => Variable | undefined = () => undefined
  /** Those that have been unset: they lose what was special about them, even when they are set again. */
  readonly #plain: Set<string>
  /** Called when a variable gets a value or loses it; the shell sets it. */
  onChange: (name: string) => void = () => {}
  /** Evaluates what is assigned to an integer variable; the shell sets it. */
  arithmetic: (text: string) => string = (t) => t

  constructor(proc: Process, parent?: Variables) {
    this.#proc = proc
    this.#plain = new Set(parent === undefined ? [] : parent.#plain)
    if (parent) {
      for (const [name, v] of parent.#vars) if (!v.dynamic) this.#vars.set(name, copy(v))
      for (const s of parent.#scopes) this.#scopes.push(new Map(s))
    } else for (const [name, value] of proc.env) this.#vars.set(name, { value, exported: true })
  }

  /** Follows `declare -n`. */
  resolve(name: string): string {
    let n = name
    for (let i = 0; i < 8; i++) {
      const v = this.#find(n)
      if (!v?.nameref || v.value === undefined || v.value === '') return n
      n = v.value
    }
    return n
  }

  lookup(name: string): Variable | undefined {
    const v = this.#find(name)
    return v?.nameref ? this.#find(this.resolve(name)) : v
  }

  #find(name: string): Variable | undefined {
    const v = this.#vars.get(name)
    if (v !== undefined || this.#plain.has(name)) return v
    const special = this.special(name)
    if (special !== undefined) this.#vars.set(name, special)
    return special
  }

  /** The value of `$name`: of an array its element 0. */
  get(name: string): string | undefined {
    const v = this.lookup(name)
    if (v === undefined) return undefined
    if (v.array) return v.array.get(0)
    if (v.assoc) return v.assoc.get('0')
    return v.value
  }

  isSet(name: string): boolean {
    return this.get(name) !== undefined
  }

  ensure(name: string): Variable {
    const n = this.resolve(name)
    let v = this.#find(n)
    if (v === undefined) {
      v = { value: undefined }
      this.#vars.set(n, v)
    }
    return v
  }

  set(name: string, value: string, append = false): void {
    const n = this.resolve(name)
    const element = n.endsWith(']') ? /^([A-Za-z_]\w*)\[(.+)\]$/.exec(n) : null
    if (element) return this.setElement(element[1] as string, element[2] as string, value, append)
    const v = this.ensure(n)
    if (v.readonly) throw new ReadonlyVariable(n)
    if (v.array) {
      v.array.set(0, this.#cooked(v, value, append ? v.array.get(0) : undefined, append))
      return
    }
    if (v.assoc) {
      v.assoc.set('0', this.#cooked(v, value, append ? v.assoc.get('0') : undefined, append))
      return
    }
    v.value = this.#cooked(v, value, append ? v.value : undefined, append)
    this.onChange(n)
    if (v.exported) this.#proc.env.set(n, v.value)
  }

  #cooked(v: Variable, value: string, old: string | undefined, append: boolean): string {
    if (v.integer) {
      const n = this.arithmetic(value === '' ? '0' : value)
      return append && old !== undefined ? this.arithmetic(`${old}+(${n})`) : n
    }
    const s = append ? (old ?? '') + value : value
    return v.lower ? s.toLowerCase() : v.upper ? s.toUpperCase() : s
  }

  /** `name[index]=value`; `index` is a key of an associative array, else arithmetic. */
  setElement(name: string, index: string, value: string, append = false): void {
    const v = this.ensure(name)
    if (v.readonly) throw new ReadonlyVariable(name)
    if (v.assoc) {
      v.assoc.set(index, this.#cooked(v, value, v.assoc.get(index), append))
      return
    }
    const array = this.ensureArray(v)
    const at = this.indexOf(array, index)
    array.set(at, this.#cooked(v, value, array.get(at), append))
    if (at > 0 && [...array.keys()].some((k) => k > at)) sortByIndex(array)
  }

  /** A negative index counts from the end. */
  indexOf(array: ReadonlyMap<number, string> | undefined, index: string): number {
    const n = Number(this.arithmetic(index === '' ? '0' : index))
    return n < 0 ? Math.max(-1, ...(array?.keys() ?? [])) + 1 + n : n
  }

  ensureArray(v: Variable): Map<number, string> {
    if (v.array === undefined) {
      v.array = new Map()
      if (v.value !== undefined) v.array.set(0, v.value)
      v.value = undefined
    }
    return v.array
  }

  export(name: string, on = true): void {
    const v = this.ensure(name)
    v.exported = on
    if (on && v.value !== undefined) this.#proc.env.set(name, v.value)
    if (!on) this.#proc.env.delete(name)
  }

  unset(name: string): void {
    const n = this.resolve(name)
    if (this.#find(n)?.readonly) throw new ReadonlyVariable(n)
    this.#vars.delete(n)
    this.#plain.add(n)
    this.onChange(n)
    this.#proc.env.delete(n)
  }

  unsetReference(name: string): void {
    this.#vars.delete(name)
  }

  names(): string[] {
    return [...this.#vars.keys()].sort()
  }
  entries(): [string, Variable][] {
    return this.names().map((n) => [n, this.#vars.get(n) as Variable])
  }

  // ---- functions' own variables

  get inFunction(): boolean {
    return this.#scopes.length > 0
  }
  pushScope(): void {
    this.#scopes.push(new Map())
  }
  popScope(): void {
    for (const [name, old] of this.#scopes.pop() ?? []) this.#restore(name, old)
  }
  #restore(name: string, old: Variable | undefined): void {
    if (old === undefined) this.#vars.delete(name)
    else this.#vars.set(name, old)
    if (old?.exported && old.value !== undefined) this.#proc.env.set(name, old.value)
    else this.#proc.env.delete(name)
  }

  /** `local name`: hides the outer variable until the function returns. */
  local(name: string): Variable {
    const scope = this.#scopes.at(-1)
    const old = this.#find(name)
    if (old?.readonly) throw new ReadonlyVariable(name)
    if (scope !== undefined && !scope.has(name)) {
      scope.set(name, old)
      this.#vars.set(name, { value: undefined, ...(old?.exported ? { exported: true } : {}) })
    }
    return this.ensure(name)
  }

  /** Sets variables for one command (`x=1 cmd`); what it returns puts the old ones back. */
  temporarily(assignments: readonly (readonly [string, string])[]): () => void {
    const old = new Map<string, Variable | undefined>()
    for (const [name, value] of assignments) {
      const v = this.#find(name)
      if (v?.readonly) throw new ReadonlyVariable(name)
      if (!old.has(name)) old.set(name, v)
      this.#vars.set(name, { value, exported: true })
      this.#proc.env.set(name, value)
    }
    return () => {
      for (const [name, v] of old) this.#restore(name, v)
    }
  }
}

const copy = (v: Variable): Variable => ({
  ...v,
  ...(v.array ? { array: new Map(v.array) } : {}),
  ...(v.assoc ? { assoc: new Map(v.assoc) } : {}),
})

export const sortByIndex = (array: Map<number, string>): void => {
  const sorted = [...array].sort((a, b) => a[0] - b[0])
  array.clear()
  for (const [k, v] of sorted) array.set(k, v)
}

import type { ArrayValue, Assignment } from 'unbash'
import type { Task } from '../proc/wait.ts'
import { expandArithmeticText, expandAssigned, expandString, expandWords } from './expand.ts'
import { parseWord } from './parse.ts'
import type { Shell } from './shell.ts'
import { ReadonlyVariable } from './variables.ts'

/** `name=value`, `name+=value`, `name[i]=value`, `name=(…)`. */
export function* assign(sh: Shell, a: Assignment): Task<void> {
  const append = a.append === true
  if (a.value.type === 'ArrayValue') {
    yield* assignArray(sh, a.name, a.value, append)
  } else if (a.index !== undefined) {
    const value = yield* expandAssigned(sh, a.value)
    const key = sh.vars.lookup(a.name)?.assoc
      ? yield* expandString(sh, a.index)
      : yield* expandArithmeticText(sh, a.index.text)
    sh.vars.setElement(a.name, key, value, append)
  } else sh.vars.set(a.name, yield* expandAssigned(sh, a.value), append)
  if (sh.options.allexport) sh.vars.export(a.name)
}

export function* assignArray(sh: Shell, name: string, value: ArrayValue, append: boolean): Task<void> {
  const v = sh.vars.ensure(name)
  if (v.readonly) throw new ReadonlyVariable(name)
  const items: { key: string | undefined; value: string; append: boolean }[] = []
  for (const word of value.elements) {
    const m = keyed(word.text)
    if (m) {
      const key = v.assoc ? yield* expandString(sh, parseWord(m.key)) : yield* expandArithmeticText(sh, m.key)
      items.push({
        key,
        value: m.value === '' ? '' : yield* expandAssigned(sh, parseWord(m.value)),
        append: m.append,
      })
    } else
      for (const s of yield* expandWords(sh, [word])) items.push({ key: undefined, value: s, append: false })
  }
  if (v.assoc) {
    if (!append) v.assoc.clear()
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as (typeof items)[number]
      if (item.key !== undefined) sh.vars.setElement(name, item.key, item.value, item.append)
      else sh.vars.setElement(name, item.value, items[++i]?.value ?? '')
    }
    return
  }
  const array = append ? sh.vars.ensureArray(v) : (v.array = new Map<number, string>())
  v.value = undefined
  let next = append ? Math.max(-1, ...array.keys()) + 1 : 0
  for (const item of items) {
    if (item.key !== undefined) next = sh.vars.indexOf(array, item.key)
    sh.vars.setElement(name, String(next), item.value, item.append)
    next++
  }
}

/** `[key]=value` of an array's elements. */
const keyed = (text: string): { key: string; value: string; append: boolean } | undefined => {
  if (!text.startsWith('[')) return undefined
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '\\') i++
    else if (c === '"' || c === "'") {
      i = text.indexOf(c, i + 1)
      if (i < 0) return undefined
    } else if (c === '[') depth++
    else if (c === ']' && --depth === 0) {
      const m = /^(\+?)=/.exec(text.slice(i + 1))
      return m
        ? { key: text.slice(1, i), value: text.slice(i + 1 + m[0].length), append: m[1] === '+' }
        : undefined
    }
  }
  return undefined
}

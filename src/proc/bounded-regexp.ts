import { parseRegexp, type Inst, type Program } from './regexp-program.ts'

/**
 * A RegExp that never runs away. The engine of JavaScript backtracks: `^(a+)+$` on forty letters takes it years. Patterns
 * that could do so run here instead, by backtracking that never tries the same instruction at the same place twice
 * (BitState of RE2): time is bounded by pattern × text, and the match is the same, the first in order of preference.
 * Methods of String such as `replace` and `split` call `exec`, so the class stands in for RegExp everywhere.
 */
export class BoundedRegExp extends RegExp {
  #program: Program | undefined | 'native'

  override exec(text: string): RegExpExecArray | null {
    const program = (this.#program ??= parseRegexp(this.source, this.flags) ?? 'native')
    if (program === 'native' || isHarmless(program, text)) return super.exec(text)
    const moving = this.global || this.sticky
    const from = moving ? this.lastIndex : 0
    const slots = from > text.length ? undefined : search(program, text, from, this.sticky)
    if (slots === undefined) {
      if (moving) this.lastIndex = 0
      return null
    }
    if (moving) this.lastIndex = slots[1] as number
    return result(program, text, slots)
  }
}

/** Work that is taken to be quick enough for the engine of JavaScript, in steps. */
const QUICK = 2e6

/** Without a loop within a loop the worst case is a power of the text's length. */
const isHarmless = (p: Program, text: string): boolean =>
  !p.nested && p.insts.length * text.length ** p.loops < QUICK

const result = (p: Program, text: string, slots: readonly number[]): RegExpExecArray => {
  const groups: (string | undefined)[] = []
  for (let i = 0; i < slots.length; i += 2)
    groups.push(slots[i] === -1 || slots[i + 1] === -1 ? undefined : text.slice(slots[i], slots[i + 1]))
  const named: Record<string, string | undefined> | undefined =
    p.names.size === 0 ? undefined : Object.fromEntries([...p.names].map(([name, i]) => [name, groups[i]]))
  // exec() of JavaScript has `groups` there, undefined where no group has a name.
  return Object.assign(groups, { index: slots[0], input: text, groups: named }) as unknown as RegExpExecArray
}

/** Steps after which a pattern with back references, which can't be kept from trying again, is taken not to match. */
const BUDGET = 5e6
/** Largest table of what was tried, in bits. */
const MAX_TABLE = 2 ** 28

/** Where a program matches first at or after `from`: starts and ends of its groups, -1 for those that took no part. */
export const search = (p: Program, text: string, from: number, sticky: boolean): number[] | undefined => {
  const run = new Run(p, text)
  for (let at = from; at <= text.length; at++) {
    const slots = run.match(0, at)
    if (slots !== undefined || sticky) return slots
  }
  return undefined
}

/** One search: what was tried stays tried, also for later starts. */
class Run {
  readonly #p: Program
  readonly #text: string
  readonly #tried: Uint32Array | undefined
  #steps = 0

  constructor(p: Program, text: string) {
    this.#p = p
    this.#text = text
    const bits = p.insts.length * (text.length + 1)
    if (!p.references && bits <= MAX_TABLE) this.#tried = new Uint32Array((bits >>> 5) + 1)
  }

  /** Runs from instruction `start` at `from`; the slots of the match that is preferred, if any. */
  match(start: number, from: number): number[] | undefined {
    const { insts } = this.#p
    const text = this.#text
    const slots: number[] = new Array<number>(this.#p.groups * 2).fill(-1)
    slots[0] = from
    // What to try next, the last first: an instruction with its place, or (pc < 0) a slot to put back.
    const todo: number[] = [start, from]
    while (todo.length > 0) {
      let at = todo.pop() as number
      let pc = todo.pop() as number
      if (pc < 0) {
        slots[-pc - 1] = at
        continue
      }
      for (;;) {
        if (this.#seen(pc, at)) break
        const inst = insts[pc] as Inst
        switch (inst.op) {
          case 'match':
            slots[1] = at
            return slots
          case 'char':
            if (at < text.length && inst.test(text.charCodeAt(at))) {
              at++
              pc++
              continue
            }
            break
          case 'jump':
            pc = inst.to
            continue
          case 'split':
            todo.push(inst.second, at)
            pc = inst.first
            continue
          case 'save':
            todo.push(-(inst.slot + 1), slots[inst.slot] as number)
            slots[inst.slot] = at
            pc++
            continue
          case 'assert':
            if (inst.holds(text, at)) {
              pc++
              continue
            }
            break
          case 'look': {
            const found = this.#look(inst, at)
            if ((found !== undefined) === inst.wanted) {
              if (found !== undefined)
                for (let i = 2; i < slots.length; i++)
                  if (found[i] !== -1) {
                    todo.push(-(i + 1), slots[i] as number)
                    slots[i] = found[i] as number
                  }
              pc = inst.next
              continue
            }
            break
          }
          case 'reference': {
            const [a, b] = [slots[inst.group * 2] as number, slots[inst.group * 2 + 1] as number]
            const part = a < 0 || b < 0 ? '' : text.slice(a, b)
            const here = text.slice(at, at + part.length)
            if (inst.ignoreCase ? here.toLowerCase() === part.toLowerCase() : here === part) {
              at += part.length
              pc++
              continue
            }
            break
          }
        }
        break
      }
    }
    return undefined
  }

  #seen(pc: number, at: number): boolean {
    const tried = this.#tried
    if (tried === undefined) return ++this.#steps > BUDGET
    const bit = pc * (this.#text.length + 1) + at
    const mask = 1 << (bit & 31)
    if ((tried[bit >>> 5] as number) & mask) return true
    ;(tried[bit >>> 5] as number) |= mask
    return false
  }

  /** A look-ahead runs on its own; a look-behind tries the places where it could begin. */
  #look(inst: Inst & { op: 'look' }, at: number): number[] | undefined {
    const inner: Program = { ...this.#p, insts: inst.insts }
    if (!inst.behind) return new Run(inner, this.#text).match(0, at)
    const before = this.#text.slice(0, at)
    const [least, most] = inst.width
    for (let from = at - least; from >= Math.max(0, at - most); from--) {
      const slots = new Run(inner, before).match(0, from)
      if (slots !== undefined && slots[1] === at) return slots
    }
    return undefined
  }
}

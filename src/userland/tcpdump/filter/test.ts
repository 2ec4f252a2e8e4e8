/** A captured packet as a filter sees it. */
export interface Packet {
  /** From the link header on. */
  readonly b: Uint8Array
  /** Length on the wire. */
  readonly length: number
  readonly outgoing: boolean
  readonly ifindex: number
}

/**
 * What must hold of single loads for a test to be true: for each load (by a key such as `23:1`) the value it has, or
 * those it has not. libpcap's optimizer finds out so that an expression such as `tcp and udp` rejects all packets.
 */
type Case = ReadonlyMap<string, { readonly is: number } | { readonly not: readonly number[] }>
/** One of these holds; none at all is a contradiction. */
type Cases = readonly Case[]

/** More alternatives than this are not looked into. */
const MAX_CASES = 64
const ANY: Cases = [new Map()]
const NEVER: Cases = []

/** A condition on a packet, with the cases in which it holds and in which it does not. */
export interface Test {
  (p: Packet): boolean
  readonly yes: Cases
  readonly no: Cases
}

const make = (run: (p: Packet) => boolean, yes: Cases, no: Cases): Test => Object.assign(run, { yes, no })

/** A condition about which nothing is known beforehand. */
export const opaque = (run: (p: Packet) => boolean): Test => make(run, ANY, ANY)

/** True where the load `key` gives `value`. */
export const equals = (key: string, value: number, load: (p: Packet) => number): Test =>
  make((p) => load(p) === value, [new Map([[key, { is: value }]])], [new Map([[key, { not: [value] }]])])

export const always = (value: boolean): Test => make(() => value, value ? ANY : NEVER, value ? NEVER : ANY)

export const and = (a: Test, b: Test): Test =>
  make((p) => a(p) && b(p), both(a.yes, b.yes), either(a.no, b.no))
export const or = (a: Test, b: Test): Test =>
  make((p) => a(p) || b(p), either(a.yes, b.yes), both(a.no, b.no))
export const not = (a: Test): Test => make((p) => !a(p), a.no, a.yes)

export const rejectsAll = (test: Test): boolean => test.yes.length === 0

const either = (a: Cases, b: Cases): Cases => (a.length + b.length > MAX_CASES ? ANY : [...a, ...b])

const both = (a: Cases, b: Cases): Cases => {
  if (a.length * b.length > MAX_CASES) return ANY
  const out: Case[] = []
  for (const x of a) {
    for (const y of b) {
      const merged = merge(x, y)
      if (merged !== undefined) out.push(merged)
    }
  }
  return out
}

/** Both at once, undefined where they contradict. */
const merge = (a: Case, b: Case): Case | undefined => {
  const out = new Map(a)
  for (const [key, other] of b) {
    const known = out.get(key)
    if (known === undefined) out.set(key, other)
    else if ('is' in known) {
      if ('is' in other ? other.is !== known.is : other.not.includes(known.is)) return undefined
    } else if ('is' in other) {
      if (known.not.includes(other.is)) return undefined
      out.set(key, other)
    } else out.set(key, { not: [...known.not, ...other.not] })
  }
  return out
}

/** Which machine stands beside which: the longest chain of cables makes the row, the rest hangs left or right of it. */
import type { Topology } from '../../lab/topology.ts'

export interface Link {
  /** Key of the wire. */
  readonly key: string
  /** Names of the machines, and keys of the devices, at its ends. */
  readonly nodes: readonly [string, string]
  readonly ends: readonly [string, string]
}

export const nodeOf = (device: string): string => /^[^/:]+/.exec(device)?.[0] ?? ''

/** Cables between different machines. */
export const linksOf = (t: Topology): Link[] =>
  t.wires
    .map((w) => ({ key: w.key, nodes: [nodeOf(w.ends[0]), nodeOf(w.ends[1])] as const, ends: w.ends }))
    .filter((l) => l.nodes[0] !== l.nodes[1])

const distances = (
  from: string,
  next: ReadonlyMap<string, readonly string[]>,
): Map<string, { far: number; via: string | undefined }> => {
  const seen = new Map<string, { far: number; via: string | undefined }>([[from, { far: 0, via: undefined }]])
  for (const [node, { far }] of seen)
    for (const n of next.get(node) ?? []) if (!seen.has(n)) seen.set(n, { far: far + 1, via: node })
  return seen
}

/** Column of each machine, from 0; machines of one column stand in the order of the lab's file. */
export const columnsOf = (t: Topology): Map<string, number> => {
  const names = t.nodes.map((n) => n.name)
  const next = new Map<string, string[]>(names.map((n) => [n, []]))
  for (const { nodes } of linksOf(t)) {
    const [a, b] = nodes
    if (!next.get(a)?.includes(b)) next.get(a)?.push(b)
    if (!next.get(b)?.includes(a)) next.get(b)?.push(a)
  }
  const columns = new Map<string, number>()
  let base = 0
  for (const name of names) {
    if (columns.has(name)) continue
    const part = names.filter((n) => distances(name, next).has(n))
    const placed = placePart(part, next)
    const lowest = Math.min(...placed.values())
    for (const [n, c] of placed) columns.set(n, c - lowest + base)
    base += Math.max(...placed.values()) - lowest + 1
  }
  return columns
}

/** One connected part: its longest shortest way is the spine. */
const placePart = (
  part: readonly string[],
  next: ReadonlyMap<string, readonly string[]>,
): Map<string, number> => {
  let spine: string[] = []
  for (const from of part) {
    const far = distances(from, next)
    for (const to of part) {
      if ((far.get(to)?.far ?? 0) + 1 <= spine.length) continue
      spine = []
      for (let at: string | undefined = to; at !== undefined; at = far.get(at)?.via) spine.unshift(at)
    }
  }
  // The machine that the file names first stands left.
  if (part.indexOf(spine[0] ?? '') > part.indexOf(spine.at(-1) ?? '')) spine.reverse()
  const columns = new Map(spine.map((n, i) => [n, i]))
  const last = spine.length - 1
  spine.forEach((node, i) => {
    for (const branch of next.get(node) ?? []) {
      if (columns.has(branch)) continue
      const count = (c: number): number => [...columns.values()].filter((v) => v === c).length
      const left = i * 2 < last || (i * 2 === last && count(i - 1) < count(i + 1))
      hang(branch, i, i === 0 ? 1 : i === last ? -1 : left ? -1 : 1, columns, next)
    }
  })
  return columns
}

const hang = (
  node: string,
  from: number,
  step: number,
  columns: Map<string, number>,
  next: ReadonlyMap<string, readonly string[]>,
): void => {
  columns.set(node, from + step)
  for (const n of next.get(node) ?? []) if (!columns.has(n)) hang(n, from + step, step, columns, next)
}

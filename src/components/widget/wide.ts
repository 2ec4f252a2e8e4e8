/** The wide drawing: machines in columns, switches as upright bars between them, cables straight where they can be. */
import type { DrawnNode, Topology } from '../../lab/topology.ts'
import { columnsOf, linksOf, nodeOf, type Link } from './columns.ts'
import { placeHost, type Placed, type Side } from './host-wide.ts'
import { BAR, MARGIN, monoWidth, Sketch, under, type Point, type Scene } from './scene.ts'

/** A drawing is stretched to this width if it is narrower: cables get longer, nothing else. */
const COMFORT = 640
const GUTTER = 80
const GUTTER_MAX = 170
const STACK = 20
/** Above the machines, where the reason of a stop is written. */
const HEAD = 28

interface Spot extends Placed {
  readonly node: DrawnNode
  readonly column: number
  y: number
}

export const wide = (t: Topology): Scene => {
  const columns = columnsOf(t)
  const links = linksOf(t)
  const last = Math.max(0, ...columns.values())
  const sides = new Map<string, Side>()
  for (const { nodes, ends } of links) {
    const [ca, cb] = nodes.map((n) => columns.get(n) ?? 0) as [number, number]
    const same: Side = ca === last && last > 0 ? 'left' : 'right'
    sides.set(ends[0], ca < cb ? 'right' : ca > cb ? 'left' : same)
    sides.set(ends[1], cb < ca ? 'right' : cb > ca ? 'left' : same)
  }
  const spots: Spot[] = t.nodes.map((node) => ({
    node,
    column: columns.get(node.name) ?? 0,
    y: 0,
    ...(node.kind === 'switch'
      ? { sketch: new Sketch(), w: BAR, h: 0 }
      : placeHost(node, (key) => sides.get(key), t)),
  }))
  const spotOf = new Map(spots.map((s) => [s.node.name, s]))
  const inColumn = (c: number): Spot[] => spots.filter((s) => s.column === c)

  const stacked = Array.from({ length: last + 1 }, (_, c) => stackHosts(inColumn(c)))
  const tallest = stacked.indexOf(Math.max(...stacked))
  alignColumns(spots, links, spotOf, tallest, last, stacked)
  const switchRows = placeSwitches(spots, links, spotOf)
  const top = Math.min(
    ...spots.map((s) =>
      s.node.kind === 'switch'
        ? switchTop(s.node, switchRows)
        : s.y + Math.min(0, ...s.sketch.labels.map((l) => l.y - 14)),
    ),
  )

  // Places from left to right.
  const widths = Array.from({ length: last + 1 }, (_, c) => Math.max(BAR, ...inColumn(c).map((s) => s.w)))
  const gutters = Array.from({ length: last }, (_, c) =>
    Math.max(GUTTER, gutterNeed(c, spots, sides, links, columns)),
  )
  const natural = widths.reduce((a, b) => a + b, 0) + gutters.reduce((a, b) => a + b, 0) + 2 * MARGIN
  const stretch = last === 0 ? 0 : Math.max(0, Math.min((COMFORT - natural) / last, GUTTER_MAX - GUTTER))
  const lefts: number[] = []
  let x = MARGIN
  widths.forEach((w, c) => {
    lefts.push(x)
    x += w + (gutters[c] ?? 0) + (c < last ? stretch : 0)
  })
  let width = x + MARGIN
  const out = new Sketch()
  const dx = width < COMFORT ? (COMFORT - width) / 2 : 0
  width = Math.max(width, COMFORT)
  const dy = HEAD - top
  for (const spot of spots) {
    const sx = (lefts[spot.column] as number) + dx + columnShift(spot, widths[spot.column] as number, last)
    if (spot.node.kind === 'switch') drawSwitch(out, spot.node, sx, dy, switchRows, sides)
    else out.add(spot.sketch, sx, spot.y + dy)
  }
  let low = Math.max(0, ...out.boxes.map((b) => b.y + b.h), ...out.bars.map((b) => b.y + b.h))
  const lanes = new Map<string, number>()
  for (const wire of t.wires) {
    if (out.wires.some((w) => w.key === wire.key)) continue
    const [a, b] = wire.ends.map((key) => out.port(key))
    if (!a || !b) continue
    const link = links.find((l) => l.key === wire.key)
    const [ca, cb] = (link?.nodes ?? [nodeOf(wire.ends[0]), nodeOf(wire.ends[1])]).map(
      (n) => columns.get(n) ?? 0,
    ) as [number, number]
    const points = route(
      a,
      b,
      ca,
      cb,
      lefts.map((l) => l + dx),
      widths,
      lanes,
      () => (low += 18),
    )
    out.wires.push({ ...wire, points })
  }
  return out.done('wide', width, low + MARGIN)
}

/** Hosts narrower than their column stand at its inner edge. */
const columnShift = (spot: Spot, width: number, last: number): number =>
  spot.column === 0 ? width - spot.w : spot.column === last ? 0 : (width - spot.w) / 2

const stackHosts = (spots: readonly Spot[]): number => {
  let y = 0
  for (const s of spots) {
    if (s.node.kind === 'switch') continue
    s.y = y
    y += s.h + STACK
  }
  return Math.max(0, y - STACK)
}

/** Where a port lies within a spot; a switch has no places of its own yet. */
const portY = (spot: Spot, key: string): number | undefined =>
  spot.node.kind === 'switch' ? undefined : spot.sketch.port(key)?.y

/** Columns beside the tallest: machines are shifted so that their cables run level. */
const alignColumns = (
  spots: readonly Spot[],
  links: readonly Link[],
  spotOf: ReadonlyMap<string, Spot>,
  tallest: number,
  last: number,
  heights: readonly number[],
): void => {
  const middle = (heights[tallest] ?? 0) / 2
  const order = Array.from({ length: last + 1 }, (_, c) => c).sort(
    (a, b) => Math.abs(a - tallest) - Math.abs(b - tallest),
  )
  const placed = new Set<number>([tallest])
  for (const c of order) {
    if (c === tallest) continue
    const mine = spots.filter((s) => s.column === c && s.node.kind !== 'switch')
    // As many machines as in the tallest column stand level with them.
    const many = (column: number): number =>
      spots.filter((s) => s.column === column && s.node.kind !== 'switch').length
    let shift = many(c) === many(tallest) ? 0 : middle - (heights[c] ?? 0) / 2
    const wishes: number[] = []
    for (const { nodes, ends } of links)
      for (const [i, j] of [
        [0, 1],
        [1, 0],
      ] as const) {
        const here = spotOf.get(nodes[i])
        const there = spotOf.get(nodes[j])
        if (!here || !there || here.column !== c || !placed.has(there.column)) continue
        const [a, b] = [portY(here, ends[i]), portY(there, ends[j])]
        if (a !== undefined && b !== undefined) wishes.push(b + there.y - a - here.y)
      }
    if (wishes.length > 0) shift = wishes[0] as number
    for (const s of mine) s.y += shift
    placed.add(c)
  }
}

/** Levels of the ports of all switches: those of the machines' ports at their other ends. */
const placeSwitches = (
  spots: readonly Spot[],
  links: readonly Link[],
  spotOf: ReadonlyMap<string, Spot>,
): Map<string, number> => {
  const rows = new Map<string, number>()
  for (const { nodes, ends } of links)
    for (const [i, j] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const there = spotOf.get(nodes[j])
      if (spotOf.get(nodes[i])?.node.kind !== 'switch' || !there) continue
      const y = portY(there, ends[j])
      if (y !== undefined) rows.set(ends[i], y + there.y)
    }
  // Cables between switches: half way between what both reach, one below the other.
  const between = new Map<string, number>()
  for (const { nodes, ends } of links) {
    if (!nodes.every((n) => spotOf.get(n)?.node.kind === 'switch')) continue
    const known = [...rows].filter(([key]) => nodes.includes(nodeOf(key))).map(([, y]) => y)
    const centre = known.length === 0 ? 70 : (Math.min(...known) + Math.max(...known)) / 2
    const pair = [...nodes].sort().join(' ')
    const n = between.get(pair) ?? 0
    between.set(pair, n + 1)
    for (const end of ends) rows.set(end, centre + n * 44)
  }
  // Ports without a cable.
  for (const s of spots) {
    if (s.node.kind !== 'switch') continue
    for (const d of s.node.spaces[0]?.devices ?? []) {
      if (d.bridge || rows.has(d.key)) continue
      const mine = [...rows].filter(([key]) => nodeOf(key) === s.node.name).map(([, y]) => y)
      rows.set(d.key, Math.max(40, ...mine) + 40)
    }
  }
  return rows
}

const switchPorts = (node: DrawnNode): NonNullable<DrawnNode['spaces'][0]>['devices'] =>
  (node.spaces[0]?.devices ?? []).filter((d) => !d.bridge)

const switchSpan = (node: DrawnNode, rows: ReadonlyMap<string, number>): readonly [number, number] => {
  const ys = switchPorts(node).map((d) => rows.get(d.key) as number)
  return ys.length === 0 ? [40, 100] : [Math.min(...ys) - 38, Math.max(...ys) + 38]
}
const bridgeOf = (node: DrawnNode) => node.spaces[0]?.devices.find((d) => d.bridge && d.name === node.name)
const switchTop = (node: DrawnNode, rows: ReadonlyMap<string, number>): number =>
  switchSpan(node, rows)[0] - 26 - 17 * (bridgeOf(node)?.addresses.length ?? 0)

const drawSwitch = (
  out: Sketch,
  node: DrawnNode,
  x: number,
  dy: number,
  rows: ReadonlyMap<string, number>,
  sides: ReadonlyMap<string, Side>,
): void => {
  const [top, low] = switchSpan(node, rows)
  const bridge = bridgeOf(node)
  const centre = x + BAR / 2
  const key = bridge?.key ?? `${node.name}:${node.name}`
  out.bars.push({ key, x, y: top + dy, w: BAR, h: low - top, off: bridge?.state !== 'up' })
  const lines = [...(bridge ? under(bridge) : [])]
  out.label(centre, top + dy - 10 - lines.length * 17, node.name, 'name', 'middle')
  lines.forEach((text, i) =>
    out.label(centre, top + dy - 10 - (lines.length - 1 - i) * 17, text, 'ad', 'middle'),
  )
  for (const d of switchPorts(node)) {
    const left = sides.get(d.key) === 'left'
    const at: Point = { x: left ? x : x + BAR, y: (rows.get(d.key) as number) + dy }
    out.ports.push({ key: d.key, state: d.state, ...at })
    out.label(at.x + (left ? -10 : 10), at.y - 10, d.name, 'if', left ? 'end' : 'start')
    under(d).forEach((text, i) =>
      out.label(at.x + (left ? -10 : 10), at.y + 22 + i * 17, text, 'ad', left ? 'end' : 'start'),
    )
    if (d.master !== undefined) out.enter(d.key, { toBar: [at, { x: centre, y: at.y }], bar: d.master })
  }
  if (bridge) out.enter(key, { toBar: [{ x: centre, y: top + dy }], bar: key })
}

/** Room that a gutter needs for the names that stand in it, and for cables that change their level. */
const gutterNeed = (
  c: number,
  spots: readonly Spot[],
  sides: ReadonlyMap<string, Side>,
  links: readonly Link[],
  columns: ReadonlyMap<string, number>,
): number => {
  const label = (column: number, side: Side): number =>
    Math.max(
      0,
      ...spots
        .filter((s) => s.column === column && s.node.kind === 'switch')
        .flatMap((s) => switchPorts(s.node).filter((d) => sides.get(d.key) === side))
        .map((d) => Math.max(monoWidth(d.name), ...under(d).map(monoWidth)) + 16),
    )
  const crossing = links.filter(
    ({ nodes }) => nodes.some((n) => columns.get(n) === c) && nodes.some((n) => (columns.get(n) ?? 0) > c),
  ).length
  return label(c, 'right') + label(c + 1, 'left') + 20 + Math.min(crossing, 6) * 6
}

/** The way of a cable: level; or by a lane in the gutter; or, past other columns, below everything. */
const route = (
  a: Point,
  b: Point,
  ca: number,
  cb: number,
  lefts: readonly number[],
  widths: readonly number[],
  lanes: Map<string, number>,
  below: () => number,
): Point[] => {
  const lane = (column: number, offset: number): number => {
    const key = `${column}`
    const n = lanes.get(key) ?? 0
    lanes.set(key, n + 1)
    const from = (lefts[column] as number) + (widths[column] as number)
    const to = lefts[column + 1] ?? from + 60
    return from + (to - from) / 2 + offset + (n % 2 === 0 ? 1 : -1) * Math.ceil(n / 2) * 9
  }
  const end = ({ x, y }: Point): Point => ({ x, y })
  if (Math.abs(a.y - b.y) < 0.5 && Math.abs(ca - cb) === 1) return [end(a), end(b)]
  if (Math.abs(ca - cb) === 1) {
    const x = lane(Math.min(ca, cb), 0)
    return [end(a), { x, y: a.y }, { x, y: b.y }, end(b)]
  }
  if (ca === cb) {
    const out = a.x > (lefts[ca] as number) + (widths[ca] as number) / 2 ? 1 : -1
    const x = out > 0 ? Math.max(a.x, b.x) + 30 : Math.min(a.x, b.x) - 30
    return [end(a), { x, y: a.y }, { x, y: b.y }, end(b)]
  }
  const [l, r] = ca < cb ? [a, b] : [b, a]
  const [cl, cr] = [Math.min(ca, cb), Math.max(ca, cb)]
  const [x1, x2, y] = [lane(cl, 0), lane(cr - 1, 0), below()]
  const way = [end(l), { x: x1, y: l.y }, { x: x1, y }, { x: x2, y }, { x: x2, y: r.y }, end(r)]
  return ca < cb ? way : way.reverse()
}

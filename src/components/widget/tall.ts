/**
 * The tall drawing for narrow columns: machines one below the other, all cables at their left walls, switches as upright
 * bars in the margin. A machine is drawn the same way inside: its rows, then its rooms, bridges and pairs at their left.
 *
 *     ┃■──┌ A ──────────────────────┐
 *     ┃   └─eth0 192.168.1.10/24────┘
 *     ┃■──┌ B ──────────────────────┐
 *         └─eth0 192.168.1.11/24────┘
 */
import type { DrawnDevice, DrawnNode, DrawnSpace, Topology } from '../../lab/topology.ts'
import { columnsOf, linksOf } from './columns.ts'
import { BAR, LEADING, MARGIN, monoWidth, nameWidth, Sketch, under, type Point, type Scene } from './scene.ts'

const WIDTH = 340
const STACK = 18
/** Above the machines: names of switches, and the reason of a stop. */
const HEAD = 38
const ROW = 28
/** Height of a contact between two rows. */
const TURN = 44
const LANE = 24

/** Something in a margin that takes the levels from `from` to `to`. */
interface Span {
  readonly key: string
  from: number
  to: number
}

/** Puts spans side by side so that none overlap: lane 0 is nearest to the machines. */
const lanesOf = (spans: readonly Span[]): Map<string, number> => {
  const lanes: Span[][] = []
  const out = new Map<string, number>()
  for (const span of [...spans].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from)) {
    let lane = lanes.findIndex((l) => l.every((o) => o.to + 12 < span.from || span.to + 12 < o.from))
    if (lane < 0) lane = lanes.push([]) - 1
    lanes[lane]?.push(span)
    out.set(span.key, lane)
  }
  return out
}

export const tall = (t: Topology): Scene => {
  const columns = columnsOf(t)
  const links = linksOf(t)
  const switches = new Set(t.nodes.filter((n) => n.kind === 'switch').map((n) => n.name))
  const hosts = t.nodes.filter((n) => n.kind === 'host').map((n, i) => ({ n, i }))
  hosts.sort((a, b) => (columns.get(a.n.name) ?? 0) - (columns.get(b.n.name) ?? 0) || a.i - b.i)
  const cabled = new Set(links.flatMap((l) => l.ends))

  // Levels first: they do not depend on how wide the margin is.
  const rows = new Map<string, number>()
  const heights = new Map<string, number>()
  let y = HEAD
  for (const { n } of hosts) {
    const probe = tallHost(n, 200, cabled, t)
    for (const p of probe.sketch.ports) rows.set(p.key, p.y + y)
    heights.set(n.name, y)
    y += probe.h + STACK
  }
  const spans: Span[] = []
  for (const name of switches) {
    const mine = links.flatMap(({ nodes, ends: [a, b] }): (readonly [string, string])[] =>
      nodes[0] === name ? [[a, b]] : nodes[1] === name ? [[b, a]] : [],
    )
    const known = mine.map(([, far]) => rows.get(far)).filter((r) => r !== undefined)
    const [top, low] = known.length === 0 ? [y, y + 40] : [Math.min(...known) - 20, Math.max(...known) + 20]
    if (known.length === 0) y += 70
    spans.push({ key: name, from: top, to: low })
    for (const [near, far] of mine) {
      const row = rows.get(far)
      if (row !== undefined) rows.set(near, row)
    }
  }
  // A cable between two switches runs in a lane of its own, from the foot of one to the head of the other.
  const spanOf = new Map(spans.map((s) => [s.key, s]))
  const brackets: Span[] = []
  for (const { key, nodes, ends } of links) {
    const both = nodes.map((n) => spanOf.get(n))
    const [a, b] = both
    if (a && b) {
      const [upper, lower] = a.from <= b.from ? ([0, 1] as const) : ([1, 0] as const)
      const n = brackets.filter((s) => s.key.startsWith('between ')).length
      rows.set(ends[upper], (both[upper] as Span).to - 8 - n * 16)
      rows.set(ends[lower], (both[lower] as Span).from + 8 + n * 16)
      brackets.push({
        key: `between ${key}`,
        from: rows.get(ends[upper]) as number,
        to: rows.get(ends[lower]) as number,
      })
    } else if (!a && !b) {
      const [r1, r2] = ends.map((e) => rows.get(e) ?? 0) as [number, number]
      brackets.push({ key, from: Math.min(r1, r2), to: Math.max(r1, r2) })
    }
  }
  const barLanes = lanesOf(spans.map((s) => ({ ...s, from: s.from - 30 })))
  const bars = spans.length === 0 ? 0 : Math.max(...barLanes.values()) + 1
  const hostLanes = lanesOf(brackets.filter((b) => !b.key.startsWith('between ')))
  const betweens = lanesOf(brackets.filter((b) => b.key.startsWith('between ')))
  const hostBrackets = hostLanes.size === 0 ? 0 : Math.max(...hostLanes.values()) + 1
  const between = betweens.size === 0 ? 0 : Math.max(...betweens.values()) + 1
  const portNames = Math.max(
    0,
    ...t.nodes
      .filter((n) => n.kind === 'switch')
      .flatMap((n) => n.spaces[0]?.devices ?? [])
      .filter((d) => !d.bridge)
      .map((d) => monoWidth(d.name)),
  )
  const first = bars > 0 ? portNames + 26 : 16
  const margin = between * 16 + bars * (BAR + 26) + first + hostBrackets * LANE

  const out = new Sketch()
  const left = MARGIN + margin
  for (const { n } of hosts)
    out.add(tallHost(n, WIDTH - left - MARGIN, cabled, t).sketch, left, heights.get(n.name) as number)
  const barX = (name: string): number =>
    left - hostBrackets * LANE - first - (barLanes.get(name) ?? 0) * (BAR + 26) - BAR
  let low = y
  for (const n of t.nodes) {
    const span = spanOf.get(n.name)
    if (n.kind !== 'switch' || !span) continue
    low = Math.max(low, span.to + STACK)
    const x = barX(n.name)
    const bridge = n.spaces[0]?.devices.find((d) => d.bridge && d.name === n.name)
    const key = bridge?.key ?? `${n.name}:${n.name}`
    out.bars.push({ key, x, y: span.from, w: BAR, h: span.to - span.from, off: bridge?.state !== 'up' })
    out.label(
      Math.max(MARGIN, x - 4),
      span.from - 8,
      [n.name, ...(bridge ? under(bridge) : [])].join(' '),
      'name',
    )
    let spare = span.to
    for (const d of (n.spaces[0]?.devices ?? []).filter((d) => !d.bridge)) {
      const row = rows.get(d.key) ?? (spare += 20)
      const inter = links.some((l) => l.ends.includes(d.key) && l.nodes.every((m) => switches.has(m)))
      const at = { x: inter ? x : x + BAR, y: row }
      out.ports.push({ key: d.key, state: d.state, ...at })
      if (!inter) out.label(at.x + 9, row - 8, d.state === 'down' ? `${d.name} ×` : d.name, 'if')
      if (d.master !== undefined) out.enter(d.key, { toBar: [at, { x: x + BAR / 2, y: row }], bar: d.master })
    }
    out.enter(key, { toBar: [{ x: x + BAR / 2, y: span.from }], bar: key })
  }
  for (const wire of t.wires) {
    if (out.wires.some((w) => w.key === wire.key)) continue
    const [a, b] = wire.ends.map((k) => out.port(k))
    if (!a || !b) continue
    let points: Point[]
    if (betweens.has(`between ${wire.key}`)) {
      const x = MARGIN + 4 + (between - 1 - (betweens.get(`between ${wire.key}`) ?? 0)) * 16
      points = [a, { x, y: a.y }, { x, y: b.y }, b]
    } else if (a.y === b.y) points = [a, b]
    else {
      const x = left - 14 - (hostLanes.get(wire.key) ?? 0) * LANE
      points = [a, { x, y: a.y }, { x, y: b.y }, b]
    }
    out.wires.push({ ...wire, points: points.map(({ x, y }) => ({ x, y })) })
  }
  const right = Math.max(WIDTH, ...out.boxes.map((b) => b.x + b.w + MARGIN))
  return out.done('tall', right, Math.max(low - STACK, ...out.boxes.map((b) => b.y + b.h)) + MARGIN)
}

const text = (d: DrawnDevice): string[] => {
  const [first = '', ...more] = under(d)
  return [`${d.name} ${first}`.trim(), ...more]
}

interface TallHost {
  readonly sketch: Sketch
  readonly h: number
}

/** One machine at (0, 0); cables enter at x = 0. */
const tallHost = (node: DrawnNode, width: number, cabled: ReadonlySet<string>, t: Topology): TallHost => {
  const s = new Sketch()
  const own = node.spaces[0] as DrawnSpace
  const rooms = node.spaces.slice(1)
  const wall = (d: DrawnDevice): boolean => cabled.has(d.key)
  const bridges = own.devices.filter((d) => d.bridge)
  const others = own.devices.filter((d) => !d.bridge)
  const listed = [
    ...others.filter(wall),
    ...bridges,
    ...others.filter((d) => !wall(d) && d.master === undefined),
  ]
  const onBar = others.filter((d) => !wall(d) && d.master !== undefined)
  const meets = listed.filter((d) => d.master === undefined && (!d.bridge || d.addresses.length > 0))
  const contact = meets.length >= 2

  // Levels of rows and rooms.
  const rows = new Map<string, number>()
  let y = 24
  let contactY = 0
  for (const d of listed) {
    y += ROW
    rows.set(d.key, y)
    y += LEADING * (text(d).length - 1)
    if (contact && d === meets[0]) {
      contactY = y
      y += TURN
    }
  }
  y += 18
  const roomTop = new Map<string, number>()
  for (const room of rooms) {
    roomTop.set(room.key, y)
    let row = y + 24
    for (const d of room.devices) {
      row += ROW
      rows.set(d.key, row)
      row += LEADING * (text(d).length - 1)
    }
    y = row + 18 + 10
  }
  if (rooms.length > 0) y += 4
  // A pair's end at a bar stands on the level of its other end.
  const peers = new Map(t.wires.flatMap(({ ends: [a, b] }) => [[a, b] as const, [b, a] as const]))
  for (const d of onBar) {
    const peer = peers.get(d.key)
    const level = peer === undefined ? undefined : rows.get(peer)
    rows.set(d.key, level ?? (y += ROW) - 10)
  }

  // Lanes at the left of rows and rooms: bars, and pairs that join two levels.
  const spans: Span[] = []
  for (const b of bridges) {
    const ys = [b, ...own.devices.filter((d) => d.master === b.key)].map((d) => rows.get(d.key) as number)
    spans.push({ key: b.key, from: Math.min(...ys) - 12, to: Math.max(...ys) + 12 })
  }
  const local = t.wires.filter((w) => w.ends.every((k) => rows.has(k)))
  for (const w of local) {
    const [a, b] = w.ends.map((k) => rows.get(k) as number) as [number, number]
    if (a !== b) spans.push({ key: w.key, from: Math.min(a, b), to: Math.max(a, b) })
  }
  const lanes = lanesOf(spans)
  const count = spans.length === 0 ? 0 : Math.max(...lanes.values()) + 1
  const hubX = 14 + count * LANE + 8
  const labelX = contact ? hubX + 16 : count > 0 ? hubX + 4 : 20
  const laneX = (key: string): number => hubX - 10 - ((lanes.get(key) ?? 0) + 0.5) * LANE
  const widest = Math.max(
    0,
    ...listed.flatMap(text).map(monoWidth),
    ...rooms.flatMap((r) => r.devices.flatMap(text)).map((l) => monoWidth(l) + 26),
    ...rooms.map((r) => nameWidth(r.name) + 24),
  )
  const w = Math.max(width, labelX + widest + 12)
  s.boxes.push({ key: own.key, kind: 'host', x: 0, y: 0, w, h: y })
  s.label(12, 24, node.name, 'name')

  if (contact) {
    const [a, b] = [
      { x: hubX, y: contactY + 10 },
      { x: hubX, y: contactY + TURN - 6 },
    ]
    s.contacts.push({ key: own.key, a, b, closed: own.forwarding })
    s.label(hubX + 30, contactY + TURN / 2 + 7, `ip_forward ${own.forwarding ? 1 : 0}`, 'if')
  }
  const [firstDot, otherDot] = [
    { x: hubX, y: contactY + 10 },
    { x: hubX, y: contactY + TURN - 6 },
  ]
  for (const d of listed) {
    const row = rows.get(d.key) as number
    const bar = d.master ?? (d.bridge ? d.key : undefined)
    const barX = bar === undefined || !bridges.some((b) => b.key === bar) ? undefined : laneX(bar)
    const at = { x: wall(d) ? 0 : barX !== undefined ? barX + BAR / 2 : hubX - 4, y: row }
    s.ports.push({ key: d.key, state: d.state, ...at })
    text(d).forEach((line, i) => s.label(labelX, row + 5 + i * LEADING, line, i === 0 ? 'if' : 'ad'))
    const hub = !meets.includes(d)
      ? undefined
      : contact
        ? [at, { x: hubX, y: row }, d === meets[0] ? firstDot : otherDot]
        : [at, { x: Math.max(at.x + 8, labelX - 5), y: row }]
    s.enter(d.key, {
      ...(hub ? { toHub: hub } : {}),
      ...(barX !== undefined && bar !== undefined
        ? { toBar: d.bridge ? [at, { x: barX, y: row }] : [at, { x: barX, y: row }], bar }
        : {}),
    })
  }
  for (const b of bridges) {
    const span = spans.find((x) => x.key === b.key) as Span
    s.bars.push({
      key: b.key,
      x: laneX(b.key) - BAR / 2,
      y: span.from,
      w: BAR,
      h: span.to - span.from,
      off: b.state !== 'up',
    })
  }
  for (const d of onBar) {
    const x = laneX(d.master as string)
    const at = { x: x + BAR / 2, y: rows.get(d.key) as number }
    s.ports.push({ key: d.key, state: d.state, ...at })
    s.enter(d.key, { toBar: [at, { x, y: at.y }], bar: d.master as string })
    if (!peers.has(d.key)) s.label(labelX, at.y + 5, d.name, 'if')
  }
  for (const room of rooms) {
    const top = roomTop.get(room.key) as number
    const last = room.devices.at(-1)
    const bottom = last ? (rows.get(last.key) as number) + LEADING * (text(last).length - 1) + 18 : top + 42
    s.boxes.push({ key: room.key, kind: 'netns', x: labelX, y: top, w: w - labelX - 10, h: bottom - top })
    s.label(labelX + 12, top + 24, room.name, 'name')
    for (const d of room.devices) {
      const at = { x: labelX, y: rows.get(d.key) as number }
      s.ports.push({ key: d.key, state: d.state, ...at })
      text(d).forEach((line, i) => s.label(labelX + 14, at.y + 5 + i * LEADING, line, i === 0 ? 'if' : 'ad'))
      s.enter(d.key, { toHub: [at, { x: at.x + 10, y: at.y }] })
    }
  }
  for (const wire of local) {
    const [a, b] = wire.ends.map((k) => s.port(k))
    if (!a || !b) continue
    const x = laneX(wire.key)
    const points = a.y === b.y ? [a, b] : [a, { x, y: a.y }, { x, y: b.y }, b]
    s.wires.push({ ...wire, points: points.map(({ x, y }) => ({ x, y })) })
  }
  return { sketch: s, h: y }
}

/**
 * One machine of the wide drawing: its cables enter at the left and right walls, namespaces stand as rooms below them,
 * bridges as upright bars, and what the machine forwards between meets at a contact.
 *
 *     ┌ B ──────────────────────────────────┐
 *     ■─eth0────────┐  ip_forward 0   eth1──■
 *     │  ┌ red ───┐ ┃■──○⟋ ○────────────────│
 *     │  │   veth─■═■┃                       │
 *     └──┴────────┴─────────────────────────┘
 */
import type { DrawnDevice, DrawnNode, DrawnSpace, Topology } from '../../lab/topology.ts'
import { BAR, LEADING, monoWidth, nameWidth, Sketch, under, type Point } from './scene.ts'

export interface Placed {
  readonly sketch: Sketch
  readonly w: number
  readonly h: number
}

export type Side = 'left' | 'right'

const FIRST = 70
const BELOW = 42
const TITLE = 24
const ROOM_FIRST = 54
const ROOM_BELOW = 36
const PAD = 20
/** Between the dots of a contact. */
const GAP = 54
const BAR_STEP = 44
/** How far a packet goes into a machine with one interface. */
const DEPTH = 62

const widest = (devices: readonly DrawnDevice[]): number =>
  Math.max(0, ...devices.map((d) => Math.max(monoWidth(d.name), ...under(d).map(monoWidth))))
const pitch = (devices: readonly (DrawnDevice | undefined)[]): number =>
  60 + LEADING * Math.max(0, ...devices.map((d) => (d ? under(d).length - 1 : 0)))
const extra = (device: DrawnDevice | undefined): number =>
  LEADING * Math.max(0, device ? under(device).length - 1 : 0)

/** `side(key)`: the wall at which a cable enters, undefined for what has no cable. */
export const placeHost = (node: DrawnNode, side: (key: string) => Side | undefined, t: Topology): Placed => {
  const s = new Sketch()
  const own = node.spaces[0] as DrawnSpace
  const rooms = node.spaces.slice(1)
  const peers = new Map(t.wires.flatMap(({ ends: [a, b] }) => [[a, b] as const, [b, a] as const]))
  const left = own.devices.filter((d) => side(d.key) === 'left')
  const right = own.devices.filter((d) => side(d.key) === 'right')
  const bridges = own.devices.filter((d) => d.bridge)
  const loose = own.devices.filter((d) => !d.bridge && side(d.key) === undefined)
  const ownPorts = bridges.filter((d) => d.addresses.length > 0)
  const free = (d: DrawnDevice): boolean => d.master === undefined

  // Rows at the walls, then the rooms, then loose ends that lead nowhere yet.
  const rows = new Map<string, number>()
  let y = FIRST
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    for (const d of [left[i], right[i]]) if (d) rows.set(d.key, y)
    y += pitch([left[i], right[i]])
  }
  const walls = Math.max(left.length, right.length)
  let bottom = walls > 0 ? y - 60 + BELOW : TITLE + PAD
  const lefts = Math.max(0, ...left.map(nameAndAddress)) + (left.length > 0 ? 26 : PAD)
  const roomW = Math.max(120, ...rooms.map((r) => Math.max(widest(r.devices) + 26, nameWidth(r.name) + 30)))
  let roomY = left.length > 0 ? bottom + 4 : 46
  const roomOf = new Map<
    string,
    { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  >()
  for (const room of rooms) {
    const h = roomHeight(room)
    roomOf.set(room.key, { x: PAD, y: roomY, w: roomW, h })
    let row = roomY + ROOM_FIRST
    for (const d of room.devices) {
      rows.set(d.key, row)
      row += pitch([d]) - 4
    }
    roomY += h + 18
  }
  if (rooms.length > 0) bottom = Math.max(bottom, roomY - 18 + PAD)
  // A loose end stands on the level of its other end, if that is in a room.
  let spare = Math.max(bottom, right.length > 0 && left.length === 0 && rooms.length === 0 ? 0 : bottom)
  for (const d of loose) {
    const peer = peers.get(d.key)
    const level = peer === undefined ? undefined : rows.get(peer)
    const taken = loose.some((o) => o !== d && rows.get(o.key) === level)
    if (level !== undefined && !taken && roomOf.has(spaceOf(peer ?? ''))) rows.set(d.key, level)
    else {
      rows.set(d.key, spare + 24)
      spare += pitch([d])
      bottom = Math.max(bottom, spare)
    }
  }

  // Zones from left to right: walls' labels and rooms, veth pairs, bars, own interfaces, contact, right labels.
  const inRooms = rooms.length > 0 ? PAD + roomW : 0
  const ends = [...loose]
  const veth = ends.length > 0 ? widest(ends) + 40 : bridges.length > 0 ? 26 : 0
  const barX = Math.max(lefts, inRooms) + veth
  const barsW = bridges.length > 0 ? BAR + (bridges.length - 1) * BAR_STEP : 0
  const meeting = [...left.filter(free), ...loose.filter(free), ...ownPorts]
  const leaving = right.filter(free)
  const contact = meeting.length + leaving.length >= 2
  const ownW = ownPorts.length > 0 ? widest(ownPorts) + 26 : 0
  const rights = Math.max(0, ...right.map(nameAndAddress)) + (right.length > 0 ? 26 : PAD)
  const looseOnly = contact && loose.some(free)
  let w =
    barX +
    barsW +
    ownW +
    (looseOnly ? 30 : 0) +
    rights +
    (bridges.length > 0 && right.length === 0 && ownW === 0 ? 30 : 0)
  if (!contact && leaving.length > 0 && bridges.length > 0) w += DEPTH
  w = Math.max(w, nameWidth(node.name) + 30, walls === 0 ? 126 : 158)
  if (contact) {
    // The contact stands between the names of its row.
    const before =
      bridges.length > 0 || loose.length > 0
        ? barX + barsW + 20 + (ownW > 0 ? 10 : 0)
        : 12 + Math.max(0, ...left.map((d) => monoWidth(d.name))) + 16
    const after = 12 + Math.max(0, ...right.map((d) => monoWidth(d.name))) + 16
    w = Math.max(w, before + GAP + 56 + after, 244)
  }
  // An interface of a bridge's own takes a row of its own below cables that end at its bar; a bridge without ports too.
  const underRows = FIRST + right.reduce((sum, d) => sum + pitch([d]), 0)
  if (ownPorts.length > 0 && leaving.length === 0 && !left.some(free) && right.length > 0)
    bottom = Math.max(bottom, underRows + BELOW)
  const idle = bridges.filter((b) => b.addresses.length === 0 && !own.devices.some((d) => d.master === b.key))
  const idleY = bottom + 8
  if (idle.length > 0 && walls > 0) bottom += 62
  const h = Math.max(bottom, walls === 0 && rooms.length === 0 && own.devices.length === 0 ? 66 : FIRST)

  s.boxes.push({ key: own.key, kind: 'host', x: 0, y: 0, w, h })
  s.label(12, TITLE, node.name, 'name')
  for (const room of rooms) {
    const box = roomOf.get(room.key) as NonNullable<ReturnType<typeof roomOf.get>>
    s.boxes.push({ key: room.key, kind: 'netns', ...box })
    s.label(box.x + 12, box.y + TITLE, room.name, 'name')
    for (const d of room.devices) {
      const row = rows.get(d.key) as number
      const at = side(d.key) === 'left' ? { x: box.x, y: row } : { x: box.x + box.w, y: row }
      s.ports.push({ key: d.key, state: d.state, ...at })
      s.label(box.x + box.w - 10, row - 10, d.name, 'if', 'end')
      under(d).forEach((text, i) => s.label(box.x + 12, row + 24 + i * LEADING, text, 'ad'))
      s.enter(d.key, {
        toHub: [at, { x: at.x - Math.sign(at.x - box.x - 1) * Math.min(DEPTH, box.w / 2), y: row }],
      })
    }
  }

  const hubY = rows.get((leaving[0] ?? left.find(free))?.key ?? '') ?? (right.length > 0 ? underRows : FIRST)
  const barOf = new Map(bridges.map((b, i) => [b.key, barX + i * BAR_STEP + BAR / 2]))
  const ownY = new Map(ownPorts.map((b, i) => [b.key, hubY + i * 46]))
  // Where the machine's interfaces meet.
  const rightmost = contact ? 12 + Math.max(0, ...leaving.map((d) => monoWidth(d.name))) + 24 : 0
  const start = Math.max(
    bridges.length + loose.length > 0 ? barX + barsW + 24 : 0,
    12 + Math.max(0, ...left.filter(free).map((d) => monoWidth(d.name))) + 24,
  )
  const middle = meeting.length === 0 || leaving.length === 0
  const hubX = middle
    ? leaving.length > 0
      ? w - rights - 8
      : start + 16
    : Math.max(start, (start + w - rightmost) / 2 - GAP / 2)
  const dots: readonly [Point, Point] = middle
    ? [
        { x: hubX, y: hubY + 14 },
        { x: hubX, y: hubY + 46 },
      ]
    : [
        { x: hubX, y: hubY },
        { x: hubX + GAP, y: hubY },
      ]
  if (contact) {
    s.contacts.push({ key: own.key, a: dots[0], b: dots[1], closed: own.forwarding })
    const label = `ip_forward ${own.forwarding ? 1 : 0}`
    if (middle)
      s.label(
        leaving.length > 0 ? hubX - 14 : hubX + 14,
        hubY + 34,
        label,
        'if',
        leaving.length > 0 ? 'end' : 'start',
      )
    else s.label(hubX + GAP / 2, hubY - 36, label, 'if', 'middle')
  }
  const all = [...meeting, ...leaving]
  const toHub = (d: DrawnDevice, from: Point): readonly Point[] => {
    const inward = side(d.key) === 'right' ? -1 : 1
    if (!contact) return [from, { x: from.x + inward * DEPTH, y: from.y }]
    if (middle) {
      const dot = all[0] === d ? dots[0] : dots[1]
      return turn(from, { x: hubX, y: from.y }, dot)
    }
    const dot = leaving.includes(d) ? dots[1] : dots[0]
    const back = dot.x + (leaving.includes(d) ? 14 : -14)
    return turn(from, { x: back, y: from.y }, { x: back, y: dot.y }, dot)
  }
  const place = (d: DrawnDevice, at: Point, anchor: 'start' | 'end'): void => {
    s.ports.push({ key: d.key, state: d.state, ...at })
    const dx = anchor === 'start' ? 12 : -12
    s.label(at.x + dx, at.y - 10, d.name, 'if', anchor)
    under(d).forEach((text, i) => s.label(at.x + dx, at.y + 28 + i * LEADING, text, 'ad', anchor))
    const bar = d.master === undefined ? undefined : barOf.get(d.master)
    if (d.master !== undefined && bar !== undefined)
      s.enter(d.key, { toBar: Math.abs(bar - at.x) < 6 ? [at] : [at, { x: bar, y: at.y }], bar: d.master })
    else if (!d.bridge) s.enter(d.key, { toHub: toHub(d, at) })
  }
  for (const d of left) place(d, { x: 0, y: rows.get(d.key) as number }, 'start')
  for (const d of right) place(d, { x: w, y: rows.get(d.key) as number }, 'end')
  for (const d of loose) {
    const x = d.master === undefined ? barX + BAR / 2 : (barOf.get(d.master) ?? barX)
    const spot = { x: d.master === undefined ? x : x - BAR / 2, y: rows.get(d.key) as number }
    place(d, spot, 'end')
  }
  for (const b of bridges) {
    const x = barOf.get(b.key) as number
    const ports = own.devices.filter((d) => d.master === b.key).map((d) => rows.get(d.key) as number)
    const mine = ownY.get(b.key)
    const ys = [...ports, ...(mine === undefined ? [] : [mine])]
    const [top, low] =
      ys.length === 0
        ? walls > 0
          ? [idleY, idleY + 40]
          : [TITLE + 26, TITLE + 66]
        : [Math.min(...ys) - 22, Math.max(...ys) + 22]
    s.bars.push({ key: b.key, x: x - BAR / 2, y: top, w: BAR, h: low - top, off: b.state !== 'up' })
    s.label(x, top - 8, b.state === 'down' ? `${b.name} DOWN` : b.name, 'if', 'middle')
    if (mine === undefined) continue
    const at = { x: x + BAR / 2, y: mine }
    s.ports.push({ key: b.key, state: b.state, ...at })
    under(b)
      .filter((text) => text !== 'DOWN')
      .forEach((text, i) => s.label(at.x + 12, mine + 28 + i * LEADING, text, 'ad'))
    s.enter(b.key, { toBar: [at, { x, y: mine }], bar: b.key, toHub: toHub(b, at) })
  }
  // veth pairs within the machine.
  for (const wire of t.wires) {
    const [a, b] = wire.ends.map((key) => s.port(key))
    if (!a || !b || !wire.ends.every((key) => rows.has(key))) continue
    const lane = Math.max(a.x, b.x) + 16
    const points =
      a.y === b.y
        ? [a, b]
        : Math.abs(a.x - b.x) < 12
          ? [a, { x: lane, y: a.y }, { x: lane, y: b.y }, b]
          : [a, { x: inRooms + 16, y: a.y }, { x: inRooms + 16, y: b.y }, b]
    s.wires.push({ ...wire, points: points.map(({ x, y }) => ({ x, y })) })
  }
  const tops = Math.min(0, ...s.labels.map((l) => l.y - 40))
  return { sketch: s, w, h: h - tops }
}

const nameAndAddress = (d: DrawnDevice): number => Math.max(monoWidth(d.name), ...under(d).map(monoWidth))

/** Path without doubled points. */
const turn = (...points: readonly Point[]): Point[] =>
  points.filter((p, i) => i === 0 || p.x !== points[i - 1]?.x || p.y !== points[i - 1]?.y)

const roomHeight = (room: DrawnSpace): number => {
  if (room.devices.length === 0) return 46
  const rows = room.devices.reduce((sum, d, i) => sum + (i === 0 ? 0 : pitch([d]) - 4), 0)
  return ROOM_FIRST + rows + ROOM_BELOW + extra(room.devices.at(-1))
}

export const spaceOf = (device: string): string => device.slice(0, device.lastIndexOf(':'))

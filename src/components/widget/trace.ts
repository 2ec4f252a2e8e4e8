/**
 * The packets of the last command on a laid-out drawing: for each packet that is shown, the line it drew, from where it
 * was born, over walls, cables and bars, to where it arrived or died.
 */
import { diagnose } from '../../grade/diagnose.ts'
import type { Journey, Leg, Site, Step } from '../../grade/journey.ts'
import type { Place } from '../../grade/result.ts'
import type { Point, Scene } from './scene.ts'

export interface Line {
  readonly kind: Leg['kind']
  /** An answer to another packet: drawn dotted. */
  readonly reply: boolean
  readonly points: readonly Point[]
  /** An ARP request that another packet waited for. */
  readonly question: boolean
  /** Cables that it passed. */
  readonly wires: number
  readonly end: 'arrived' | 'stopped' | 'open'
}

export interface Stop {
  readonly at: Point
  /** The bar stands across the line: is the line level there? */
  readonly level: boolean
  readonly place: Place
}

export interface Trace {
  /** In the order in which they ran. */
  readonly lines: readonly Line[]
  readonly stop: Stop | undefined
}

/** What is told of a command's packets, besides the picture. */
export interface Story {
  /** The packets that are drawn: the last request with its answer, or the question that nobody answered. */
  readonly shown: readonly Leg[]
  readonly place: Place | undefined
  /** Packets with IP in them that programs sent, and those of them that died. */
  readonly sent: number
  readonly lost: number
  /** The machine whose program wanted to send and could not. */
  readonly silent?: string
}

const IP: readonly Leg['kind'][] = ['echo request', 'echo reply', 'icmp error', 'icmp', 'udp', 'ip']

export const storyOf = (journey: Journey): Story => {
  const legs = journey.legs
  // What a machine sends by itself (IPv6) is nobody's command.
  const roots = legs.filter(
    (l) =>
      l.from === undefined &&
      (IP.includes(l.kind) || (l.kind === 'other' && l.steps[0]?.event.cause !== undefined)),
  )
  const root = roots.at(-1) ?? legs.filter((l) => l.kind === 'arp request').at(-1)
  if (root === undefined) return { shown: [], place: undefined, sent: 0, lost: 0 }
  const shown: Leg[] = []
  const seen = new Set<number>()
  for (let leg: Leg | undefined = root; leg !== undefined && !seen.has(leg.packet);) {
    seen.add(leg.packet)
    const questions = legs.filter((l) => l.from === leg?.packet && l.kind === 'arp request')
    // What the packet waited for is shown where it never came; one question may delay several packets.
    const sender = leg.steps[0]?.site.node
    const question =
      questions.at(-1) ?? legs.findLast((l) => l.kind === 'arp request' && l.steps[0]?.site.node === sender)
    if (leg.crossings.length === 0 && question !== undefined) shown.push(question)
    shown.push(leg)
    const from: number = leg.packet
    leg =
      leg.end.kind === 'delivered' ? legs.find((l) => l.from === from && l.kind !== 'arp request') : undefined
  }
  const last = shown.at(-1) as Leg
  const answered = last !== root && last.end.kind === 'delivered' && last.kind !== 'icmp error'
  const unfinished = last.end.kind !== 'delivered' || (last === root && root.kind === 'echo request')
  const place = !answered && unfinished ? diagnose(journey, root.packet) : undefined
  return { shown, place, sent: roots.length, lost: roots.filter((r) => r.end.kind !== 'delivered').length }
}

const keyOf = (site: Site, dev: string): string =>
  `${site.netns === undefined ? site.node : `${site.node}/${site.netns}`}:${dev}`

const same = (a: Point, b: Point): boolean => Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5

export const traceOf = (scene: Scene, story: Story): Trace => {
  const lines = story.shown.flatMap((leg) => {
    const line = lineOf(scene, leg)
    return line === undefined ? [] : [line]
  })
  const { place } = story
  const culprit = place && [...lines].reverse().find((l) => l.end !== 'arrived')
  const stop = place && (stopAt(scene, place, culprit) ?? undefined)
  return { lines, stop }
}

/** The bar: where the line of the packet that died ends, else at the machine that the place names. */
const stopAt = (scene: Scene, place: Place, line: Line | undefined): Stop | undefined => {
  const end = line?.points.at(-1)
  const before = line?.points.at(-2)
  if (end && before) return { at: end, level: Math.abs(end.y - before.y) < Math.abs(end.x - before.x), place }
  for (const [key, inside] of scene.inside) {
    if (key.slice(0, key.lastIndexOf(':')) !== place.node) continue
    const [from, to] = inside.toHub ?? []
    if (from && to)
      return { at: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, level: from.y === to.y, place }
  }
  return undefined
}

/** The way of one packet as points. */
const lineOf = (scene: Scene, leg: Leg): Line | undefined => {
  const stations = leg.steps.filter(
    (s): s is Step & { dev: string } =>
      s.dev !== undefined && (s.event.point === 'xmit' || s.event.point === 'receive'),
  )
  const points: Point[] = []
  const go = (path: readonly Point[]): void => {
    for (const p of path)
      if (!points.at(-1) || !same(points.at(-1) as Point, p)) points.push({ x: p.x, y: p.y })
  }
  let wires = 0
  let at: string | undefined
  for (const s of stations) {
    const key = keyOf(s.site, s.dev)
    if (key === at) continue
    if (at === undefined)
      go(s.event.point === 'xmit' ? [...(scene.inside.get(key)?.toHub ?? [])].reverse() : [])
    const wire =
      at === undefined
        ? undefined
        : scene.wires.find((w) => w.ends.includes(at as string) && w.ends.includes(key))
    if (wire) {
      go(wire.ends[0] === at ? wire.points : [...wire.points].reverse())
      wires++
    } else if (at !== undefined) go(within(scene, at, key))
    const port = scene.ports.find((p) => p.key === key)
    if (port) go([port])
    at = key
  }
  if (at === undefined) {
    // It never left: from where the machine's interfaces meet towards the one it was meant for.
    const dev = leg.steps.find((s) => s.dev !== undefined)
    const inside = dev?.dev === undefined ? undefined : scene.inside.get(keyOf(dev.site, dev.dev))
    const path = [...(inside?.toHub ?? [])].reverse()
    const [from, to] = path.slice(-2)
    if (!from || !to) return undefined
    go([from, { x: from.x + (to.x - from.x) * 0.2, y: from.y + (to.y - from.y) * 0.2 }])
    return { kind: leg.kind, reply: leg.from !== undefined, points, question: false, wires, end: 'stopped' }
  }
  const last = stations.at(-1)
  const end = leg.end.kind === 'delivered' ? 'arrived' : leg.end.kind === 'dropped' ? 'stopped' : 'open'
  if (last?.event.point === 'receive') {
    const inside = scene.inside.get(at)
    const own = inside?.bar === undefined ? undefined : scene.inside.get(inside.bar)
    const inward =
      inside?.toHub ??
      (end === 'arrived' && own?.toHub
        ? [...within(scene, at, inside?.bar ?? ''), ...own.toHub]
        : inside?.toBar)
    if (inward) {
      go(end === 'arrived' ? inward : inward.slice(0, 2))
      if (end !== 'arrived' && inward.length >= 2) {
        // The bar stands a little before the end of the first stretch.
        const [from, to] = inward as [Point, Point]
        points[points.length - 1] = { x: from.x + (to.x - from.x) * 0.75, y: from.y + (to.y - from.y) * 0.75 }
      }
    }
  } else if (last && end === 'stopped') {
    // It left its interface, and nothing took it: a little way along the cable.
    const left = at
    const wire = scene.wires.find((w) => w.ends.includes(left))
    const [from, to] = wire?.ends[0] === left ? wire.points : [...(wire?.points ?? [])].reverse()
    if (from && to) go([from, { x: from.x + (to.x - from.x) * 0.4, y: from.y + (to.y - from.y) * 0.4 }])
  }
  if (points.length < 2) return undefined
  return {
    kind: leg.kind,
    reply: leg.from !== undefined && leg.kind !== 'arp request',
    points,
    question: leg.kind === 'arp request',
    wires,
    end,
  }
}

/** From one interface to another of the same machine: over the bar of their bridge, or where its interfaces meet. */
const within = (scene: Scene, from: string, to: string): Point[] => {
  const [a, b] = [scene.inside.get(from), scene.inside.get(to)]
  if (a?.toBar && b?.toBar && a.bar === b.bar) return [...a.toBar, ...[...b.toBar].reverse()]
  const hubOf = (inside: typeof a): readonly Point[] => {
    if (inside?.toHub) return inside.toHub
    const own = inside?.bar === undefined ? undefined : scene.inside.get(inside.bar)
    return own?.toHub && own.toBar
      ? [...(inside?.toBar ?? []), ...[...own.toBar].reverse(), ...own.toHub]
      : []
  }
  const [way, back] = [[...hubOf(a)], [...hubOf(b)]]
  // What both share at the end is not walked twice.
  while (
    way.length > 1 &&
    back.length > 1 &&
    same(way.at(-1) as Point, back.at(-1) as Point) &&
    same(way.at(-2) as Point, back.at(-2) as Point)
  ) {
    way.pop()
    back.pop()
  }
  return [...way, ...back.reverse()]
}

/** The line up to `part` (0 … 1) of its length, for a packet that is on its way. */
export const upTo = (points: readonly Point[], part: number): Point[] => {
  const lengths = points
    .slice(1)
    .map((p, i) => Math.hypot(p.x - (points[i] as Point).x, p.y - (points[i] as Point).y))
  let left = lengths.reduce((a, b) => a + b, 0) * Math.min(1, Math.max(0, part))
  const out: Point[] = points[0] ? [points[0]] : []
  for (const [i, length] of lengths.entries()) {
    const [from, to] = [points[i] as Point, points[i + 1] as Point]
    if (left >= length) {
      out.push(to)
      left -= length
      continue
    }
    out.push({ x: from.x + ((to.x - from.x) * left) / length, y: from.y + ((to.y - from.y) * left) / length })
    break
  }
  return out
}

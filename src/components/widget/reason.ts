/** Where the reason of a stopped packet is written: near its bar, on as little of the drawing as can be. */
import { BAR, LEADING, monoWidth, nameWidth, type Point, type Scene } from './scene.ts'

interface Rect {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface Reason {
  readonly lines: readonly string[]
  /** Left end of the base line of the first line. */
  readonly x: number
  readonly y: number
  /** Path from the bar to the text. */
  readonly lead: string
}

const EDGE = 14
/** Half the length of the bar across the line. */
const HALF = 11
/** Above a base line and below it. */
const ASCENT = 13
const DESCENT = 5

const overlap = (a: Rect, b: Rect): number =>
  Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y))

/** What should stay readable: machines, switches, names and addresses. */
const obstacles = (scene: Scene): Rect[] => [
  ...scene.boxes.filter((b) => b.kind === 'host'),
  ...scene.bars.map((b) => ({ x: b.x - BAR / 2, y: b.y, w: b.w + BAR, h: b.h })),
  ...scene.labels.map((l) => {
    const w = l.look === 'name' ? nameWidth(l.text) : monoWidth(l.text)
    const x = l.anchor === 'start' ? l.x : l.anchor === 'end' ? l.x - w : l.x - w / 2
    return { x, y: l.y - ASCENT, w, h: ASCENT + DESCENT }
  }),
]

/** Width at 13.5 px: Hangul takes a cell, Latin about half of one. */
const textWidth = (line: string): number => [...line].reduce((sum, c) => sum + (c > '\u1100' ? 12.6 : 7.2), 0)

/** Breaks between words so that no line is wider than `room`. */
const wrap = (line: string, room: number): string[] => {
  const lines: string[] = []
  for (const word of line.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && textWidth(`${last} ${word}`) <= room)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Square pixels of the drawing that a reason may cover: the corner of a name, not a name. */
const MAY_COVER = 400

/** Undefined where the reason would hide too much of the drawing, as it would in any narrow one: it stands below, too. */
export const placeReason = (scene: Scene, at: Point, text: string): Reason | undefined => {
  if (scene.form === 'tall') return undefined
  const host = scene.boxes.find(
    (b) => b.kind === 'host' && at.x >= b.x && at.x <= b.x + b.w && at.y >= b.y - 1 && at.y <= b.y + b.h,
  )
  const above = (host?.y ?? at.y - 26) - 9
  const below = (host === undefined ? at.y + 26 : host.y + host.h) + ASCENT + 5
  const blocked = obstacles(scene)
  const room = scene.w - 2 * EDGE
  const found: { readonly cost: number; readonly covers: number; readonly reason: Reason }[] = []
  const consider = (
    lines: readonly string[],
    width: number,
    x: number,
    under: boolean,
    dislike: number,
  ): void => {
    const height = (lines.length - 1) * LEADING
    const y = under ? below : above - height
    const rect = { x, y: y - ASCENT, w: width, h: height + ASCENT + DESCENT }
    const outside = Math.max(0, -rect.y) + Math.max(0, rect.y + rect.h - scene.h)
    const covers = blocked.reduce((sum, b) => sum + overlap(rect, b), 0)
    const near = under ? y - ASCENT : y + height + 4
    const from = under ? at.y + HALF : at.y - HALF
    // Beside the line that leads to it, or above and below its end.
    const lead =
      x > at.x ? `M${at.x} ${from} V${under ? y - 4 : y + height - 4} H${x - 4}` : `M${at.x} ${from} V${near}`
    found.push({ cost: covers + outside * width + dislike, covers, reason: { lines, x, y, lead } })
  }
  for (const [i, limit] of [room, 330, 250, 180].entries()) {
    const lines = wrap(text, Math.min(limit, room))
    const width = Math.max(...lines.map(textWidth))
    const fit = (x: number): number => Math.max(EDGE, Math.min(x, scene.w - EDGE - width))
    for (const [k, x] of [at.x + 13, at.x - width / 2, at.x - width + 8].entries())
      for (const under of [false, true])
        consider(lines, width, fit(x), under, 40 * i + 20 * k + (under ? 60 : 0))
  }
  const best = found.reduce((a, b) => (b.cost < a.cost ? b : a))
  return best.covers > MAY_COVER ? undefined : best.reason
}

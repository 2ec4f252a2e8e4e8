/** A laid-out scene as SVG markup. Presentation is by classes only (src/styles/exercise.css): the page's policy forbids `style`. */
import type { Contact, Point, Scene } from './scene.ts'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => ESCAPES[c] as string)

const n = (value: number): string => String(Math.round(value * 10) / 10)
export const pathOf = (points: readonly Point[]): string =>
  points.map((p, i) => `${i === 0 ? 'M' : 'L'}${n(p.x)} ${n(p.y)}`).join(' ')

export interface Marks {
  /** Keys of spaces and devices that the last command changed. */
  readonly changed?: ReadonlySet<string>
  /** Key of the space or device that has the keyboard. */
  readonly focus?: string
  readonly selected?: string
}

const PORT = 5

/** The shapes without what moves: trace and packets lie above them. */
export const shapes = (scene: Scene, marks: Marks = {}): string => {
  const out: string[] = []
  const changed = (key: string): boolean => marks.changed?.has(key) === true
  for (const b of scene.boxes) {
    out.push(
      `<rect class="${b.kind}" x="${n(b.x)}" y="${n(b.y)}" width="${n(b.w)}" height="${n(b.h)}" rx="${b.kind === 'host' ? 3 : 6}"/>`,
    )
    const outline = (cls: string, by: number, rx: number): string =>
      `<rect class="${cls}" x="${n(b.x - by)}" y="${n(b.y - by)}" width="${n(b.w + 2 * by)}" height="${n(b.h + 2 * by)}" rx="${rx}"/>`
    if (changed(b.key)) out.push(outline('new', 5, 6))
    if (marks.selected === b.key) out.push(outline('sel', 5, 5))
    if (marks.focus === b.key) out.push(outline('foc', 6, 6))
  }
  for (const path of scene.inner) out.push(`<path class="inner" d="${pathOf(path)}"/>`)
  for (const w of scene.wires) {
    const d = pathOf(w.points)
    const cls = `wire${w.kind === 'veth' ? ' veth' : ''}${w.alive ? '' : ' dead'}`
    out.push(`<path class="${cls}" d="${d}"/>`)
    if (w.kind === 'veth') out.push(`<path class="veth-core" d="${d}"/>`)
    if (changed(w.key)) out.push(`<path class="new" d="${d}"/>`)
  }
  for (const b of scene.bars) {
    out.push(
      `<rect class="bus${b.off ? ' off' : ''}" x="${n(b.x)}" y="${n(b.y)}" width="${n(b.w)}" height="${n(b.h)}" rx="2"/>`,
    )
    const outline = (cls: string, by: number): string =>
      `<rect class="${cls}" x="${n(b.x - by)}" y="${n(b.y - by)}" width="${n(b.w + 2 * by)}" height="${n(b.h + 2 * by)}" rx="4"/>`
    if (changed(b.key)) out.push(outline('new', 5))
    if (marks.focus === b.key) out.push(outline('foc', 6))
    if (marks.selected === b.key) out.push(outline('sel', 5))
  }
  for (const c of scene.contacts) out.push(contact(c))
  for (const p of scene.ports) {
    out.push(
      `<rect class="port ${p.state === 'up' ? '' : p.state === 'down' ? 'down' : 'nocarrier'}" x="${n(p.x - PORT)}" y="${n(p.y - PORT)}" width="10" height="10"/>`,
    )
    if (p.state === 'down')
      out.push(
        `<path class="port-x" d="M${n(p.x - PORT)} ${n(p.y + PORT)} L${n(p.x + PORT)} ${n(p.y - PORT)}"/>`,
      )
    if (changed(p.key))
      out.push(`<rect class="new" x="${n(p.x - 10)}" y="${n(p.y - 10)}" width="20" height="20" rx="4"/>`)
    if (marks.focus === p.key)
      out.push(`<rect class="foc" x="${n(p.x - 11)}" y="${n(p.y - 11)}" width="22" height="22" rx="4"/>`)
  }
  for (const l of scene.labels)
    out.push(
      `<text x="${n(l.x)}" y="${n(l.y)}" class="${l.look}" text-anchor="${l.anchor}">${escape(l.text)}</text>`,
    )
  return out.join('')
}

/** The lever lies on its far dot when closed, and stands off it when open. */
const contact = ({ a, b, closed, key }: Contact): string => {
  const upright = a.x === b.x
  const tip = closed ? b : upright ? { x: a.x + 20, y: b.y - 6 } : { x: b.x - 9, y: a.y - 20 }
  const dot = (p: Point): string => `<circle class="contact-dot" cx="${n(p.x)}" cy="${n(p.y)}" r="3.5"/>`
  return `<path class="contact" data-contact="${escape(key)}" d="${pathOf([a, tip])}"/>${dot(a)}${dot(b)}`
}

/**
 * One drawing in its frame. A narrow drawing shrinks with its column; a broad one keeps its letters at 12 px or more and
 * scrolls (look.md, The drawing).
 */
export const frame = (scene: Scene, body: string, alt: string): string => {
  const fluid = scene.w <= 640
  const width = fluid || scene.w <= 690 ? scene.w : Math.max(690, Math.round(scene.w * 0.9))
  const size = `width="${width}" height="${Math.round((scene.h * width) / scene.w)}"`
  return `<div class="topo ${scene.form}${fluid ? '' : ' natural'}"><svg viewBox="0 0 ${scene.w} ${scene.h}" ${size} role="img" aria-label="${escape(alt)}">${body}</svg></div>`
}

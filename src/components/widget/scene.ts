/** A drawing laid out: shapes with places, still without SVG. Both layouts make one; trace and keyboard read it. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Box {
  /** Key of the space: `A`, `A/red`. */
  readonly key: string
  readonly kind: 'host' | 'netns'
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface Bar {
  /** Key of the bridge device. */
  readonly key: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly off: boolean
}

export interface Port extends Point {
  readonly key: string
  readonly state: 'up' | 'no-carrier' | 'down'
}

export interface Label extends Point {
  readonly text: string
  readonly look: 'name' | 'if' | 'ad'
  readonly anchor: 'start' | 'middle' | 'end'
}

export interface Wire {
  readonly key: string
  readonly ends: readonly [string, string]
  readonly kind: 'wire' | 'veth'
  readonly alive: boolean
  readonly points: readonly Point[]
}

/** A switch between the interfaces of a machine: closed when it forwards. */
export interface Contact {
  /** Key of the space. */
  readonly key: string
  readonly a: Point
  readonly b: Point
  readonly closed: boolean
}

/** How a port goes on inside its machine. */
export interface Inside {
  /** To the place where the machine's interfaces meet. */
  readonly toHub?: readonly Point[]
  /** To the bar of the bridge that it is a port of, or whose own interface it is. */
  readonly toBar?: readonly Point[]
  readonly bar?: string
}

export interface Scene {
  readonly form: 'wide' | 'tall'
  readonly w: number
  readonly h: number
  readonly boxes: readonly Box[]
  readonly bars: readonly Bar[]
  readonly ports: readonly Port[]
  readonly labels: readonly Label[]
  readonly wires: readonly Wire[]
  /** Fine lines inside machines. */
  readonly inner: readonly (readonly Point[])[]
  readonly contacts: readonly Contact[]
  readonly inside: ReadonlyMap<string, Inside>
}

/** A scene while it is made. */
export class Sketch {
  readonly boxes: Box[] = []
  readonly bars: Bar[] = []
  readonly ports: Port[] = []
  readonly labels: Label[] = []
  readonly wires: Wire[] = []
  readonly inner: (readonly Point[])[] = []
  readonly contacts: Contact[] = []
  readonly inside = new Map<string, Inside>()

  label(x: number, y: number, text: string, look: Label['look'], anchor: Label['anchor'] = 'start'): void {
    if (text !== '') this.labels.push({ x, y, text, look, anchor })
  }
  enter(key: string, inside: Inside): void {
    this.inside.set(key, { ...this.inside.get(key), ...inside })
    for (const path of [inside.toHub, inside.toBar]) if (path && path.length > 1) this.inner.push(path)
  }
  port(key: string): Point | undefined {
    return this.ports.find((p) => p.key === key)
  }
  /** Puts what `other` holds at (dx, dy). */
  add(other: Sketch, dx: number, dy: number): void {
    const p = ({ x, y }: Point): Point => ({ x: x + dx, y: y + dy })
    const path = (points: readonly Point[]): readonly Point[] => points.map(p)
    this.boxes.push(...other.boxes.map((b) => ({ ...b, ...p(b) })))
    this.bars.push(...other.bars.map((b) => ({ ...b, ...p(b) })))
    this.ports.push(...other.ports.map((q) => ({ ...q, ...p(q) })))
    this.labels.push(...other.labels.map((l) => ({ ...l, ...p(l) })))
    this.wires.push(...other.wires.map((w) => ({ ...w, points: path(w.points) })))
    this.inner.push(...other.inner.map(path))
    this.contacts.push(...other.contacts.map((c) => ({ ...c, a: p(c.a), b: p(c.b) })))
    for (const [key, i] of other.inside)
      this.inside.set(key, {
        ...i,
        ...(i.toHub ? { toHub: path(i.toHub) } : {}),
        ...(i.toBar ? { toBar: path(i.toBar) } : {}),
      })
  }
  done(form: Scene['form'], w: number, h: number): Scene {
    return { form, w: Math.ceil(w), h: Math.ceil(h), ...this }
  }
}

/** Width of a text in the drawing's monospace face at 13.5 px: half an em a cell. */
export const monoWidth = (text: string): number => text.length * 6.75
/** Width of a name at 16 px and weight 600, a little generous. */
export const nameWidth = (text: string): number => text.length * 9.6

export const MARGIN = 12
/** Thickness of a bar. */
export const BAR = 9
/** Room between a base line and the next. */
export const LEADING = 17

/** What is written below an interface. */
export const under = (device: {
  readonly addresses: readonly string[]
  readonly state: string
}): string[] => {
  const shown = device.addresses.slice(0, 3)
  const more = device.addresses.length - shown.length
  return [
    ...shown,
    ...(more > 0 ? [`+${more}`] : []),
    ...(device.state === 'up' ? [] : [device.state === 'down' ? 'DOWN' : 'NO-CARRIER']),
  ]
}

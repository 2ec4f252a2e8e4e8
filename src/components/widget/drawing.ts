/** The drawing in the page: follows the world, plays the packets of the last command, is walked by keyboard. */
import type { Translate } from '../../i18n/translate.ts'
import type { Topology } from '../../lab/topology.ts'
import type { Message } from '../../grade/result.ts'
import { nodeOf } from './columns.ts'
import type { Point, Scene } from './scene.ts'
import { escape, frame, pathOf, shapes, type Marks } from './svg.ts'
import { tall } from './tall.ts'
import { placeReason } from './reason.ts'
import { traceOf, upTo, type Line, type Story, type Trace } from './trace.ts'
import { wide } from './wide.ts'

/** ms that a packet takes for one cable, and all packets of a command together. */
const PER_WIRE = 320
const ALL = 4000

const ARROWS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
])

/** One part of the list below the drawing. */
export interface Part {
  readonly heading: string
  readonly lines: readonly string[]
}

export interface DrawingHost {
  readonly t: Translate
  /** Words of a check's message. */
  words(message: Message): string
  /** What the list that Enter opens shows of a space. */
  details(space: string): Promise<readonly Part[]>
  reducedMotion(): boolean
}

interface View {
  readonly scene: Scene
  trace: Trace
  root: SVGSVGElement
}

export class Drawing {
  readonly #box: HTMLElement
  readonly #host: DrawingHost
  #topology: Topology | undefined
  #base: Topology | undefined
  #views: View[] = []
  #story: Story | undefined
  #changed: ReadonlySet<string> = new Set()
  #focus: string | undefined
  #open: string | undefined
  #playing = 0
  readonly #list: HTMLElement
  readonly #text: HTMLElement
  readonly #summary: HTMLElement

  constructor(box: HTMLElement, foot: HTMLElement, host: DrawingHost) {
    this.#box = box
    this.#host = host
    const { t } = host
    this.#summary = document.createElement('span')
    const read = document.createElement('button')
    read.type = 'button'
    read.className = 'btn bare'
    read.textContent = t('topo.asText')
    read.setAttribute('aria-expanded', 'false')
    this.#list = document.createElement('div')
    this.#list.className = 'topo-list'
    this.#list.hidden = true
    this.#text = document.createElement('div')
    this.#text.className = 'topo-list'
    this.#text.hidden = true
    read.addEventListener('click', () => {
      this.#text.hidden = !this.#text.hidden
      read.setAttribute('aria-expanded', String(!this.#text.hidden))
    })
    foot.replaceChildren(this.#summary, read)
    foot.after(this.#list, this.#text)
    box.tabIndex = 0
    box.setAttribute('role', 'group')
    box.setAttribute('aria-label', t('topo.group'))
    box.setAttribute('aria-roledescription', t('topo.role'))
    box.addEventListener('keydown', (e) => {
      this.#keydown(e)
    })
    box.addEventListener('focus', () => {
      this.#focus ??= this.#spaces()[0]
      this.#redraw()
    })
    box.addEventListener('blur', () => {
      this.#focus = undefined
      this.#redraw()
    })
    box.addEventListener('click', (e) => {
      this.#click(e)
    })
  }

  /** A command begins: what differs from now on is marked. */
  begin(): void {
    this.#base = this.#topology
  }

  /** The world as it is now. `story` undefined keeps what is told; null tells nothing any more. */
  show(topology: Topology, story: Story | null | undefined, compare: boolean): void {
    this.#changed = compare && this.#base ? changes(this.#base, topology) : new Set()
    this.#topology = topology
    if (story !== undefined) this.#story = story ?? undefined
    this.#layout()
    this.#redraw()
    this.#tell()
  }

  #layout(): void {
    if (!this.#topology) return
    const story = this.#story
    this.#views = [wide(this.#topology), tall(this.#topology)].map((scene) => ({
      scene,
      trace: story === undefined ? { lines: [], stop: undefined } : traceOf(scene, story),
      root: undefined as unknown as SVGSVGElement,
    }))
  }

  #redraw(): void {
    const marks: Marks = {
      changed: this.#changed,
      ...(this.#focus === undefined ? {} : { focus: this.#focus }),
      ...(this.#open === undefined ? {} : { selected: this.#open }),
    }
    const alt = this.#alt()
    this.#box.innerHTML = this.#views
      .map((v) =>
        frame(
          v.scene,
          `${shapes(v.scene, marks)}<g class="topo-live">${this.#playing ? '' : still(v, this.#host)}</g>`,
          alt,
        ),
      )
      .join('')
    const roots = this.#box.querySelectorAll('svg')
    this.#views.forEach((v, i) => {
      v.root = roots[i] as SVGSVGElement
    })
  }

  /** Lets the packets of the last command run; at once where motion is not wanted. */
  play(): void {
    cancelAnimationFrame(this.#playing)
    this.#playing = 0
    const lines = this.#views[0]?.trace.lines ?? []
    if (lines.length === 0 || this.#host.reducedMotion()) {
      this.#redraw()
      return
    }
    const weights = lines.map((l) => Math.max(1, l.wires) * PER_WIRE)
    const total = weights.reduce((a, b) => a + b, 0)
    const scale = Math.min(1, ALL / total)
    const began = performance.now()
    const tick = (now: number): void => {
      let passed = (now - began) / scale
      let index = 0
      while (index < lines.length && passed >= (weights[index] as number))
        passed -= weights[index++] as number
      if (index >= lines.length) {
        this.#playing = 0
        this.#redraw()
        return
      }
      const part = Math.max(0, passed) / (weights[index] as number)
      for (const v of this.#views) {
        const live = v.root.querySelector('.topo-live')
        if (live) live.innerHTML = moving(v, index, part, this.#host.t)
      }
      this.#playing = requestAnimationFrame(tick)
    }
    this.#playing = requestAnimationFrame(tick)
  }

  // ---- words

  #nodes(): string {
    return this.#topology?.nodes.map((n) => n.name).join(', ') ?? ''
  }
  #alt(): string {
    const base = this.#host.t('topo.alt', { nodes: this.#nodes() })
    const told = this.#storyWords()
    return told === '' ? `${base}.` : `${base}. ${told}`
  }
  #storyWords(): string {
    const story = this.#story
    const [first] = story?.shown ?? []
    const { t } = this.#host
    if (story?.silent !== undefined) return t('topo.silent', { node: story.silent })
    if (!story || !first) return ''
    if (story.place) {
      const { node, fact } = story.place
      const died = story.shown.at(-1)?.steps.at(-1)?.site.node
      return t(died === node ? 'topo.stopped' : 'topo.cause', { node, fact: this.#host.words(fact) })
    }
    const reply = story.shown.some(
      (l) => l.from !== undefined && l.end.kind === 'delivered' && l.kind !== 'arp request',
    )
    const [from, to] = [first.steps[0]?.site.node ?? '', first.steps.at(-1)?.site.node ?? '']
    return t(reply ? 'topo.answered' : 'topo.arrived', { from, to })
  }
  #tell(): void {
    const { t } = this.#host
    const words = this.#storyWords()
    const changed = this.#changed.size > 0 ? t('topo.changed') : ''
    this.#summary.textContent = [words, words === '' ? changed : ''].filter((w) => w !== '').join(' ')
    this.#summary.classList.toggle('stopped', this.#story?.place !== undefined)
    this.#text.replaceChildren(this.#asText())
    if (this.#open !== undefined) void this.#details(this.#open)
  }
  #asText(): HTMLElement {
    const { t } = this.#host
    const list = document.createElement('ul')
    for (const node of this.#topology?.nodes ?? []) {
      for (const space of node.spaces) {
        const item = document.createElement('li')
        const name = document.createElement('b')
        name.textContent = space.key
        const devices = space.devices.map((d) => {
          const wire = this.#topology?.wires.find((w) => w.ends.includes(d.key))
          const far = wire?.ends.find((k) => k !== d.key)
          return [
            d.name,
            d.addresses.join(' '),
            t(`topo.state.${d.state}`),
            ...(d.master ? [t('topo.port', { bridge: d.master.slice(d.master.lastIndexOf(':') + 1) })] : []),
            ...(far ? [t('topo.to', { far })] : []),
          ]
            .filter((w) => w !== '')
            .join(', ')
        })
        item.append(
          name,
          ` ${node.kind === 'switch' ? t('topo.switch') : space.name === '' ? t('topo.host') : t('topo.netns')}. `,
          devices.join('; ') || t('topo.empty'),
        )
        list.append(item)
      }
    }
    const told = this.#storyWords()
    if (told !== '') {
      const item = document.createElement('li')
      item.textContent = told
      list.append(item)
    }
    return list
  }

  // ---- keyboard and pointer

  #spaces(): string[] {
    return (
      this.#topology?.nodes.flatMap((n) =>
        n.kind === 'switch' ? [`${n.name}:${n.name}`] : n.spaces.map((s) => s.key),
      ) ?? []
    )
  }
  /** Where a thing stands, in the drawing that is seen. */
  #centre(key: string): Point | undefined {
    const view = this.#seen()
    const b = view?.scene.boxes.find((x) => x.key === key) ?? view?.scene.bars.find((x) => x.key === key)
    return b && { x: b.x + b.w / 2, y: b.y + b.h / 2 }
  }
  #seen(): View | undefined {
    return this.#views.find((v) => v.root.getBoundingClientRect().width > 0) ?? this.#views[0]
  }
  /** The next thing along the wires in a direction; else the nearest that lies there. */
  #towards(dx: number, dy: number): string | undefined {
    const here = this.#focus === undefined ? undefined : this.#centre(this.#focus)
    if (!here) return this.#spaces()[0]
    const joined = new Set(
      (this.#topology?.wires ?? [])
        .map((w) => w.ends.map((k) => k.slice(0, k.lastIndexOf(':'))))
        .filter((ends) => ends.some((k) => nodeOf(k) === nodeOf(this.#focus ?? '')))
        .flat(),
    )
    const scored = this.#spaces().flatMap((key) => {
      const at = this.#centre(key)
      if (!at || key === this.#focus) return []
      const [along, across] = [
        (at.x - here.x) * dx + (at.y - here.y) * dy,
        Math.abs((at.x - here.x) * dy) + Math.abs((at.y - here.y) * dx),
      ]
      if (along < 8) return []
      const near = joined.has(key) || joined.has(nodeOf(key))
      return [{ key, score: along + across * 2 + (near ? 0 : 10_000) }]
    })
    return scored.sort((a, b) => a.score - b.score)[0]?.key
  }
  #keydown(e: KeyboardEvent): void {
    const arrow = ARROWS.get(e.key)
    if (e.ctrlKey || e.metaKey || e.altKey) return
    if (arrow) {
      e.preventDefault()
      this.#focus = this.#towards(arrow[0], arrow[1]) ?? this.#focus
      this.#redraw()
      if (this.#focus !== undefined) this.#announce(this.#focus)
    } else if (e.key === 'Enter') {
      e.preventDefault()
      if (this.#focus !== undefined) this.#toggle(this.#focus)
    } else if (e.key === 'Escape' && this.#open !== undefined) {
      e.preventDefault()
      this.#toggle(this.#open)
    } else if (e.key === 'p' || e.key === 'P') this.play()
  }
  #click(e: MouseEvent): void {
    const svg = e.target instanceof Element ? e.target.closest('svg') : null
    const view = this.#views.find((v) => v.root === svg)
    if (!view || !svg) return
    const box = svg.getBoundingClientRect()
    const x = ((e.clientX - box.left) / box.width) * view.scene.w
    const y = ((e.clientY - box.top) / box.height) * view.scene.h
    const inBox = [...view.scene.boxes]
      .reverse()
      .find((b) => x >= b.x && x <= b.x + b.w && y >= b.y && y <= b.y + b.h)
    const inBar = view.scene.bars.find(
      (b) => x >= b.x - 12 && x <= b.x + b.w + 12 && y >= b.y && y <= b.y + b.h,
    )
    const key = inBar && this.#spaces().includes(inBar.key) ? inBar.key : inBox?.key
    if (key !== undefined) this.#toggle(key)
  }
  /** The group's description is what a screen reader says of the thing that was walked to. */
  #announce(key: string): void {
    const space = this.#topology?.nodes.flatMap((n) => n.spaces).find((s) => s.key === spaceKey(key))
    const devices =
      space?.devices
        .map((d) => [d.name, ...d.addresses, this.#host.t(`topo.state.${d.state}`)].join(' '))
        .join(', ') ?? ''
    this.#box.setAttribute('aria-label', `${spaceKey(key)}. ${devices}`)
  }
  #toggle(key: string): void {
    this.#open = this.#open === key ? undefined : key
    this.#list.hidden = this.#open === undefined
    if (this.#open !== undefined) void this.#details(this.#open)
    this.#redraw()
  }
  async #details(key: string): Promise<void> {
    const heading = document.createElement('h4')
    heading.textContent = spaceKey(key)
    const parts = (await this.#host.details(spaceKey(key))).flatMap(({ heading, lines }) => {
      const h = document.createElement('h5')
      h.textContent = heading
      const pre = document.createElement('pre')
      pre.textContent = lines.length > 0 ? lines.join('\n') : this.#host.t('topo.none')
      return [h, pre]
    })
    if (this.#open === key) this.#list.replaceChildren(heading, ...parts)
  }
}

/** `sw1:sw1` is the bar of a switch; its space is the machine. */
const spaceKey = (key: string): string => (key.includes(':') ? key.slice(0, key.lastIndexOf(':')) : key)

/** Things that are new or different; not what only follows from them (a cable's colour). */
export const changes = (before: Topology, after: Topology): ReadonlySet<string> => {
  const facts = (t: Topology): Map<string, string> => {
    const map = new Map<string, string>()
    for (const n of t.nodes)
      for (const s of n.spaces) {
        map.set(s.key, String(s.forwarding))
        for (const d of s.devices) map.set(d.key, JSON.stringify(d))
      }
    return map
  }
  const [was, is] = [facts(before), facts(after)]
  return new Set([...is].filter(([key, fact]) => was.get(key) !== fact).map(([key]) => key))
}

const square = (at: Point, size: number, cls: string, more = ''): string =>
  `<rect class="${cls}"${more} x="${at.x - size / 2}" y="${at.y - size / 2}" width="${size}" height="${size}"/>`

/** A reply runs beside its request. */
const beside = (line: Line): string => (line.reply ? ' transform="translate(3 6)"' : '')

const track = (line: Line, points: readonly Point[]): string =>
  points.length < 2
    ? ''
    : `<path class="trace${line.reply ? ' back' : ''}"${beside(line)} d="${pathOf(points)}"/>`

/** All there at once: the lines, where they began, and the bar with its reason. */
const still = (view: View, host: DrawingHost): string => {
  const { stop } = view.trace
  // A question that only delayed the packet is played, but does not stay.
  const lines = view.trace.lines.filter((l) => !l.question || view.trace.lines.length === 1)
  const born = lines[0]?.points[0]
  const out = lines.map((l) => track(l, l.points))
  if (born) out.push(square(born, 8, 'born'))
  const last = lines.at(-1)
  const end = last?.points.at(-1)
  if (last?.end === 'arrived' && end && !last.reply) out.push(square(end, 9, 'arrived'))
  if (stop) out.push(bar(view.scene, stop.at, stop.level, host.words(stop.place.fact)))
  return out.join('')
}

/** The red bar across the line, and the reason near it where there is room; the words below the drawing tell it anyway. */
const bar = (scene: Scene, at: Point, level: boolean, words: string): string => {
  const mark = level ? `M${at.x} ${at.y - 11} V${at.y + 11}` : `M${at.x - 11} ${at.y} H${at.x + 11}`
  const reason = placeReason(scene, at, words)
  const told = reason
    ? `<path class="stop-lead" d="${reason.lead}"/>${text(reason.lines, reason.x, reason.y, 'start')}`
    : ''
  return `<path class="stop" d="${mark}"/>${told}`
}

const text = (lines: readonly string[], x: number, y: number, anchor: 'start' | 'end'): string =>
  lines
    .map(
      (l, i) =>
        `<text class="stop-t halo" x="${x}" y="${y + i * 17}" text-anchor="${anchor}">${escape(l)}</text>`,
    )
    .join('')

const moving = (view: View, index: number, part: number, t: Translate): string => {
  const { lines } = view.trace
  const out = lines.slice(0, index).map((l) => track(l, l.points))
  const line = lines[index]
  const born = lines[0]?.points[0]
  if (born) out.push(square(born, 8, 'born'))
  if (line) {
    const points = upTo(line.points, part)
    const at = points.at(-1)
    out.push(track(line, points))
    if (at) {
      out.push(square(at, 14, 'packet', beside(line)))
      const name = line.kind.startsWith('arp') || line.kind.startsWith('echo') ? line.kind : t('topo.packet')
      // Above the names of interfaces; in the tall drawing beside the line, which runs upright.
      const tall = view.scene.form === 'tall'
      const x = Math.min(Math.max(at.x + (tall ? 14 : 0), tall ? 0 : 44), view.scene.w - (tall ? 90 : 44))
      out.push(
        `<text class="pkt-l halo" x="${x}" y="${at.y + (tall ? 5 : -27)}" text-anchor="${tall ? 'start' : 'middle'}">${name}</text>`,
      )
    }
  }
  return out.join('')
}

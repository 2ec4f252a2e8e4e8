import type { Cause, Sim } from '../kernel/sim.ts'
import type { DropReason, TraceEvent } from '../kernel/trace.ts'
import type { World } from '../lab/world.ts'
import { describeFrame, type FrameKind } from './frame.ts'

/** A machine, and the namespace within it where that is not its first. */
export interface Site {
  readonly node: string
  readonly netns: string | undefined
}

/** One thing that happened to a packet, where, and through which command. */
export interface Step {
  readonly at: number
  readonly site: Site
  readonly dev: string | undefined
  readonly event: TraceEvent
  readonly cause: Cause | undefined
}

/** A frame that crossed from one interface to another: what a drawing shows. */
export interface Crossing {
  readonly at: number
  readonly from: { readonly site: Site; readonly dev: string }
  readonly to: { readonly site: Site; readonly dev: string }
}

/** The way of one packet, from where it was made to where it ended: the branch that matters where it was flooded. */
export interface Leg {
  readonly packet: number
  /** The packet that it answers, or for which it asks (ARP). */
  readonly from: number | undefined
  readonly kind: FrameKind
  /** `192.168.1.10 > 192.168.1.11: ICMP echo request` */
  readonly text: string
  readonly steps: readonly Step[]
  /** Every wire that the packet and its copies crossed. */
  readonly crossings: readonly Crossing[]
  readonly end:
    | { readonly kind: 'delivered'; readonly step: Step }
    | { readonly kind: 'dropped'; readonly step: Step; readonly reason: DropReason }
    | { readonly kind: 'open' }
}

export interface Journey {
  readonly legs: readonly Leg[]
}

/** Trace events that one recording keeps; a storm makes more than anybody reads. */
const MAX_EVENTS = 40_000

/** Listens to a world until `stop()`. */
export class Recording {
  readonly events: TraceEvent[] = []
  readonly #sim: Sim
  readonly #before: Sim['tracer']
  constructor(sim: Sim) {
    this.#sim = sim
    this.#before = sim.tracer
    sim.tracer = (event) => {
      if (this.events.length < MAX_EVENTS) this.events.push(event)
      this.#before?.(event)
    }
  }
  stop(): readonly TraceEvent[] {
    this.#sim.tracer = this.#before
    return this.events
  }
}

/** Names of the namespaces of a world's machines, by the files in /run/netns. */
export const siteNames = (world: World): ((event: TraceEvent) => Site) => {
  const names = new Map<number, string>()
  for (const host of world.hosts.values()) {
    const view = { netns: host.kernel.initNetns, pid: 1 }
    const files = host.fs.readdir('/run/netns', '/', view)
    if (!Array.isArray(files)) continue
    for (const name of files as string[]) {
      const node = host.fs.lookup('/run/netns/' + name, '/', view)
      if ('kind' in node && node.kind === 'file' && node.netns) names.set(node.netns.id, name)
    }
  }
  return ({ netns }) => ({
    node: netns.kernel.node,
    netns: netns === netns.kernel.initNetns ? undefined : (names.get(netns.id) ?? `netns ${netns.id}`),
  })
}

/** Ends that say nothing by themselves: a host that was not meant, or a protocol that nobody speaks. */
const QUIET: ReadonlySet<DropReason> = new Set<DropReason>(['OTHERHOST', 'UNHANDLED_PROTO', 'NOT_SPECIFIED'])

/** Tells the ways of all packets in `events`. */
export const tellJourney = (events: readonly TraceEvent[], siteOf: (event: TraceEvent) => Site): Journey => {
  const byPacket = new Map<number, TraceEvent[]>()
  for (const e of events) {
    const list = byPacket.get(e.packet)
    if (list === undefined) byPacket.set(e.packet, [e])
    else list.push(e)
  }
  const born = (packet: number): boolean => byPacket.get(packet)?.some((e) => e.point === 'born') ?? false
  const copies = new Map<number, number[]>()
  for (const [packet, list] of byPacket) {
    const from = list[0]?.from
    if (from !== undefined && !born(packet)) copies.set(from, [...(copies.get(from) ?? []), packet])
  }
  const legs: Leg[] = []
  for (const [packet, list] of byPacket) {
    const first = list[0] as TraceEvent
    if (first.from !== undefined && !born(packet) && byPacket.has(first.from)) continue
    const branches = branchesOf(packet, [], byPacket, copies)
    const chosen = choose(branches)
    const toStep = (event: TraceEvent): Step => ({
      at: event.at, site: siteOf(event), dev: event.dev?.name, event,
      cause: 'record' in event ? (event.record?.cause ?? event.cause) : event.cause,
    }) // prettier-ignore
    const steps = chosen.map(toStep)
    const { kind, text } = describe(chosen)
    const last = chosen.findLast((e) => e.point === 'deliver' || e.point === 'drop')
    const lastStep = last === undefined ? undefined : steps[chosen.indexOf(last)]
    legs.push({
      packet, from: first.from, kind, text, steps,
      crossings: crossingsOf(branches, siteOf),
      end:
        lastStep === undefined || last === undefined ? { kind: 'open' }
        : last.point === 'drop' ? { kind: 'dropped', step: lastStep, reason: last.reason }
        : { kind: 'delivered', step: lastStep },
    }) // prettier-ignore
  }
  return { legs: legs.sort((a, b) => (a.steps[0]?.at ?? 0) - (b.steps[0]?.at ?? 0) || a.packet - b.packet) }
}

/** The packet's bytes as they were first seen: on a wire, or where it was made. */
const describe = (events: readonly TraceEvent[]): { kind: FrameKind; text: string } => {
  const seen = events.find((e) => e.point === 'xmit' || e.point === 'receive')
  if (seen !== undefined && 'frame' in seen) return describeFrame(seen.frame)
  const born = events.find((e) => e.point === 'born')
  return born?.point === 'born' ? describeFrame(born.frame, born.protocol) : { kind: 'other', text: '?' }
}

/** Every way that a packet and its copies took, each from the packet's birth. */
const branchesOf = (
  packet: number,
  before: readonly TraceEvent[],
  byPacket: ReadonlyMap<number, TraceEvent[]>,
  copies: ReadonlyMap<number, number[]>,
): TraceEvent[][] => {
  const own = [...before, ...(byPacket.get(packet) ?? [])]
  const branches = [own]
  for (const copy of copies.get(packet) ?? []) {
    const start = byPacket.get(copy)?.[0]
    // A copy shares what happened up to the decision to copy.
    const shared = own.filter(
      (e) =>
        start === undefined ||
        e.at < start.at ||
        (e.at === start.at && own.indexOf(e) <= lastFlood(own, start.at)),
    )
    branches.push(...branchesOf(copy, shared, byPacket, copies))
  }
  return branches
}

const lastFlood = (events: readonly TraceEvent[], at: number): number =>
  events.findLastIndex((e) => e.point === 'flood' && e.at <= at)

/** The branch that says most: one that arrived, else one that died for a reason of its own, else the longest. */
const choose = (branches: readonly TraceEvent[][]): TraceEvent[] => {
  const rank = (b: readonly TraceEvent[]): number => {
    const end = b.findLast((e) => e.point === 'deliver' || e.point === 'drop')
    if (end?.point === 'deliver') return 3
    if (end?.point === 'drop') return QUIET.has(end.reason) ? 1 : 2
    return 0
  }
  let best = branches[0] as TraceEvent[]
  for (const b of branches)
    if (rank(b) > rank(best) || (rank(b) === rank(best) && b.length > best.length)) best = b
  return best
}

const crossingsOf = (branches: readonly TraceEvent[][], siteOf: (event: TraceEvent) => Site): Crossing[] => {
  const seen = new Map<string, Crossing>()
  for (const branch of branches)
    for (let i = 0; i + 1 < branch.length; i++) {
      const out = branch[i] as TraceEvent
      const into = branch[i + 1] as TraceEvent
      if (out.point !== 'xmit' || into.point !== 'receive' || !out.dev || !into.dev || out.dev === into.dev)
        continue
      const from = { site: siteOf(out), dev: out.dev.name }
      const to = { site: siteOf(into), dev: into.dev.name }
      seen.set(`${out.at} ${out.dev.ns.id} ${from.dev} ${to.dev}`, { at: out.at, from, to })
    }
  return [...seen.values()].sort((a, b) => a.at - b.at)
}

import type { Cause } from '../kernel/sim.ts'
import type { DropReason, TraceEvent } from '../kernel/trace.ts'
import { formatIpv4 } from '../wire/ipv4.ts'
import { formatMac } from '../wire/ethernet.ts'
import type { Journey, Leg, Site, Step } from './journey.ts'
import { say, type Message, type Place } from './result.ts'

/**
 * Why did the packet die? Follows the conversation that began with the packet `root`: its request, the ARP that it had to
 * wait for, the reply, the reply's ARP. The first of them that did not arrive tells where and why.
 */
export const diagnose = (journey: Journey, root: number): Place | undefined => {
  const way: string[] = []
  let leg = journey.legs.find((l) => l.packet === root)
  while (leg !== undefined) {
    const current: Leg = leg
    if (current.end.kind !== 'delivered') return stopped(journey, way, current)
    walk(way, current, undefined)
    leg = journey.legs.find((l) => l.from === current.packet && l.kind !== 'arp request')
    if (leg === undefined && current.packet === root)
      return at(way, current, current.end.step, say('fact.noAnswer'), undefined)
  }
  return undefined
}

/** The way of one conversation from machine to machine, without the switches that it passed. */
export const wayOf = (journey: Journey, root: number): string[] => {
  const way: string[] = []
  const leg = journey.legs.find((l) => l.packet === root)
  if (leg !== undefined) walk(way, leg, undefined)
  return way
}

export const siteName = (s: Site): string => (s.netns === undefined ? s.node : `${s.node}/${s.netns}`)

/** What a plain switch does with a frame; anything else is done by a machine with an address. */
const SWITCHING: ReadonlySet<TraceEvent['point']> = new Set([
  'xmit',
  'receive',
  'fdb',
  'flood',
  'learn',
  'drop',
])

/** Adds the machines of a leg to the way, up to `end`; one that was passed before takes the way back to there. */
const walk = (way: string[], leg: Leg, end: Step | undefined): void => {
  for (const step of leg.steps) {
    const name = siteName(step.site)
    const routes = leg.steps.some((s) => siteName(s.site) === name && !SWITCHING.has(s.event.point))
    if (routes || (step === end && step.event.point === 'drop')) {
      const before = way.indexOf(name)
      if (before < 0) way.push(name)
      else if (leg.from === undefined || step === end) way.length = before + 1
    }
    if (step === end) return
  }
}

const at = (
  way: string[],
  leg: Leg,
  step: Step,
  fact: Message,
  reason: DropReason | undefined,
  cause: Cause | undefined = undefined,
): Place => {
  walk(way, leg, step)
  return { hop: Math.max(0, way.length - 1), way: [...way], node: siteName(step.site), fact, reason, cause }
}

/** A leg that did not arrive: it waited in vain for a neighbour, or was dropped. */
const stopped = (journey: Journey, way: string[], leg: Leg): Place | undefined => {
  const waiting = leg.end.kind === 'open' || (leg.end.kind === 'dropped' && leg.end.reason === 'NEIGH_FAILED')
  if (waiting) {
    // One question may stand for several packets that wait.
    const sender = leg.steps[0]?.site.node
    const neigh = leg.steps.some((s) => s.event.point === 'neigh')
    const asked =
      journey.legs.findLast((l) => l.from === leg.packet && l.kind === 'arp request') ??
      (neigh
        ? journey.legs.findLast((l) => l.kind === 'arp request' && l.steps[0]?.site.node === sender)
        : undefined)
    if (asked !== undefined) return unanswered(journey, way, leg, asked)
  }
  if (leg.end.kind !== 'dropped') {
    const last = leg.steps.at(-1)
    return last === undefined
      ? undefined
      : at(way, leg, last, say('fact.lost', { dev: last.dev ?? '' }), undefined)
  }
  return dropped(way, leg, leg.end.step, leg.end.reason)
}

/** Ends of an ARP request that only say that the address is nobody's here. */
const NOT_MINE: ReadonlySet<DropReason> = new Set([
  'OTHERHOST',
  'NOT_SPECIFIED',
  'UNHANDLED_PROTO',
  'BRIDGE_NO_EGRESS_PORT',
])

/** The question who has an address: did it arrive, was it answered, did the answer arrive? */
const unanswered = (journey: Journey, way: string[], waiting: Leg, asked: Leg): Place | undefined => {
  const answer = journey.legs.find((l) => l.from === asked.packet && l.kind === 'arp reply')
  if (answer?.end.kind === 'dropped') {
    walk(way, waiting, undefined)
    walk(way, asked, undefined)
    return dropped(way, answer, answer.end.step, answer.end.reason)
  }
  if (asked.end.kind === 'dropped' && !NOT_MINE.has(asked.end.reason)) {
    walk(way, waiting, undefined)
    return dropped(way, asked, asked.end.step, asked.end.reason)
  }
  const step = waiting.steps.findLast((s) => s.event.point === 'neigh') ?? waiting.steps.at(-1)
  if (step === undefined) return undefined
  const address = step.event.point === 'neigh' ? formatIpv4(step.event.address) : '?'
  return at(way, waiting, step, say('fact.arpUnanswered', { address, dev: step.dev ?? '' }), 'NEIGH_FAILED')
}

const dropped = (way: string[], leg: Leg, end: Step, reason: DropReason): Place => {
  if (reason === 'OTHERHOST' || reason === 'BRIDGE_NO_EGRESS_PORT') {
    // The frame went to a hardware address that nobody on the wire has: the sender's neighbour entry says why.
    const neigh = leg.steps.findLast((s) => s.event.point === 'neigh')
    const sent = leg.steps.findLast((s) => s.event.point === 'xmit')
    if (neigh?.event.point === 'neigh' && sent?.event.point === 'xmit') {
      const fact = say('fact.wrongMac', {
        address: formatIpv4(neigh.event.address),
        mac: formatMac(sent.event.frame),
      })
      return at(way, leg, neigh, fact, reason, neigh.event.record?.cause)
    }
  }
  const { event, dev } = end
  const record = event.point === 'drop' ? event.record : undefined
  const cause = record?.cause ?? (reason === 'DEV_READY' ? downCause(event) : undefined)
  return at(way, leg, end, factOf(reason, event, dev ?? ''), reason, cause)
}

/** Which command took the device, or the one at its other end, down. */
const downCause = ({ dev }: TraceEvent): Cause | undefined =>
  dev === undefined || !dev.up ? dev?.stateCause : dev.peer?.stateCause

const factOf = (reason: DropReason, event: TraceEvent, dev: string): Message => {
  const record = event.point === 'drop' ? (event.record?.text ?? '') : ''
  const detail = event.point === 'drop' ? (event.detail ?? '') : ''
  switch (reason) {
    case 'DEV_READY':
      return event.dev?.peer && event.dev.up && !event.dev.peer.up
        ? say('fact.farEndDown', { dev })
        : say('fact.linkDown', { dev: detail || dev })
    case 'IP_FORWARDING_OFF':
      return say('fact.forwardingOff')
    case 'IP_OUTNOROUTES':
      return say('fact.noRouteBack', { to: detail })
    case 'IP_INNOROUTES':
      return record === '' ? say('fact.noRoute') : say('fact.refusingRoute', { route: record })
    case 'LOCAL_BLACKHOLE':
      return say('fact.refusingRoute', { route: record })
    case 'IP_RPFILTER':
      return say('fact.rpFilter', { dev, source: detail })
    case 'IP_LOCAL_SOURCE':
      return say('fact.localSource', { source: detail })
    case 'IP_TTL':
      return say('fact.ttl')
    case 'PKT_TOO_BIG':
      return say('fact.tooBig', { dev: detail || dev })
    case 'NEIGH_FAILED':
    case 'NEIGH_DEAD':
      return say('fact.arpUnanswered', { address: record, dev })
    case 'BRIDGE_INGRESS_STP_STATE':
    case 'BRIDGE_NON_FORWARDING':
      return say('fact.portNotForwarding', { dev })
    case 'BRIDGE_STORM':
      return say('fact.storm', { dev })
    default:
      return say('fact.dropped', { reason, dev })
  }
}

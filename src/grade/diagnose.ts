import type { Cause } from '../kernel/sim.ts'
import type { DropReason, TraceEvent } from '../kernel/trace.ts'
import { formatIpv4 } from '../wire/ipv4.ts'
import { formatMac } from '../wire/ethernet.ts'
import type { Journey, Leg, Step } from './journey.ts'
import { say, type Message, type Place } from './result.ts'

/**
 * Why did the packet die? Follows the conversation that began with the packet `root`: its request, the ARP that it had to
 * wait for, the reply, the reply's ARP; the first that did not arrive tells where and why.
 */
export const diagnose = (journey: Journey, root: number): Place | undefined => {
  const seen = new Set<number>()
  let leg = journey.legs.find((l) => l.packet === root)
  let culprit: Leg | undefined
  while (leg !== undefined && !seen.has(leg.packet)) {
    seen.add(leg.packet)
    culprit = leg
    if (leg.end.kind === 'dropped' && leg.end.reason === 'NEIGH_FAILED') {
      // The next hop did not answer: the last of the questions tells more.
      const asked = journey.legs
        .filter((l) => l.from === (leg as Leg).packet && l.kind === 'arp request')
        .at(-1)
      if (asked === undefined) break
      const place = arpPlace(journey, asked, leg)
      if (place !== undefined) return place
      break
    }
    if (leg.end.kind === 'open') {
      // Still waiting for a neighbour when the probe was given up.
      const asked = journey.legs
        .filter((l) => l.from === (leg as Leg).packet && l.kind === 'arp request')
        .at(-1)
      if (asked !== undefined) return arpPlace(journey, asked, leg) ?? unanswered(leg, asked)
    }
    if (leg.end.kind !== 'delivered') break
    const packet: number = leg.packet
    const next = journey.legs.find((l) => l.from === packet && l.kind !== 'arp request')
    if (next === undefined) break
    leg = next
  }
  if (culprit === undefined) return undefined
  return placeOf(culprit, journey)
}

/** The machines on a way, in order; a switch counts where the packet passed it. */
const hopOf = (leg: Leg, step: Step): number => {
  const nodes: string[] = []
  for (const s of leg.steps) {
    if (nodes.at(-1) !== s.site.node) nodes.push(s.site.node)
    if (s === step) break
  }
  return nodes.length
}

const place = (
  leg: Leg,
  step: Step,
  fact: Message,
  reason: DropReason | undefined,
  cause: Cause | undefined,
): Place => ({
  hop: hopOf(leg, step),
  node: step.site.netns === undefined ? step.site.node : `${step.site.node}/${step.site.netns}`,
  fact,
  reason,
  cause,
})

/** The question who has an address: did it arrive, was it answered, did the answer arrive? */
const arpPlace = (journey: Journey, asked: Leg, waiting: Leg): Place | undefined => {
  const answer = journey.legs.find((l) => l.from === asked.packet && l.kind === 'arp reply')
  if (answer !== undefined && answer.end.kind === 'dropped') return placeOf(answer, journey)
  if (
    asked.end.kind === 'dropped' &&
    !['OTHERHOST', 'NOT_SPECIFIED', 'UNHANDLED_PROTO', 'BRIDGE_NO_EGRESS_PORT'].includes(asked.end.reason)
  )
    return placeOf(asked, journey)
  return unanswered(waiting, asked)
}

const unanswered = (waiting: Leg, asked: Leg): Place | undefined => {
  const step = waiting.steps.findLast((s) => s.event.point === 'neigh') ?? waiting.steps.at(-1)
  if (step === undefined) return undefined
  const address = step.event.point === 'neigh' ? formatIpv4(step.event.address) : asked.text
  return place(
    waiting,
    step,
    say('fact.arpUnanswered', { address, dev: step.dev ?? '' }),
    'NEIGH_FAILED',
    step.cause,
  )
}

const placeOf = (leg: Leg, _journey: Journey): Place | undefined => {
  const { end } = leg
  if (end.kind === 'open') {
    const last = leg.steps.at(-1)
    return last === undefined
      ? undefined
      : place(leg, last, say('fact.lost', { dev: last.dev ?? '' }), undefined, undefined)
  }
  if (end.kind === 'delivered') {
    return place(leg, end.step, say('fact.noAnswer', {}), undefined, undefined)
  }
  const { event, dev } = end.step
  if (end.reason === 'OTHERHOST' || end.reason === 'BRIDGE_NO_EGRESS_PORT') {
    // The frame went to a hardware address that nobody on the wire has: the sender's neighbour entry says why.
    const neigh = leg.steps.findLast((s) => s.event.point === 'neigh')
    const frame = leg.steps.findLast((s) => s.event.point === 'xmit')
    if (neigh !== undefined && neigh.event.point === 'neigh' && frame?.event.point === 'xmit')
      return place(
        leg,
        neigh,
        say('fact.wrongMac', { address: formatIpv4(neigh.event.address), mac: formatMac(frame.event.frame) }),
        end.reason,
        neigh.event.record?.cause,
      )
  }
  const device = event.dev
  const fact = factOf(end.reason, event, dev ?? '')
  const cause =
    ('record' in event ? event.record?.cause : undefined) ??
    (end.reason === 'DEV_READY' ? device?.stateCause : undefined)
  return place(leg, end.step, fact, end.reason, cause)
}

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

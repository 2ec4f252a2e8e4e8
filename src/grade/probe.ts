import type { Netns } from '../kernel/netns.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Cause } from '../kernel/sim.ts'
import { RawSocket } from '../kernel/sock/raw.ts'
import type { Outcome, World } from '../lab/world.ts'
import { ICMP_ECHO, ICMP_ECHOREPLY, ICMP_HEADER, emitIcmp, icmpId, icmpType, sealIcmp } from '../wire/icmp.ts'
import { formatIpv4, ipHeaderLength, ipSource, IPPROTO_ICMP, parseIpv4 } from '../wire/ipv4.ts'
import type { Check, Probe } from './check.ts'
import { diagnose, siteName } from './diagnose.ts'
import { Recording, siteNames, tellJourney, type Journey, type Site } from './journey.ts'
import { say, type Message, type Place, type Verdict } from './result.ts'

/** How long a probe waits for its reply: a neighbour that does not answer is given up after three seconds. */
const PATIENCE = 3.5e9
/** Bytes behind the ICMP header, as ping sends them. */
const PAYLOAD = 56

/** The namespace that a probe starts from: the machine's first, or one of those in /run/netns. */
export const netnsOf = (world: World, node: string, name: string | undefined): Netns | undefined => {
  const host = world.host(node)
  if (name === undefined) return host.kernel.initNetns
  const file = host.fs.lookup('/run/netns/' + name, '/', { netns: host.kernel.initNetns, pid: 1 })
  return file instanceof Refusal || file.kind !== 'file' ? undefined : file.netns
}

/** What became of one echo request. */
interface Echo {
  readonly refusal: Refusal | undefined
  /** Who sent the reply, where one came. */
  readonly by: Site | undefined
  readonly own: boolean
  readonly journey: Journey
  readonly place: Place | undefined
}

/** Sends one echo request from `ns` and waits; what happened is recorded. */
function* echo(world: World, ns: Netns, to: number, sequence: number): Generator<Outcome, Echo> {
  const recording = new Recording(world.sim)
  const socket = new RawSocket(ns, IPPROTO_ICMP)
  const id = 0xf00d
  socket.filter = (packet) => {
    const at = ipHeaderLength(packet, 0)
    return icmpType(packet, at) === ICMP_ECHOREPLY && icmpId(packet, at) === id && ipSource(packet, 0) === to
  }
  try {
    const message = new Uint8Array(ICMP_HEADER + PAYLOAD)
    emitIcmp(message, 0, ICMP_ECHO, 0, ((id << 16) | sequence) >>> 0)
    sealIcmp(message, 0, message.length)
    const refusal = socket.send(message, to)
    let arrived = false
    const deadline = world.sim.clock.now + PATIENCE
    while (refusal === undefined && !arrived) {
      const outcome = world.advance(() => (arrived ||= socket.recv() !== undefined), deadline)
      if (outcome === 'external') yield outcome
      else if (outcome !== 'done') break
    }
    recording.stop()
    const siteOf = siteNames(world)
    const journey = tellJourney(recording.events, siteOf)
    const first = recording.events.find(
      (e) => e.point === 'born' && e.netns === ns && e.from === undefined && e.cause === undefined,
    )
    const reply = arrived ? replyBorn(recording.events, ns) : undefined
    return {
      refusal,
      by: reply === undefined ? undefined : siteOf(reply),
      own: reply?.netns === ns,
      journey,
      place: arrived || first === undefined ? undefined : diagnose(journey, first.packet),
    }
  } finally {
    recording.stop()
    socket.close()
  }
}

/** Where the reply that arrived last at `ns` was made. */
const replyBorn = (events: Recording['events'], ns: Netns): Recording['events'][number] | undefined => {
  const arrived = events.findLast(
    (e) => e.point === 'deliver' && e.protocol === 'icmp' && e.netns === ns && e.from !== undefined,
  )
  if (arrived === undefined) return undefined
  // A copy names what it copies; the original is the one that was born.
  let packet: number | undefined = arrived.packet
  while (packet !== undefined) {
    const born = events.find((e) => e.packet === packet && e.point === 'born')
    if (born !== undefined) return born
    packet = events.find((e) => e.packet === packet)?.from
  }
  return undefined
}

/** Does any stack of this world have the address as its own? */
const owners = (world: World, address: number): Netns[] =>
  [...world.hosts.values()].flatMap((h) =>
    [...h.kernel.netnses].filter((ns) =>
      [...ns.devices.values()].some((d) => d.addresses.some((a) => a.local === address)),
    ),
  )

export function* checkPing(
  world: World,
  check: Extract<Check, { kind: 'ping' }>,
): Generator<Outcome, Verdict> {
  const ns = netnsOf(world, check.from, check.netns)
  const who = check.netns === undefined ? check.from : `${check.from}/${check.netns}`
  if (ns === undefined) return noNetns(check)
  const to = parseIpv4(check.to) as number
  const expected = say(check.by === undefined ? 'ping.expected' : 'ping.expectedBy', {
    from: who,
    to: check.to,
    by: check.by ?? '',
  })
  let journey: Journey | undefined
  for (let i = 1; i <= check.count; i++) {
    const r = yield* echo(world, ns, to, i)
    journey = r.journey
    const failed = (actual: Message, place = r.place): Verdict => ({
      outcome: 'fail',
      expected,
      actual,
      journey: r.journey,
      ...(place === undefined ? {} : { place }),
    })
    if (r.refusal !== undefined)
      return failed(
        say('ping.notSent', { from: who, to: check.to }),
        notSentPlace(ns, who, check.to, r.refusal),
      )
    if (r.by === undefined) {
      if (owners(world, to).length === 0) return failed(say('ping.nobody', { to: check.to }))
      return failed(said(r.journey, who, check.to))
    }
    if (r.own) return failed(say('ping.own', { from: who, to: check.to }))
    if (check.by !== undefined && siteName(r.by) !== check.by)
      return failed(say('ping.byOther', { by: siteName(r.by), expected: check.by }))
  }
  return { outcome: 'pass', ...(journey === undefined ? {} : { journey }) }
}

const noNetns = (probe: Probe): Verdict => ({
  outcome: 'fail',
  expected: say('netns.expected', { node: probe.from, netns: probe.netns ?? '' }),
  actual: say('netns.missing', { node: probe.from, netns: probe.netns ?? '' }),
})

/** The learner's last command that gave this machine an address: where no route leads out, it says too little. */
const lastAddress = (ns: Netns): Cause | undefined =>
  [...ns.devices.values()]
    .filter((d) => d.kind !== 'loopback')
    .flatMap((d) => d.addresses.flatMap((a) => a.cause ?? []))
    .filter((c) => c.n > 0)
    .sort((a, b) => a.n - b.n)
    .at(-1)

const notSentPlace = (ns: Netns, node: string, to: string, refusal: Refusal): Place => ({
  hop: 0,
  way: [node],
  node,
  fact: say(refusal.errno === 'ENETUNREACH' ? 'fact.noRouteTo' : 'fact.refused', {
    to,
    errno: refusal.errno,
  }),
  reason: 'IP_OUTNOROUTES',
  cause: lastAddress(ns),
})

/** How far it came, in words. */
const said = (journey: Journey, from: string, to: string): Message => {
  const request = journey.legs.find((l) => l.kind === 'echo request')
  if (request?.end.kind === 'delivered') return say('ping.noReply', { from, to })
  return say('ping.requestLost', { from, to })
}

export function* checkNoPing(
  world: World,
  check: Extract<Check, { kind: 'noPing' }>,
): Generator<Outcome, Verdict> {
  const ns = netnsOf(world, check.from, check.netns)
  if (ns === undefined)
    return { outcome: 'error', why: say('netns.missing', { node: check.from, netns: check.netns ?? '' }) }
  const to = parseIpv4(check.to) as number
  const r = yield* echo(world, ns, to, 1)
  if (r.refusal !== undefined)
    return {
      outcome: 'error',
      why: say('noPing.notSent', { from: check.from, to: check.to, errno: r.refusal.errno }),
    }
  const expected = say('noPing.expected', { from: check.from, to: check.to, reason: check.because })
  if (r.by !== undefined)
    return {
      outcome: 'fail',
      expected,
      actual: say('noPing.replied', { to: formatIpv4(to), by: siteName(r.by) }),
      journey: r.journey,
    }
  const reasons = r.journey.legs.map((l) => (l.end.kind === 'dropped' ? l.end.reason : undefined))
  if (r.place?.reason === check.because || reasons.includes(check.because))
    return { outcome: 'pass', journey: r.journey }
  return {
    outcome: 'fail',
    expected,
    actual: say('noPing.otherReason', { reason: r.place?.reason ?? '?' }),
    journey: r.journey,
    ...(r.place === undefined ? {} : { place: r.place }),
  }
}

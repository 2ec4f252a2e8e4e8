import type { Leg, Step } from '../grade/journey.ts'
import { Recording, siteNames, tellJourney } from '../grade/journey.ts'
import { diagnose } from '../grade/diagnose.ts'
import { bootWorld } from '../lab/boot.ts'
import { drive } from '../lab/console.ts'
import { typeSession } from '../lab/run.ts'
import { formatMac } from '../wire/ethernet.ts'
import { formatIpv4 } from '../wire/ipv4.ts'
import { PROGRAMS } from '../userland/table.ts'
import { CliError, loadLab, loadSession, parseArgs } from './files.ts'
import { sayIn } from './words.ts'

/** Packets that are told one by one; a long command sends more of the same. */
const MAX_LEGS = 40

/** hop explain LAB SCRIPT: the journey of the last command's packets, hop by hop, with reasons. */
export const main = async (words: readonly string[]): Promise<number> => {
  const { rest } = parseArgs(words, [])
  const [labName, script] = rest
  if (labName === undefined || script === undefined || rest.length > 2)
    throw new CliError('a lab and a script are needed', true)
  const lab = loadLab(labName)
  const session = loadSession(script, lab)
  const last = session.commands.at(-1)
  if (last === undefined) throw new CliError('the script has no command to explain')
  const world = await bootWorld(lab, PROGRAMS)
  await drive(world, typeSession(world, { ...session, commands: session.commands.slice(0, -1) }))
  const recording = new Recording(world.sim)
  const [typed] = (await drive(world, typeSession(world, { ...session, commands: [last] }))).commands
  recording.stop()
  world.throwBug()
  const { legs: all } = tellJourney(recording.events, siteNames(world))
  // What the machines send by themselves meanwhile (IPv6, ageing neighbours) is not this command's.
  const legs = all.filter(
    (l) => l.steps[0]?.event.cause?.n === world.log.findLastIndex((e) => e.key === 'line') + 1,
  )
  const out = [`${last.node}$ ${last.text}`]
  if (legs.length === 0) {
    out.push('', 'No packet was sent.')
    const said = typed?.output.find((l) => typeof l === 'string' && l !== '')
    if (typeof said === 'string') out.push(`The command said: ${said}`)
  }
  for (const leg of legs.slice(0, MAX_LEGS)) out.push('', ...tellLeg(leg))
  if (legs.length > MAX_LEGS) out.push('', `… and ${legs.length - MAX_LEGS} more packets.`)
  for (const leg of legs.filter((l) => l.kind === 'echo request' || l.kind === 'udp').slice(-1)) {
    const place = diagnose({ legs }, leg.packet)
    const arrived = legs.some(
      (l) => l.from === leg.packet && l.kind === 'echo reply' && l.end.kind === 'delivered',
    )
    if (arrived) out.push('', 'It arrived, and so did its reply.')
    else if (place) {
      out.push(
        '',
        `It ended at hop ${place.hop}, ${place.node}: ${sayIn('en', place.fact)}${place.reason ? ` [${place.reason}]` : ''}`,
      )
      if (place.cause)
        out.push(
          `Through this command${place.cause.n === 0 ? ' of the lab' : ''}: ${place.cause.node}$ ${place.cause.command}`,
        )
    }
  }
  process.stdout.write(out.join('\n') + '\n')
  return 0
}

const tellLeg = (leg: Leg): string[] => {
  const lines = [leg.text]
  let where = ''
  for (const step of leg.steps) {
    const site = step.site.netns === undefined ? step.site.node : `${step.site.node}/${step.site.netns}`
    const told = tellStep(step)
    if (told === undefined) continue
    lines.push(`  ${site === where ? ' '.repeat(site.length) : site}  ${told}${throughOf(step)}`)
    where = site
  }
  return lines
}

/** Which command made the record that decided, where it is not simply the one that sent the packet. */
const throughOf = (step: Step): string => {
  const { event } = step
  const cause =
    'record' in event ? event.record?.cause : event.point === 'route' ? event.route?.cause : undefined
  return cause === undefined ? '' : `   (${cause.node}$ ${cause.command})`
}

const tellStep = ({ event, dev }: Step): string | undefined => {
  switch (event.point) {
    case 'born':
      return 'made here'
    case 'xmit':
      return `out of ${dev}`
    case 'receive':
      return `in at ${dev}`
    case 'route':
      return event.route === undefined
        ? `no route to ${formatIpv4(event.destination)}${event.kind === 'unicast' ? '' : `: ${event.kind}`}`
        : `route ${event.route.text}`
    case 'neigh':
      return `neighbour ${formatIpv4(event.address)} ${event.state}`
    case 'fdb':
      return `${formatMac(event.mac)} is behind ${event.port?.name ?? 'the bridge itself'}`
    case 'flood':
      return `sent to all other ports (${event.ports})`
    case 'learn':
      return `learned that ${formatMac(event.mac)} is behind ${event.port.name}`
    case 'forward':
      return `forwarded, ttl ${event.ttl}`
    case 'deliver':
      return `arrived (${event.protocol})`
    case 'drop':
      return `DROPPED ${event.reason}${event.detail === undefined ? '' : ` (${event.detail})`}`
  }
}

/** What really happens: the answers of `<Predict>` come from the simulator, never from the author. */
import { PacketSocket } from '../kernel/sock/packet.ts'
import { bootWorld } from '../lab/boot.ts'
import { drive } from '../lab/console.ts'
import { type Lab } from '../lab/lab.ts'
import { typeSession } from '../lab/run.ts'
import { parseSession, type Session, type SessionCommand } from '../lab/session.ts'
import type { World } from '../lab/world.ts'
import { compileFilter } from '../userland/tcpdump/filter/compile.ts'
import { PROGRAMS } from '../userland/table.ts'

export interface Truth {
  /** What the last command of the session printed. */
  readonly printed: string
  /** `node:ifname` of every interface that saw a matching frame during the last command. */
  readonly wires: readonly string[]
}

const textOf = (command: SessionCommand | undefined): string =>
  (command?.output ?? []).map((l) => (typeof l === 'string' ? l : '^C')).join('\n')

/** Listens on every interface of every machine; the result collects the names of those that heard a match. */
function listen(world: World, expression: string): Set<string> {
  const filter = compileFilter(expression)
  if (typeof filter === 'string') throw new RangeError(`wires="${expression}": ${filter}`)
  const heard = new Set<string>()
  for (const [name, host] of world.hosts) {
    const socket = new PacketSocket(host.kernel.initNetns, undefined)
    socket.filter = (frame, { dev }) => {
      if (filter(frame)) heard.add(`${name}:${dev.name}`)
      return false
    }
  }
  return heard
}

/** Types `session` in a new world of `lab`; `wires` is an expression of pcap-filter(7). */
export async function truth(lab: Lab, session: string, wires: string | undefined): Promise<Truth> {
  const { nodes, commands } = parseSession(
    `${session.trim()}\n`,
    lab.nodes.map((n) => n.name),
  )
  const part = (list: readonly SessionCommand[]): Session => ({ nodes, commands: list })
  const world = await bootWorld(lab, PROGRAMS)
  await drive(world, typeSession(world, part(commands.slice(0, -1))))
  const heard = wires === undefined ? new Set<string>() : listen(world, wires)
  const last = await drive(world, typeSession(world, part(commands.slice(-1))))
  world.throwBug()
  return { printed: textOf(last.commands[0]), wires: [...heard] }
}

import type { Program } from '../userland/program.ts'
import { bootWorld } from './boot.ts'
import { COMMAND_LIMIT, Console, drive } from './console.ts'
import type { Lab } from './lab.ts'
import { isKey, keyFollows, type Session, type SessionCommand } from './session.ts'
import type { Outcome, World } from './world.ts'

/** What came of a session, and the world that it left behind. */
export interface SessionRun {
  readonly world: World
  readonly session: Session
}

/** Types the commands of `session` into a new world of `lab`; the result holds what really came. */
export const runSession = async (
  lab: Lab,
  session: Session,
  programs: readonly Program[],
): Promise<SessionRun> => {
  const world = await bootWorld(lab, programs)
  return { world, session: await drive(world, typeSession(world, session)) }
}

/** The commands of a session in order, each with its real output. Its own output is not looked at, but for Ctrl-C times. */
export function* typeSession(world: World, session: Session): Generator<Outcome, Session> {
  const consoles = new Map(session.nodes.map((node) => [node, new Console(world, node)]))
  const held = new Set<Console>()
  const commands: SessionCommand[] = []
  for (const [i, command] of session.commands.entries()) {
    const console = consoles.get(command.node) as Console
    if (isKey(command)) {
      if (command.text === '^C') {
        world.sleep(LOOK_NS)
        console.ctrlC(false)
      } else console.ctrlD()
      world.settle()
      yield* console.finish(world.sim.clock.now + COMMAND_LIMIT)
      held.delete(console)
    } else if (held.has(console) && !console.idle) {
      console.input(command.text)
      world.settle()
    } else {
      held.delete(console)
      console.start(command.text, { node: command.node, command: command.text, n: world.log.length + 1 })
      // What the command prints before time passes stands under it, also where its program must be loaded first.
      if (keyFollows(session, i))
        while (world.advance(() => false, world.sim.clock.now) === 'external') yield 'external'
      // A command that a later key ends holds the terminal: the key comes next there, or lines for it to read.
      if (keyFollows(session, i) && (nextIsKey(session, i) || console.reading)) held.add(console)
      else yield* console.finish(console.deadline(command.text, pressedAt(command)))
    }
    const shown = console.take()
    commands.push({
      ...command,
      output: shown.map((l) => (typeof l === 'string' ? l : asWritten(l, command))),
      ...(command.exit === undefined ? {} : { exit: console.status }),
    })
  }
  return { nodes: session.nodes, commands }
}

/** Who presses Ctrl-C has seen what there was to see: tcpdump shows packets up to 0.1 s late. */
const LOOK_NS = 0.15e9

/** A script that gives no time for its Ctrl-C gets none back. */
const asWritten = (
  l: { readonly ctrlC: number | null },
  command: SessionCommand,
): { ctrlC: number | null } => {
  const said = command.output.some((o) => typeof o !== 'string' && o.ctrlC !== null)
  return said ? l : { ctrlC: null }
}

const nextIsKey = (session: Session, index: number): boolean => {
  const node = session.commands[index]?.node
  const next = session.commands.slice(index + 1).find((c) => c.node === node)
  return next !== undefined && isKey(next)
}

/** Seconds after which the script says Ctrl-C was pressed. */
const pressedAt = (command: SessionCommand): number | undefined => {
  for (const line of command.output) if (typeof line !== 'string' && line.ctrlC !== null) return line.ctrlC
  return undefined
}

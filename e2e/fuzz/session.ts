import { Console, drive } from '../../src/lab/console.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { World } from '../../src/lab/world.ts'
import { PROGRAMS } from '../../src/userland/table.ts'
import type { Lines } from './lines.ts'
import type { Chance } from './random.ts'

/** What came of typing many lines into one world. */
export interface Typed {
  /** Everything that was shown, for comparing two runs. */
  readonly shown: string
  /** Lines that ended in a bug of ours, with its stack. */
  readonly bugs: readonly string[]
  /** The slowest line and how long it took, in ms of the real clock. */
  readonly slowest: { readonly line: string; readonly ms: number }
  /** What a shell, and a new terminal, say to `echo ok` in the end. */
  readonly ok: readonly string[]
}

/** Keys that are pressed instead of a line, now and then. */
const KEYS = ['int', 'eof', 'quit'] as const

/** Types `count` lines into a new world of `lab`. */
export const typeLines = async (lab: Lab, lines: Lines, c: Chance, count: number): Promise<Typed> => {
  const world = new World(lab, PROGRAMS)
  await drive(world, world.exec())
  const nodes = lab.nodes.map((n) => n.name)
  const consoles = new Map(nodes.map((n) => [n, new Console(world, n)]))
  const bugs: string[] = []
  let shown = ''
  let slowest = { line: '', ms: 0 }
  for (let i = 0; i < count; i++) {
    const node = c.pick(nodes)
    const console = consoles.get(node) as Console
    const text = lines.line()
    const started = performance.now()
    const before = world.scheduler.bugs.length
    let threw: unknown
    try {
      console.start(text, { node, command: text, n: world.log.length + 1 })
      if (c.chance(0.01)) world.press({ at: world.sim.clock.now, node, key: c.pick(KEYS), text: '' })
      // Most lines that wait for something, or loop for ever, are not worth twenty seconds of virtual time.
      await drive(world, console.finish(console.deadline(text, c.chance(0.95) ? 0.3 : undefined)))
    } catch (e) {
      threw = e
    }
    const ms = performance.now() - started
    if (ms > slowest.ms) slowest = { line: text, ms }
    for (const { error } of world.scheduler.bugs.slice(before)) bugs.push(report(node, text, error))
    if (threw !== undefined) {
      bugs.push(report(node, text, threw))
      break
    }
    for (const line of console.take()) shown += typeof line === 'string' ? line + '\n' : '^C\n'
  }
  return { shown, bugs, slowest, ok: bugs.length > 0 ? [] : await stillOk(world, nodes, consoles) }
}

const report = (node: string, text: string, error: unknown): string =>
  `${node}$ ${JSON.stringify(text.slice(0, 400))}\n    ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`

/** `echo ok` of a new shell on every machine, and of a terminal whose window was closed and opened again. */
const stillOk = async (
  world: World,
  nodes: readonly string[],
  consoles: ReadonlyMap<string, Console>,
): Promise<string[]> => {
  const said: string[] = []
  for (const node of nodes) {
    const ran = await drive(world, world.runIn(node, 'echo ok', undefined))
    for (const proc of [...world.host(node).processes.values()]) proc.signal('KILL')
    const console = consoles.get(node) as Console
    world.host(node).tty.flushInput()
    console.take()
    await drive(world, console.run('echo ok', { node, command: 'echo ok', n: 0 }))
    said.push(ran.stdout.trim(), console.take().map(String).join('|'))
  }
  return said
}

import { createInterface } from 'node:readline/promises'
import { bootWorld } from '../lab/boot.ts'
import { Console, drive } from '../lab/console.ts'
import type { World } from '../lab/world.ts'
import { PROGRAMS } from '../userland/table.ts'
import { CliError, loadLab, parseArgs } from './files.ts'

/** hop shell LAB [NODE]: work in a lab in this terminal. `@B` alone goes to node B; Ctrl-C interrupts, Ctrl-D at a prompt leaves. */
export const main = async (words: readonly string[]): Promise<number> => {
  const { rest } = parseArgs(words, [])
  const [labName, first] = rest
  if (labName === undefined || rest.length > 2) throw new CliError('a lab is needed', true)
  const lab = loadLab(labName)
  const names = lab.nodes.map((n) => n.name)
  const start = first ?? names[0] ?? ''
  if (!names.includes(start)) throw new CliError(`no node "${start}" in this lab; it has ${names.join(', ')}`)
  const world = await bootWorld(lab, PROGRAMS)
  const consoles = new Map(names.map((n) => [n, new Console(world, n)]))
  for (const c of consoles.values()) c.onOutput = (text) => process.stdout.write(text)
  let node = start
  process.stdout.write(`${lab.name}: ${names.join(', ')}. "@B" goes to node B, Ctrl-D leaves.\n`)
  const rl = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY === true,
  })
  const prompt = (): void => {
    rl.setPrompt(consoles.get(node)?.prompt === 'PS2' ? '> ' : `${node}$ `)
    rl.prompt()
  }
  rl.on('SIGINT', () => {
    process.stdout.write('\n')
    prompt()
  })
  prompt()
  for await (const line of rl) {
    const to = /^@([\w-]+)$/.exec(line.trim())?.[1]
    if (to !== undefined && names.includes(to)) node = to
    else if (line.trim() !== '' || consoles.get(node)?.prompt === 'PS2')
      await type(world, consoles.get(node) as Console, line)
    prompt()
  }
  process.stdout.write('\n')
  return 0
}

/** Types a line and waits until the prompt is back, or more of the command is wanted. */
const type = async (world: World, console: Console, line: string): Promise<void> => {
  console.start(line, { node: console.node, command: line, n: world.log.length + 1 })
  world.settle()
  if (console.prompt === 'PS2') return
  await drive(world, console.finish(console.deadline(line)))
  console.take()
  world.throwBug()
}

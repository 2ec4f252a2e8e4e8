/**
 * Types a session into the real kernel: `node e2e/linux/record.ts LAB SCRIPT > SESSION`, or `… GOLDEN...` to record
 * goldens again in place. Needs root on Linux. Output in the script is ignored, so every recording is a script.
 */
import { writeFile } from 'node:fs/promises'
import { loadLab, loadSession } from '../../src/cli/files.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { isKey, keyFollows, printSession, type Session, type SessionCommand } from '../../src/lab/session.ts'
import { readGolden } from './golden.ts'
import { Terminal, type Shown } from './terminal.ts'
import { Topology } from './topology.ts'

/** Seconds after which a command that does not end gets a Ctrl-C. */
const LIMIT = 20
const PING_LIMIT = 3.5
/** How long a command may take before other nodes type while it holds the foreground. */
const HOLD = 1
/** tcpdump takes packets from the kernel once a second. */
const SETTLE = 1.3

export async function record(lab: Lab, script: Session): Promise<Session> {
  const topology = await Topology.boot(lab)
  const terminals = new Map<string, Terminal>()
  try {
    const commands: SessionCommand[] = []
    for (const [i, command] of script.commands.entries()) {
      let terminal = terminals.get(command.node)
      if (!terminal) {
        terminal = await Terminal.open(topology.machine(command.node))
        terminals.set(command.node, terminal)
      }
      const shown = await typeAt(terminal, script, i)
      const { exit, ...rest } = command
      commands.push({
        ...rest,
        output: shown.output,
        ...(exit === undefined ? {} : { exit: shown.status ?? exit }),
      })
    }
    return { nodes: script.nodes, commands }
  } finally {
    for (const terminal of terminals.values()) terminal.close()
    await topology.stop()
  }
}

async function typeAt(terminal: Terminal, script: Session, index: number): Promise<Shown> {
  const command = script.commands[index]
  if (!command) throw new RangeError(`no command ${index}`)
  if (isKey(command)) return terminal.press(command.text === '^D' ? '^D' : '^C', SETTLE)
  const next = script.commands.slice(index + 1).find((c) => c.node === command.node)
  if (next && isKey(next)) return terminal.typeAndHold(command.text, HOLD)

  const pinned = command.output.flatMap((l) => (typeof l === 'string' ? [] : [l.ctrlC]))
  const limit = runsPing(command.text) ? PING_LIMIT : LIMIT
  const due = pinned.some((s) => s !== null) ? pinned.map((s) => s ?? LIMIT) : [limit]
  if (keyFollows(script, index)) return terminal.typeAndListen(command.text, due)
  return terminal.type(command.text, due, pinned)
}

/** A ping that would not end by itself, on the machine, in a namespace or in a container. */
export function runsPing(text: string): boolean {
  const [first = ''] = text.split('\n')
  const where = /^\s*(?:sudo\s+)?(?:ip\s+netns\s+exec\s+\S+\s+|docker\s+exec\s+(?:-\S+\s+)*\S+\s+)?ping\b/
  return where.test(first) && !/\s-\w*[cw]\s*\d/.test(first) && !first.trimEnd().endsWith('&')
}

async function main(args: readonly string[]): Promise<void> {
  if (args.length > 0 && args.every((path) => path.endsWith('.golden'))) {
    for (const path of args) {
      const { lab, session } = await readGolden(path)
      await writeFile(path, printSession(await record(lab, session)))
      console.error(`recorded ${path}: ${session.commands.length} commands`)
    }
    return
  }
  const [labName, script] = args
  if (labName === undefined || script === undefined || args.length > 2) {
    console.error('usage: node e2e/linux/record.ts LAB SCRIPT.session | GOLDEN...')
    process.exitCode = 2
    return
  }
  const lab = loadLab(labName)
  process.stdout.write(printSession(await record(lab, loadSession(script, lab))))
}

if (import.meta.main) await main(process.argv.slice(2))

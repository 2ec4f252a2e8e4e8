/** Console blocks of lessons are sessions that were really run: types them and says where a character differs. */
import { bootWorld } from '../lab/boot.ts'
import { drive } from '../lab/console.ts'
import { ContentError } from '../lab/content-error.ts'
import { typeSession } from '../lab/run.ts'
import { parseSession, printSession, type Session } from '../lab/session.ts'
import type { World } from '../lab/world.ts'
import { PROGRAMS } from '../userland/table.ts'
import { hasLab, lab } from './catalog.ts'
import { ROOT } from './files.ts'
import { continues, type ConsoleBlock, type Lesson } from './lesson.ts'
import type { Problem } from './problem.ts'

/** What is untrue in the console blocks of one lesson. */
export async function untrueBlocks(lesson: Lesson, root = ROOT): Promise<Problem[]> {
  const { problems, played } = await playBlocks(lesson, root)
  for (const { block, written, real } of played)
    problems.push(...differences(written, real, { file: lesson.file, line: block.line, column: 1 }))
  return problems.sort((a, b) => a.line - b.line)
}

/** The lesson's text with what really comes in its console blocks. */
export async function trueText(text: string, lesson: Lesson, root = ROOT): Promise<string> {
  const lines = text.split('\n')
  const { played } = await playBlocks(lesson, root)
  // From the last to the first, so that the places of those before stay right.
  for (const { block, real } of played.toReversed()) {
    const indent = /^\s*/.exec(lines[block.line - 2] ?? '')?.[0] ?? ''
    const came = printSession(real).replace(/\n$/, '').split('\n')
    const length = block.session.split('\n').length - 1
    lines.splice(block.line - 1, length, ...came.map((l) => (l === '' ? l : indent + l)))
  }
  return lines.join('\n')
}

interface Played {
  readonly block: ConsoleBlock
  readonly written: Session
  readonly real: Session
}

/** Types the blocks of a lesson that can be typed. One marked `continue` goes on where the one before it ended. */
async function playBlocks(
  lesson: Lesson,
  root: string,
): Promise<{ readonly problems: Problem[]; readonly played: Played[] }> {
  const problems: Problem[] = []
  const played: Played[] = []
  const worlds = new Map<string, World>()
  for (const block of lesson.consoles) {
    const at = { file: lesson.file, line: block.line, column: 1 }
    const fence = { ...at, line: block.line - 1 }
    if (block.lab === undefined) {
      const todo = 'Write ```console lab=NAME, or `lab: NAME` in the frontmatter.'
      problems.push({ ...fence, what: 'a console block needs a lab to run in', todo })
      continue
    }
    // An unknown lab is told elsewhere, with the nearest name.
    if (!hasLab(block.lab, root)) continue
    const topology = lab(block.lab, root)
    let world = continues(block.meta) ? worlds.get(block.lab) : undefined
    if (continues(block.meta) && world === undefined) {
      const todo = 'Take `continue` out, or name the same lab.'
      problems.push({ ...fence, what: '`continue` needs a block of the same lab before it', todo })
      continue
    }
    let written: Session
    try {
      const nodes = topology.nodes.map((n) => n.name)
      written = parseSession(block.session, nodes, lesson.file)
    } catch (e) {
      if (!(e instanceof ContentError)) throw e
      problems.push({ ...at, line: block.line + e.line - 1, column: e.column, what: e.what, todo: e.todo })
      continue
    }
    if (world === undefined) {
      world = await bootWorld(topology, PROGRAMS)
      worlds.set(block.lab, world)
    }
    played.push({ block, written, real: await drive(world, typeSession(world, written)) })
    world.throwBug()
  }
  return { problems, played }
}

function* differences(
  written: Session,
  real: Session,
  at: { file: string; line: number; column: number },
): Generator<Problem> {
  for (const [i, command] of written.commands.entries()) {
    const one = (session: Session): string[] => {
      const c = session.commands[i]
      return c === undefined
        ? []
        : printSession({ ...session, commands: [{ ...c, comments: [] }] }).split('\n')
    }
    const [said, came] = [one(written), one(real)]
    const first = said.findIndex((l, k) => l !== came[k])
    const k = first < 0 ? said.length - 1 : first
    if (first < 0 && came.length === said.length) continue
    yield {
      ...at,
      line: at.line + command.line - 1 + k,
      what: `this console block is not true: ${command.node}$ ${command.text.split('\n', 1)[0]}`,
      todo: `It says      ${said[k] || '(nothing more)'}\n    really comes ${came[k] || '(nothing more)'}`,
    }
  }
}

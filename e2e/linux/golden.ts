/** Goldens: sessions recorded on real Linux, beside the program that they pin. Their first line is `## lab: NAME`. */
import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LABS, loadLab, ROOT } from '../../src/cli/files.ts'
import { ContentError } from '../../src/lab/content-error.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { parseSession, type Session } from '../../src/lab/session.ts'

export interface Golden {
  /** Below the project's root. */
  readonly path: string
  readonly lab: Lab
  readonly session: Session
}

/** The paths of all goldens, below the project's root. */
export async function goldens(): Promise<string[]> {
  const found: string[] = []
  for await (const path of glob('src/**/*.golden', { cwd: ROOT })) found.push(path)
  return found.sort()
}

export async function readGolden(path: string): Promise<Golden> {
  const text = await readFile(join(ROOT, path), 'utf8')
  const name = /^## lab: (\S+)\n/.exec(text)?.[1]
  const at = { file: path, line: 1, column: 1 }
  if (name === undefined)
    throw new ContentError(at, 'a golden begins with its lab', 'Write "## lab: NAME" first.')
  const own = join(import.meta.dirname, 'labs', `${name}.clab.yml`)
  const file = existsSync(own) ? own : join(LABS, `${name}.clab.yml`)
  if (!existsSync(file)) {
    throw new ContentError(at, `there is no lab ${name}`, 'Labs are in e2e/linux/labs and content/labs.')
  }
  const lab = loadLab(file)
  return {
    path,
    lab,
    session: parseSession(
      text,
      lab.nodes.map((n) => n.name),
      path,
    ),
  }
}

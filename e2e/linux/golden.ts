/** Goldens: sessions recorded on real Linux, beside the program that they pin. Their first line is `## lab: NAME`. */
import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ContentError } from '../../src/lab/content-error.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const LABS = ['e2e/linux/labs', 'content/labs']

export function isGolden(path: string): boolean {
  return path.endsWith('.golden')
}

/** All goldens, as paths below the project's root. */
export async function goldens(): Promise<string[]> {
  const found: string[] = []
  for await (const path of glob('src/**/*.golden', { cwd: ROOT })) found.push(path)
  return found.sort()
}

/** The lab file that a golden names. */
export async function goldenLab(path: string, text: string): Promise<string> {
  const name = /^## lab: (\S+)\n/.exec(text)?.[1]
  const at = { file: path, line: 1, column: 1 }
  if (name === undefined)
    throw new ContentError(at, 'a golden begins with its lab', 'Write "## lab: NAME" first.')
  const file = LABS.map((dir) => join(ROOT, dir, `${name}.clab.yml`)).find((f) => existsSync(f))
  if (file === undefined)
    throw new ContentError(at, `there is no lab ${name}`, `Labs are in ${LABS.join(' and ')}.`)
  return file
}

export async function labNodes(labFile: string): Promise<string[]> {
  const lab = parse(await readFile(labFile, 'utf8')) as { topology: { nodes: Record<string, unknown> } }
  return Object.keys(lab.topology.nodes)
}

import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../../src/cli/files.ts'
import { parseLab, type Lab } from '../../src/lab/lab.ts'

/** What is spoiled: everything that people wrote so far. */

/** `FUZZ_SEED=n` gives other lines. */
export const SEED = Number(process.env['FUZZ_SEED'] ?? 20260101)

export interface Written {
  /** Below the project's root. */
  readonly path: string
  readonly text: string
}

export const read = async (pattern: string): Promise<Written[]> => {
  const found: Written[] = []
  for await (const path of glob(pattern, { cwd: ROOT }))
    found.push({ path, text: await readFile(join(ROOT, path), 'utf8') })
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Commands of a transcript, by its prompts: `A$ …` and continuation lines. */
const commandsOf = (text: string): string[] => {
  const found: string[] = []
  for (const line of text.split('\n')) {
    const m = /^\s*[A-Za-z][\w-]*\$ (.+)$/.exec(line)
    if (m) found.push(m[1] as string)
    else if (/^\s*> /.test(line) && found.length > 0)
      found[found.length - 1] += '\n' + line.replace(/^\s*> /, '')
  }
  return found
}

/** Every command of the goldens and of the exercises, once. */
export const typedLines = async (): Promise<string[]> => {
  const files = [...(await read('src/**/*.golden')), ...(await read('content/exercises/**/*.yml'))]
  return [...new Set(files.flatMap((f) => commandsOf(f.text)))]
}

/** The small labs that lines are typed into. */
export const smallLabs = async (): Promise<Lab[]> =>
  (await read('e2e/linux/labs/*.yml')).map((f) => parseLab(f.text, f.path))

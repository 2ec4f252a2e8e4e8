import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearest } from '../lab/content-error.ts'
import { parseLab, type Lab } from '../lab/lab.ts'
import { parseSession, type Session } from '../lab/session.ts'
import { toBytes } from '../proc/bytes.ts'

/** Wrong usage, or a file that can't be read: told in words, exit status 2. */
export class CliError extends Error {
  readonly showUsage: boolean
  constructor(message: string, showUsage = false) {
    super(message)
    this.showUsage = showUsage
  }
}

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const LABS = join(ROOT, 'content/labs')
export const EXERCISES = join(ROOT, 'content/exercises')

/** The path as people should read it: relative to where they stand, where it lies below. */
export const shown = (path: string): string => {
  const r = relative(process.cwd(), path)
  return r.startsWith('..') ? path : r
}

export const readText = (path: string): string => {
  try {
    if (path === '-') return readFileSync(0, 'utf8')
    return readFileSync(path, 'utf8')
  } catch (e) {
    const code = (e as NodeJS.ErrnoException).code
    throw new CliError(
      `can't read ${path}: ${code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : String(code)}`,
    )
  }
}

/** The file of a lab that is given by path, or by its name in content/labs. */
export const labPath = (lab: string): string => {
  if (existsSync(lab) && statSync(lab).isFile()) return lab
  const byName = join(LABS, lab + '.clab.yml')
  if (existsSync(byName)) return byName
  const names = existsSync(LABS)
    ? readdirSync(LABS)
        .filter((f) => f.endsWith('.clab.yml'))
        .map((f) => basename(f, '.clab.yml'))
    : []
  const near = nearest(lab, names)
  throw new CliError(
    `no lab "${lab}": neither a file nor one of content/labs${near ? `; did you mean "${near}"?` : ''}`,
  )
}

export const loadLab = (lab: string): Lab => {
  const path = labPath(lab)
  return parseLab(readText(path), shown(path), (bind) => {
    const file = join(dirname(path), bind)
    return existsSync(file) ? toBytes(readFileSync(file, 'utf8')) : undefined
  })
}

export const loadSession = (path: string, lab: Lab): Session =>
  parseSession(
    readText(path),
    lab.nodes.map((n) => n.name),
    path === '-' ? 'standard input' : shown(path),
  )

/** Splits words into flags and the rest; an unknown flag is an error. `valued` flags take the next word. */
export const parseArgs = (
  words: readonly string[],
  flags: readonly string[],
  valued: readonly string[] = [],
): { rest: string[]; flags: Set<string>; values: Map<string, string> } => {
  const rest: string[] = []
  const given = new Set<string>()
  const values = new Map<string, string>()
  for (let i = 0; i < words.length; i++) {
    const w = words[i] as string
    if (w !== '-' && w.startsWith('-')) {
      if (flags.includes(w)) given.add(w)
      else if (valued.includes(w)) {
        const v = words[++i]
        if (v === undefined) throw new CliError(`${w} needs a value`, true)
        values.set(w, v)
      } else {
        const near = nearest(w, [...flags, ...valued])
        throw new CliError(`unknown option ${w}${near ? `; did you mean ${near}?` : ''}`, true)
      }
    } else rest.push(w)
  }
  return { rest, flags: given, values }
}

/** Where content lies, and its files, read afresh each time (an instructor edits while `npm run dev` runs). */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Top of the project. From the working directory, because bundled code has no fixed place. */
export const ROOT = existsSync('content/modules.yml')
  ? `${process.cwd()}/`
  : fileURLToPath(new URL('../../', import.meta.url))

export const LANGS = ['ko', 'en'] as const
export type Lang = (typeof LANGS)[number]
export const isLang = (s: string | undefined): s is Lang => s === 'ko' || s === 'en'

/** Paths from the top of the project, in a stable order. */
export const files = (pattern: string, root = ROOT): string[] =>
  globSync(pattern, { cwd: root })
    .map((f) => f.replaceAll('\\', '/'))
    .sort()

export const read = (file: string, root = ROOT): string => readFileSync(root + file, 'utf8')

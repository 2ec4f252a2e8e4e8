import { fnmatch, hasWildcard } from '../../proc/fnmatch.ts'
import type { Process } from '../../proc/process.ts'
import { keyToPath } from './key.ts'

/** One assignment of a command line or of a file (sysctl.d(5)). */
export interface Setting {
  readonly key: string
  readonly path: string
  /** undefined: `-key` alone, which only keeps patterns from setting it. */
  readonly value: string | undefined
}

/** `key = value`, blanks around both cut off, a `-` in front (errors don't matter) taken away; undefined for anything else. */
export const parseSetting = (text: string): Setting | undefined => {
  const line = text.trim()
  const eq = line.indexOf('=')
  const optional = line.startsWith('-')
  if (eq < 0 && !optional) return undefined
  const key = (eq < 0 ? line : line.slice(0, eq)).slice(optional ? 1 : 0).trim()
  return { key, path: keyToPath(key), value: eq < 0 ? undefined : line.slice(eq + 1).trim() }
}

/** Puts what a pattern such as net.ipv4.conf.*.rp_filter matches in its place, but for keys that are named by themselves. */
export const expandGlobs = (proc: Process, settings: readonly Setting[]): Setting[] => {
  const named = new Set(settings.map((s) => s.path))
  const out: Setting[] = []
  for (const s of settings) {
    if (!hasWildcard(s.path)) {
      if (s.value !== undefined) out.push(s)
      continue
    }
    for (const path of glob(proc, s.path)) if (!named.has(path)) out.push({ ...s, path })
  }
  return out
}

/** glob(3): paths in order; nothing where nothing matches. */
export const glob = (proc: Process, pattern: string): string[] => {
  let found = ['']
  for (const part of pattern.split('/').slice(1)) {
    found = found.flatMap((dir) => {
      if (!hasWildcard(part)) return [`${dir}/${part}`]
      const node = proc.host.fs.readdir(dir === '' ? '/' : dir, '/', proc)
      const names = Array.isArray(node) ? (node as readonly string[]) : []
      return names.filter((name) => !name.startsWith('.') && fnmatch(part, name)).sort().map((name) => `${dir}/${name}`) // prettier-ignore
    })
  }
  return found.filter((path) => !('errno' in proc.lookup(path)))
}

import { fnmatch, hasWildcard } from '../proc/fnmatch.ts'
import type { Process } from '../proc/process.ts'
import { Refusal } from '../kernel/refusal.ts'

/** Names that one pattern may match. */
const MAX_MATCHES = 50_000

/** Pathname expansion: the names that match, sorted by bytes; none where nothing matches. */
export const glob = (pattern: string, proc: Process, dotglob = false): string[] => {
  const parts = pattern.split('/')
  let bases = ['']
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string
    const last = i === parts.length - 1
    const next: string[] = []
    for (const base of bases) {
      if (part === '') {
        next.push(base + (last ? '' : '/'))
        continue
      }
      if (!hasWildcard(part)) {
        const name = part.replace(/\\([^])/g, '$1')
        if (last ? !(proc.lookup(base + name, true) instanceof Refusal) : true)
          next.push(base + name + (last ? '' : '/'))
        continue
      }
      const names = proc.host.fs.readdir(base === '' ? '.' : base, proc.cwd, proc)
      if (names instanceof Refusal) continue
      for (const name of [...names].sort(byBytes)) {
        if (name.startsWith('.') && !dotglob && !/^\\?\./.test(part)) continue
        if (!fnmatch(part, name)) continue
        if (last) next.push(base + name)
        else {
          const node = proc.lookup(base + name)
          if (!(node instanceof Refusal) && (node.kind === 'dir' || node.kind === 'virtual-dir'))
            next.push(base + name + '/')
        }
      }
      if (next.length > MAX_MATCHES) break
    }
    bases = next
    if (bases.length === 0) return []
  }
  return bases
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

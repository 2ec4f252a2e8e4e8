/** What Tab offers: commands at the start of one, then what the program knows, devices, namespaces and files. */
import { PROGRAMS } from '../../userland/table.ts'
import type { World } from '../../lab/world.ts'

export interface Completion {
  readonly from: number
  readonly words: readonly string[]
}

const BUILTINS = [
  'alias',
  'cd',
  'declare',
  'echo',
  'exit',
  'export',
  'for',
  'help',
  'history',
  'jobs',
  'pwd',
  'read',
  'set',
  'source',
  'type',
  'unset',
  'wait',
  'while',
]

export const complete = (world: World, node: string, text: string, caret: number): Completion => {
  const before = text.slice(0, caret)
  const from = before.length - (/[^\s|;&()<>]*$/.exec(before)?.[0].length ?? 0)
  const word = before.slice(from)
  const command =
    /(?:^|[|;&(]|\b(?:sudo|exec \S+|then|do|else)\s)\s*((?:[^|;&()]*\s)?)$/.exec(
      before.slice(0, from),
    )?.[1] ?? ''
  const words = command
    .trim()
    .split(/\s+/)
    .filter((w) => w !== '')
  const candidates =
    words.length === 0 && !word.includes('/')
      ? commands()
      : [...argumentsOf(world, node, words), ...files(world, node, word)]
  return { from, words: [...new Set(candidates.filter((c) => c.startsWith(word)))].sort() }
}

const commands = (): string[] => [
  ...PROGRAMS.map((p) => p.path.slice(p.path.lastIndexOf('/') + 1)),
  ...BUILTINS,
]

const argumentsOf = (world: World, node: string, words: readonly string[]): string[] => {
  const host = world.host(node)
  const devices = [...host.kernel.netnses].flatMap((ns) => [...ns.devices.values()].map((d) => d.name))
  const names = host.fs.readdir('/run/netns', '/', { netns: host.kernel.initNetns, pid: 1 })
  const netnses = Array.isArray(names) ? (names as string[]) : []
  const program = PROGRAMS.find((p) => p.path.endsWith(`/${words[0] ?? ''}`))
  const proc = [...host.processes.values()][0]
  const known = program?.complete && proc ? program.complete([...words, ''], words.length, proc) : []
  return [...known, ...devices, ...netnses]
}

const files = (world: World, node: string, word: string): string[] => {
  const host = world.host(node)
  const view = { netns: host.kernel.initNetns, pid: 1 }
  const shell = [...host.processes.values()].find((p) => p.argv[0] === 'bash')
  const cwd = shell?.cwd ?? '/root'
  const slash = word.lastIndexOf('/')
  const folder = word.slice(0, slash + 1)
  const names = host.fs.readdir(folder === '' ? '.' : folder, cwd, view)
  if (!Array.isArray(names)) return []
  return (names as string[])
    .filter((n) => !n.startsWith('.') || word.slice(slash + 1).startsWith('.'))
    .map((n) => {
      const there = host.fs.lookup(folder + n, cwd, view)
      return (
        folder + n + ('kind' in there && (there.kind === 'dir' || there.kind === 'virtual-dir') ? '/' : '')
      )
    })
}

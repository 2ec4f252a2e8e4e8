import { runText } from '../execute.ts'
import { ToTopLevel, type Shell } from '../shell.ts'
import type { Task } from '../../proc/wait.ts'
import { usage } from './usage.ts'

export const history = (sh: Shell, argv: readonly string[]): number => {
  const option = argv[1]
  if (option === '-c') {
    sh.history.length = 0
    return 0
  }
  if (option === '-d') {
    const at = Number(argv[2])
    if (!Number.isInteger(at) || at < 1 || at > sh.history.length) {
      sh.complain(`history: ${argv[2] ?? ''}: history position out of range`)
      return 1
    }
    sh.history.splice(at - 1, 1)
    return 0
  }
  // No history file here: reading and writing it does nothing.
  if (/^-[anrw]$/.test(option ?? '')) return 0
  if (option?.startsWith('-')) return usage(sh, 'history', option)
  if (option !== undefined && !/^\d+$/.test(option)) {
    sh.complain(`history: ${option}: numeric argument required`)
    return 1
  }
  if (argv.length > 2) {
    sh.complain('history: too many arguments')
    throw new ToTopLevel(1)
  }
  const from = option === undefined ? 0 : Math.max(0, sh.history.length - Number(option))
  sh.history.slice(from).forEach((line, i) => sh.proc.out(`${String(from + i + 1).padStart(5)}  ${line}\n`))
  return 0
}

/** `fc -l` lists, `fc -s` runs again; editing needs an editor. */
export const fc = (sh: Shell, argv: readonly string[]): number | Task<number> => {
  const args = argv.slice(1)
  const flags = new Set<string>()
  while (/^-[a-zA-Z]/.test(args[0] ?? '')) {
    const option = args.shift() as string
    if (!/^-[lnrs]+$/.test(option)) return usage(sh, 'fc', option)
    for (const c of option.slice(1)) flags.add(c)
  }
  // The command itself is not among what it looks at.
  const old = sh.history.slice(0, -1)
  const find = (spec: string | undefined, byDefault: number): number => {
    if (spec === undefined) return byDefault
    if (/^-?\d+$/.test(spec)) return Number(spec) < 0 ? old.length + Number(spec) : Number(spec) - 1
    return old.findLastIndex((h) => h.startsWith(spec))
  }
  if (flags.has('s')) {
    const change = args[0]?.includes('=') ? (args.shift() as string).split('=') : undefined
    let text = old[find(args[0], old.length - 1)]
    if (text === undefined) {
      sh.complain('fc: no command found')
      return 1
    }
    if (change) text = text.replace(change[0] as string, () => change[1] ?? '')
    sh.proc.err(text + '\n')
    sh.history[sh.history.length - 1] = text
    return runText(sh, text, 'eval')
  }
  if (!flags.has('l')) {
    sh.complain('fc: an editor is real but not simulated; try: fc -l, fc -s')
    return 125
  }
  const from = Math.max(0, find(args[0], old.length - 16))
  const to = Math.min(find(args[1], old.length - 1), old.length - 1)
  const lines = old
    .slice(Math.min(from, to), Math.max(from, to) + 1)
    .map((h, i) => `${flags.has('n') ? '' : Math.min(from, to) + i + 1}\t ${h}\n`)
  if (from > to !== flags.has('r')) lines.reverse()
  for (const l of lines) sh.proc.out(l)
  return 0
}

import type { Shell } from '../shell.ts'
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
  const from = option === undefined ? 0 : Math.max(0, sh.history.length - Number(option))
  sh.history.slice(from).forEach((line, i) => sh.proc.out(`${String(from + i + 1).padStart(5)}  ${line}\n`))
  return 0
}

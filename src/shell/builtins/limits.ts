import type { Shell } from '../shell.ts'
import { usage } from './usage.ts'

export const umask = (sh: Shell, argv: readonly string[]): number => {
  const { proc } = sh
  let args = argv.slice(1)
  let symbolic = false
  let reusable = false
  while (/^-[pS]+$/.test(args[0] ?? '')) {
    symbolic ||= args[0]?.includes('S') ?? false
    reusable ||= args[0]?.includes('p') ?? false
    args = args.slice(1)
  }
  const [mode] = args
  if (mode === undefined) {
    const bits = 0o777 & ~proc.umask
    const rwx = (n: number): string => (n & 4 ? 'r' : '') + (n & 2 ? 'w' : '') + (n & 1 ? 'x' : '')
    const text = symbolic
      ? `u=${rwx(bits >> 6)},g=${rwx((bits >> 3) & 7)},o=${rwx(bits & 7)}`
      : proc.umask.toString(8).padStart(4, '0')
    proc.out((reusable ? `umask ${symbolic ? '-S ' : ''}` : '') + text + '\n')
    return 0
  }
  if (!/^[0-7]{1,4}$/.test(mode)) {
    if (mode.startsWith('-')) return usage(sh, 'umask', mode)
    sh.complain(
      /^\d+$/.test(mode)
        ? `umask: ${mode}: octal number out of range`
        : `umask: \`${mode[0]}': invalid symbolic mode character`,
    )
    return 1
  }
  proc.umask = parseInt(mode, 8) & 0o777
  return 0
}

/** Limits are shown, not enforced. */
const LIMITS: readonly (readonly [string, string, string])[] = [
  ['c', 'core file size              (blocks, -c)', '0'],
  ['d', 'data seg size               (kbytes, -d)', 'unlimited'],
  ['f', 'file size                   (blocks, -f)', 'unlimited'],
  ['n', 'open files                          (-n)', '1024'],
  ['s', 'stack size                  (kbytes, -s)', '8192'],
  ['t', 'cpu time                   (seconds, -t)', 'unlimited'],
  ['u', 'max user processes                  (-u)', '512'],
  ['v', 'virtual memory              (kbytes, -v)', 'unlimited'],
]

export const ulimit = (sh: Shell, argv: readonly string[]): number => {
  const option = argv[1] ?? '-f'
  if (option === '-a') {
    for (const [, text, value] of LIMITS) sh.proc.out(`${text} ${value}\n`)
    return 0
  }
  const row = LIMITS.find(([c]) => option.replace(/^-[SH]?/, '') === c)
  if (row === undefined) {
    if (/^(?:\d+|unlimited)$/.test(option)) return 0
    return usage(sh, 'ulimit', option)
  }
  if (argv[2] === undefined) sh.proc.out(row[2] + '\n')
  return 0
}

export const times = (sh: Shell): number => {
  sh.proc.out('0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n')
  return 0
}

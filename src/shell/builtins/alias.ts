import { quoteWord } from '../quote.ts'
import type { Shell } from '../shell.ts'

export const aliasBuiltin = (sh: Shell, argv: readonly string[]): number => {
  const args = argv.slice(argv[1] === '-p' ? 2 : 1)
  const line = (name: string, value: string): string =>
    `alias ${name}=${value === '' ? "''" : quoteWord(value)}\n`
  if (args.length === 0) {
    for (const name of [...sh.aliases.keys()].sort()) sh.proc.out(line(name, sh.aliases.get(name) ?? ''))
    return 0
  }
  let status = 0
  for (const a of args) {
    const eq = a.indexOf('=')
    if (eq > 0) {
      const name = a.slice(0, eq)
      if (/[\s$`'"\\/&|;()<>]/.test(name)) {
        sh.complain(`alias: \`${name}': invalid alias name`)
        status = 1
      } else sh.aliases.set(name, a.slice(eq + 1))
      continue
    }
    const value = sh.aliases.get(a)
    if (value === undefined) {
      sh.complain(`alias: ${a}: not found`)
      status = 1
    } else sh.proc.out(line(a, value))
  }
  return status
}

export const unalias = (sh: Shell, argv: readonly string[]): number => {
  const args = argv.slice(1)
  if (args.length === 0) {
    sh.proc.err('unalias: usage: unalias [-a] name [name ...]\n')
    return 2
  }
  if (args[0] === '-a') {
    sh.aliases.clear()
    return 0
  }
  let status = 0
  for (const a of args) {
    if (!sh.aliases.delete(a)) {
      sh.complain(`unalias: ${a}: not found`)
      status = 1
    }
  }
  return status
}

import { fnmatch } from '../../proc/fnmatch.ts'
import type { Shell } from '../shell.ts'
import { SYNOPSIS } from './usage.ts'

/** Synopses only: bash's own texts are longer. */
export const help = (sh: Shell, argv: readonly string[]): number => {
  const patterns = argv.slice(1).filter((a) => !/^-[dms]+$/.test(a))
  if (patterns.length === 0) {
    sh.proc.out('GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n')
    sh.proc.out(
      "These shell commands are defined internally.  Type `help' to see this list.\n" +
        "Type `help name' to find out more about the function `name'.\n" +
        "Use `info bash' to find out more about the shell in general.\n" +
        "Use `man -k' or `info' to find out more about commands not in this list.\n\n" +
        'A star (*) next to a name means that the command is disabled.\n\n',
    )
    for (const s of Object.values(SYNOPSIS)) sh.proc.out(` ${s}\n`)
    return 0
  }
  let status = 1
  for (const p of patterns) {
    for (const [name, s] of Object.entries(SYNOPSIS)) {
      if (name !== p && !fnmatch(p, name)) continue
      sh.proc.out(`${name}: ${s}\n`)
      status = 0
    }
  }
  if (status !== 0) {
    const all = patterns.at(-1) ?? ''
    sh.complain(
      `help: no help topics match \`${all}'.  Try \`help help' or \`man -k ${all}' or \`info ${all}'.`,
    )
  }
  return status
}

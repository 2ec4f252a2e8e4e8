import { compareSessions } from '../lab/compare.ts'
import { runSession } from '../lab/run.ts'
import { PROGRAMS } from '../userland/table.ts'
import { CliError, loadLab, loadSession, parseArgs } from './files.ts'

/** hop check LAB SESSION [--exact]: status 1 and a diff where what really comes differs from what the session says. */
export const main = async (words: readonly string[]): Promise<number> => {
  const { rest, flags } = parseArgs(words, ['--exact'])
  const [labName, file] = rest
  if (labName === undefined || file === undefined || rest.length > 2)
    throw new CliError('a lab and a session are needed', true)
  const lab = loadLab(labName)
  const expected = loadSession(file, lab)
  const { world, session: actual } = await runSession(lab, expected, PROGRAMS)
  const { commands, match, failed } = compareSessions(expected, actual, { exact: flags.has('--exact') })
  for (const f of failed) {
    const line = expected.commands[f.n - 1]?.line
    process.stdout.write(`${file}:${line ?? '?'}: ${f.node}$ ${f.command}\n`)
    for (const l of f.diff) process.stdout.write('    ' + l + '\n')
  }
  process.stdout.write(`${commands} commands, ${match} match\n`)
  world.throwBug()
  return match === commands ? 0 : 1
}

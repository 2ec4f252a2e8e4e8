import { runSession } from '../lab/run.ts'
import { printSession } from '../lab/session.ts'
import { PROGRAMS } from '../userland/table.ts'
import { CliError, loadLab, loadSession, parseArgs } from './files.ts'

/** hop run LAB SCRIPT: prints the session with what the simulator really prints. */
export const main = async (words: readonly string[]): Promise<number> => {
  const { rest } = parseArgs(words, [])
  const [labName, script] = rest
  if (labName === undefined || script === undefined || rest.length > 2)
    throw new CliError('a lab and a script are needed', true)
  const lab = loadLab(labName)
  const ran = await runSession(lab, loadSession(script, lab), PROGRAMS)
  process.stdout.write(printSession(ran.session))
  ran.world.throwBug()
  return 0
}

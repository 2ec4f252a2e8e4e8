import { Refusal } from '../../kernel/refusal.ts'
import type { Main } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { openInput, programName, readChunk } from './program.ts'

/** less(1), more(1): on this terminal one scrolls back, so they show everything at once. */
export const pager: Main = function* (proc) {
  const name = programName(proc)
  const files = proc.argv.slice(1).filter((a) => !/^[-+]./.test(a))
  if (files.length === 0 && proc.fds.get(0)?.isTty) {
    proc.err(
      name === 'less'
        ? 'Missing filename ("less --help" for help)\n'
        : `more: bad usage\nTry 'more --help' for more information.\n`,
    )
    return 1
  }
  let status = 0
  for (const f of files.length > 0 ? files : ['-']) {
    const file = openInput(proc, f)
    const first = file instanceof Refusal ? file : yield* readChunk(file)
    if (first instanceof Refusal || file instanceof Refusal) {
      const why = first instanceof Refusal ? first.errno : 'EIO'
      proc.flush()
      if (why === 'EISDIR')
        proc.err(name === 'less' ? `${f} is a directory\n` : `\n*** ${f}: directory ***\n\n`)
      else
        proc.err(name === 'less' ? `${f}: ${strerror(why)}\n` : `more: cannot open ${f}: ${strerror(why)}\n`)
      status = 1
      continue
    }
    for (
      let chunk: string | Refusal = first;
      chunk !== '' && !(chunk instanceof Refusal);
      chunk = yield* readChunk(file)
    )
      yield* proc.print(chunk)
  }
  return status
}

import { Refusal } from '../kernel/refusal.ts'
import type { Task } from '../proc/wait.ts'
import type { Shell } from './shell.ts'

/** Longest line that is read. */
const MAX_LINE = 1024 * 1024

/**
 * Reads up to a delimiter and not a byte further, for what follows is somebody else's input. A terminal gives whole lines,
 * all else is read byte by byte. Undefined at the end; a last line without delimiter comes without it.
 */
export function* readLine(sh: Shell, fd: number, delimiter = '\n', max = MAX_LINE): Task<string | undefined> {
  const file = sh.proc.fds.get(fd)
  if (file === undefined) return undefined
  let line = ''
  for (;;) {
    const chunk = file.read(file.isTty && delimiter === '\n' ? max : 1)
    if (chunk === undefined) {
      if ((yield file.readable) === 'signal') yield* sh.handleSignals()
      continue
    }
    if (chunk instanceof Refusal || chunk === '') return line === '' ? undefined : line
    line += chunk
    if (chunk.endsWith(delimiter) || line.length >= max) return line
  }
}

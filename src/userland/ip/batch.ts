import { Refusal } from '../../kernel/refusal.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { CommandFailed } from './args.ts'
import type { Ip } from './context.ts'

/** The status of a command; most are done at once, only those that wait are generators. */
export function* finished(run: () => number | Task<number>): Task<number> {
  try {
    const result = run()
    return typeof result === 'number' ? result : yield* result
  } catch (e) {
    if (e instanceof CommandFailed) return e.status
    throw e
  }
}

/** Splits a line of a batch: blanks part words, quotes and `\` keep them together, `#` begins a comment. */
export const batchWords = (line: string): string[] => {
  const words: string[] = []
  const word = /\s*(?:"([^"]*)"|'([^']*)'|([^\s]+))/y
  const text = line.replace(/(^|\s)#.*$/, '')
  for (let m = word.exec(text); m !== null; m = word.exec(text)) words.push(m[1] ?? m[2] ?? m[3] ?? '')
  return words
}

/** Lines with their numbers; one that ends with a backslash goes on on the next. */
const linesOf = (text: string): { readonly words: string[]; readonly number: number }[] => {
  const lines: { words: string[]; number: number }[] = []
  let joined = ''
  text.split('\n').forEach((line, i) => {
    if (line.endsWith('\\')) {
      joined += line.slice(0, -1)
      return
    }
    const words = batchWords(joined + line)
    joined = ''
    if (words.length > 0) lines.push({ words, number: i + 1 })
  })
  return lines
}

/**
 * `-batch FILE`: each line is a command line without `ip`. The first that fails ends it, unless -force is given; what is
 * wrong with the words of a line ends the process in any case.
 */
export function* runBatch(
  ip: Ip,
  file: string,
  run: (ip: Ip, words: readonly string[]) => Task<number>,
): Task<number> {
  const { proc } = ip
  const text = file === '-' ? yield* proc.readAll(0) : proc.readFile(file)
  if (text instanceof Refusal) {
    proc.err(`Cannot open file "${file}" for reading: ${strerror(text.errno)}\n`)
    return 1
  }
  const netns = proc.netns
  let status = 0
  for (const { words, number } of linesOf(text)) {
    const ended = yield* run(ip, words)
    proc.netns = netns
    proc.flush()
    if (ended === 0) continue
    proc.err(`Command failed ${file}:${number}\n`)
    status = 1
    if (!ip.opt.force) break
  }
  return status
}

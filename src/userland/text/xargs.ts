import { Refusal } from '../../kernel/refusal.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import { parseOptions, readWhole, tryHelp } from './program.ts'

/** The words of the input: blanks separate, quotes and backslashes protect. A string is what is wrong. */
const wordsOf = (text: string): string[] | string => {
  const out: string[] = []
  let word = ''
  let inWord = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (/[ \t\n]/.test(c)) {
      if (inWord) out.push(word)
      word = ''
      inWord = false
    } else if (c === '"' || c === "'") {
      const end = text.indexOf(c, i + 1)
      const line = text.indexOf('\n', i + 1)
      if (end < 0 || (line >= 0 && line < end))
        return `unmatched ${c === '"' ? 'double' : 'single'} quote; by default quotes are special to xargs unless you use the -0 option`
      word += text.slice(i + 1, end)
      inWord = true
      i = end
    } else {
      word += c === '\\' ? (text[++i] ?? '') : c
      inWord = true
    }
  }
  if (inWord) out.push(word)
  return out
}

/** xargs(1) of findutils */
export const xargs: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: '+0a:d:E:I:i::L:l::n:P:rs:t',
    long: {
      null: { short: '0' }, 'arg-file': { argument: 'required', short: 'a' }, delimiter: { argument: 'required', short: 'd' }, replace: { argument: 'optional', short: 'i' },
      'max-lines': { argument: 'optional', short: 'l' }, 'max-args': { argument: 'required', short: 'n' }, 'max-procs': { argument: 'required', short: 'P' },
      'no-run-if-empty': { short: 'r' }, verbose: { short: 't' },
    },
    notSimulated: ['p', 'x', 'o', 'interactive', 'open-tty', 'show-limits', 'exit', 'process-slot-var='],
  }) // prettier-ignore
  for (const c of ['n', 'L', 'P']) {
    const v = o.value(c)
    const least = c === 'P' ? 0 : 1
    if (v === undefined) continue
    if (!/^-?\d+$/.test(v)) return tryHelp(proc, `invalid number "${v}" for -${c} option`)
    if (Number(v) < least) return tryHelp(proc, `value ${v} for -${c} option should be >= ${least}`)
  }
  const source = o.value('a')
  const file = source === undefined ? proc.fds.get(0) : proc.open(source, { read: true })
  const text = file === undefined || file instanceof Refusal ? file : yield* readWhole(file)
  if (text === undefined || text instanceof Refusal) {
    proc.err(`xargs: Cannot open input file '${source ?? ''}': ${strerror(text?.errno ?? 'EBADF')}\n`)
    return 1
  }
  const command = o.operands.length > 0 ? o.operands : ['echo']
  const replace = o.has('I') ? o.value('I') : o.has('i') ? (o.value('i') ?? '{}') : undefined
  const delimiter = o.has('0') ? '\0' : o.value('d')?.replace(/\\n/, '\n').replace(/\\t/, '\t').replace(/\\0/, '\0') // prettier-ignore
  let groups: string[][]
  if (delimiter !== undefined) {
    const parts = text.split(delimiter)
    if (parts.at(-1) === '') parts.pop()
    groups = parts.map((p) => [p])
  } else if (replace !== undefined) {
    groups = text.split('\n').map((l) => l.replace(/^[ \t]+/, '')).filter((l) => l !== '').map((l) => [l]) // prettier-ignore
  } else if (o.has('L') || o.has('l')) {
    const n = Number(o.value('L') ?? o.value('l') ?? 1)
    const lines = text.split('\n').filter((l) => l.trim() !== '')
    groups = []
    for (let i = 0; i < lines.length; i += n) {
      const words = wordsOf(lines.slice(i, i + n).join('\n'))
      if (typeof words === 'string') return fail(proc, words)
      groups.push(words)
    }
  } else {
    const words = wordsOf(text)
    if (typeof words === 'string') return fail(proc, words)
    groups = words.map((w) => [w])
  }
  const batches: string[][] = []
  if (replace !== undefined)
    for (const [w = ''] of groups) batches.push(command.map((c) => c.replaceAll(replace, w)))
  else if (o.has('L') || o.has('l')) for (const g of groups) batches.push([...command, ...g])
  else {
    const all = groups.flat()
    const n = Number(o.value('n') ?? 5000)
    for (let i = 0; i < all.length; i += n) batches.push([...command, ...all.slice(i, i + n)])
    if (all.length === 0 && !o.has('r')) batches.push([...command])
  }
  let status = 0
  for (const argv of batches) {
    if (o.has('t')) proc.err(argv.join(' ') + '\n')
    const r = yield* run(proc, argv)
    if (r === 127 || r === 126) return r
    if (r === 255) {
      proc.err(`xargs: ${argv[0]}: exited with status 255; aborting\n`)
      return 124
    }
    if (r > 128) {
      proc.err(`xargs: ${argv[0]}: terminated by signal ${r - 128}\n`)
      return 125
    }
    if (r !== 0) status = 123
  }
  return status
}

const fail = (proc: Process, text: string): number => {
  proc.err(`xargs: ${text}\n`)
  return 1
}

function* run(proc: Process, argv: readonly string[]): Task<number> {
  const found = proc.host.which(argv[0] as string, proc)
  const program = found instanceof Refusal ? found : proc.host.load(found.path, argv, proc)
  if (program instanceof Refusal) {
    proc.err(`xargs: ${argv[0]}: ${strerror(program.errno)}\n`)
    return program.errno === 'ENOENT' ? 127 : 126
  }
  const child = proc.spawn({ argv: program.argv, main: program.main })
  // The command's own standard input is empty.
  const nothing = proc.open('/dev/null', { read: true })
  if (!(nothing instanceof Refusal)) child.setFd(0, nothing)
  const status = yield* proc.waitFor(child)
  return status === 127 || status === 126 ? 123 : status
}

import type { CommandExpansionPart, ProcessSubstitutionPart } from 'unbash'
import { Refusal } from '../kernel/refusal.ts'
import { makePipe } from '../proc/file.ts'
import type { Task } from '../proc/wait.ts'
import { runList, sayParseError } from './execute.ts'
import { parseScript } from './parse.ts'
import { readRedirected } from './redirect.ts'
import type { Shell } from './shell.ts'

/** Bytes that one command substitution may give. */
const MAX_OUTPUT = 1024 * 1024

/** `$(…)`: runs it in a subshell; its output without the newlines at the end. */
export function* substituteCommand(sh: Shell, part: CommandExpansionPart): Task<string> {
  const commands = part.script?.commands ?? []
  const only = commands.length === 1 ? commands[0]?.command : undefined
  if (
    only?.type === 'Command' &&
    only.name === undefined &&
    only.suffix.length === 0 &&
    only.prefix.length === 1
  ) {
    const redirect = only.prefix[0]
    // `$(< file)` is the file itself.
    if (redirect?.type === 'Redirect' && redirect.operator === '<')
      return trim(yield* readRedirected(sh, redirect))
  }
  if (commands.length === 0 && !part.script?.errors) {
    sh.substitutionStatus = 0
    return ''
  }
  const [reader, writer] = makePipe()
  reader.hold()
  writer.hold()
  sh.proc.flush()
  const fds = new Map(sh.proc.fds).set(1, writer)
  const child = sh.fork((s) => (part.script?.errors ? brokenBackquotes(s, part) : runList(s, commands)), {
    fds,
  })
  writer.drop()
  let all = ''
  try {
    for (;;) {
      const chunk = reader.read(65536)
      if (chunk instanceof Refusal || chunk === '') break
      if (chunk !== undefined) {
        if (all.length < MAX_OUTPUT) all += chunk
        continue
      }
      if ((yield reader.readable) === 'signal') yield* sh.handleSignals()
    }
    if (child) sh.substitutionStatus = yield* sh.waitForChild(child)
  } finally {
    reader.drop()
  }
  if (all.includes('\0')) {
    sh.complain('warning: command substitution: ignored null byte in input')
    all = all.replace(/\0/g, '')
  }
  return trim(all)
}

/** A syntax error inside backquotes shows only now. */
// eslint-disable-next-line require-yield -- has the shape of what runs in a subshell
function* brokenBackquotes(sh: Shell, part: CommandExpansionPart): Task<number> {
  const text = part.script?.source ?? part.text.slice(1, -1)
  return sayParseError(sh, parseScript(text), 'substitution')
}

const trim = (s: string): string => {
  let end = s.length
  while (end > 0 && s.charCodeAt(end - 1) === 10) end--
  return s.slice(0, end)
}

/** `<(…)` and `>(…)`: the name of a descriptor that is one end of a pipe, open until the command is over. */
// eslint-disable-next-line require-yield -- the command runs on its own
export function* substituteProcess(sh: Shell, part: ProcessSubstitutionPart): Task<string> {
  const [reader, writer] = makePipe()
  const [ours, theirs, fd] =
    part.operator === '<' ? ([reader, writer, 1] as const) : ([writer, reader, 0] as const)
  theirs.hold()
  ours.hold()
  sh.fork((s) => runList(s, part.script?.commands ?? []), { fds: new Map(sh.proc.fds).set(fd, theirs) })
  theirs.drop()
  let n = 63
  while (sh.proc.fds.has(n)) n--
  sh.proc.setFd(n, ours)
  ours.drop()
  sh.substitutedFds.push(n)
  return `/dev/fd/${n}`
}

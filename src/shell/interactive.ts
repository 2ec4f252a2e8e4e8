import type { Task } from '../proc/wait.ts'
import { expandAliases } from './alias-expansion.ts'
import { runList, sayParseError } from './execute.ts'
import { addToHistory, expandHistory, joinHistory } from './history.ts'
import { parseScript } from './parse.ts'
import { readLine } from './read-line.ts'
import { ShellExit, ToTopLevel, type Shell } from './shell.ts'

/** Makes a shell the terminal's own: job control, Ctrl-C goes back to the prompt. */
export const startInteractive = (sh: Shell): void => {
  sh.interactive = true
  sh.jobControl = true
  sh.options.monitor = true
  sh.options.histexpand = true
  sh.shopt.add('expand_aliases')
  for (const [name, value] of [
    ['HISTSIZE', '500'],
    ['HISTFILESIZE', '500'],
    ['MAILCHECK', '60'],
  ] as const)
    sh.vars.set(name, value)
  for (const s of ['TERM', 'QUIT', 'TSTP', 'TTIN', 'TTOU'] as const) sh.proc.onSignal(s, 'ignore')
  sh.proc.onSignal('INT', 'catch')
  const { proc } = sh
  // A shell in a job of another one leads its group already.
  proc.pgid = proc.pid
  proc.host.tty.foreground = proc.pid
}

/** Reads commands from the terminal and runs them until `exit` or Ctrl-D. */
export function* interactive(sh: Shell): Task<number> {
  const { tty, spin } = sh.proc.host
  let text = ''
  let kept = ''
  for (;;) {
    try {
      if (text === '') {
        tty.foreground = sh.proc.pgid
        sh.forgetDoneJobs(true)
      }
      tty.status = sh.status
      tty.prompt = text === '' ? 'PS1' : 'PS2'
      const line = yield* readLine(sh, 0)
      tty.prompt = undefined
      if (line === undefined) {
        if (text !== '') {
          const parsed = parseScript(text)
          text = ''
          sh.status = sayParseError(sh, parsed, 'prompt')
          continue
        }
        sh.proc.err('exit\n')
        return sh.status
      }
      if (text === '') spin.reset()
      // The text of a here-document is taken as it is.
      const open = text === '' ? undefined : parseScript(text).incomplete
      const inDocument = open === 'heredoc'
      const expanded = inDocument ? line : expandHistory(sh, line)
      if (expanded === undefined) continue
      kept = joinHistory(kept, open, expanded)
      text += expanded
      const parsed = parseScript(text)
      if (parsed.incomplete && text.endsWith('\n')) continue
      const whole = text
      text = ''
      addToHistory(sh, inDocument ? `${kept}\n` : kept)
      if (sh.options.verbose) sh.proc.err(whole)
      const ready = sh.aliases.size === 0 ? parsed : parseScript(expandAliases(sh, whole))
      sh.source = { name: 'bash', text: ready.text }
      if (ready.syntaxError) {
        // What stands on lines before the error was a command of its own.
        const lineStart = ready.text.lastIndexOf('\n', ready.syntaxError.at - 1) + 1
        yield* runList(
          sh,
          ready.commands.filter((c) => c.end <= lineStart),
        )
        sh.status = sayParseError(sh, ready, 'prompt')
        continue
      }
      yield* runList(sh, ready.commands)
      sh.flow = undefined
    } catch (e) {
      // Lines of a command that Ctrl-C left unfinished are remembered, too.
      if (text !== '') addToHistory(sh, kept)
      text = ''
      if (e instanceof ShellExit) {
        if (sh.isSubshell || sh.proc.status !== undefined) throw e
        return e.status
      }
      if (!(e instanceof ToTopLevel)) throw e
      afterInterruption(sh, e)
    }
  }
}

const afterInterruption = (sh: Shell, e: ToTopLevel): void => {
  sh.status = e.status
  sh.flow = undefined
  sh.loopDepth = 0
  sh.conditions = 0
  sh.proc.flush()
  // The terminal shows ^C; bash ends that line.
  if (e.interrupted) sh.proc.err('\n')
}

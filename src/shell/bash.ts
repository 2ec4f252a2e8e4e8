import { Refusal } from '../kernel/refusal.ts'
import type { Main, Process } from '../proc/process.ts'
import { strerror } from '../proc/strerror.ts'
import type { Task } from '../proc/wait.ts'
import { runText } from './execute.ts'
import { interactive, startInteractive } from './interactive.ts'
import { readLine } from './read-line.ts'
import { parseScript } from './parse.ts'
import { sayParseError, runList } from './execute.ts'
import { Shell, ShellExit, ToTopLevel } from './shell.ts'
import { set } from './builtins/set.ts'

const VERSION = `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

This is free software; you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
`

/** bash(1): a terminal's shell, `-c`, a script, or commands from standard input. */
export const bash: Main = function* (proc: Process): Task<number> {
  const sh = new Shell(proc)
  environment(sh)
  const o = options(sh, proc.argv)
  if (typeof o === 'number') return o
  return yield* contained(sh, () => {
    if (o.command !== undefined) return runText(sh, o.command, '-c', { name: 'bash', text: o.command })
    if (o.script !== undefined) return script(sh, o.script)
    if (o.interactive || (proc.fds.get(0)?.isTty && proc.fds.get(2)?.isTty)) {
      startInteractive(sh)
      return interactive(sh)
    }
    return fromInput(sh)
  })
}

/** Runs what a shell has to do, and its EXIT trap. */
function* contained(sh: Shell, run: () => Task<number>): Task<number> {
  let status: number
  try {
    status = yield* run()
  } catch (e) {
    if (e instanceof ToTopLevel) {
      // Ctrl-C ends a shell that isn't interactive by the same signal, so that its parent sees it.
      if (e.interrupted) {
        sh.proc.onSignal('INT', 'default')
        sh.proc.signal('INT')
      }
      status = e.status
    } else if (e instanceof ShellExit) status = e.status
    else throw e
  }
  return yield* sh.leave(status)
}

const environment = (sh: Shell): void => {
  const { vars, proc } = sh
  const level = Number(vars.get('SHLVL') ?? '0')
  vars.set('SHLVL', String((Number.isInteger(level) ? level : 0) + 1))
  vars.export('SHLVL')
  vars.set('PWD', proc.cwd)
  vars.export('PWD')
  vars.ensure('OLDPWD').exported = true
  vars.set('IFS', ' \t\n')
  vars.set('OPTIND', '1')
}

interface Invocation {
  readonly command?: string
  readonly script?: string
  readonly interactive?: boolean
}

const options = (sh: Shell, argv: readonly string[]): Invocation | number => {
  let i = 1
  let command = false
  let fromStdin = false
  let isInteractive = false
  for (; i < argv.length; i++) {
    const a = argv[i] as string
    if (a === '--' || a === '-') {
      i++
      break
    }
    if (a === '--version') {
      sh.proc.out(VERSION)
      return 0
    }
    if (/^--(?:norc|noprofile|noediting|login|posix|restricted|verbose)$/.test(a)) continue
    if (a === '--rcfile' || a === '--init-file') {
      i++
      continue
    }
    if (a.startsWith('--')) {
      sh.proc.err(`bash: ${a}: invalid option\n${USAGE}`)
      return 2
    }
    if (!/^[-+]./.test(a)) break
    let letters = ''
    for (const c of a.slice(1)) {
      if (c === 'c') command = true
      else if (c === 's') fromStdin = true
      else if (c === 'i') isInteractive = true
      else if (c === 'l' || c === 'r' || c === 'D') continue
      else letters += c
    }
    if (letters === 'o') {
      set(sh, ['set', `${a[0]}o`, argv[++i] ?? ''])
    } else if (letters !== '') {
      if (!/^[abefhkmnptuvxBCEHPT]+$/.test(letters)) {
        sh.proc.err(`bash: ${a}: invalid option\n${USAGE}`)
        return 2
      }
      set(sh, ['set', (a[0] ?? '-') + letters])
    }
  }
  const rest = argv.slice(i)
  if (command) {
    const [text, name, ...args] = rest
    if (text === undefined) {
      sh.proc.err('bash: -c: option requires an argument\n')
      return 2
    }
    sh.name = name ?? sh.proc.name
    sh.commandString = true
    sh.args = args
    return { command: text, interactive: isInteractive }
  }
  const [file, ...args] = rest
  if (file !== undefined && !fromStdin) {
    sh.name = file
    sh.args = args
    return { script: file }
  }
  sh.args = rest
  return { interactive: isInteractive }
}

const USAGE = `Usage:	bash [GNU long option] [option] ...
	bash [GNU long option] [option] script-file ...
GNU long options:
	--debug
	--debugger
	--dump-po-strings
	--dump-strings
	--help
	--init-file
	--login
	--noediting
	--noprofile
	--norc
	--posix
	--pretty-print
	--rcfile
	--restricted
	--verbose
	--version
Shell options:
	-ilrsD or -c command or -O shopt_option		(invocation only)
	-abefhkmnptuvxBCEHPT or -o option
`

function* script(sh: Shell, file: string): Task<number> {
  const text = sh.proc.readFile(file)
  if (text instanceof Refusal) {
    sh.proc.err(
      text.errno === 'EISDIR'
        ? `${file}: ${file}: Is a directory\n`
        : `bash: ${file}: ${strerror(text.errno)}\n`,
    )
    return text.errno === 'ENOENT' ? 127 : 126
  }
  if (/^[^\n]*\0/.test(text.slice(0, 80))) {
    sh.proc.err(`bash: ${file}: cannot execute binary file\n`)
    return 126
  }
  return yield* runText(sh, text, 'source', { name: file, text })
}

/** Commands from a pipe or a file: each is run before more is read. */
function* fromInput(sh: Shell): Task<number> {
  let all = ''
  let pending = ''
  for (;;) {
    const line = yield* readLine(sh, 0)
    if (line === undefined) break
    all += line
    pending += line
    if (sh.options.verbose) sh.proc.err(line)
    const parsed = parseScript(pending)
    if (parsed.incomplete) continue
    sh.source = { name: 'bash', text: all }
    const offset = all.length - pending.length
    pending = ''
    if (parsed.syntaxError) {
      return sayParseError(
        sh,
        {
          ...parsed,
          text: all,
          syntaxError: { ...parsed.syntaxError, line: sh.lineAt(offset) + parsed.syntaxError.line - 1 },
        },
        'source',
      )
    }
    sh.base = offset
    try {
      yield* runList(sh, parsed.commands)
    } catch (e) {
      if (!(e instanceof ToTopLevel) || e.interrupted || e.fatal) throw e
      sh.status = e.status
    }
  }
  if (pending !== '') yield* runText(sh, pending, 'source', { name: 'bash', text: all })
  return sh.status
}

import { escape, printf } from '../../proc/printf.ts'
import { quoteByBackslash } from '../quote.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import type { Shell } from '../shell.ts'
import { strftime } from '../../proc/strftime.ts'
import { isName } from '../variables.ts'
import { showUsage, usage } from './usage.ts'

export const echo = (sh: Shell, argv: readonly string[]): number => {
  let newline = true
  let escapes = sh.shopt.has('xpg_echo')
  let i = 1
  for (; /^-[neE]+$/.test(argv[i] ?? ''); i++) {
    for (const c of (argv[i] as string).slice(1)) {
      if (c === 'n') newline = false
      else escapes = c === 'e'
    }
  }
  let text = argv.slice(i).join(' ')
  if (escapes && text.includes('\\')) {
    let out = ''
    for (let at = 0; at < text.length;) {
      if (text[at] !== '\\') {
        out += text[at++]
        continue
      }
      const e = escape(text, at, true)
      out += e.text
      at = e.end
      if (e.stop) newline = false
    }
    text = out
  }
  sh.proc.out(newline ? text + '\n' : text)
  return 0
}

export const printfBuiltin = (sh: Shell, argv: readonly string[]): number => {
  let args = argv.slice(1)
  let variable: string | undefined
  if (args[0] === '-v') {
    variable = args[1]
    if (variable === undefined || !/^[A-Za-z_]\w*(?:\[.+\])?$/.test(variable)) {
      sh.complain(`printf: \`${variable ?? ''}': not a valid identifier`)
      return 2
    }
    args = args.slice(2)
  }
  if (args[0] === '--') args = args.slice(1)
  else if (args[0]?.startsWith('-') && args[0].length > 1) return usage(sh, 'printf', args[0])
  const [format, ...rest] = args
  if (format === undefined) return showUsage(sh, 'printf')
  let status = 0
  const text = printf(format, rest, {
    badNumber: (arg) => {
      sh.complain(`printf: ${arg}: invalid number`)
      status = 1
    },
    badFormat: (directive) => {
      const c = directive.at(-1) ?? ''
      if (directive.length < 2) sh.complain(`printf: \`${directive}': missing format character`)
      else sh.complain(`printf: \`${c}': invalid format character`)
      status = 1
    },
    quote: quoteByBackslash,
    time: (f, seconds) => strftime(f || '%X', seconds < 0 ? EPOCH_SECONDS + sh.proc.now / 1e9 : seconds),
  })
  if (variable === undefined) sh.proc.out(text)
  else if (isName(variable)) sh.vars.set(variable, text)
  else {
    const [, name = '', index = ''] = /^(\w+)\[(.+)\]$/.exec(variable) ?? []
    sh.vars.setElement(name, index, text)
  }
  return status
}

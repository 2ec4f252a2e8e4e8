import type { Main } from '../../proc/process.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import { escape, printf } from '../../proc/printf.ts'
import { strftime } from '../../proc/strftime.ts'
import { complain, programName, quote } from './program.ts'
import { versionOf } from './version.ts'

/** /bin/echo: takes -n, -e, -E only in front. */
// eslint-disable-next-line require-yield -- never waits
export const echo: Main = function* (proc) {
  if (proc.argv.length === 2 && proc.argv[1] === '--version') {
    proc.out(versionOf('echo') ?? '')
    return 0
  }
  let i = 1
  let newline = true
  let escapes = false
  for (; /^-[neE]+$/.test(proc.argv[i] ?? ''); i++) {
    for (const c of (proc.argv[i] as string).slice(1)) {
      if (c === 'n') newline = false
      else escapes = c === 'e'
    }
  }
  const text = proc.argv.slice(i).join(' ')
  let out = ''
  for (let at = 0; at < text.length;) {
    if (!escapes || text[at] !== '\\') {
      out += text[at++]
      continue
    }
    const e = escape(text, at, true)
    out += e.text
    at = e.end
    if (e.stop) newline = false
  }
  proc.out(newline ? out + '\n' : out)
  return 0
}

/** /usr/bin/printf */
// eslint-disable-next-line require-yield -- never waits
export const printfMain: Main = function* (proc) {
  const args = proc.argv.slice(proc.argv[1] === '--' ? 2 : 1)
  const [format, ...rest] = args
  if (format === undefined) {
    proc.err("printf: missing operand\nTry 'printf --help' for more information.\n")
    return 1
  }
  let status = 0
  const text = printf(format, rest, {
    badNumber: (arg, partly) => {
      complain(
        proc,
        `${quote(arg)}: ${partly ? 'value not completely converted' : 'expected a numeric value'}`,
      )
      status = 1
    },
    badFormat: (directive) => {
      complain(proc, `${directive}: invalid conversion specification`)
      status = 1
    },
    quote: (s) => (/^[\w@%+=:,./-]+$/.test(s) ? s : `'${s.replace(/'/g, "'\\''")}'`),
    time: (f, seconds) => strftime(f, seconds < 0 ? EPOCH_SECONDS + proc.now / 1e9 : seconds),
  })
  proc.out(text)
  return status
}

/** yes(1): without end, but at a pace that lets time pass. */
export const yes: Main = function* (proc) {
  const args = proc.argv.slice(proc.argv[1] === '--' ? 2 : 1)
  const line = (args.length > 0 ? args.join(' ') : 'y') + '\n'
  const block = line.repeat(Math.max(1, Math.floor(1024 / line.length)))
  for (;;) {
    yield* proc.print(block)
    proc.flush()
    if (proc.writeError !== undefined) {
      complain(proc, 'standard output: Broken pipe')
      return 1
    }
    const ns = proc.host.spin.charge(50)
    if (ns > 0) yield* proc.sleep(ns)
  }
}

/** seq(1) */
export const seq: Main = function* (proc) {
  const args = [...proc.argv.slice(1)]
  let separator = '\n'
  let equalWidth = false
  let format: string | undefined
  const name = programName(proc)
  while (args[0] !== undefined && /^-[a-zA-Z-]/.test(args[0])) {
    const a = args.shift() as string
    if (a === '--') break
    if (a === '-w' || a === '--equal-width') equalWidth = true
    else if (a === '-s' || a === '--separator') separator = args.shift() ?? ''
    else if (a.startsWith('-s')) separator = a.slice(2)
    else if (a.startsWith('--separator=')) separator = a.slice(12)
    else if (a === '-f' || a === '--format') format = args.shift() ?? ''
    else if (a.startsWith('-f')) format = a.slice(2)
    else {
      proc.err(
        `${name}: ${a.startsWith('--') ? `unrecognized option '${a}'` : `invalid option -- '${a[1]}'`}\nTry '${name} --help' for more information.\n`,
      )
      return 1
    }
  }
  if (args.length === 0 || args.length > 3) {
    proc.err(
      `${name}: ${args.length === 0 ? 'missing operand' : `extra operand ${quote(args[3] ?? '')}`}\nTry '${name} --help' for more information.\n`,
    )
    return 1
  }
  for (const a of args) {
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(a)) continue
    proc.err(
      `${name}: invalid floating point argument: ${quote(a)}\nTry '${name} --help' for more information.\n`,
    )
    return 1
  }
  const [first, step, last] =
    args.length === 1 ? [1, 1, Number(args[0])] : args.length === 2 ? [Number(args[0]), 1, Number(args[1])] : args.map(Number) as [number, number, number] // prettier-ignore
  if (step === 0) {
    proc.err(
      `${name}: invalid Zero increment value: ${quote(args[1] ?? '')}\nTry '${name} --help' for more information.\n`,
    )
    return 1
  }
  const decimals = (s: string): number => (/\.(\d*)/.exec(s)?.[1] ?? '').length
  const digits = args.length === 1 ? 0 : Math.max(...args.slice(0, -1).map(decimals))
  const all = Math.floor((last - first) / step + 1e-9)
  const text = (i: number): string => (first + i * step).toFixed(digits)
  const width = equalWidth ? Math.max(text(0).length, text(all).length) : 0
  const show = (i: number): string => {
    if (format !== undefined)
      return printf(format, [text(i)], {
        badNumber: () => {},
        badFormat: () => {},
        quote: (s) => s,
        time: () => '',
      })
    const s = text(i)
    return s.startsWith('-') ? '-' + s.slice(1).padStart(width - 1, '0') : s.padStart(width, '0')
  }
  for (let i = 0; i <= all; i++) {
    yield* proc.print((i > 0 ? separator : '') + show(i))
    if (i % 100 === 99) {
      const ns = proc.host.spin.charge(10)
      if (ns > 0) yield* proc.sleep(ns)
    }
  }
  if (all >= 0) proc.out('\n')
  return 0
}

import { Refusal } from '../../kernel/refusal.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strftime } from '../../proc/strftime.ts'
import { parseOptions, programName, quote, tryHelp } from './program.ts'

const kernel = (proc: Process, file: string, byDefault: string): string => {
  const text = proc.readFile(`/proc/sys/kernel/${file}`)
  return text instanceof Refusal ? byDefault : text.trimEnd()
}

/** uname(1), arch(1) */
// eslint-disable-next-line require-yield -- never waits
export const uname: Main = function* (proc) {
  if (programName(proc) === 'arch') {
    const o = parseOptions(proc, { short: '' })
    if (o.operands.length > 0) return tryHelp(proc, `extra operand ${quote(o.operands[0] ?? '')}`)
    proc.out('x86_64\n')
    return 0
  }
  const o = parseOptions(proc, {
    short: 'aimnoprsv',
    long: {
      all: { short: 'a' }, 'kernel-name': { short: 's' }, nodename: { short: 'n' }, 'kernel-release': { short: 'r' }, 'kernel-version': { short: 'v' },
      machine: { short: 'm' }, processor: { short: 'p' }, 'hardware-platform': { short: 'i' }, 'operating-system': { short: 'o' },
    },
  }) // prettier-ignore
  if (o.operands.length > 0) return tryHelp(proc, `extra operand ${quote(o.operands[0] ?? '')}`)
  const all = o.has('a')
  const fields: readonly (readonly [string, string])[] = [
    ['s', 'Linux'],
    ['n', proc.host.hostname],
    ['r', kernel(proc, 'osrelease', '6.18.44')],
    ['v', kernel(proc, 'version', '#1 SMP PREEMPT_DYNAMIC')],
    ['m', 'x86_64'],
    ['p', 'unknown'],
    ['i', 'unknown'],
    ['o', 'GNU/Linux'],
  ]
  const chosen = fields.filter(([c]) =>
    all ? c !== 'p' && c !== 'i' : o.options.length === 0 ? c === 's' : o.has(c),
  )
  proc.out(chosen.map(([, v]) => v).join(' ') + '\n')
  return 0
}

/** uptime(1) of procps */
// eslint-disable-next-line require-yield -- never waits
export const uptime: Main = function* (proc) {
  const o = parseOptions(proc, { short: 'ps', long: { pretty: { short: 'p' }, since: { short: 's' } } })
  const s = Math.floor(proc.now / 1e9)
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor(s / 60) % 60]
  if (o.has('s')) proc.out(strftime('%Y-%m-%d %H:%M:%S', EPOCH_SECONDS) + '\n')
  else if (o.has('p')) {
    const unit = (n: number, w: string): string => `${n} ${w}${n === 1 ? '' : 's'}`
    proc.out(`up ${hours > 0 ? unit(hours, 'hour') + ', ' : ''}${unit(minutes, 'minute')}\n`)
  } else {
    const up =
      hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`
    proc.out(
      ` ${strftime('%H:%M:%S', EPOCH_SECONDS + proc.now / 1e9)} up ${up},  0 users,  load average: 0.00, 0.00, 0.00\n`,
    )
  }
  return 0
}

/** nproc(1), tty(1) */
// eslint-disable-next-line require-yield -- never waits
export const nproc: Main = function* (proc) {
  proc.out('1\n')
  return 0
}

// eslint-disable-next-line require-yield -- never waits
export const ttyMain: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 's',
    long: { silent: { short: 's' }, quiet: { short: 's' } },
    status: 2,
  })
  const is = proc.fds.get(0)?.isTty === true
  if (!o.has('s')) proc.out(is ? '/dev/pts/0\n' : 'not a tty\n')
  return is ? 0 : 1
}

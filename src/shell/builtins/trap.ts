import { SIGNALS, type Signal } from '../../proc/signal.ts'
import { quoteWord } from '../quote.ts'
import type { Shell } from '../shell.ts'
import { listSignals } from './jobs.ts'
import { usage } from './usage.ts'

type Event = Signal | 'EXIT' | 'ERR' | 'DEBUG' | 'RETURN'

/** `INT`, `SIGINT`, `int`, `2`, `EXIT`, `0` … */
const eventOf = (word: string): Event | undefined => {
  const w = word.toUpperCase().replace(/^SIG/, '')
  if (w === '0' || w === 'EXIT') return 'EXIT'
  if (w === 'ERR' || w === 'DEBUG' || w === 'RETURN') return w
  if (/^\d+$/.test(w)) return (Object.keys(SIGNALS) as Signal[]).find((s) => SIGNALS[s] === Number(w))
  return w in SIGNALS ? (w as Signal) : undefined
}

export const trap = (sh: Shell, argv: readonly string[]): number => {
  let args = argv.slice(1)
  if (args[0] === '-l') return listSignals(sh)
  let print = args.length === 0
  if (args[0] === '-p') {
    print = true
    args = args.slice(1)
  } else if (args[0] === '--') args = args.slice(1)
  else if (args[0]?.startsWith('-') && args[0] !== '-') return usage(sh, 'trap', args[0])
  if (print) {
    const wanted = args.map(eventOf)
    for (const [event, action] of sh.traps) {
      if (wanted.length > 0 && !wanted.includes(event)) continue
      const name = event in SIGNALS ? 'SIG' + event : event
      sh.proc.out(`trap -- ${quoteWord(action)} ${name}\n`)
    }
    return 0
  }
  let action: string | undefined = args[0]
  let events = args.slice(1)
  if (args.length === 1 || (args[0] !== undefined && /^\d+$/.test(args[0]))) {
    action = undefined
    events = args
  }
  if (action === '-') action = undefined
  let status = 0
  for (const word of events) {
    const event = eventOf(word)
    if (event === undefined) {
      sh.complain(`trap: ${word}: invalid signal specification`)
      status = 1
      continue
    }
    set(sh, event, action)
  }
  return status
}

const set = (sh: Shell, event: Event, action: string | undefined): void => {
  if (action === undefined) sh.traps.delete(event)
  else sh.traps.set(event, action)
  if (event === 'EXIT' || event === 'ERR' || event === 'DEBUG' || event === 'RETURN') return
  if (action === undefined) sh.proc.onSignal(event, sh.usualDisposition(event))
  else sh.proc.onSignal(event, action === '' ? 'ignore' : 'catch')
}

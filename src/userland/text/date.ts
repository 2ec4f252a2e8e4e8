import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import type { Main } from '../../proc/process.ts'
import { daysFromCivil, strftime } from '../../proc/strftime.ts'
import { complain, parseOptions, quote, tryHelp } from './program.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const UNITS: Readonly<Record<string, number>> = {
  sec: 1, second: 1, min: 60, minute: 60, hour: 3600, day: 86400, week: 604800, fortnight: 1209600,
} // prettier-ignore

/** `-d` texts that people write; undefined where it is none of them. */
const parseDate = (text: string, now: number): number | undefined => {
  const s = text.trim().toLowerCase()
  if (s === '' || s === 'today') return s === '' ? Math.floor(now / 86400) * 86400 : now
  if (s === 'now') return now
  if (s === 'yesterday') return now - 86400
  if (s === 'tomorrow') return now + 86400
  const epoch = /^@(-?\d+(?:\.\d+)?)$/.exec(s)
  if (epoch) return Number(epoch[1])
  const iso =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(?:z|utc|\+00:?00)?$/.exec(
      s,
    )
  if (iso) {
    const [, y, mo, d, h, mi, sec] = iso.map(Number)
    if ((mo ?? 0) < 1 || (mo ?? 0) > 12 || (d ?? 0) < 1 || (d ?? 0) > 31) return undefined
    return (
      daysFromCivil(y ?? 0, (mo ?? 1) - 1, d ?? 1) * 86400 + (h || 0) * 3600 + (mi || 0) * 60 + (sec || 0)
    )
  }
  const words = /^(?:(\d{1,2}) ([a-z]{3})[a-z]*|([a-z]{3})[a-z]* (\d{1,2})),? (\d{4})$/.exec(s)
  if (words) {
    const month = MONTHS.indexOf(words[2] ?? words[3] ?? '')
    if (month >= 0) return daysFromCivil(Number(words[5]), month, Number(words[1] ?? words[4])) * 86400
  }
  const relative = [...s.matchAll(/([+-]?\s*\d+)\s*([a-z]+?)s?\b(\s+ago)?/g)]
  if (relative.length > 0 && s.replace(/([+-]?\s*\d+)\s*([a-z]+?)s?\b(\s+ago)?/g, '').trim() === '') {
    let t = now
    for (const [, n = '0', unit = '', ago] of relative) {
      const seconds = UNITS[unit]
      if (seconds === undefined) return undefined
      t += Number(n.replace(/\s/g, '')) * seconds * (ago ? -1 : 1)
    }
    return t
  }
  return undefined
}

/** date(1): the world's clock, in UTC. */
// eslint-disable-next-line require-yield -- never waits
export const date: Main = function* (proc) {
  const o = parseOptions(proc, {
    short: 'd:I::Rs:u',
    long: {
      date: { argument: 'required', short: 'd' }, 'iso-8601': { argument: 'optional', short: 'I' }, 'rfc-email': { short: 'R' }, 'rfc-2822': { short: 'R' },
      'rfc-3339': { argument: 'required' }, set: { argument: 'required', short: 's' }, utc: { short: 'u' }, universal: { short: 'u' },
    },
    notSimulated: ['f', 'r', 'file=', 'reference=', 'debug', 'resolution'],
  }) // prettier-ignore
  const now = EPOCH_SECONDS + proc.now / 1e9
  if (o.has('s')) {
    complain(proc, 'cannot set date: Operation not permitted')
    return 1
  }
  const [operand, extra] = o.operands
  if (extra !== undefined) return tryHelp(proc, `extra operand ${quote(extra)}`)
  if (operand !== undefined && !operand.startsWith('+')) {
    if (/^\d{8,12}(?:\.\d\d)?$/.test(operand)) {
      complain(proc, 'cannot set date: Operation not permitted')
      return 1
    }
    complain(proc, `invalid date ${quote(operand)}`)
    return 1
  }
  const given = o.value('d')
  const at = given === undefined ? now : parseDate(given, now)
  if (at === undefined) {
    complain(proc, `invalid date ${quote(given ?? '')}`)
    return 1
  }
  let format = '%a %b %e %H:%M:%S %Z %Y'
  if (operand !== undefined) format = operand.slice(1)
  else if (o.has('R')) format = '%a, %d %b %Y %H:%M:%S %z'
  else {
    const rfc = o.value('rfc-3339')
    const iso = o.has('I') ? (o.value('I') ?? 'date') : undefined
    const precision = rfc ?? iso
    if (precision !== undefined) {
      const sep = rfc === undefined ? 'T' : ' '
      const zone = '%:z'
      const table: Readonly<Record<string, string>> = {
        date: '%Y-%m-%d', hours: `%Y-%m-%d${sep}%H${zone}`, minutes: `%Y-%m-%d${sep}%H:%M${zone}`,
        seconds: `%Y-%m-%d${sep}%H:%M:%S${zone}`, ns: `%Y-%m-%d${sep}%H:%M:%S${rfc === undefined ? ',' : '.'}%N${zone}`,
      } // prettier-ignore
      const found = Object.keys(table).find((k) => k.startsWith(precision))
      if (found === undefined) {
        complain(
          proc,
          `invalid argument ${quote(precision)} for ${rfc === undefined ? "'--iso-8601'" : "'--rfc-3339'"}`,
        )
        return tryHelp(proc, undefined)
      }
      format = table[found] as string
    }
  }
  proc.out(strftime(format, at) + '\n')
  return 0
}

import { getopt, type LongOption } from '../../proc/getopt.ts'
import type { Main, Process } from '../../proc/process.ts'
import { E_USAGE, notSimulated } from '../nettools/inet.ts'
import { version } from '../nettools/version.ts'
import { listCache, listRoutes, type Extent } from './list.ts'
import { setRoute } from './set.ts'
import { FAMILIES, INET_USAGE, USAGE } from './usage.ts'

/** route(8) of net-tools 2.10 for IPv4. */

const AF = ['inet', 'inet6', 'ax25', 'netrom', 'rose', 'ipx', 'ddp', 'x25'] as const

const LONG: Readonly<Record<string, LongOption>> = {
  extend: { short: 'e' },
  verbose: { short: 'v' },
  version: { short: 'V' },
  numeric: { short: 'n' },
  symbolic: { short: 'N' },
  protocol: { short: 'A', argument: 'required' },
  cache: { short: 'C' },
  fib: { short: 'F' },
  help: { short: 'h' },
  ...Object.fromEntries(AF.map((af) => [af, {}])),
}

/** The list of families always goes to standard error, the text itself only with an error. */
const usage = (proc: Process, status: number): number => {
  if (status === 0) proc.out(USAGE)
  else proc.err(USAGE)
  proc.err(FAMILIES)
  return status
}

export const route: Main = function* (proc) {
  // getopt would take these two apart.
  const words = proc.argv.map((w) => (w === '-net' ? '#net' : w === '-host' ? '#host' : w))
  const found = getopt(words, 'A:eCFhnN64Vv', LONG)
  if ('error' in found) {
    proc.err(`route: ${found.error}\n`)
    return usage(proc, 0)
  }
  let extended = 0
  let numeric = false
  let fib = false
  let cache = false
  let help = false
  let family: string | undefined
  for (const o of found.options) {
    switch (o.name) {
      case 'e':
        extended++
        break
      case 'n':
        numeric = true
        break
      case 'F':
        fib = true
        break
      case 'C':
        cache = true
        break
      case 'h':
        help = true
        break
      case 'V':
        proc.out(version('+NEW_ADDRT +RTF_IRTT +RTF_REJECT ', ''))
        return 0
      case 'A':
        family = (o.value ?? '').toLowerCase()
        if (!AF.some((af) => af === family)) {
          proc.err(`Unknown address family \`${family}'.\n`)
          return 1
        }
        break
      case '4':
        family = 'inet'
        break
      case '6':
        family = 'inet6'
        break
      default:
        if (o.name.length > 1) family = o.name
    }
  }
  if (help) {
    if (family === undefined) return usage(proc, 0)
    if (family === 'inet') proc.out(INET_USAGE)
    else notSimulated(proc, `address family ${family}`)
    return 0
  }
  if (family !== undefined && family !== 'inet') notSimulated(proc, `address family ${family}`)
  const extent: Extent = extended === 0 ? 'normal' : extended === 1 ? 'e' : 'ee'
  const [verb, ...rest] = found.operands.map((w) => (w === '#net' ? '-net' : w === '#host' ? '-host' : w))
  switch (verb) {
    case undefined:
      if (fib || !cache) yield* listRoutes(proc, extent, numeric)
      if (cache) listCache(proc, extent)
      return 0
    case 'add':
      return setRoute(proc, 'add', rest)
    case 'del':
    case 'delete':
      return setRoute(proc, 'del', rest)
    case 'flush':
      proc.err(`Flushing \`inet' routing table not supported\n${INET_USAGE}`)
      return E_USAGE
    default:
      return usage(proc, E_USAGE)
  }
}

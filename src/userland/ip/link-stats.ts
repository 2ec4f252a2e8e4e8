import type { NetDevice } from '../../kernel/netdevice.ts'
import type { Ip } from './context.ts'

/** One counter: the head of its column and the key of its JSON member. */
type Counter = readonly [head: string, key: string, value: number]

/** A line of heads and one of numbers; error tables leave the first column to their title. */
interface Table {
  readonly way: 'rx' | 'tx'
  readonly title: string
  readonly counters: readonly Counter[]
  readonly errors: boolean
}

const tablesOf = ({ stats: s }: NetDevice, errors: boolean): readonly Table[] => {
  const counters = (way: 'rx' | 'tx', ...c: Counter[]): Table => ({
    way,
    title: way === 'rx' ? 'RX:' : 'TX:',
    counters: c,
    errors: false,
  })
  const more = (way: 'rx' | 'tx', ...c: Counter[]): Table => ({
    way,
    title: way === 'rx' ? 'RX errors:' : 'TX errors:',
    counters: c,
    errors: true,
  })
  const rx = counters(
    'rx',
    ['bytes', 'bytes', s.rxBytes],
    ['packets', 'packets', s.rxPackets],
    ['errors', 'errors', s.rxErrors],
    ['dropped', 'dropped', s.rxDropped],
    ['missed', 'over_errors', 0],
    ['mcast', 'multicast', s.multicast],
  )
  const rxErrors = more(
    'rx',
    ['length', 'length_errors', 0],
    ['crc', 'crc_errors', 0],
    ['frame', 'frame_errors', 0],
    ['fifo', 'fifo_errors', 0],
    ['overrun', 'missed_errors', 0],
  )
  const tx = counters(
    'tx',
    ['bytes', 'bytes', s.txBytes],
    ['packets', 'packets', s.txPackets],
    ['errors', 'errors', s.txErrors],
    ['dropped', 'dropped', s.txDropped],
    ['carrier', 'carrier_errors', 0],
    ['collsns', 'collisions', 0],
  )
  const txErrors = more(
    'tx',
    ['aborted', 'aborted_errors', 0],
    ['fifo', 'fifo_errors', 0],
    ['window', 'window_errors', 0],
    ['heartbt', 'heartbeat_errors', 0],
    ['transns', 'carrier_changes', s.carrierUps + s.carrierDowns],
  )
  return errors ? [rx, rxErrors, tx, txErrors] : [rx, tx]
}

/** -h: three significant digits and k, M, G … (powers of 1024 under -iec). */
const human = (n: number, iec: boolean): string => {
  const base = iec ? 1024 : 1000
  let power = 0
  while (power < 5 && n >= base ** (power + 1)) power++
  if (power === 0) return String(n)
  const value = n / base ** power
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)}${'kMGTP'[power - 1]}${iec ? 'i' : ''}`
}

/** __print_link_stats(): the counters of `ip -s`, with -s -s the kinds of errors too. */
export const printLinkStats = (ip: Ip, dev: NetDevice): void => {
  const { out, opt } = ip
  const tables = tablesOf(dev, opt.stats > 1)
  if (out.json) {
    out.object('stats64', () => {
      for (const way of ['rx', 'tx'] as const)
        out.object(way, () => {
          for (const t of tables)
            if (t.way === way) for (const [, key, value] of t.counters) out.member(key, value)
        })
    })
    return
  }
  const show = (n: number): string => (opt.human ? human(n, opt.iec) : String(n))
  // A column is as wide as its widest number in any of the tables.
  const widths = [10, 7, 6, 7, 7, 7]
  for (const { counters, errors } of tables)
    counters.forEach(([, , value], i) => {
      const column = i + (errors ? 1 : 0)
      widths[column] = Math.max(widths[column] ?? 0, show(value).length)
    })
  const [first = 10, ...others] = widths
  const row = (cells: readonly string[], under: readonly number[]): string =>
    cells.map((cell, i) => cell.padStart(under[i] ?? 0)).join(' ')
  const lines: string[] = []
  for (const { title, counters, errors } of tables) {
    const heads = counters.map(([head]) => head)
    const numbers = counters.map(([, , value]) => show(value))
    if (errors) {
      lines.push('    ' + title.padEnd(first) + ' ' + row(heads, others))
      lines.push('    ' + row(['', ...numbers], widths) + ' ')
    } else {
      lines.push('    ' + title + ' ' + row(heads, [first - title.length - 1, ...others]) + ' '.repeat(11))
      lines.push('    ' + row(numbers, widths) + ' ')
    }
  }
  out.text(lines.join(out.nl))
}

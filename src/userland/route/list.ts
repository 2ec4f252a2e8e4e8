import { Refusal } from '../../kernel/refusal.ts'
import type { Process } from '../../proc/process.ts'
import { RTF_GATEWAY, RTF_HOST, RTF_REJECT, RTF_UP } from '../../proc/procnet.ts'
import type { Task } from '../../proc/wait.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'
import { hostName, networkName } from '../nettools/inet.ts'

/** `route` without a verb (and `netstat -r`): /proc/net/route as a table. */

/** How much is shown: metric and use; MSS, window and irtt; or all of them. */
export type Extent = 'normal' | 'e' | 'ee'

const TITLES: Readonly<Record<Extent, string>> = {
  normal: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n',
  e: 'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n',
  ee: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n',
}
const CACHE_TITLES: Readonly<Record<Extent, string>> = {
  normal: 'Source          Destination     Gateway         Flags Metric Ref    Use Iface\n',
  e: 'Source          Destination     Gateway         Flags   MSS Window  irtt Iface\n',
  ee: 'Source          Destination     Gateway         Flags Metric Ref    Use Iface    MSS   Window irtt  TOS HHRef HHUptod     SpecDst\n',
}

/** Linux has had no routing cache since 3.6: the table is always empty. */
export const listCache = (proc: Process, extent: Extent): void =>
  proc.out('Kernel IP routing cache\n' + CACHE_TITLES[extent])

/** Columns with their widths (negative: left-aligned), as printf(3) has them. */
const COLUMNS: Readonly<Record<Extent, readonly number[]>> = {
  normal: [-6, -2, 7],
  e: [5, -5, 6],
  ee: [-6, -2, 7],
}

const pad = (text: string, width: number): string => (width < 0 ? text.padEnd(-width) : text.padStart(width))
const NAME_WIDTH = 15

export function* listRoutes(proc: Process, extent: Extent, numeric: boolean, dashes = false): Task<void> {
  yield* proc.print('Kernel IP routing table\n' + TITLES[extent])
  const text = proc.readFile('/proc/net/route')
  for (const line of (text instanceof Refusal ? '' : text).split('\n').slice(1)) {
    const [iface = '', dst = '', gateway = '', flagText = '', ref = '', use = '', metric = '', mask = '', mss = '', window = '', irtt = ''] =
      line.trim().split('\t').filter((field) => field !== '') // prettier-ignore
    if (irtt === '') continue
    const flags = parseInt(flagText, 16)
    const reject = (flags & RTF_REJECT) !== 0
    const name = (s: string): string => s.slice(0, NAME_WIDTH).padEnd(NAME_WIDTH)
    const to = hex(dst)
    const via = hex(gateway)
    const destination = flags & RTF_HOST ? hostName(proc, to, numeric) : networkName(proc, to, numeric)
    const router = reject ? '-' : via === 0 ? '0.0.0.0' : hostName(proc, via, numeric)
    const numbers = extent === 'e' ? [mss, window, irtt] : [metric, ref, use]
    if (reject && extent !== 'e') numbers[1] = '-'
    if (reject && extent === 'e' && dashes) numbers.fill('-')
    const device = reject ? '-' : iface
    const middle = numbers.map((n, i) => pad(n, COLUMNS[extent][i] as number)).join(' ')
    let row = `${name(destination)} ${name(router)} ${name(formatIpv4(hex(mask)))} ${flagLetters(flags).padEnd(5)} ${middle} `
    if (extent === 'ee') {
      const more = reject ? ['-', '-', '-'] : [mss, window, irtt]
      row += `${device.slice(0, 6).padEnd(6)}   ${(more[0] as string).padEnd(5)} ${(more[1] as string).padEnd(6)} ${more[2]}`
    } else row += device
    yield* proc.print(row + '\n')
  }
}

/** 0100010A is 10.1.0.1. */
const hex = (text: string): number => {
  const n = parseInt(text, 16)
  return (((n & 0xff) << 24) | ((n & 0xff00) << 8) | ((n >>> 8) & 0xff00) | (n >>> 24)) >>> 0
}

const flagLetters = (flags: number): string =>
  (flags & RTF_REJECT ? '!' : flags & RTF_UP ? 'U' : '') +
  (flags & RTF_GATEWAY ? 'G' : '') +
  (flags & RTF_HOST ? 'H' : '')

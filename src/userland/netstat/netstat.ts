import { getopt, type LongOption } from '../../proc/getopt.ts'
import { IFF_UP } from '../../kernel/netdevice.ts'
import type { Main } from '../../proc/process.ts'
import { interfaces, showLong, showShort } from '../ifconfig/show.ts'
import { notSimulated } from '../nettools/inet.ts'
import { listRoutes } from '../route/list.ts'

/** netstat(8) of net-tools 2.10: the tables of routes (-r) and of interfaces (-i). */

const LONG: Readonly<Record<string, LongOption>> = {
  route: { short: 'r' },
  interfaces: { short: 'i' },
  all: { short: 'a' },
  numeric: { short: 'n' },
  extend: { short: 'e' },
  verbose: { short: 'v' },
  listening: { short: 'l' },
  programs: { short: 'p' },
  statistics: { short: 's' },
  groups: { short: 'g' },
  tcp: { short: 't' },
  udp: { short: 'u' },
  continuous: { short: 'c' },
  version: { short: 'V' },
  help: { short: 'h' },
}

const INTERFACE_TITLE =
  'Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n'

export const netstat: Main = function* (proc) {
  const found = getopt(proc.argv, 'A:CFMWac46eghilnNoprsStuUvVwx', LONG)
  if ('error' in found) {
    proc.err(`netstat: ${found.error}\n`)
    return notSimulated(proc, 'its usage text')
  }
  const has = (name: string): boolean => found.options.some((o) => o.name === name)
  if (has('V')) notSimulated(proc, '-V')
  if (has('r') && !has('6')) {
    // It always shows MSS, window and irtt; with -e once more, everything.
    const extent = found.options.filter((o) => o.name === 'e').length > 1 ? 'ee' : has('e') ? 'normal' : 'e'
    yield* listRoutes(proc, extent, has('n'), true)
    return 0
  }
  if (has('i')) {
    proc.out('Kernel Interface table\n' + (has('e') ? '' : INTERFACE_TITLE))
    for (const iface of interfaces(proc)) {
      if (!has('a') && !(iface.dev.flags & IFF_UP)) continue
      if (has('e')) yield* showLong(proc, iface)
      else showShort(proc, iface)
    }
    return 0
  }
  return notSimulated(proc, 'the table of sockets')
}

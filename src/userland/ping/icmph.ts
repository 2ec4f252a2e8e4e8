import { formatIpv4 } from '../../wire/ipv4.ts'
import {
  ICMP_DEST_UNREACH,
  ICMP_FRAG_NEEDED,
  ICMP_PARAMETERPROB,
  ICMP_REDIRECT,
  ICMP_SOURCE_QUENCH,
  ICMP_TIME_EXCEEDED,
} from '../../wire/icmp.ts'

/** Codes of destination unreachable, as ping words them. */
const UNREACHABLE: readonly (string | undefined)[] = [
  'Destination Net Unreachable',
  'Destination Host Unreachable',
  'Destination Protocol Unreachable',
  'Destination Port Unreachable',
  undefined,
  'Source Route Failed',
  'Destination Net Unknown',
  'Destination Host Unknown',
  'Source Host Isolated',
  'Destination Net Prohibited',
  'Destination Host Prohibited',
  'Destination Net Unreachable for Type of Service',
  'Destination Host Unreachable for Type of Service',
  'Packet filtered',
  'Precedence Violation',
  'Precedence Cutoff',
]

const REDIRECT = [
  'Redirect Network',
  'Redirect Host',
  'Redirect Type of Service and Network',
  'Redirect Type of Service and Host',
]

/** An ICMP error in words. `rest` is the MTU of fragmentation needed, the gateway of a redirect, the pointer of a problem. */
export const icmpWords = (type: number, code: number, rest: number): string => {
  switch (type) {
    case ICMP_DEST_UNREACH:
      if (code === ICMP_FRAG_NEEDED) return `Frag needed and DF set (mtu = ${rest})`
      return UNREACHABLE[code] ?? `Dest Unreachable, Bad Code: ${code}`
    case ICMP_SOURCE_QUENCH:
      return 'Source Quench'
    case ICMP_REDIRECT:
      return `${REDIRECT[code] ?? `Redirect, Bad Code: ${code}`}(New nexthop: ${formatIpv4(rest)})`
    case ICMP_TIME_EXCEEDED:
      if (code > 1) return `Time exceeded, Bad Code: ${code}`
      return code === 0 ? 'Time to live exceeded' : 'Frag reassembly time exceeded'
    case ICMP_PARAMETERPROB:
      return `Parameter problem: pointer = ${rest >>> 24}`
    default:
      return `Bad ICMP type: ${type}`
  }
}

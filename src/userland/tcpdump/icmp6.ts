import { checksum } from '../../wire/checksum.ts'
import { formatMac } from '../../wire/ethernet.ts'
import { IPPROTO_ICMPV6 } from '../../wire/ipv4.ts'
import { hex, type Dissection } from './dissect.ts'
import { hexLines } from './hex.ts'
import type { Carrier } from './ip.ts'
import { printIp6 } from './ip6.ts'
import { ip6Name, portName } from './names.ts'
import { pseudoSum } from './udp.ts'

const TYPES: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded in-transit',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbor solicitation',
  136: 'neighbor advertisement',
  137: 'redirect',
  143: 'multicast listener report v2',
}
const UNREACHABLE = ['no route', 'administratively prohibited', 'beyond scope', 'address']
const RECORDS: Readonly<Record<number, string>> = {
  1: 'is_in',
  2: 'is_ex',
  3: 'to_in',
  4: 'to_ex',
  5: 'allow',
  6: 'block',
}

/** ICMPv6, RFC 4443; neighbour discovery, RFC 4861; listener reports, RFC 3810. */
export const printIcmp6 = (d: Dissection, at: number, length: number, ip: Carrier): void => {
  d.protocol = 'icmp6'
  const type = d.u8(at)
  const verbose = d.style.verbose > 0
  if (verbose && !ip.fragmented && at + length <= d.end) {
    const start = pseudoSum(d, ip, IPPROTO_ICMPV6, length)
    const found = d.u16(at + 2)
    if (checksum(d.b, at, length, start) === 0) d.print('[icmp6 sum ok] ')
    else
      d.print(
        `[bad icmp6 cksum 0x${hex(found, 4)} -> 0x${hex(checksum(d.b, at, length, start + (~found & 0xffff)), 4)}!] `,
      )
  }
  d.print(`ICMP6, ${TYPES[type] ?? `unknown icmp6 type (${type})`}`)
  // Neighbour discovery says its length here with -v, before what it goes on to list; the rest at the end without.
  if (verbose && type >= 133 && type <= 137) d.print(`, length ${length}`)
  if (printBody(d, at, length, type)) return
  if (!verbose) d.print(`, length ${length}`)
}

/** True where the line is complete. */
const printBody = (d: Dissection, at: number, length: number, type: number): boolean => {
  const verbose = d.style.verbose > 0
  switch (type) {
    case 1:
      printUnreachable(d, at)
      return quote(d, at)
    case 2:
      d.print(`, mtu ${d.u32(at + 4)}`)
      return quote(d, at)
    case 3:
      d.print(` for ${ip6Name(d, at + 8 + 24)}`)
      return quote(d, at)
    case 128:
    case 129:
      d.print(`, id ${d.u16(at + 4)}, seq ${d.u16(at + 6)}`)
      return false
    case 130:
    case 131:
    case 132:
      d.print(`max resp delay: ${d.u16(at + 4)} addr: ${ip6Name(d, at + 8)}`)
      return false
    case 133:
      if (verbose) printOptions(d, at + 8, at + length)
      return false
    case 135:
      d.print(`, who has ${ip6Name(d, at + 8)}`)
      if (verbose) printOptions(d, at + 24, at + length)
      return false
    case 136: {
      d.print(`, tgt is ${ip6Name(d, at + 8)}`)
      if (!verbose) return false
      const flags = d.u8(at + 4)
      const words = [
        flags & 0x80 ? 'router' : '',
        flags & 0x40 ? 'solicited' : '',
        flags & 0x20 ? 'override' : '',
      ]
      d.print(`, Flags [${words.filter((w) => w !== '').join(', ') || 'none'}]`)
      printOptions(d, at + 24, at + length)
      return false
    }
    case 143:
      printReport(d, at)
      return false
    default:
      return false
  }
}

const printUnreachable = (d: Dissection, at: number): void => {
  const code = d.u8(at + 1)
  const destination = ip6Name(d, at + 8 + 24)
  if (code === 4) {
    const protocol = d.u8(at + 14)
    const port = d.u16(at + 8 + 40 + 2)
    const kind = protocol === 6 ? 'tcp' : 'udp'
    d.print(`, unreachable port, ${destination} ${kind} port ${portName(d, port, kind)}`)
  } else if (code === 3) d.print(`, unreachable address ${destination}`)
  else if (code === 0) d.print(`, unreachable route ${destination}`)
  else if (code === 1) d.print(`, unreachable prohibited ${destination}`)
  else d.print(`, ${UNREACHABLE[code] ?? `unknown unreach code (${code})`} ${destination}`)
}

/** With -v the packet that the error quotes, in the same line. */
const quote = (d: Dissection, at: number): boolean => {
  if (d.style.verbose === 0) return false
  d.print('\n\t')
  printIp6(d, at + 8, d.end - at - 8)
  return true
}

const OPTIONS: Readonly<Record<number, string>> = {
  1: 'source link-address',
  2: 'destination link-address',
  3: 'prefix info',
  4: 'redirected header',
  5: 'mtu',
}

const printOptions = (d: Dissection, start: number, end: number): void => {
  let at = start
  while (at + 2 <= end) {
    const type = d.u8(at)
    const units = d.u8(at + 1)
    const size = units * 8
    if (size === 0) return
    d.need(at, size)
    d.print(`\n\t  ${OPTIONS[type] ?? 'unknown'} option (${type}), length ${size} (${units}): `)
    const known = type === 1 || type === 2
    if (known) d.print(formatMac(d.bytes(at + 2, 6)))
    else if (type === 5) d.print(` ${d.u32(at + 4)}`)
    const body = d.bytes(at + 2, size - 2)
    if (d.style.verbose > 1) d.print(hexLines(body, '\n\t    '))
    else if (OPTIONS[type] === undefined) d.print(hexLines(body, '\n\t  '))
    at += size
  }
}

const printReport = (d: Dissection, at: number): void => {
  const n = d.u16(at + 6)
  d.print(`, ${n} group record(s)`)
  if (d.style.verbose === 0) return
  let i = at + 8
  for (let g = 0; g < n; g++) {
    d.print(` [gaddr ${ip6Name(d, i + 4)}`)
    const type = d.u8(i)
    d.print(` ${RECORDS[type] ?? `[v2-report-#${type}]`}`)
    const sources = d.u16(i + 2)
    if (d.style.verbose > 1)
      d.print(` {${Array.from({ length: sources }, (_, s) => ` ${ip6Name(d, i + 20 + s * 16)}`).join('')} }`)
    else d.print(`, ${sources} source(s)`)
    d.print(']')
    i += 20 + sources * 16 + d.u8(i + 1) * 4
  }
}

import { checksum } from '../../wire/checksum.ts'
import { IPPROTO_ICMP, IPPROTO_IGMP, IPPROTO_TCP, IPPROTO_UDP } from '../../wire/ipv4.ts'
import { hex, type Dissection } from './dissect.ts'
import { printIcmp } from './icmp.ts'
import { printIgmp } from './igmp.ts'
import { ipName, protocolName, protocolWord } from './names.ts'
import { printTcp } from './tcp.ts'
import { printUdp } from './udp.ts'

/** What a transport printer needs to know of the packet that carries it. */
export interface Carrier {
  /** Where the IP header starts. */
  readonly ip: number
  readonly version: 4 | 6
  /** More fragments follow: checksums can't be told. */
  readonly fragmented: boolean
}

/** IPv4, RFC 791; `length` is what the layer below says there is. */
export const printIp = (d: Dissection, at: number, length: number): void => {
  d.protocol = 'ip'
  const version = d.u8(at) >> 4
  const head = (d.u8(at) & 15) * 4
  if (!d.style.link && version === 4) d.print('IP ')
  if (length < 20) {
    d.print(`truncated-ip ${length}`)
    return
  }
  if (version !== 4) {
    d.print(version === 6 ? 'IP6, wrong link-layer encapsulation (invalid)' : ' [|ip]')
    return
  }
  if (head < 20) {
    d.print(`bad-hlen ${head}`)
    return
  }
  let total = d.u16(at + 2)
  if (length < total) d.print(`truncated-ip - ${total - length} bytes missing! `)
  if (total < head) {
    d.print(`bad-len ${total}`)
    return
  }
  const end = d.end
  d.end = Math.min(end, at + total)
  total -= head
  const offset = d.u16(at + 6)
  const protocol = d.u8(at + 9)
  if (d.style.verbose > 0) printHeader(d, at, head)
  const from = ipName(d, d.u32(at + 12))
  const to = ipName(d, d.u32(at + 16))
  if ((offset & 0x1fff) !== 0) {
    d.print(`${from} > ${to}: ${protocolName(d, protocol)}`)
    return
  }
  if (protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP) d.print(`${from} > ${to}: `)
  printTransport(d, at + head, total, protocol, { ip: at, version: 4, fragmented: (offset & 0x2000) !== 0 })
}

/** What IP carries, by protocol number. */
export const printTransport = (
  d: Dissection,
  at: number,
  length: number,
  protocol: number,
  ip: Carrier,
): void => {
  switch (protocol) {
    case IPPROTO_ICMP:
      return printIcmp(d, at, length, ip)
    case IPPROTO_IGMP:
      return printIgmp(d, at, length)
    case IPPROTO_TCP:
      return printTcp(d, at, length, ip)
    case IPPROTO_UDP:
      return printUdp(d, at, length, ip)
    default:
      d.print(` ${protocolName(d, protocol)} ${length}`)
  }
}

const ECN = ['', ',ECT(1)', ',ECT(0)', ',CE']

const printHeader = (d: Dissection, at: number, head: number): void => {
  const tos = d.u8(at + 1)
  const ttl = d.u8(at + 8)
  const fragment = d.u16(at + 6)
  const protocol = d.u8(at + 9)
  const flags = [fragment & 0x2000 ? '+' : '', fragment & 0x4000 ? 'DF' : '', fragment & 0x8000 ? 'rsvd' : '']
  d.print(`(tos 0x${hex(tos)}${ECN[tos & 3]}`)
  if (ttl >= 1) d.print(`, ttl ${ttl}`)
  d.print(`, id ${d.u16(at + 4)}, offset ${(fragment & 0x1fff) * 8}`)
  d.print(`, flags [${flags.filter((f) => f !== '').join(', ') || 'none'}]`)
  d.print(`, proto ${protocolWord(protocol)} (${protocol}), length ${d.u16(at + 2)}`)
  if (head > 20) {
    d.print(', options (')
    printOptions(d, at + 20, head - 20)
    d.print(')')
  }
  if (d.style.checksums && at + head <= d.end) {
    const sum = checksum(d.b, at, head)
    if (sum !== 0) {
      const found = d.u16(at + 10)
      d.print(`, bad cksum ${hex(found)} (->${hex(checksum(d.b, at, head, ~found & 0xffff))})!`)
    }
  }
  d.print(')\n    ')
}

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'EOL',
  1: 'NOP',
  7: 'RR',
  68: 'timestamp',
  130: 'security',
  131: 'LSRR',
  137: 'SSRR',
  148: 'RA',
}

/** RFC 791 §3.1, the options between the addresses and the payload. */
const printOptions = (d: Dissection, start: number, length: number): void => {
  let at = start
  const end = start + length
  let separator = ''
  while (at < end) {
    const type = d.u8(at)
    d.print(`${separator}${OPTION_NAMES[type] ?? `unknown ${type}`}`)
    separator = ','
    if (type === 0) return
    if (type === 1) {
      at++
      continue
    }
    const size = d.u8(at + 1)
    if (size < 2) {
      d.print(` [bad length ${size}]`)
      return
    }
    if (type === 7 || type === 131 || type === 137) printRecordedRoute(d, at, size)
    else if (type === 68) printTimestamps(d, at, size)
    else if (type === 148) {
      if (size === 4 && d.u16(at + 2) !== 0) d.print(` value ${d.u16(at + 2)}`)
    }
    at += size
  }
}

const printRecordedRoute = (d: Dissection, at: number, size: number): void => {
  if (size < 3) return d.print(` [bad length ${size}]`)
  if ((size + 1) & 3) d.print(` [bad length ${size}]`)
  const pointer = d.u8(at + 2) - 1
  if (pointer < 3 || (pointer + 1) & 3) d.print(` [bad ptr ${d.u8(at + 2)}]`)
  let separator = ' '
  for (let i = 3; i + 4 <= size; i += 4) {
    d.print(`${separator}${ipName(d, d.u32(at + i))}`)
    separator = i < pointer ? ', ' : ' '
  }
}

const printTimestamps = (d: Dissection, at: number, size: number): void => {
  if (size < 4) return d.print(` [bad length ${size}]`)
  d.print(' TS{')
  const pointer = d.u8(at + 2) - 1
  const flags = d.u8(at + 3)
  const kind = flags & 15
  const step = kind === 0 ? 4 : 8
  if (kind === 0) d.print('TSONLY')
  else if (kind === 1) d.print('TS+ADDR')
  else if (kind === 3) d.print('PRESPEC')
  else {
    d.print(`[bad ts type ${kind}]}`)
    return
  }
  let type = ' '
  for (let i = 4; i + step <= size; i += step) {
    if (i === pointer) type = ' ^ '
    d.print(`${type}${d.u32(at + i + step - 4) | 0}@${step === 8 ? ipName(d, d.u32(at + i)) : ''}`)
    type = ' '
  }
  if (pointer + 1 > size) d.print(' ^ ')
  if (flags >> 4) d.print(` [${flags >> 4} hops not recorded]} `)
  else d.print('}')
}

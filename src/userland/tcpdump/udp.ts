import { checksum } from '../../wire/checksum.ts'
import { IPPROTO_UDP, u16, u32 } from '../../wire/ipv4.ts'
import { pseudoHeader, UDP_HEADER } from '../../wire/udp.ts'
import { printDomain } from './domain.ts'
import { hex, type Dissection } from './dissect.ts'
import type { Carrier } from './ip.ts'
import { ip6Name, ipName, portName } from './names.ts'

const addresses = (d: Dissection, ip: Carrier): readonly [string, string] =>
  ip.version === 4
    ? [ipName(d, d.u32(ip.ip + 12)), ipName(d, d.u32(ip.ip + 16))]
    : [ip6Name(d, ip.ip + 8), ip6Name(d, ip.ip + 24)]

/** `source.port > destination.port: ` */
export const printEndpoints = (d: Dissection, at: number, ip: Carrier, protocol: 'tcp' | 'udp'): void => {
  const [from, to] = addresses(d, ip)
  d.print(`${from}.${portName(d, d.u16(at), protocol)} > ${to}.${portName(d, d.u16(at + 2), protocol)}: `)
}

/** The sum that the pseudo header begins a checksum with. */
export const pseudoSum = (d: Dissection, ip: Carrier, protocol: number, length: number): number => {
  if (ip.version === 4) return pseudoHeader(u32(d.b, ip.ip + 12), u32(d.b, ip.ip + 16), protocol, length)
  let sum = protocol + length
  for (let i = 8; i < 40; i += 2) sum += u16(d.b, ip.ip + i)
  return sum
}

const DOMAIN = 53
const MDNS = 5353

/** UDP, RFC 768. */
export const printUdp = (d: Dissection, at: number, length: number, ip: Carrier): void => {
  d.protocol = 'udp'
  if (at + UDP_HEADER > d.end) {
    d.print(`${addresses(d, ip).join(' > ')}:  [|udp]`)
    return
  }
  printEndpoints(d, at, ip, 'udp')
  if (length < UDP_HEADER) {
    d.print(`truncated-udp ${length}`)
    return
  }
  const said = d.u16(at + 4)
  if (said < UDP_HEADER) {
    d.print(`truncated-udplength ${said}`)
    return
  }
  const payload = Math.min(said, length) - UDP_HEADER
  if (d.style.quiet) {
    d.print(`UDP, length ${said - UDP_HEADER}`)
    return
  }
  if (d.style.verbose > 1 && d.style.checksums && !ip.fragmented) printSum(d, at, said, ip)
  const source = d.u16(at)
  const destination = d.u16(at + 2)
  if ([DOMAIN, MDNS].some((p) => p === source || p === destination)) {
    return printDomain(d, at + UDP_HEADER, payload, source === MDNS || destination === MDNS)
  }
  d.print(`UDP, length ${said - UDP_HEADER}`)
}

const printSum = (d: Dissection, at: number, length: number, ip: Carrier): void => {
  const found = d.u16(at + 6)
  if (found === 0 && ip.version === 4) return d.print('[no cksum] ')
  if (at + length > d.end) return
  const start = pseudoSum(d, ip, IPPROTO_UDP, length)
  const sum = checksum(d.b, at, length, start)
  if (sum === 0) return d.print('[udp sum ok] ')
  d.print(
    `[bad udp cksum 0x${hex(found, 4)} -> 0x${hex(checksum(d.b, at, length, start + (~found & 0xffff)), 4)}!] `,
  )
}

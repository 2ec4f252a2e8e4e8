import { checksum } from '../../wire/checksum.ts'
import {
  ICMP_DEST_UNREACH, ICMP_ECHO, ICMP_ECHOREPLY, ICMP_FRAG_NEEDED, ICMP_PARAMETERPROB, ICMP_PORT_UNREACH,
  ICMP_PROT_UNREACH, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, ICMP_TIME_EXCEEDED, ICMP_TIMESTAMP, ICMP_TIMESTAMPREPLY, icmpIsError,
} from '../../wire/icmp.ts' // prettier-ignore
import { IPPROTO_TCP, IPPROTO_UDP } from '../../wire/ipv4.ts'
import { hex, type Dissection } from './dissect.ts'
import { printIp, type Carrier } from './ip.ts'
import { ipName, portName } from './names.ts'

/** Destination unreachable by code; `%` stands for the address that was not reached. */
const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'net % unreachable',
  1: 'host % unreachable',
  5: '% unreachable - source route failed',
  6: 'net % unreachable - unknown',
  7: 'host % unreachable - unknown',
  8: '% unreachable - source host isolated',
  9: 'net % unreachable - admin prohibited',
  10: 'host % unreachable - admin prohibited',
  11: 'net % unreachable - tos prohibited',
  12: 'host % unreachable - tos prohibited',
  13: 'host % unreachable - admin prohibited filter',
  14: 'host % unreachable - host precedence violation',
  15: 'host % unreachable - precedence cutoff',
}
const REDIRECT = [
  'redirect % to net',
  'redirect % to host',
  'redirect-tos % to net',
  'redirect-tos % to host',
]
const OTHER: Readonly<Record<number, string>> = {
  [ICMP_SOURCE_QUENCH]: 'source quench',
  9: 'router advertisement',
  10: 'router solicitation',
  15: 'information request',
  16: 'information reply',
  17: 'address mask request',
}

/** ICMP, RFC 792; with -v the packet that an error quotes follows on lines of its own. */
export const printIcmp = (d: Dissection, at: number, length: number, ip: Carrier): void => {
  d.protocol = 'icmp'
  const type = d.u8(at)
  const code = d.u8(at + 1)
  const words = describe(d, at, type, code)
  d.print(`ICMP ${words}, length ${length}`)
  const whole = at + length <= d.end
  if (d.style.verbose > 0 && !ip.fragmented && whole) {
    const sum = checksum(d.b, at, length)
    const found = d.u16(at + 2)
    if (sum !== 0)
      d.print(` (wrong icmp cksum ${hex(found)} (->${hex(checksum(d.b, at, length, ~found & 0xffff))})!)`)
  }
  if (d.style.verbose > 0 && icmpIsError(type)) {
    d.print('\n\t')
    d.need(at + 8, 20)
    printIp(d, at + 8, d.u16(at + 10))
  }
}

const describe = (d: Dissection, at: number, type: number, code: number): string => {
  switch (type) {
    case ICMP_ECHO:
    case ICMP_ECHOREPLY:
      return `echo ${type === ICMP_ECHO ? 'request' : 'reply'}, id ${d.u16(at + 4)}, seq ${d.u16(at + 6)}`
    case ICMP_DEST_UNREACH:
      return unreachable(d, at, code)
    case ICMP_REDIRECT: {
      const words = REDIRECT[code] ?? `redirect-#${code} % to net`
      return `${words.replace('%', ipName(d, d.u32(at + 24)))} ${ipName(d, d.u32(at + 4))}`
    }
    case ICMP_TIME_EXCEEDED:
      return code === 0
        ? 'time exceeded in-transit'
        : code === 1
          ? 'ip reassembly time exceeded'
          : `time exceeded-#${code}`
    case ICMP_PARAMETERPROB:
      return code ? `parameter problem - code ${code}` : `parameter problem - octet ${d.u8(at + 4)}`
    case ICMP_TIMESTAMP:
      return `time stamp query id ${d.u16(at + 4)} seq ${d.u16(at + 6)}`
    case ICMP_TIMESTAMPREPLY: {
      const [org, recv, xmit] = [8, 12, 16].map((i) => timeOfDay(d.u32(at + i)))
      return `time stamp reply id ${d.u16(at + 4)} seq ${d.u16(at + 6)}: org ${org}, recv ${recv}, xmit ${xmit}`
    }
    default:
      return OTHER[type] ?? `type-#${type}`
  }
}

const unreachable = (d: Dissection, at: number, code: number): string => {
  const destination = ipName(d, d.u32(at + 24))
  switch (code) {
    case ICMP_PROT_UNREACH:
      return `${destination} protocol ${d.u8(at + 17)} unreachable`
    case ICMP_PORT_UNREACH: {
      const protocol = d.u8(at + 17)
      const port = d.u16(at + 8 + (d.u8(at + 8) & 15) * 4 + 2)
      if (protocol === IPPROTO_TCP) return `${destination} tcp port ${portName(d, port, 'tcp')} unreachable`
      if (protocol === IPPROTO_UDP) return `${destination} udp port ${portName(d, port, 'udp')} unreachable`
      return `${destination} protocol ${protocol} port ${port} unreachable`
    }
    case ICMP_FRAG_NEEDED: {
      const mtu = d.u16(at + 6)
      return `${destination} unreachable - need to frag${mtu ? ` (mtu ${mtu})` : ''}`
    }
    default:
      return (UNREACHABLE[code] ?? `#${code} % unreachable`).replace('%', destination)
  }
}

/** Milliseconds since midnight. */
const timeOfDay = (ms: number): string => {
  const two = (n: number): string => `${n}`.padStart(2, '0')
  const s = Math.floor(ms / 1000)
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}.${`${ms % 1000}`.padStart(3, '0')}`
}

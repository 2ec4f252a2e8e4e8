import { hex, type Dissection } from './dissect.ts'
import { hexAndAscii } from './hex.ts'
import { ipName, macName } from './names.ts'

const HARDWARE: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  6: 'TokenRing',
  7: 'ArcNet',
  15: 'FrameRelay',
}
const OPERATIONS: Readonly<Record<number, string>> = {
  1: 'Request',
  2: 'Reply',
  3: 'Reverse Request',
  4: 'Reverse Reply',
  8: 'Inverse Request',
  9: 'Inverse Reply',
  10: 'NACK Reply',
}

/** ARP, RFC 826. */
export const printArp = (d: Dissection, at: number, length: number): void => {
  d.protocol = 'arp'
  if (!d.style.link) d.print('ARP, ')
  const hardware = d.u16(at)
  const type = d.u16(at + 2)
  const hlen = d.u8(at + 4)
  const plen = d.u8(at + 5)
  const op = d.u16(at + 6)
  d.need(at, 8 + 2 * (hlen + plen))
  if ((type !== 0x0800 && type !== 0x1000) || plen !== 4 || hlen === 0 || d.style.verbose > 0) {
    const proto = type === 0x0800 ? 'IPv4' : `Unknown Protocol (0x${hex(type, 4)})`
    const hard = HARDWARE[hardware] ?? `Unknown Hardware (${hardware})`
    d.print(`${hard} (len ${hlen}), ${proto} (len ${plen}), `)
  }
  d.print(`${OPERATIONS[op] ?? `Unknown (${op})`} `)
  const sha = at + 8
  const spa = sha + hlen
  const tha = spa + plen
  const tpa = tha + hlen
  const ip = (i: number): string =>
    plen === 4 && type === 0x0800 ? ipName(d, d.u32(i)) : '<wrong proto type>'
  const mac = (i: number): string => (hlen === 6 ? macName(d, i) : '<wrong len>')
  switch (op) {
    case 1: {
      const known = d.bytes(tha, hlen).some((c) => c !== 0)
      d.print(`who-has ${ip(tpa)}${known ? ` (${mac(tha)})` : ''} tell ${ip(spa)}`)
      break
    }
    case 2:
      d.print(`${ip(spa)} is-at ${mac(sha)}`)
      break
    case 3:
      d.print(`who-is ${mac(tha)} tell ${mac(sha)}`)
      break
    case 4:
      d.print(`${mac(tha)} at ${ip(tpa)}`)
      break
    case 8:
      d.print(`who-is ${mac(tha)} tell ${mac(sha)}`)
      break
    case 9:
      d.print(`${mac(sha)} at ${ip(spa)}`)
      break
    default:
      d.print(hexAndAscii(d.bytes(at, Math.min(length, d.end - at)), '\n\t'))
      return
  }
  d.print(`, length ${length}`)
}

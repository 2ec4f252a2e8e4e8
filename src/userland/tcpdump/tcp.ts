import { checksum } from '../../wire/checksum.ts'
import { IPPROTO_TCP } from '../../wire/ipv4.ts'
import { hex, type Dissection } from './dissect.ts'
import type { Carrier } from './ip.ts'
import { printEndpoints, pseudoSum } from './udp.ts'

/** Flag letters in the order they are printed. */
const FLAGS: readonly (readonly [number, string])[] = [
  [0x01, 'F'],
  [0x02, 'S'],
  [0x04, 'R'],
  [0x08, 'P'],
  [0x10, '.'],
  [0x20, 'U'],
  [0x40, 'E'],
  [0x80, 'W'],
]
const FIN_SYN_RST = 0x07
const SYN = 0x02
const ACK = 0x10
const URG = 0x20

/** TCP, RFC 9293. */
export const printTcp = (d: Dissection, at: number, length: number, ip: Carrier): void => {
  d.protocol = 'tcp'
  printEndpoints(d, at, ip, 'tcp')
  if (at + 20 > d.end) {
    d.print(' [|tcp]')
    return
  }
  const head = (d.u8(at + 12) >> 4) * 4
  if (head < 20) {
    d.print(`tcp ${length - head} [bad hdr length ${head} - too short, < 20]`)
    return
  }
  const payload = length - head
  if (d.style.quiet) {
    d.print(`tcp ${payload}`)
    if (head > length) d.print(` [bad hdr length ${head} - too long, > ${length}]`)
    return
  }
  const flags = d.u8(at + 13)
  d.print(`Flags [${FLAGS.map(([bit, c]) => (flags & bit ? c : '')).join('') || 'none'}]`)
  const { seq, ack } = relative(d, at, ip, flags)
  if (d.style.verbose > 0 && d.style.checksums && !ip.fragmented && at + length <= d.end)
    printSum(d, at, length, ip)
  if (d.style.verbose > 1 || payload > 0 || flags & FIN_SYN_RST) {
    d.print(`, seq ${seq}`)
    if (payload > 0) d.print(`:${(seq + payload) % 2 ** 32}`)
  }
  if (flags & ACK) d.print(`, ack ${ack}`)
  d.print(`, win ${d.u16(at + 14)}`)
  if (flags & URG) d.print(`, urg ${d.u16(at + 18)}`)
  if (head > 20) printOptions(d, at + 20, at + head)
  d.print(`, length ${payload}`)
  if (payload > 0) d.print(application(d, at))
}

/** Sequence numbers count from those of the first segment with an acknowledgement seen of a connection, unless -S. */
const relative = (d: Dissection, at: number, ip: Carrier, flags: number): { seq: number; ack: number } => {
  const seq = d.u32(at + 4)
  const ack = d.u32(at + 8)
  if (d.style.absoluteSequence || !(flags & ACK)) return { seq, ack }
  const [source, destination, size] = ip.version === 4 ? ([12, 16, 4] as const) : ([8, 24, 16] as const)
  const end = (address: number, port: number): string =>
    `${d.bytes(ip.ip + address, size).join('.')}:${d.u16(at + port)}`
  const from = end(source, 0)
  const to = end(destination, 2)
  const forward = d.tcp.get(`${from} ${to}`)
  const backward = d.tcp.get(`${to} ${from}`)
  if (flags & SYN || (forward === undefined && backward === undefined)) {
    d.tcp.delete(`${to} ${from}`)
    d.tcp.set(`${from} ${to}`, { seq, ack: minus(ack, 1) })
    return { seq, ack }
  }
  const base = forward ?? { seq: (backward as { ack: number }).ack, ack: (backward as { seq: number }).seq }
  return { seq: minus(seq, base.seq), ack: minus(ack, base.ack) }
}
const minus = (a: number, b: number): number => (a - b + 2 ** 32) % 2 ** 32

const printSum = (d: Dissection, at: number, length: number, ip: Carrier): void => {
  const start = pseudoSum(d, ip, IPPROTO_TCP, length)
  const found = d.u16(at + 16)
  d.print(`, cksum 0x${hex(found, 4)}`)
  if (checksum(d.b, at, length, start) === 0) d.print(' (correct)')
  else d.print(` (incorrect -> 0x${hex(checksum(d.b, at, length, start + (~found & 0xffff)), 4)})`)
}

const printOptions = (d: Dissection, start: number, end: number): void => {
  const words: string[] = []
  let at = start
  while (at < end) {
    const kind = d.u8(at)
    if (kind === 0) {
      words.push('eol')
      break
    }
    if (kind === 1) {
      words.push('nop')
      at++
      continue
    }
    const size = d.u8(at + 1)
    if (size < 2 || at + size > end) {
      words.push('[bad opt]')
      break
    }
    words.push(option(d, at, kind, size))
    at += size
  }
  d.print(`, options [${words.join(',')}]`)
}

const option = (d: Dissection, at: number, kind: number, size: number): string => {
  switch (kind) {
    case 2:
      return `mss ${d.u16(at + 2)}`
    case 3:
      return `wscale ${d.u8(at + 2)}`
    case 4:
      return 'sackOK'
    case 5: {
      let s = `sack ${(size - 2) / 8} `
      for (let i = 2; i + 8 <= size; i += 8) s += `{${d.u32(at + i)}:${d.u32(at + i + 4)}}`
      return s
    }
    case 8:
      return `TS val ${d.u32(at + 2)} ecr ${d.u32(at + 6)}`
    default:
      return `unknown-${kind} 0x${Array.from(d.bytes(at + 2, size - 2), (c) => hex(c, 2)).join('')}`
  }
}

/** What the port says the payload is; only named, not printed. */
const application = (d: Dissection, at: number): string => {
  const ports = [d.u16(at), d.u16(at + 2)]
  return ports.some((p) => p === 80 || p === 8080 || p === 3128) ? ': HTTP' : ''
}

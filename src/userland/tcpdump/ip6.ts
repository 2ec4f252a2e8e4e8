import { hex, type Dissection } from './dissect.ts'
import { printIcmp6 } from './icmp6.ts'
import { printTransport, type Carrier } from './ip.ts'
import { ip6Name, protocolName, protocolWord } from './names.ts'

const HEADER = 40
/** Next headers: hop-by-hop options, routing, fragment, ICMPv6, none, destination options (RFC 8200 §4). */
const HOPOPTS = 0
const FRAGMENT = 44
const ICMPV6 = 58
const NONE = 59
const DSTOPTS = 60

/** IPv6, RFC 8200. */
export const printIp6 = (d: Dissection, at: number, length: number): void => {
  d.protocol = 'ip6'
  if (!d.style.link) d.print('IP6 ')
  if (length < HEADER) {
    d.print(`truncated-ip6 ${length}`)
    return
  }
  const first = d.u32(at)
  if (first >>> 28 !== 6) {
    d.print(`version error: ${first >>> 28} != 6`)
    return
  }
  d.need(at, HEADER)
  const payload = d.u16(at + 4)
  if (length < payload + HEADER) d.print(`truncated-ip6 - ${payload + HEADER - length} bytes missing!`)
  d.end = Math.min(d.end, at + HEADER + payload)
  let next = d.u8(at + 6)
  if (d.style.verbose > 0) {
    d.print('(')
    const tclass = (first >>> 20) & 255
    const flow = first & 0xfffff
    if (tclass) d.print(`class 0x${hex(tclass, 2)}, `)
    if (flow) d.print(`flowlabel 0x${hex(flow, 5)}, `)
    d.print(`hlim ${d.u8(at + 7)}, next-header ${protocolWord(next)} (${next}) payload length: ${payload}) `)
  }
  const addresses = `${ip6Name(d, at + 8)} > ${ip6Name(d, at + 24)}: `
  let i = at + HEADER
  let left = payload
  let shown = false
  let fragmented = false
  for (;;) {
    if (next !== 6 && next !== 17 && !shown) {
      d.print(addresses)
      shown = true
    }
    if (next === HOPOPTS || next === DSTOPTS) {
      const size = (d.u8(i + 1) + 1) * 8
      d.print(next === HOPOPTS ? 'HBH ' : 'DSTOPT ')
      if (d.style.verbose > 0) printHopOptions(d, i + 2, i + size)
      next = d.u8(i)
      i += size
      left -= size
    } else if (next === FRAGMENT) {
      const field = d.u16(i + 2)
      d.print(
        d.style.verbose > 0
          ? `frag (0x${hex(d.u32(i + 4), 8)}:${field & 0xfff8}|${left - 8}) `
          : `frag (${field & 0xfff8}|${left - 8}) `,
      )
      fragmented = true
      next = d.u8(i)
      i += 8
      left -= 8
      if (field & 0xfff8) return
    } else break
  }
  const ip: Carrier = { ip: at, version: 6, fragmented }
  if (next === ICMPV6) return printIcmp6(d, i, left, ip)
  if (next === NONE) return d.print('no next header')
  if (next === 6 || next === 17) return printTransport(d, i, left, next, ip)
  d.print(` ${protocolName(d, next)} ${left}`)
}

const printHopOptions = (d: Dissection, start: number, end: number): void => {
  let at = start
  while (at < end) {
    const type = d.u8(at)
    if (type === 0) {
      at++
      continue
    }
    const size = d.u8(at + 1)
    if (type === 1) d.print('(padn) ')
    else if (type === 5) d.print(`(rtalert: 0x${hex(d.u16(at + 2), 4)}) `)
    else d.print(`(opt_type 0x${hex(type, 2)}: len=${size}) `)
    at += 2 + size
  }
}

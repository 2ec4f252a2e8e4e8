import { formatIpv4 } from '../../wire/ipv4.ts'
import { hex, type Dissection } from './dissect.ts'
import { ip6Name } from './names.ts'

const TYPES: Readonly<Record<number, string>> = {
  1: 'A', 2: 'NS', 5: 'CNAME', 6: 'SOA', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA', 33: 'SRV', 41: 'OPT', 65: 'HTTPS', 255: 'ANY',
} // prettier-ignore
const OPCODES = ['', ' inv_q', ' stat', ' op3', ' notify', ' update']
const RCODES = [
  '', ' FormErr', ' ServFail', ' NXDomain', ' NotImp', ' Refused', ' YXDomain', ' YXRRSet', ' NXRRSet', ' NotAuth', ' NotZone',
] // prettier-ignore

/** DNS messages, RFC 1035 §4. */
export const printDomain = (d: Dissection, at: number, length: number, mdns: boolean): void => {
  d.protocol = 'domain'
  if (length < 12) {
    d.print(`domain [length ${length} < 12] (invalid)`)
    return
  }
  d.need(at, 12)
  const id = d.u16(at)
  const flags = d.u16(at + 2)
  const [questions, answers, authority, additional] = [4, 6, 8, 10].map((i) => d.u16(at + i)) as [
    number,
    number,
    number,
    number,
  ]
  const opcode = OPCODES[(flags >> 11) & 15] ?? ` op${(flags >> 11) & 15}`
  let i = at + 12
  if (flags & 0x8000) {
    const rcode = RCODES[flags & 15] ?? ` Resp${flags & 15}`
    if (!mdns || id) d.print(`${id}`)
    d.print(`${opcode}${rcode}`)
    d.print(
      `${flags & 0x400 ? '*' : ''}${flags & 0x80 ? '' : '-'}${flags & 0x200 ? '|' : ''}${flags & 0x20 ? '$' : ''}`,
    )
    if (mdns && !id) d.print('')
    if (questions !== 1) d.print(` [${questions}q]`)
    for (let q = 0; q < questions; q++) {
      if (d.style.verbose > 1) d.print(`${q === 0 ? ' q:' : ','}${question(d, at, i)}`)
      i = skipName(d, i) + 4
    }
    d.print(` ${answers}/${authority}/${additional}`)
    i = records(d, at, i, answers, ' ')
    if (d.style.verbose > 1) {
      if (authority > 0) d.print(' ns:')
      i = records(d, at, i, authority, ' ')
      if (additional > 0) d.print(' ar:')
      records(d, at, i, additional, ' ')
    }
  } else {
    d.print(`${mdns && !id ? '' : id}${opcode}${flags & 0x100 ? '+' : ''}${flags & 0x10 ? '%' : ''}`)
    if (flags & 0x0c0) d.print(` [b2&3=0x${hex(flags)}]`)
    if (questions !== 1) d.print(` [${questions}q]`)
    if (answers > 0) d.print(` [${answers}a]`)
    if (authority > 0) d.print(` [${authority}n]`)
    if (additional > 0) d.print(` [${additional}au]`)
    for (let q = 0; q < questions; q++) {
      d.print(question(d, at, i))
      i = skipName(d, i) + 4
    }
    if (d.style.verbose > 1) {
      i = records(d, at, i, answers, ' ')
      if (authority > 0) d.print(' ns:')
      i = records(d, at, i, authority, ' ')
      if (additional > 0) d.print(' ar:')
      records(d, at, i, additional, ' ')
    }
  }
  d.print(` (${length})`)
}

const question = (d: Dissection, message: number, at: number): string => {
  const end = skipName(d, at)
  const type = d.u16(end)
  return ` ${TYPES[type] ?? `Type${type}`}?${` ${name(d, message, at)}`}`
}

const records = (d: Dissection, message: number, start: number, n: number, first: string): number => {
  let at = start
  for (let r = 0; r < n; r++) {
    d.print(r === 0 ? first : ', ')
    at = record(d, message, at)
  }
  return at
}

const record = (d: Dissection, message: number, at: number): number => {
  const end = skipName(d, at)
  const type = d.u16(end)
  const size = d.u16(end + 8)
  const data = end + 10
  const verbose = d.style.verbose > 0
  if (verbose) d.print(`${name(d, message, at)} `)
  if (d.style.verbose > 2 && type !== 41) d.print(`[${ttl(d.u32(end + 4))}] `)
  d.print(TYPES[type] ?? `Type${type}`)
  d.print(recordData(d, message, type, data, size))
  if (type === 41) {
    d.print(` UDPsize=${d.u16(end + 2)}`)
    const flags = d.u16(end + 6)
    if (flags & 0x8000) d.print(' DO')
    if (verbose) options(d, data, data + size)
  }
  return data + size
}

const options = (d: Dissection, start: number, end: number): void => {
  if (start >= end) return
  const words: string[] = []
  for (let at = start; at + 4 <= end; at += 4 + d.u16(at + 2)) {
    const size = d.u16(at + 2)
    const bytes = Array.from(d.bytes(at + 4, size), (c) => hex(c, 2)).join('')
    words.push(d.u16(at) === 10 ? `COOKIE ${bytes}` : `Opt${d.u16(at)} ${bytes}`)
  }
  d.print(` [${words.join(',')}]`)
}

const recordData = (d: Dissection, message: number, type: number, at: number, size: number): string => {
  switch (type) {
    case 1:
      return size === 4 ? ` ${formatIpv4(d.u32(at))}` : ''
    case 28:
      return size === 16 ? ` ${ip6Name(d, at)}` : ''
    case 2:
    case 5:
    case 12:
      return ` ${name(d, message, at)}`
    case 15:
      return ` ${name(d, message, at + 2)} ${d.u16(at)}`
    case 33:
      return ` ${name(d, message, at + 6)}:${d.u16(at + 4)} ${d.u16(at)} ${d.u16(at + 2)}`
    case 6: {
      let end = skipName(d, at)
      const mail = name(d, message, end)
      end = skipName(d, end)
      const numbers = d.style.verbose > 1 ? [0, 4, 8, 12, 16].map((i) => ` ${d.u32(end + i)}`).join('') : ''
      return ` ${name(d, message, at)} ${mail}${numbers}`
    }
    case 16:
      return ` "${String.fromCharCode(...d.bytes(at + 1, d.u8(at)))}"`
    default:
      return ''
  }
}

const UNITS = [
  [604_800, 'w'],
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
] as const

/** Seconds as weeks, days, hours, minutes and seconds: 1h30m. */
const ttl = (seconds: number): string => {
  if (seconds === 0) return '0s'
  let left = seconds
  let text = ''
  for (const [unit, letter] of UNITS) {
    const n = Math.floor(left / unit)
    if (n > 0) text += `${n}${letter}`
    left -= n * unit
  }
  return text + (left > 0 ? `${left}s` : '')
}

/** End of a name as it stands, pointers not followed. */
const skipName = (d: Dissection, start: number): number => {
  let at = start
  for (;;) {
    const n = d.u8(at)
    if (n === 0) return at + 1
    if (n >= 0xc0) return at + 2
    at += 1 + (n & 0x3f)
  }
}

const name = (d: Dissection, message: number, start: number): string => {
  let at = start
  let text = ''
  for (let jumps = 0; jumps < 64;) {
    const n = d.u8(at)
    if (n === 0) return text === '' ? '.' : text
    if (n >= 0xc0) {
      at = message + (((n & 0x3f) << 8) | d.u8(at + 1))
      jumps++
      continue
    }
    text += `${String.fromCharCode(...d.bytes(at + 1, n & 0x3f))}.`
    at += 1 + (n & 0x3f)
    if (text.length > 255) break
  }
  return `${text}<LOOP>`
}

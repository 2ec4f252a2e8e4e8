import { checksum } from '../../wire/checksum.ts'
import type { Dissection } from './dissect.ts'
import { ipName } from './names.ts'

/** Record types of IGMPv3 (RFC 3376 §4.2.12). */
const RECORDS: Readonly<Record<number, string>> = {
  1: 'is_in',
  2: 'is_ex',
  3: 'to_in',
  4: 'to_ex',
  5: 'allow',
  6: 'block',
}

export const printIgmp = (d: Dissection, at: number, length: number): void => {
  d.protocol = 'igmp'
  if (d.style.quiet) {
    d.print('igmp')
    return
  }
  const type = d.u8(at)
  switch (type) {
    case 0x11:
      d.print(length >= 12 ? 'igmp query v3' : d.u8(at + 1) ? 'igmp query v2' : 'igmp query v1')
      if (length >= 12) printQuery(d, at)
      else {
        const time = d.u8(at + 1)
        if (time !== 0 && time !== 100)
          d.print(` [max resp time ${time >= 10 ? Math.floor(time / 10) : `0.${time}`}]`)
        const group = d.u32(at + 4)
        if (group !== 0) d.print(` [gaddr ${ipName(d, group)}]`)
      }
      break
    case 0x12:
      d.print(`igmp v1 report ${ipName(d, d.u32(at + 4))}`)
      break
    case 0x16:
      d.print(`igmp v2 report ${ipName(d, d.u32(at + 4))}`)
      break
    case 0x22:
      d.print('igmp v3 report')
      printReport(d, at)
      break
    case 0x17:
      d.print(`igmp leave ${ipName(d, d.u32(at + 4))}`)
      break
    default:
      d.print(`igmp-${type}`)
  }
  if (d.style.verbose > 0 && at + length <= d.end && checksum(d.b, at, length) !== 0)
    d.print(` bad igmp cksum ${d.u16(at + 2).toString(16)}!`)
}

const printQuery = (d: Dissection, at: number): void => {
  const group = d.u32(at + 4)
  if (group === 0) return
  d.print(` [gaddr ${ipName(d, group)}`)
  const n = d.u16(at + 10)
  if (n > 0) {
    const sources = Array.from({ length: n }, (_, i) => ipName(d, d.u32(at + 12 + i * 4)))
    d.print(d.style.verbose > 1 ? ` { ${sources.join(' ')} }` : `, ${n} source(s)`)
  }
  d.print(']')
}

const printReport = (d: Dissection, at: number): void => {
  const n = d.u16(at + 6)
  d.print(`, ${n} group record(s)`)
  if (d.style.verbose === 0) return
  let i = at + 8
  for (let g = 0; g < n; g++) {
    d.print(` [gaddr ${ipName(d, d.u32(i + 4))}`)
    const type = d.u8(i)
    d.print(` ${RECORDS[type] ?? `[v3-report-#${type}]`}`)
    const sources = d.u16(i + 2)
    if (d.style.verbose > 1)
      d.print(
        ` {${Array.from({ length: sources }, (_, s) => ` ${ipName(d, d.u32(i + 8 + s * 4))}`).join('')} }`,
      )
    else d.print(`, ${sources} source(s)`)
    d.print(']')
    i += 8 + sources * 4 + d.u8(i + 1) * 4
  }
}

import { IPV4_HEADER, u32 } from '../../wire/ipv4.ts'
import type { Args } from './args.ts'

/** IPv4 options that ping sends and prints (RFC 791 §3.1). */
const IPOPT_EOL = 0
const IPOPT_NOP = 1
const IPOPT_RR = 7
const IPOPT_TS = 68

/** The options of -R and -T: 40 bytes, a no-op in front for alignment. */
export const recordOptions = (kind: NonNullable<Args['record']>): Uint8Array => {
  const o = new Uint8Array(40)
  if (kind === 'route') {
    o.set([IPOPT_NOP, IPOPT_RR, 39, 4])
    return o
  }
  const length = kind === 'tsonly' ? 40 : kind === 'tsandaddr' ? 36 : 4
  o.set([IPOPT_TS, length, 5, kind === 'tsonly' ? 0 : kind === 'tsandaddr' ? 1 : 3])
  return o
}

/** What a reply's options say, from behind the time to the end of the line; `previous` is what the last reply recorded. */
export class OptionPrinter {
  #previous: string | undefined
  readonly #name: (address: number) => string
  constructor(name: (address: number) => string) {
    this.#name = name
  }

  print(packet: Uint8Array, headerLength: number): string {
    let text = ''
    let at = IPV4_HEADER
    while (at < headerLength) {
      const kind = packet[at] as number
      if (kind === IPOPT_EOL) break
      if (kind === IPOPT_NOP) {
        at++
        text += '\nNOP'
        continue
      }
      const length = packet[at + 1] ?? 0
      if (length < 2 || at + length > headerLength) break
      if (kind === IPOPT_RR) text += this.#route(packet, at)
      else if (kind === IPOPT_TS) text += this.#timestamps(packet, at, length)
      else text += `\nunknown option ${kind.toString(16)}`
      at += length
    }
    return text
  }

  #route(b: Uint8Array, at: number): string {
    const used = (b[at + 2] as number) - 4
    if (used <= 0) return ''
    const recorded = Array.from(b.subarray(at + 3, at + 3 + used)).join()
    if (recorded === this.#previous) return '\t(same route)'
    this.#previous = recorded
    let text = '\nRR: '
    for (let i = at + 3; i + 4 <= at + 3 + used; i += 4) {
      const address = u32(b, i)
      text += address === 0 ? '\t0.0.0.0\n' : `\t${this.#name(address)}\n`
    }
    return text
  }

  #timestamps(b: Uint8Array, at: number, length: number): string {
    const end = Math.min((b[at + 2] as number) - 1, length)
    const flags = b[at + 3] as number
    if (end <= 4) return ''
    let text = '\nTS: '
    let first: number | undefined
    let last = 0
    for (let i = at + 4; i + 4 <= at + end;) {
      if ((flags & 15) !== 0) {
        text += `\t${this.#name(u32(b, i))}`
        i += 4
      }
      const stamp = u32(b, i)
      i += 4
      if (stamp & 0x80000000) text += `\t${stamp & 0x7fffffff} not-standard`
      else if (first === undefined) {
        text += `\t${stamp} absolute`
        first = stamp
      } else text += `\t${stamp - last}`
      last = stamp
      text += '\n'
    }
    if (flags >> 4) text += `Unrecorded hops: ${flags >> 4}\n`
    return text
  }
}

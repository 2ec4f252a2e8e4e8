import { checksum } from '../../wire/checksum.ts'
import { ipHeaderLength, IPV4_HEADER, setU16, setU32, u32 } from '../../wire/ipv4.ts'
import type { Netns } from '../netns.ts'

/** IPv4 options that machines on the way write to (net/ipv4/ip_options.c; RFC 791 §3.1). Source routes are not simulated. */
const IPOPT_END = 0
const IPOPT_NOP = 1
const IPOPT_RR = 7
const IPOPT_TIMESTAMP = 68

const TS_TSONLY = 0
const TS_TSANDADDR = 1

export const hasOptions = (b: Uint8Array, at: number): boolean => (b[at] as number) > 0x45

/**
 * ip_options_build(), ip_options_compile() and ip_forward_options(): writes down this machine in the options of the header
 * at `at`, by `route` where the route is recorded and by `stamp` with the time, and mends the checksum.
 */
export const recordHop = (ns: Netns, b: Uint8Array, at: number, route: number, stamp: number): void => {
  const head = ipHeaderLength(b, at)
  for (const [o, length] of each(b, at + IPV4_HEADER, at + head)) {
    const pointer = b[o + 2] as number
    if (b[o] === IPOPT_RR) {
      if (pointer < 4 || pointer + 3 > length) continue
      setU32(b, o + pointer - 1, route)
      b[o + 2] = pointer + 4
    } else if (b[o] === IPOPT_TIMESTAMP && length >= 4 && pointer >= 5) {
      writeStamp(ns, b, o, length, stamp)
    }
  }
  setU16(b, at + 10, 0)
  setU16(b, at + 10, checksum(b, at, head))
}

const writeStamp = (ns: Netns, b: Uint8Array, o: number, length: number, address: number): void => {
  const pointer = b[o + 2] as number
  const kind = (b[o + 3] as number) & 15
  const size = kind === TS_TSONLY ? 4 : 8
  if (pointer + size - 1 > length) {
    // No room: the hop is only counted.
    const overflow = (b[o + 3] as number) >> 4
    if (overflow < 15) b[o + 3] = ((overflow + 1) << 4) | kind
    return
  }
  const slot = o + pointer - 1
  if (kind === TS_TSANDADDR) setU32(b, slot, address)
  else if (kind !== TS_TSONLY && ns.fib.lookup(u32(b, slot))?.route.type !== 'local') return
  setU32(b, slot + size - 4, millisecondsOfDay(ns))
  b[o + 2] = pointer + size
}

/** inet_current_timestamp(): worlds begin at midnight UTC. */
const millisecondsOfDay = (ns: Netns): number => Math.floor(ns.sim.clock.now / 1e6) % 86_400_000

/** __ip_options_echo(): the options that an answer carries on, padded to a multiple of four. */
export const echoOptions = (b: Uint8Array, at: number): Uint8Array | undefined => {
  const kept: number[] = []
  for (const [o, length] of each(b, at + IPV4_HEADER, at + ipHeaderLength(b, at)))
    if (b[o] === IPOPT_RR || b[o] === IPOPT_TIMESTAMP) kept.push(...b.subarray(o, o + length))
  if (kept.length === 0) return undefined
  while (kept.length % 4 !== 0) kept.push(IPOPT_END)
  return Uint8Array.from(kept)
}

/** Place and length of each option that has a length. */
function* each(b: Uint8Array, start: number, end: number): Generator<readonly [number, number]> {
  let o = start
  while (o < end && b[o] !== IPOPT_END) {
    if (b[o] === IPOPT_NOP) {
      o++
      continue
    }
    const length = b[o + 1] ?? 0
    if (length < 3 || o + length > end) return
    yield [o, length]
    o += length
  }
}

import { checksum } from './checksum.ts'

/**
 * IPv4 header, RFC 791 §3.1. Addresses are unsigned 32-bit numbers. Offsets count from the start of the header; every
 * function takes the buffer and where the header starts, and touches nothing else.
 */
/** What every link must carry in one piece (RFC 791 §3.2): below it a device does not speak IPv4. */
export const IPV4_MIN_MTU = 68
export const IPV4_HEADER = 20
export const ETH_P_IP = 0x0800
export const IPPROTO_ICMP = 1
export const IPPROTO_IGMP = 2
export const IPPROTO_TCP = 6
export const IPPROTO_UDP = 17
export const IPPROTO_ICMPV6 = 58

const DF = 0x4000
const MF = 0x2000
const OFFSET_MASK = 0x1fff

export const u16 = (b: Uint8Array, at: number): number => ((b[at] as number) << 8) | (b[at + 1] as number)
export const setU16 = (b: Uint8Array, at: number, v: number): void => {
  b[at] = (v >>> 8) & 255
  b[at + 1] = v & 255
}
export const u32 = (b: Uint8Array, at: number): number =>
  (((b[at] as number) << 24) |
    ((b[at + 1] as number) << 16) |
    ((b[at + 2] as number) << 8) |
    (b[at + 3] as number)) >>>
  0
export const setU32 = (b: Uint8Array, at: number, v: number): void => {
  b[at] = v >>> 24
  b[at + 1] = (v >>> 16) & 255
  b[at + 2] = (v >>> 8) & 255
  b[at + 3] = v & 255
}

export const ipVersion = (b: Uint8Array, at: number): number => (b[at] as number) >> 4
/** Header length in bytes (IHL × 4). */
export const ipHeaderLength = (b: Uint8Array, at: number): number => ((b[at] as number) & 15) * 4
export const ipTos = (b: Uint8Array, at: number): number => b[at + 1] as number
export const ipTotalLength = (b: Uint8Array, at: number): number => u16(b, at + 2)
export const ipId = (b: Uint8Array, at: number): number => u16(b, at + 4)
export const ipDontFragment = (b: Uint8Array, at: number): boolean => (u16(b, at + 6) & DF) !== 0
export const ipMoreFragments = (b: Uint8Array, at: number): boolean => (u16(b, at + 6) & MF) !== 0
/** Fragment offset in bytes. */
export const ipFragmentOffset = (b: Uint8Array, at: number): number => (u16(b, at + 6) & OFFSET_MASK) * 8
export const ipTtl = (b: Uint8Array, at: number): number => b[at + 8] as number
export const ipProtocol = (b: Uint8Array, at: number): number => b[at + 9] as number
export const ipSource = (b: Uint8Array, at: number): number => u32(b, at + 12)
export const ipDestination = (b: Uint8Array, at: number): number => u32(b, at + 16)

export interface Ipv4Fields {
  readonly tos?: number
  readonly totalLength: number
  readonly id: number
  readonly dontFragment?: boolean
  readonly moreFragments?: boolean
  /** in bytes, a multiple of 8 */
  readonly fragmentOffset?: number
  readonly ttl: number
  readonly protocol: number
  readonly source: number
  readonly destination: number
  /** Options, padded to a multiple of 4 (RFC 791 §3.1). */
  readonly options?: Uint8Array
}

/** Writes header and checksum; returns the header's length. */
export const emitIpv4 = (b: Uint8Array, at: number, f: Ipv4Fields): number => {
  const length = IPV4_HEADER + (f.options?.length ?? 0)
  b[at] = 0x40 | (length >> 2)
  b[at + 1] = f.tos ?? 0
  setU16(b, at + 2, f.totalLength)
  setU16(b, at + 4, f.id)
  setU16(b, at + 6, (f.dontFragment ? DF : 0) | (f.moreFragments ? MF : 0) | ((f.fragmentOffset ?? 0) >> 3))
  b[at + 8] = f.ttl
  b[at + 9] = f.protocol
  setU16(b, at + 10, 0)
  setU32(b, at + 12, f.source)
  setU32(b, at + 16, f.destination)
  if (f.options) b.set(f.options, at + IPV4_HEADER)
  setU16(b, at + 10, checksum(b, at, length))
  return length
}

/** True where the header is whole, of version 4, and its checksum is right (RFC 1122 §3.2.1). */
export const ipv4Valid = (b: Uint8Array, at: number): boolean => {
  if (b.length < at + IPV4_HEADER || ipVersion(b, at) !== 4) return false
  const length = ipHeaderLength(b, at)
  if (length < IPV4_HEADER || b.length < at + length) return false
  const total = ipTotalLength(b, at)
  return total >= length && at + total <= b.length && checksum(b, at, length) === 0
}

/** Lowers TTL by one and mends the checksum (RFC 1141), as ip_decrease_ttl() does. Returns the new TTL. */
export const decreaseTtl = (b: Uint8Array, at: number): number => {
  const sum = u16(b, at + 10) + 0x100
  setU16(b, at + 10, (sum + (sum >= 0xffff ? 1 : 0)) & 0xffff)
  const ttl = (b[at + 8] as number) - 1
  b[at + 8] = ttl
  return ttl
}

export const formatIpv4 = (a: number): string =>
  `${a >>> 24}.${(a >>> 16) & 255}.${(a >>> 8) & 255}.${a & 255}`

/** Exactly four decimal parts 0–255, as inet_pton(3) takes them; undefined for anything else. */
export const parseIpv4 = (text: string): number | undefined => {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (m === null) return undefined
  let a = 0
  for (let i = 1; i <= 4; i++) {
    const part = m[i] as string
    if (part.length > 1 && part.startsWith('0')) return undefined
    const n = Number(part)
    if (n > 255) return undefined
    a = a * 256 + n
  }
  return a
}

/** /24 → 0xffffff00 */
export const prefixMask = (length: number): number => (length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0)
/** 0xffffff00 → 24; undefined where the ones are not all at the front. */
export const maskLength = (mask: number): number | undefined => {
  const length = 32 - (mask === 0xffffffff ? 0 : 32 - Math.clz32(~mask >>> 0))
  return prefixMask(length) === mask ? length : undefined
}

export const isLoopback = (a: number): boolean => a >>> 24 === 127
export const isMulticast = (a: number): boolean => a >>> 28 === 14
export const isLimitedBroadcast = (a: number): boolean => a === 0xffffffff
/** 0.0.0.0/8, "this network" (RFC 1122 §3.2.1.3). */
export const isZeronet = (a: number): boolean => a >>> 24 === 0

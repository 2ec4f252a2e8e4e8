import { checksum } from './checksum.ts'
import { IPPROTO_UDP, setU16, u16 } from './ipv4.ts'

/** UDP, RFC 768. Offsets count from the start of the UDP header. */
export const UDP_HEADER = 8

export const udpSource = (b: Uint8Array, at: number): number => u16(b, at)
export const udpDestination = (b: Uint8Array, at: number): number => u16(b, at + 2)
export const udpLength = (b: Uint8Array, at: number): number => u16(b, at + 4)
export const udpChecksum = (b: Uint8Array, at: number): number => u16(b, at + 6)

/** Sum of the pseudo header (RFC 768), to start a checksum with. */
export const pseudoHeader = (source: number, destination: number, protocol: number, length: number): number =>
  (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length

/** Writes the header; the payload must stand behind it already. `length` counts header and payload. */
export const emitUdp = (
  b: Uint8Array,
  at: number,
  o: { source: number; destination: number; sourcePort: number; destinationPort: number; length: number },
): void => {
  setU16(b, at, o.sourcePort)
  setU16(b, at + 2, o.destinationPort)
  setU16(b, at + 4, o.length)
  setU16(b, at + 6, 0)
  const sum = checksum(b, at, o.length, pseudoHeader(o.source, o.destination, IPPROTO_UDP, o.length))
  setU16(b, at + 6, sum === 0 ? 0xffff : sum)
}

/** True where the lengths fit and the checksum is right or absent. */
export const udpValid = (
  b: Uint8Array,
  at: number,
  end: number,
  source: number,
  destination: number,
): boolean => {
  if (end - at < UDP_HEADER) return false
  const length = udpLength(b, at)
  if (length < UDP_HEADER || at + length > end) return false
  return (
    udpChecksum(b, at) === 0 ||
    checksum(b, at, length, pseudoHeader(source, destination, IPPROTO_UDP, length)) === 0
  )
}

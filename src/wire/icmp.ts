import { checksum } from './checksum.ts'
import { setU16, setU32, u16, u32 } from './ipv4.ts'

/** ICMP, RFC 792. Offsets count from the start of the ICMP header. */
export const ICMP_HEADER = 8
export const ICMP_ECHOREPLY = 0
export const ICMP_DEST_UNREACH = 3
export const ICMP_SOURCE_QUENCH = 4
export const ICMP_REDIRECT = 5
export const ICMP_ECHO = 8
export const ICMP_TIME_EXCEEDED = 11
export const ICMP_PARAMETERPROB = 12
export const ICMP_TIMESTAMP = 13
export const ICMP_TIMESTAMPREPLY = 14

/** Codes of destination unreachable (RFC 792, RFC 1812 §5.2.7.1). */
export const ICMP_NET_UNREACH = 0
export const ICMP_HOST_UNREACH = 1
export const ICMP_PROT_UNREACH = 2
export const ICMP_PORT_UNREACH = 3
export const ICMP_FRAG_NEEDED = 4
export const ICMP_SR_FAILED = 5
export const ICMP_NET_ANO = 9
export const ICMP_HOST_ANO = 10
export const ICMP_PKT_FILTERED = 13
/** Codes of time exceeded. */
export const ICMP_EXC_TTL = 0
export const ICMP_EXC_FRAGTIME = 1
/** Codes of redirect. */
export const ICMP_REDIR_NET = 0
export const ICMP_REDIR_HOST = 1

export const icmpType = (b: Uint8Array, at: number): number => b[at] as number
export const icmpCode = (b: Uint8Array, at: number): number => b[at + 1] as number
export const icmpId = (b: Uint8Array, at: number): number => u16(b, at + 4)
export const icmpSequence = (b: Uint8Array, at: number): number => u16(b, at + 6)
/** Next-hop MTU of fragmentation needed (RFC 1191 §4). */
export const icmpMtu = (b: Uint8Array, at: number): number => u16(b, at + 6)
/** Gateway of a redirect. */
export const icmpGateway = (b: Uint8Array, at: number): number => u32(b, at + 4)

/** True for messages about a failed packet, which never provoke another one (RFC 1122 §3.2.2). */
export const icmpIsError = (type: number): boolean =>
  type === ICMP_DEST_UNREACH ||
  type === ICMP_SOURCE_QUENCH ||
  type === ICMP_REDIRECT ||
  type === ICMP_TIME_EXCEEDED ||
  type === ICMP_PARAMETERPROB

/** Header of an ICMP error: `rest` is the 32-bit field after the checksum (MTU, gateway). Checksum by `sealIcmp`. */
export const emitIcmp = (b: Uint8Array, at: number, type: number, code: number, rest: number): void => {
  b[at] = type
  b[at + 1] = code
  setU16(b, at + 2, 0)
  setU32(b, at + 4, rest)
}
/** Computes the checksum over `length` bytes from `at` and writes it. */
export const sealIcmp = (b: Uint8Array, at: number, length: number): void => {
  setU16(b, at + 2, 0)
  setU16(b, at + 2, checksum(b, at, length))
}

import ipaddr from 'ipaddr.js'
import { setU16 } from './ipv4.ts'

/** IPv6 header, RFC 8200 §3. Addresses are 16 bytes. */
export const IPV6_HEADER = 40
export { IPPROTO_ICMPV6 } from './ipv4.ts'

export const ipv6Next = (b: Uint8Array, at: number): number => b[at + 6] as number
export const ipv6Hops = (b: Uint8Array, at: number): number => b[at + 7] as number
export const ipv6Source = (b: Uint8Array, at: number): Uint8Array => b.subarray(at + 8, at + 24)
export const ipv6Destination = (b: Uint8Array, at: number): Uint8Array => b.subarray(at + 24, at + 40)

export const emitIpv6 = (
  b: Uint8Array,
  at: number,
  f: { next: number; length: number; hops: number; source: Uint8Array; destination: Uint8Array },
): void => {
  b[at] = 0x60
  setU16(b, at + 4, f.length)
  b[at + 6] = f.next
  b[at + 7] = f.hops
  b.set(f.source, at + 8)
  b.set(f.destination, at + 24)
}

/** RFC 5952 text. */
export const formatIpv6 = (bytes: Uint8Array): string => new ipaddr.IPv6([...bytes]).toRFC5952String()

/** 16 bytes, undefined where the text is no IPv6 address (zones are not taken). */
export const parseIpv6 = (text: string): Uint8Array | undefined =>
  text.includes('%') || !ipaddr.IPv6.isValid(text)
    ? undefined
    : Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray())

/** fe80::/64 with the modified EUI-64 of the MAC address (RFC 4291 appendix A). */
export const linkLocal = (mac: Uint8Array): Uint8Array => {
  const a = new Uint8Array(16)
  a[0] = 0xfe
  a[1] = 0x80
  a.set(
    [
      (mac[0] as number) ^ 2,
      mac[1] as number,
      mac[2] as number,
      0xff,
      0xfe,
      mac[3] as number,
      mac[4] as number,
      mac[5] as number,
    ],
    8,
  )
  return a
}

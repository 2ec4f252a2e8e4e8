import { parseIpv4, setU16 } from './ipv4.ts'

/** IPv6 header, RFC 8200 §3. Addresses are 16 bytes. */
export const IPV6_HEADER = 40
export { IPPROTO_ICMPV6 } from './ipv4.ts'

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

/** RFC 5952 text: lower case, no leading zeros, `::` for the longest run of at least two zero groups (the first of equals). */
export const formatIpv6 = (bytes: Uint8Array): string => {
  let at = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && group(bytes, end) === 0) end++
    if (end - i > length) {
      at = i
      length = end - i
    }
    i = Math.max(i, end)
  }
  return at < 0
    ? groupsText(bytes, 0, 8)
    : `${groupsText(bytes, 0, at)}::${groupsText(bytes, at + length, 8)}`
}

const group = (bytes: Uint8Array, i: number): number =>
  ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number)

const groupsText = (bytes: Uint8Array, from: number, to: number): string => {
  let text = ''
  for (let i = from; i < to; i++) text += (i > from ? ':' : '') + group(bytes, i).toString(16)
  return text
}

/** 16 bytes, undefined where the text is no IPv6 address (RFC 4291 §2.2; zones are not taken). */
export const parseIpv6 = (text: string): Uint8Array | undefined => {
  if (!text.includes(':')) return undefined
  const dotted = /(?<=:)\d+\.\d+\.\d+\.\d+$/.exec(text)?.[0]
  const v4 = dotted === undefined ? undefined : parseIpv4(dotted)
  if (dotted !== undefined && v4 === undefined) return undefined
  const whole =
    v4 === undefined || dotted === undefined
      ? text
      : `${text.slice(0, -dotted.length)}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`
  const halves = whole.split('::')
  if (halves.length > 2) return undefined
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - left.length - right.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right]
  if (!groups.every((g) => /^[0-9a-f]{1,4}$/i.test(g))) return undefined
  const bytes = new Uint8Array(16)
  groups.forEach((g, i) => setU16(bytes, 2 * i, Number.parseInt(g, 16)))
  return bytes
}

/** fe80::/64 with the modified EUI-64 of the MAC address (RFC 4291 appendix A). */
export const linkLocal = (mac: Uint8Array): Uint8Array => {
  const a = new Uint8Array(16)
  a[0] = 0xfe
  a[1] = 0x80
  for (let i = 0; i < 3; i++) {
    a[8 + i] = mac[i] as number
    a[13 + i] = mac[3 + i] as number
  }
  a[8] = (mac[0] as number) ^ 2
  a[11] = 0xff
  a[12] = 0xfe
  return a
}

import { parseIpv4 } from '../../../wire/ipv4.ts'

/** The 16 bytes of an IPv6 address in text (RFC 4291 §2.2), undefined where it is none. */
export const parseAddress6 = (text: string): Uint8Array | undefined => {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const left = groups(halves[0] as string)
  const right = halves[1] === undefined ? [] : groups(halves[1])
  if (left === undefined || right === undefined) return undefined
  const missing = 8 - left.length - right.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const all = [...left, ...Array<number>(missing).fill(0), ...right]
  return Uint8Array.from(all.flatMap((g) => [g >> 8, g & 255]))
}

const groups = (text: string): number[] | undefined => {
  if (text === '') return []
  const out: number[] = []
  for (const [i, part] of text.split(':').entries()) {
    const v4 = i === text.split(':').length - 1 ? parseIpv4(part) : undefined
    if (v4 !== undefined) out.push(v4 >>> 16, v4 & 0xffff)
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) out.push(parseInt(part, 16))
    else return undefined
  }
  return out
}

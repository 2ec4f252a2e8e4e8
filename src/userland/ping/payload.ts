import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import { ICMP_HEADER } from '../../wire/icmp.ts'
import { setU16 } from '../../wire/ipv4.ts'

/** The payload begins with the time of sending, as a struct timeval, where there is room for it. */
export const TIMEVAL = 16

/** Fills an echo request with the pattern over and over, or with 00 01 02 … */
export const fill = (b: Uint8Array, pattern: Uint8Array | undefined): void => {
  const n = pattern?.length ?? 0
  for (let i = ICMP_HEADER; i < b.length; i++)
    b[i] = pattern !== undefined && n > 0 ? (pattern[(i - ICMP_HEADER) % n] as number) : i - ICMP_HEADER
}

/** Writes the time `now` (ns of the world) as seconds and microseconds. */
export const writeTime = (b: Uint8Array, now: number): void => {
  const seconds = Math.floor(now / 1e9)
  setLe32(b, ICMP_HEADER, EPOCH_SECONDS + seconds)
  setLe32(b, ICMP_HEADER + 4, 0)
  setLe32(b, ICMP_HEADER + 8, Math.floor((now - seconds * 1e9) / 1000))
  setLe32(b, ICMP_HEADER + 12, 0)
}

/** The time in the echo reply at `at`, in µs of the world. */
export const readTime = (b: Uint8Array, at: number): number =>
  (le32(b, at + ICMP_HEADER) - EPOCH_SECONDS) * 1e6 + le32(b, at + ICMP_HEADER + 8)

/** x86 is little-endian: so is the time in the payload. */
const setLe32 = (b: Uint8Array, at: number, v: number): void => {
  setU16(b, at, ((v & 0xff) << 8) | ((v >>> 8) & 0xff))
  setU16(b, at + 2, (((v >>> 16) & 0xff) << 8) | (v >>> 24))
}
const le32 = (b: Uint8Array, at: number): number =>
  (((b[at + 3] as number) << 24) |
    ((b[at + 2] as number) << 16) |
    ((b[at + 1] as number) << 8) |
    (b[at] as number)) >>>
  0

/** What stands behind a reply whose data is not what was sent: the first byte that differs, and all of them. */
export const wrongData = (sent: Uint8Array, reply: Uint8Array, at: number, size: number): string => {
  const hex = (n: number | undefined): string => (n ?? 0).toString(16)
  for (let i = size >= TIMEVAL ? TIMEVAL : 0; i < size; i++) {
    const [should, was] = [sent[ICMP_HEADER + i], reply[at + ICMP_HEADER + i]]
    if (was === should) continue
    let text = `\nwrong data byte #${i} should be 0x${hex(should)} but was 0x${hex(was)}`
    for (let j = TIMEVAL; j < size; j++) {
      if (j % 32 === TIMEVAL) text += `\n#${j}\t`
      text += `${hex(reply[at + ICMP_HEADER + j])} `
    }
    return text
  }
  return ''
}

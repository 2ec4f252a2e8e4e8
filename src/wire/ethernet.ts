import { setU16, u16 } from './ipv4.ts'

/** Ethernet II (IEEE 802.3 §3): destination, source, type. 802.1Q tags are not parsed. */
export const ETH_HLEN = 14
export const ETH_P_ARP = 0x0806
export const ETH_P_IPV6 = 0x86dd
export const ETH_BROADCAST: Uint8Array = new Uint8Array(6).fill(255)
export const ETH_ZERO: Uint8Array = new Uint8Array(6)

export const ethType = (frame: Uint8Array): number => u16(frame, 12)
/** Group bit: broadcast or multicast. */
export const ethIsGroup = (frame: Uint8Array): boolean => ((frame[0] as number) & 1) === 1

export const emitEthernet = (
  frame: Uint8Array,
  destination: Uint8Array,
  source: Uint8Array,
  type: number,
): void => {
  for (let i = 0; i < 6; i++) {
    frame[i] = destination[i] as number
    frame[6 + i] = source[i] as number
  }
  setU16(frame, 12, type)
}

/** True where the six bytes from `at` are `mac`. */
export const macAt = (b: Uint8Array, at: number, mac: Uint8Array): boolean => {
  for (let i = 0; i < 6; i++) if (b[at + i] !== mac[i]) return false
  return true
}
export const sameMac = (a: Uint8Array, b: Uint8Array): boolean => macAt(a, 0, b)

/** A number that stands for the six bytes from `at`: a key for maps (48 bits fit a double exactly). */
export const macKey = (b: Uint8Array, at = 0): number =>
  ((((b[at] as number) << 16) | ((b[at + 1] as number) << 8) | (b[at + 2] as number)) >>> 0) * 0x1000000 +
  ((((b[at + 3] as number) << 16) | ((b[at + 4] as number) << 8) | (b[at + 5] as number)) >>> 0)

export const macFromKey = (key: number): Uint8Array => {
  const mac = new Uint8Array(6)
  for (let i = 5; i >= 0; i--) {
    mac[i] = key % 256
    key = Math.floor(key / 256)
  }
  return mac
}

export const formatMac = (mac: Uint8Array): string => {
  let s = ''
  for (let i = 0; i < 6; i++) s += (i ? ':' : '') + (mac[i] as number).toString(16).padStart(2, '0')
  return s
}

/** Six hexadecimal bytes with colons; undefined for anything else. */
export const parseMac = (text: string): Uint8Array | undefined => {
  if (!/^[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$/.test(text)) return undefined
  return Uint8Array.from(text.split(':'), (p) => parseInt(p, 16))
}

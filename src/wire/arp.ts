import { ETH_HLEN, ETH_P_ARP, emitEthernet } from './ethernet.ts'
import { setU16, setU32, u16, u32 } from './ipv4.ts'

/** ARP for IPv4 over Ethernet, RFC 826. Offsets count from the start of the ARP packet. */
export const ARP_LENGTH = 28
export const ARPOP_REQUEST = 1
export const ARPOP_REPLY = 2

export interface Arp {
  readonly op: number
  readonly senderMac: Uint8Array
  readonly senderIp: number
  readonly targetMac: Uint8Array
  readonly targetIp: number
}

/** undefined where it is too short, or not IPv4 over Ethernet. */
export const parseArp = (b: Uint8Array, at: number): Arp | undefined => {
  if (b.length < at + ARP_LENGTH) return undefined
  if (u16(b, at) !== 1 || u16(b, at + 2) !== 0x0800 || b[at + 4] !== 6 || b[at + 5] !== 4) return undefined
  return {
    op: u16(b, at + 6),
    senderMac: b.slice(at + 8, at + 14),
    senderIp: u32(b, at + 14),
    targetMac: b.slice(at + 18, at + 24),
    targetIp: u32(b, at + 24),
  }
}

/** A whole frame of 42 bytes, to `destination` from the sender's hardware address. */
export const emitArp = (destination: Uint8Array, a: Arp): Uint8Array => {
  const f = new Uint8Array(ETH_HLEN + ARP_LENGTH)
  emitEthernet(f, destination, a.senderMac, ETH_P_ARP)
  setU16(f, 14, 1)
  setU16(f, 16, 0x0800)
  f[18] = 6
  f[19] = 4
  setU16(f, 20, a.op)
  f.set(a.senderMac, 22)
  setU32(f, 28, a.senderIp)
  f.set(a.targetMac, 32)
  setU32(f, 38, a.targetIp)
  return f
}

import { die } from './args.ts'
import type { Ip } from './context.ts'
import { parseAbbreviated } from './prefix.ts'

/**
 * ll_addr_a2n(): hexadecimal bytes with colons, as sscanf(3) %x takes them (what follows the digits of a part is not
 * looked at); with dots an IPv4 address. Any number of bytes: how many it must be is for the caller or the kernel to say.
 */
export const readLladdr = (ip: Ip, text: string): Uint8Array => {
  const bad = (part: string): never => die(ip.proc, 1, `"${part}" is invalid lladdr.`)
  if (text.includes('.')) {
    const address = parseAbbreviated(text) ?? bad(text)
    return Uint8Array.of(address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255)
  }
  return Uint8Array.from(text.split(':'), (part) => {
    const m = /^\s*(?:0[xX])?([0-9a-fA-F]+)/.exec(part) ?? bad(part)
    const byte = parseInt(m[1] as string, 16)
    return byte > 255 ? bad(part) : byte
  })
}

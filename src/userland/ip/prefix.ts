import { formatIpv4, prefixMask, maskLength } from '../../wire/ipv4.ts'
import { formatIpv6, parseIpv6 } from '../../wire/ipv6.ts'
import { parseNumber, quit } from './args.ts'
import type { Family, Ip } from './context.ts'

/** An address with the length of its prefix, as people type them. */
export type Prefix =
  /** `default`, `any`, `all`: nothing is compared. */
  | { readonly family: 'unspec'; readonly length: 0; readonly lengthGiven: true }
  | {
      readonly family: 'inet'
      readonly address: number
      readonly length: number
      readonly lengthGiven: boolean
    }
  | {
      readonly family: 'inet6'
      readonly address: Uint8Array
      readonly length: number
      readonly lengthGiven: boolean
    }

/** The IPv4 address that ip reads: one to four parts, each decimal, octal or hexadecimal; missing parts are zero. */
export const parseAbbreviated = (text: string): number | undefined => {
  const parts = text.replace(/^\s+/, '').split('.')
  if (parts.length > 4) return undefined
  let address = 0
  for (let i = 0; i < 4; i++) {
    const n = i < parts.length ? parseNumber(parts[i] as string) : 0
    if (n === undefined || n < 0 || n > 255) return undefined
    address = address * 256 + n
  }
  return address
}

const isAny = (word: string): boolean => word === 'default' || word === 'any' || word === 'all'

type Inet = { family: 'inet'; address: number } | { family: 'inet6'; address: Uint8Array }

const parseInet = (word: string, family: Family): Inet | undefined => {
  if (word.includes(':')) {
    const address = family === 'inet' ? undefined : parseIpv6(word)
    return address && { family: 'inet6', address }
  }
  const address = family === 'inet6' ? undefined : parseAbbreviated(word)
  return address === undefined ? undefined : { family: 'inet', address }
}

const parsePrefix = (word: string, family: Family): Prefix | undefined => {
  if (isAny(word)) return { family: 'unspec', length: 0, lengthGiven: true }
  const slash = word.indexOf('/')
  const inet = parseInet(slash < 0 ? word : word.slice(0, slash), family)
  if (inet === undefined) return undefined
  const max = inet.family === 'inet' ? 32 : 128
  if (slash < 0) return { ...inet, length: max, lengthGiven: false }
  const tail = word.slice(slash + 1)
  let length = parseNumber(tail)
  if (length === undefined && inet.family === 'inet' && tail.includes('.')) {
    const mask = parseAbbreviated(tail)
    length = mask === undefined ? undefined : maskLength(mask)
  }
  if (length === undefined || length < 0 || length > max) return undefined
  return { ...inet, length, lengthGiven: true }
}

const expected = (ip: Ip, kind: 'address' | 'prefix', family: Family, word: string): never =>
  quit(
    ip.proc,
    1,
    `Error: ${family === 'unspec' ? 'any valid' : family} ${kind} is expected rather than "${word}".`,
  )

/** A prefix, or ip's complaint. */
export const readPrefix = (ip: Ip, word: string, family: Family): Prefix =>
  parsePrefix(word, family) ?? expected(ip, 'prefix', family, word)

/** An address without a length; 'any' for the words that stand for none. */
export const readAddress = (ip: Ip, word: string, family: Family): Inet | 'any' => {
  if (isAny(word)) return 'any'
  return parseInet(word, family) ?? expected(ip, 'address', family, word)
}

/** An IPv4 address: for places where IPv6 is real, but not simulated, `what` says which. */
export const readAddress4 = (ip: Ip, word: string): number => {
  const a = readAddress(ip, word, 'inet')
  return a === 'any' || a.family !== 'inet' ? 0 : a.address
}

/** True where the first `prefix.length` bits are the same. */
export const covers = (prefix: Prefix, address: number | Uint8Array): boolean => {
  if (prefix.family === 'unspec') return true
  if (typeof address === 'number')
    return prefix.family === 'inet' && ((prefix.address ^ address) & prefixMask(prefix.length)) === 0
  if (prefix.family !== 'inet6') return false
  for (let bit = 0; bit < prefix.length; bit++) {
    const mask = 0x80 >> (bit & 7)
    if (((prefix.address[bit >> 3] as number) ^ (address[bit >> 3] as number)) & mask) return false
  }
  return true
}

export const formatPrefix = (address: number, length: number): string =>
  length === 32
    ? formatIpv4(address)
    : length === 0 && address === 0
      ? 'default'
      : `${formatIpv4(address)}/${length}`

export const formatPrefix6 = (address: Uint8Array, length: number): string =>
  length === 128 ? formatIpv6(address) : `${formatIpv6(address)}/${length}`

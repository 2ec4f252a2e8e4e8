/** IPv4 prefix arithmetic for tables to fill in: their answers are computed, not typed. */
import ipaddr from 'ipaddr.js'

export interface Prefix {
  readonly network: string
  /** RFC 3021 and host routes: a /31 and a /32 have none. */
  readonly broadcast: string | undefined
  /** Addresses that a host may have. */
  readonly hosts: number
}

export function prefix(cidr: string): Prefix {
  const length = Number(/\/(\d+)$/.exec(cidr)?.[1])
  if (!ipaddr.IPv4.isValidCIDR(cidr))
    throw new RangeError(`not an IPv4 address with a prefix length: ${cidr}`)
  return {
    network: ipaddr.IPv4.networkAddressFromCIDR(cidr).toString(),
    broadcast: length >= 31 ? undefined : ipaddr.IPv4.broadcastAddressFromCIDR(cidr).toString(),
    hosts: length === 32 ? 1 : length === 31 ? 2 : 2 ** (32 - length) - 2,
  }
}

import { isLimitedBroadcast, isZeronet, maskLength, prefixMask } from '../../wire/ipv4.ts'
import {
  IFF_ALLMULTI,
  IFF_BROADCAST,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_PROMISC,
  IFF_UP,
  type Ifaddr,
  type NetDevice,
} from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import { linkSet } from '../rtnl/link.ts'
import { addrAdd, removeAddress } from './devinet.ts'

/**
 * The old way to configure IPv4 (netdevice(7), net/ipv4/devinet.c: devinet_ioctl()): one address by name of device or label;
 * setting it again replaces it. `eth0:1` is the label of a second address of eth0.
 */

/** A device by name, without what follows a colon, and the address that the whole name labels. */
const find = (
  ns: Netns,
  name: string,
): { dev: NetDevice; ifa: Ifaddr | undefined; alias: boolean } | Refusal => {
  const colon = name.indexOf(':')
  const dev = ns.device(colon < 0 ? name : name.slice(0, colon))
  if (dev === undefined) return new Refusal('ENODEV')
  return { dev, ifa: dev.addresses.find((a) => a.label === name), alias: colon >= 0 }
}

/** SIOCGIFADDR, SIOCGIFNETMASK, SIOCGIFBRDADDR, SIOCGIFDSTADDR in one. Errors: ENODEV, EADDRNOTAVAIL. */
export const getIfaddr = (ns: Netns, name: string): Ifaddr | Refusal => {
  const found = find(ns, name)
  if (found instanceof Refusal) return found
  return found.ifa ?? new Refusal('EADDRNOTAVAIL')
}

/** inet_abc_len(): the prefix length that addresses had by class (RFC 791 §3.2); undefined for multicast. */
const classLength = (address: number): number | undefined => {
  if (isZeronet(address) || isLimitedBroadcast(address)) return 0
  const top = address >>> 28
  if (top < 8) return 8
  if (top < 12) return 16
  if (top < 14) return 24
  return top === 15 ? 32 : undefined
}

const insert = (
  dev: NetDevice,
  a: Omit<Ifaddr, 'secondary' | 'stamp' | 'cause' | 'scope'>,
): Refusal | undefined => {
  // inet_insert_ifa(): an address that is zero is none.
  if (a.local === 0) return undefined
  return addrAdd(dev, {
    local: a.local,
    prefixlen: a.prefixlen,
    label: a.label,
    metric: a.metric,
    ...(a.address !== a.local && { peer: a.address }),
    ...(a.broadcast !== undefined && { broadcast: a.broadcast }),
  })
}

/** SIOCSIFADDR: class by class netmask and broadcast address. Errors: ENODEV, EINVAL (multicast). */
export const setIfaddr = (ns: Netns, name: string, local: number): Refusal | undefined => {
  const found = find(ns, name)
  if (found instanceof Refusal) return found
  const { dev, ifa } = found
  const prefixlen = classLength(local)
  if (prefixlen === undefined) return new Refusal('EINVAL')
  if (ifa?.local === local) return undefined
  if (ifa !== undefined) removeAddress(dev, ifa)
  const broadcast =
    dev.flags & IFF_BROADCAST && prefixlen < 31 ? (local | ~prefixMask(prefixlen)) >>> 0 : undefined
  return insert(dev, {
    local, address: local, prefixlen, broadcast, label: name, metric: 0, noprefixroute: false, validLft: undefined, preferredLft: undefined,
  }) // prettier-ignore
}

/** Takes the address out and puts it back changed, as the kernel does for the three ioctls below. */
const change = (
  ns: Netns,
  name: string,
  to: (ifa: Ifaddr, dev: NetDevice) => Partial<Ifaddr> | Refusal | undefined,
): Refusal | undefined => {
  const found = find(ns, name)
  if (found instanceof Refusal) return found
  const { dev, ifa } = found
  if (ifa === undefined) return new Refusal('EADDRNOTAVAIL')
  const changes = to(ifa, dev)
  if (changes === undefined || changes instanceof Refusal) return changes
  removeAddress(dev, ifa)
  return insert(dev, { ...ifa, ...changes })
}

/** SIOCSIFNETMASK; a broadcast address that fitted the old mask follows. Errors: ENODEV, EADDRNOTAVAIL, EINVAL. */
export const setNetmask = (ns: Netns, name: string, mask: number): Refusal | undefined =>
  change(ns, name, (ifa, dev) => {
    const prefixlen = maskLength(mask)
    if (prefixlen === undefined) return new Refusal('EINVAL')
    if (prefixlen === ifa.prefixlen) return undefined
    const fitted = ifa.broadcast === (ifa.local | ~prefixMask(ifa.prefixlen)) >>> 0
    const follows = dev.flags & IFF_BROADCAST && prefixlen < 31 && fitted
    return follows ? { prefixlen, broadcast: (ifa.local | ~prefixMask(prefixlen)) >>> 0 } : { prefixlen }
  })

/** SIOCSIFBRDADDR; 0.0.0.0 is none. */
export const setBroadcast = (ns: Netns, name: string, broadcast: number): Refusal | undefined =>
  change(ns, name, (ifa) =>
    (ifa.broadcast ?? 0) === broadcast ? undefined : { broadcast: broadcast || undefined },
  )

/** SIOCSIFDSTADDR */
export const setDestination = (ns: Netns, name: string, address: number): Refusal | undefined =>
  change(ns, name, (ifa) => {
    if (ifa.address === address) return undefined
    return classLength(address) === undefined ? new Refusal('EINVAL') : { address }
  })

/** Flags that dev_change_flags() lets one set besides UP, PROMISC and ALLMULTI: DEBUG, NOTRAILERS, PORTSEL, AUTOMEDIA, DYNAMIC. */
const FREE_FLAGS = 0x4 | 0x20 | 0x2000 | 0x4000 | 0x8000

/** SIOCGIFFLAGS; an alias has the flags of its device. */
export const getFlags = (ns: Netns, name: string): number | Refusal => {
  const found = find(ns, name)
  return found instanceof Refusal ? found : found.dev.shownFlags & 0xffff
}

/** SIOCSIFFLAGS: an alias that is set down goes. Errors: ENODEV, EADDRNOTAVAIL. */
export const setFlags = (ns: Netns, name: string, flags: number): Refusal | undefined => {
  const found = find(ns, name)
  if (found instanceof Refusal) return found
  const { dev, ifa, alias } = found
  if (alias) {
    if (ifa === undefined) return new Refusal('EADDRNOTAVAIL')
    if (!(flags & IFF_UP)) removeAddress(dev, ifa)
    return undefined
  }
  return changeFlags(dev, flags)
}

/** dev_change_flags() */
export const changeFlags = (dev: NetDevice, flags: number): Refusal | undefined => {
  dev.flags = (dev.flags & ~FREE_FLAGS) | (flags & FREE_FLAGS)
  return linkSet(dev, {
    up: (flags & IFF_UP) !== 0,
    arp: (flags & IFF_NOARP) === 0,
    multicast: (flags & IFF_MULTICAST) !== 0,
    promisc: (flags & IFF_PROMISC) !== 0,
    allmulticast: (flags & IFF_ALLMULTI) !== 0,
  })
}

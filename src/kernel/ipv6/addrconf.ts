import { ETH_HLEN, ETH_P_IPV6 } from '../../wire/ethernet.ts'
import { emitIpv6, formatIpv6, IPPROTO_ICMPV6, IPV6_HEADER, linkLocal, parseIpv6 } from '../../wire/ipv6.ts'
import { emitIcmpv6, mldReport, neighbourSolicitation, routerSolicitation } from '../../wire/icmpv6.ts'
import { devXmit } from '../dev/dev.ts'
import {
  IFF_LOOPBACK,
  IFF_MULTICAST,
  IFF_UP,
  type Ifaddr6,
  type NetDevice,
  type Scope,
} from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import { Skb } from '../skb.ts'
import { drop } from '../trace.ts'

/**
 * IPv6 as far as every Linux host shows it by itself: link-local addresses (RFC 4862) and the packets that a device
 * sends when it comes up (duplicate address detection, MLDv2 reports, router solicitations). IPv6 routing is not
 * simulated: what arrives is not answered.
 */

const ANY = new Uint8Array(16)
/** Reports are sent twice, the second within so many ms (robustness variable and unsolicited report interval, RFC 3810 §9). */
const MLD_AGAIN = 1000
/** Time until an address that nobody claimed is kept (net.ipv6.conf.*.dad_transmits × retransmission timer). */
const DAD_TIME = 1e9
/** net.ipv6.conf.*.router_solicitation_interval; it doubles each time up to the maximum, a tenth more or less (RFC 7559). */
const RS_INTERVAL = 4e9
const RS_MAX_INTERVAL = 3600e9

/** addrconf_notify(NETDEV_UP/CHANGE): the link-local address comes, tentative at first. */
export const addrconfCarrierUp = (dev: NetDevice): void => {
  if (dev.disableIpv6 || dev.kind === 'loopback' || !dev.up || dev.mtu < 1280) return
  // An address that was already there (the carrier came back) stays, and is checked again.
  let ifa = dev.addresses6.find((a) => a.scope === 'link')
  const { ns } = dev
  // Up and carrier at once are two events, but one start.
  if (ifa?.tentative && ifa.stamp === ns.sim.clock.now) return
  const address = ifa === undefined ? linkLocal(dev.mac) : (parseIpv6(ifa.address) as Uint8Array)
  if (ifa === undefined) {
    ifa = {
      address: formatIpv6(address), prefixlen: 64, scope: 'link', tentative: true, permanent: true, validLft: undefined,
      preferredLft: undefined, stamp: ns.sim.clock.now, cause: ns.sim.cause,
    } // prettier-ignore
    dev.addresses6.push(ifa)
  } else {
    ifa.tentative = true
    ifa.stamp = ns.sim.clock.now
  }
  const stamp = ns.sim.clock.now
  const still = (): boolean =>
    dev.up && dev.carrier && (ifa as Ifaddr6).stamp === stamp && dev.addresses6.includes(ifa as Ifaddr6)
  const later = (delay: number, fn: () => void): void =>
    void ns.sim.clock.schedule(delay, () => (still() ? fn() : undefined))
  const groups = [solicitedNode(address), ...(dev.bridge?.mcastSnooping ? [ALL_SNOOPERS] : [])]
  const report = (source: Uint8Array): void => {
    const sendReport = (): void => send(dev, source, MLD_ROUTERS, emitIcmpv6(mldReport(groups)), 1, true)
    sendReport()
    later((ns.sim.random.next() % MLD_AGAIN) * 1e6, sendReport)
  }
  report(ANY)
  later(20e6 + (ns.sim.random.next() % 200) * 1e6, () => {
    send(dev, ANY, solicitedNode(address), emitIcmpv6(neighbourSolicitation(address, undefined)), 255, false)
    later(DAD_TIME, () => {
      ;(ifa as Ifaddr6).tentative = false
      report(address)
      const solicit = (interval: number): void => {
        send(dev, address, ALL_ROUTERS, emitIcmpv6(routerSolicitation(dev.mac)), 255, false)
        const jitter = 0.9 + (ns.sim.random.next() % 201) / 1000
        later(interval * jitter, () => solicit(Math.min(interval * 2, RS_MAX_INTERVAL)))
      }
      solicit(RS_INTERVAL)
    })
  })
}

/** addrconf_ifdown(): all IPv6 addresses go (keep_addr_on_down 0). */
export const addrconfDown = (dev: NetDevice): void => {
  dev.addresses6.length = 0
}

const MLD_ROUTERS = parseIpv6('ff02::16') as Uint8Array
const ALL_ROUTERS = parseIpv6('ff02::2') as Uint8Array

/** A bridge that snoops joins it (RFC 4286). */
const ALL_SNOOPERS = parseIpv6('ff02::6a') as Uint8Array
const SOLICITED = parseIpv6('ff02::1:ff00:0') as Uint8Array

/** ff02::1:ff00:0/104 and the low 24 bits of the address (RFC 4291 §2.7.1). */
const solicitedNode = (address: Uint8Array): Uint8Array => {
  const group = SOLICITED.slice()
  group.set(address.subarray(13), 13)
  return group
}

const send = (
  dev: NetDevice,
  source: Uint8Array,
  group: Uint8Array,
  icmp: Uint8Array,
  hops: number,
  routerAlert: boolean,
): void => {
  if (!(dev.flags & IFF_UP) || !(dev.flags & IFF_MULTICAST)) return
  const extension = routerAlert ? ROUTER_ALERT : NO_EXTENSION
  const frame = new Uint8Array(ETH_HLEN + IPV6_HEADER + extension.length + icmp.length)
  frame[0] = frame[1] = 0x33
  frame.set(group.subarray(12), 2)
  frame.set(dev.mac, 6)
  frame[12] = 0x86
  frame[13] = 0xdd
  emitIpv6(frame, ETH_HLEN, {
    next: routerAlert ? 0 : IPPROTO_ICMPV6, length: extension.length + icmp.length, hops, source, destination: group,
  }) // prettier-ignore
  frame.set(extension, ETH_HLEN + IPV6_HEADER)
  frame.set(icmp, ETH_HLEN + IPV6_HEADER + extension.length)
  sealIcmpv6(frame, source, group, extension.length, icmp.length)
  const skb = new Skb(dev.ns.sim, frame, ETH_P_IPV6)
  devXmit(dev, skb)
}

/** Hop-by-hop options: router alert for MLD, padded to eight bytes (RFC 2711, RFC 3810 §5). */
const NO_EXTENSION = new Uint8Array(0)
const ROUTER_ALERT = Uint8Array.of(IPPROTO_ICMPV6, 0, 5, 2, 0, 0, 1, 0)

const sealIcmpv6 = (
  frame: Uint8Array,
  source: Uint8Array,
  destination: Uint8Array,
  skip: number,
  length: number,
): void => {
  const at = ETH_HLEN + IPV6_HEADER + skip
  let sum = length + IPPROTO_ICMPV6
  for (let i = 0; i < 16; i += 2)
    sum +=
      ((source[i] as number) << 8) +
      (source[i + 1] as number) +
      ((destination[i] as number) << 8) +
      (destination[i + 1] as number)
  for (let i = 0; i < length; i += 2) sum += ((frame[at + i] as number) << 8) + (frame[at + i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  frame[at + 2] = (~sum >>> 8) & 255
  frame[at + 3] = ~sum & 255
}

/** What arrives is heard by listeners and learned by bridges; nobody answers. */
export const ipv6Rcv = (ns: Netns, dev: NetDevice, skb: Skb): void =>
  drop(ns, skb, dev, skb.pktType === 'otherhost' ? 'OTHERHOST' : 'UNHANDLED_PROTO')

export interface Address6Request {
  readonly address: string
  readonly prefixlen: number
  readonly scope?: Scope
  readonly validLft?: number
  readonly preferredLft?: number
  readonly replace?: boolean
}

/** inet6_rtm_newaddr() */
export const addr6Add = (dev: NetDevice, r: Address6Request): Refusal | undefined => {
  if (dev.disableIpv6) return new Refusal('EACCES', 'ipv6: IPv6 is disabled on this device')
  const bytes = parseIpv6(r.address)
  if (bytes === undefined) return new Refusal('EINVAL')
  if (bytes.every((b) => b === 0)) return new Refusal('EADDRNOTAVAIL', 'ipv6: Invalid address')
  if (bytes[0] === 0xff)
    return new Refusal('EINVAL', 'ipv6: Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag')
  const address = formatIpv6(bytes)
  const there = dev.addresses6.find((a) => a.address === address)
  if (there !== undefined) {
    if (!r.replace) return new Refusal('EEXIST', 'ipv6: address already assigned')
    there.validLft = r.validLft
    there.preferredLft = r.preferredLft
    return undefined
  }
  const scope: Scope =
    r.scope ??
    (bytes[0] === 0xfe && ((bytes[1] as number) & 0xc0) === 0x80
      ? 'link'
      : address === '::1'
        ? 'host'
        : 'global')
  const { ns } = dev
  const ifa: Ifaddr6 = {
    address, prefixlen: r.prefixlen, scope, tentative: (dev.flags & IFF_LOOPBACK) === 0, permanent: r.validLft === undefined,
    validLft: r.validLft, preferredLft: r.preferredLft, stamp: ns.sim.clock.now, cause: ns.sim.cause,
  } // prettier-ignore
  // Wider scopes stand first (ipv6_link_dev_addr()).
  const rank: Readonly<Record<Scope, number>> = { global: 0, site: 1, link: 2, host: 3, nowhere: 4 }
  const i = dev.addresses6.findIndex((a) => rank[a.scope] >= rank[scope])
  dev.addresses6.splice(i < 0 ? dev.addresses6.length : i, 0, ifa)
  if (ifa.tentative && dev.up && dev.carrier)
    ns.sim.clock.schedule(DAD_TIME, () => void (ifa.tentative = false))
  return undefined
}

/** inet6_rtm_deladdr() */
export const addr6Del = (dev: NetDevice, r: { address: string; prefixlen: number }): Refusal | undefined => {
  const bytes = parseIpv6(r.address)
  const address = bytes === undefined ? r.address : formatIpv6(bytes)
  const i = dev.addresses6.findIndex((a) => a.address === address && a.prefixlen === r.prefixlen)
  if (i < 0) return new Refusal('EADDRNOTAVAIL', 'ipv6: address not found')
  dev.addresses6.splice(i, 1)
  return undefined
}

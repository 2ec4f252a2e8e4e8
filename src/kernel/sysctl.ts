import type { Ipv4Devconf } from './netdevice.ts'

/** The knobs under /proc/sys/net/ipv4 that this kernel obeys, as plain fields for the fast path. */
export class Ipv4Sysctl {
  readonly all: Ipv4Devconf = devconf(1)
  readonly default: Ipv4Devconf = { ...devconf(1), acceptSourceRoute: 1 }
  ipForward = 0
  defaultTtl = 64
  icmpEchoIgnoreAll = 0
  icmpEchoIgnoreBroadcasts = 1
  icmpRatelimit = 0
  icmpRatemask = 6168
  icmpErrorsUseInboundIfaddr = 0
  ipNoPmtuDisc = 0
  ipForwardUsePmtu = 0
  pingGroupRange: readonly [number, number] = [1, 0]
  localPortRange: readonly [number, number] = [32768, 60999]
  ipNonlocalBind = 0
  /** Seconds */
  ipfragTime = 30
  minPmtu = 552
  mtuExpires = 600
  neigh: NeighParms = neighParms()
}

/** /proc/sys/net/ipv4/neigh/DEV, in ns where it is a time (Documentation: arp(7)). */
export interface NeighParms {
  baseReachableTime: number
  delayFirstProbeTime: number
  gcStaleTime: number
  lockTime: number
  retransTime: number
  ucastSolicit: number
  mcastSolicit: number
  appSolicit: number
  unresQlen: number
}

export const neighParms = (): NeighParms => ({
  baseReachableTime: 30e9,
  delayFirstProbeTime: 5e9,
  gcStaleTime: 60e9,
  lockTime: 1e9,
  retransTime: 1e9,
  ucastSolicit: 3,
  mcastSolicit: 3,
  appSolicit: 0,
  unresQlen: 101,
})

const devconf = (redirects: number): Ipv4Devconf => ({
  forwarding: 0,
  rpFilter: 0,
  acceptRedirects: redirects,
  sendRedirects: redirects,
  secureRedirects: 1,
  acceptSourceRoute: 0,
  proxyArp: 0,
  arpIgnore: 0,
  arpAnnounce: 0,
  arpFilter: 0,
  arpAccept: 0,
  arpNotify: 0,
  logMartians: 0,
  routeLocalnet: 0,
  acceptLocal: 0,
  srcValidMark: 0,
  bcForwarding: 0,
  ignoreRoutesWithLinkdown: 0,
  promoteSecondaries: 0,
})

import type { NetDevice } from './netdevice.ts'
import type { Netns } from './netns.ts'
import type { Cause } from './sim.ts'
import type { Skb } from './skb.ts'

/** Why a packet died, by the kernel's names (include/net/dropreason-core.h); two of our own are marked. */
export type DropReason =
  | 'NOT_SPECIFIED'
  | 'NO_SOCKET'
  | 'PKT_TOO_SMALL'
  | 'PKT_TOO_BIG'
  | 'OTHERHOST'
  | 'IP_CSUM'
  | 'IP_INHDR'
  | 'IP_RPFILTER'
  | 'IP_OUTNOROUTES'
  | 'IP_INNOROUTES'
  | 'IP_INVALID_SOURCE'
  | 'IP_INVALID_DEST'
  | 'IP_LOCALNET'
  | 'IP_LOCAL_SOURCE'
  | 'IP_TTL'
  /** Ours: ip_error() counts IpInAddrErrors where forwarding is off, and frees with the route's reason. */
  | 'IP_FORWARDING_OFF'
  | 'UNICAST_IN_L2_MULTICAST'
  | 'ICMP_CSUM'
  | 'UDP_CSUM'
  | 'NEIGH_FAILED'
  | 'NEIGH_QUEUEFULL'
  | 'NEIGH_DEAD'
  | 'DEV_READY'
  | 'DEV_HDR'
  | 'FULL_RING'
  | 'BRIDGE_INGRESS_STP_STATE'
  | 'BRIDGE_NON_FORWARDING'
  /** Ours: no other port to send it out of. */
  | 'BRIDGE_NO_EGRESS_PORT'
  /** Ours: a loop between switches; the model stops copying where a real wire would be full. */
  | 'BRIDGE_STORM'
  | 'UNHANDLED_PROTO'
  | 'NOMEM'
  | 'FRAG_REASM_TIMEOUT'
  | 'LOCAL_BLACKHOLE'
  | 'NETFILTER_DROP'

/** One decision about one packet. `facts` are for people: the UI words them, with the record that decided. */
export type TraceEvent = {
  readonly at: number
  /** The packet's number; copies (flooding) and answers have numbers of their own and name what they come from. */
  readonly packet: number
  readonly from: number | undefined
  readonly cause: Cause | undefined
  readonly netns: Netns
  readonly dev: NetDevice | undefined
} & TracePoint

export type TracePoint =
  /** Made here by a program or by the kernel (ICMP errors, ARP, replies). */
  | { readonly point: 'born'; readonly frame: Uint8Array; readonly protocol: number }
  /** Leaves a device; `frame` is a copy of the bytes. */
  | { readonly point: 'xmit'; readonly frame: Uint8Array }
  | { readonly point: 'receive'; readonly frame: Uint8Array }
  /** A route was looked up; `route` is undefined where none matched. */
  | {
      readonly point: 'route'
      readonly destination: number
      readonly route: TraceRecord | undefined
      readonly kind: string
    }
  | {
      readonly point: 'neigh'
      readonly address: number
      readonly state: string
      readonly record: TraceRecord | undefined
    }
  | {
      readonly point: 'fdb'
      readonly mac: Uint8Array
      readonly port: NetDevice | undefined
      readonly record: TraceRecord | undefined
    }
  | { readonly point: 'flood'; readonly ports: number }
  | { readonly point: 'learn'; readonly mac: Uint8Array; readonly port: NetDevice }
  | { readonly point: 'forward'; readonly ttl: number }
  /** Reached the protocol it was for at this machine. */
  | { readonly point: 'deliver'; readonly protocol: string }
  | {
      readonly point: 'drop'
      readonly reason: DropReason
      readonly record: TraceRecord | undefined
      readonly detail: string | undefined
    }

/** A configured record that a decision used: what it says and which command made it. */
export interface TraceRecord {
  readonly text: string
  readonly cause: Cause | undefined
}

export type Tracer = (event: TraceEvent) => void

/** Tells the tracer, if there is one. Callers on the fast path test `sim.tracer` first, so that arguments cost nothing. */
export const trace = (netns: Netns, skb: Skb, dev: NetDevice | undefined, point: TracePoint): void => {
  const sim = netns.sim
  sim.tracer?.({ at: sim.clock.now, packet: skb.id, from: skb.from, cause: skb.cause, netns, dev, ...point })
}

/** The packet dies here: kfree_skb_reason(). */
export const drop = (
  netns: Netns,
  skb: Skb,
  dev: NetDevice | undefined,
  reason: DropReason,
  record?: TraceRecord,
  detail?: string,
): void => {
  if (netns.sim.tracer !== undefined) trace(netns, skb, dev, { point: 'drop', reason, record, detail })
}

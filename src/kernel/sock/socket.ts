import type { NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import type { Errno } from '../refusal.ts'
import type { Cause } from '../sim.ts'
import { WaitQueue } from '../waitqueue.ts'
import type { PacketSocket } from './packet.ts'
import type { RawSocket } from './raw.ts'
import type { UdpSocket } from './udp.ts'

/** Datagrams a socket holds before more are dropped (stands for SO_RCVBUF). */
export const RECEIVE_QUEUE = 512

/** What ip(7) calls an extended error, read from the error queue (IP_RECVERR). */
export interface SockError {
  readonly errno: Errno
  /** Made by the local stack, or told by an ICMP message. */
  readonly origin: 'local' | 'icmp'
  readonly type: number
  readonly code: number
  /** MTU of the next hop (ICMP fragmentation needed, EMSGSIZE), gateway (redirect). */
  readonly info: number
  /** Who sent the ICMP message. */
  readonly offender: number
  /** Where the packet that failed was going. */
  readonly destination: number
  readonly port: number
  /** Its payload, as far as the ICMP message quotes it. */
  readonly data: Uint8Array
  /** TTL with which the ICMP message arrived (what traceroute --back shows). */
  readonly ttl: number
  /** When it came, ns. */
  readonly at: number
}

/** How path MTU discovery is done (IP_MTU_DISCOVER, ip(7)). */
export type PmtuDisc = 'dont' | 'want' | 'do' | 'probe'

/** What all sockets of AF_INET share. */
export abstract class InetSocket {
  readonly ns: Netns
  /** Woken when something can be received, or an error stands. */
  readonly readable = new WaitQueue()
  /** Bound source address (0 = none), and device (SO_BINDTODEVICE). */
  source = 0
  boundDevice: NetDevice | undefined
  /** IP_TTL, undefined = the default (net.ipv4.ip_default_ttl). */
  ttl: number | undefined
  multicastTtl = 1
  tos = 0
  mark = 0
  broadcast = false
  pmtudisc: PmtuDisc = 'want'
  /** Collect ICMP errors in the error queue. */
  recvErr = false
  /** Pending error (SO_ERROR): the next send or receive reports it. */
  error: Errno | undefined
  readonly errors: SockError[] = []
  /** IP options to send with every packet, padded to a multiple of four bytes. */
  options: Uint8Array | undefined
  readonly cause: Cause | undefined

  constructor(ns: Netns) {
    this.ns = ns
    this.cause = ns.sim.cause
  }
  takeError(): Errno | undefined {
    const e = this.error
    this.error = undefined
    return e
  }
  pushError(error: SockError, fatal: boolean): void {
    if (this.recvErr && this.errors.length < RECEIVE_QUEUE) this.errors.push(error)
    if (fatal || this.recvErr) this.error = error.errno
    this.readable.wakeAll()
  }
  abstract close(): void
}

/** The open sockets of a namespace. */
export class SocketTable {
  readonly raw = new Set<RawSocket>()
  readonly udp = new Set<UdpSocket>()
  readonly packet = new Set<PacketSocket>()
}

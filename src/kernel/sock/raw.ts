import type { Netns } from '../netns.ts'
import type { Refusal } from '../refusal.ts'
import { rawSend } from '../ipv4/output.ts'
import type { Skb } from '../skb.ts'
import { L3 } from '../skb.ts'
import { InetSocket, RECEIVE_QUEUE } from './socket.ts'

/** A received raw datagram: from the IP header on. */
export interface RawReceived {
  readonly packet: Uint8Array
  /** When it came, ns. */
  readonly at: number
}

/** raw(7): sends payloads of one IP protocol (or whole packets with `hdrincl`) and hears a copy of all that arrive. */
export class RawSocket extends InetSocket {
  readonly protocol: number
  hdrincl = false
  /** Only packets from here are heard (connect(2)). */
  peer = 0
  /** A cheap test before a copy is queued (the ICMP_FILTER and SO_ATTACH_FILTER that ping sets). */
  filter: ((packet: Uint8Array) => boolean) | undefined
  readonly #queue: RawReceived[] = []

  constructor(ns: Netns, protocol: number) {
    super(ns)
    this.protocol = protocol
    ns.sockets.raw.add(this)
  }
  /** Sends `payload` (header included with `hdrincl`) to `destination`. Errors: ENETUNREACH, EMSGSIZE, EACCES (broadcast) … */
  send(payload: Uint8Array, destination: number): Refusal | undefined {
    return rawSend(this, payload, destination)
  }
  /** Is there neither a packet nor an error to read? */
  get empty(): boolean {
    return this.#queue.length === 0 && this.errors.length === 0
  }
  recv(): RawReceived | undefined {
    return this.#queue.shift()
  }
  deliver(skb: Skb): void {
    if (this.#queue.length >= RECEIVE_QUEUE) return
    const packet = skb.data.subarray(L3)
    if (this.filter !== undefined && !this.filter(packet)) return
    this.#queue.push({ packet, at: this.ns.sim.clock.now })
    this.readable.wakeAll()
  }
  override close(): void {
    this.ns.sockets.raw.delete(this)
  }
}

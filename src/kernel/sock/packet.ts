import { devXmit } from '../dev/dev.ts'
import type { NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import { Skb, type PacketType } from '../skb.ts'
import { WaitQueue } from '../waitqueue.ts'
import { ethType } from '../../wire/ethernet.ts'

/** A frame as a packet socket sees it. */
export interface Captured {
  /** From the Ethernet header on; a copy that never changes. */
  readonly frame: Uint8Array
  readonly dev: NetDevice
  readonly direction: 'in' | 'out'
  readonly pktType: PacketType
  /** ns */
  readonly at: number
}

const QUEUE = 20_000

/** packet(7), SOCK_RAW: hears every frame of one device, or of all, in both directions. */
export class PacketSocket {
  readonly ns: Netns
  readonly dev: NetDevice | undefined
  readonly readable = new WaitQueue()
  /** Only frames that pass are queued (SO_ATTACH_FILTER). */
  filter: ((frame: Uint8Array, captured: Omit<Captured, 'frame'>) => boolean) | undefined
  /** Frames that passed the filter, and those of them for which there was no room (PACKET_STATISTICS). */
  packets = 0
  dropped = 0
  readonly #queue: Captured[] = []

  /** Hears `dev`, or every device of the namespace without it. */
  constructor(ns: Netns, dev: NetDevice | undefined) {
    this.ns = ns
    this.dev = dev
    ns.sockets.packet.add(this)
    for (const d of dev ? [dev] : ns.devices.values()) d.taps++
  }
  get empty(): boolean {
    return this.#queue.length === 0
  }
  recv(): Captured | undefined {
    return this.#queue.shift()
  }
  /** Sends a whole frame out of `dev`. Errors: ENETDOWN, EMSGSIZE. */
  send(frame: Uint8Array, dev: NetDevice): Refusal | undefined {
    if (!dev.up) return new Refusal('ENETDOWN')
    if (frame.length - 14 > dev.mtu) return new Refusal('EMSGSIZE')
    const skb = new Skb(this.ns.sim, frame, ethType(frame))
    skb.pktType = 'outgoing'
    devXmit(dev, skb)
    return undefined
  }
  deliver(skb: Skb, dev: NetDevice, direction: 'in' | 'out'): void {
    if (this.dev !== undefined && this.dev !== dev) return
    const captured = {
      dev,
      direction,
      pktType: direction === 'out' ? ('outgoing' as const) : skb.pktType,
      at: this.ns.sim.clock.now,
    }
    if (this.filter !== undefined && !this.filter(skb.data, captured)) return
    this.packets++
    if (this.#queue.length >= QUEUE) {
      this.dropped++
      return
    }
    this.#queue.push({ ...captured, frame: skb.data.slice() })
    this.readable.wakeAll()
  }
  close(): void {
    if (!this.ns.sockets.packet.delete(this)) return
    for (const d of this.dev ? [this.dev] : this.ns.devices.values()) if (d.taps > 0) d.taps--
  }
}

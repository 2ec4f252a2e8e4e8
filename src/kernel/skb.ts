import { ETH_HLEN } from '../wire/ethernet.ts'
import type { NetDevice } from './netdevice.ts'
import type { Cause, Sim } from './sim.ts'

/** For whom a received frame is (eth_type_trans()). */
export type PacketType = 'host' | 'broadcast' | 'multicast' | 'otherhost' | 'outgoing'

/** Where the network header starts: frames are untagged, so always right after the Ethernet header. */
export const L3 = ETH_HLEN

/** A packet: real bytes from the Ethernet header on, and what the kernel knows about it (struct sk_buff). */
export class Skb {
  readonly id: number
  /** The packet that this one copies or answers. */
  readonly from: number | undefined
  readonly cause: Cause | undefined
  data: Uint8Array
  dev: NetDevice | undefined = undefined
  pktType: PacketType = 'host'
  /** Ethertype. */
  protocol = 0
  /** How often it was forwarded by a bridge or router of this world: bounds what loops can do. */
  mark = 0
  /** The device would not take it (NET_XMIT_DROP): programs that ask for errors hear ENOBUFS. */
  xmitDropped = false

  constructor(sim: Sim, data: Uint8Array, protocol: number, parent?: Skb) {
    this.id = sim.nextPacketId()
    this.from = parent?.id
    this.cause = parent === undefined ? sim.cause : parent.cause
    this.data = data
    this.protocol = protocol
  }

  /** A copy with bytes of its own, for the second and further receivers of a flooded frame. */
  clone(sim: Sim): Skb {
    const copy = new Skb(sim, this.data.slice(), this.protocol, this)
    copy.dev = this.dev
    copy.pktType = this.pktType
    copy.mark = this.mark
    return copy
  }
}

import { ICMP_EXC_FRAGTIME, ICMP_TIME_EXCEEDED } from '../../wire/icmp.ts'
import {
  emitIpv4, ETH_P_IP, ipDestination, ipFragmentOffset, ipHeaderLength, ipId, ipMoreFragments, ipProtocol, ipSource,
  ipTos, ipTtl,
} from '../../wire/ipv4.ts' // prettier-ignore
import type { Timer } from '../clock.ts'
import type { NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { L3, Skb } from '../skb.ts'
import { drop } from '../trace.ts'
import { icmpSend } from './icmp.ts'

/** Fragmentation and reassembly (RFC 791 §3.2, net/ipv4/ip_output.c, ip_fragment.c). */

/** ip_do_fragment(): the packet in pieces of at most `mtu` bytes; none where not even eight bytes fit. IP options are repeated in each. */
export const fragment = (ns: Netns, skb: Skb, mtu: number): Skb[] => {
  const { data } = skb
  const head = ipHeaderLength(data, L3)
  const payload = data.subarray(L3 + head)
  const room = (mtu - head) & ~7
  if (room < 8) return []
  const base = ipFragmentOffset(data, L3)
  const more = ipMoreFragments(data, L3)
  const options = head > 20 ? data.slice(L3 + 20, L3 + head) : undefined
  const parts: Skb[] = []
  for (let at = 0; at < payload.length; at += room) {
    const piece = payload.subarray(at, at + room)
    const frame = new Uint8Array(L3 + head + piece.length)
    emitIpv4(frame, L3, {
      tos: ipTos(data, L3),
      totalLength: head + piece.length,
      id: ipId(data, L3),
      moreFragments: more || at + room < payload.length,
      fragmentOffset: base + at,
      ttl: ipTtl(data, L3),
      protocol: ipProtocol(data, L3),
      source: ipSource(data, L3),
      destination: ipDestination(data, L3),
      ...(options === undefined ? {} : { options }),
    })
    frame.set(piece, L3 + head)
    parts.push(new Skb(ns.sim, frame, ETH_P_IP, skb))
  }
  return parts
}

interface Queue {
  readonly parts: { readonly offset: number; readonly skb: Skb }[]
  readonly dev: NetDevice
  timer: Timer
}

/** Datagrams that are being put together at one machine, by source, destination, protocol and id. */
export class Reassembly {
  readonly #ns: Netns
  readonly #queues = new Map<string, Queue>()
  constructor(ns: Netns) {
    this.#ns = ns
  }

  /** ip_defrag(): the whole packet once its last piece has come. */
  add(skb: Skb, dev: NetDevice): Skb | undefined {
    this.#ns.mib.ip.ReasmReqds++
    const { data } = skb
    const key = `${ipSource(data, L3)} ${ipDestination(data, L3)} ${ipProtocol(data, L3)} ${ipId(data, L3)}`
    let queue = this.#queues.get(key)
    if (queue === undefined) {
      const timer = this.#ns.sim.clock.schedule(this.#ns.ipv4.ipfragTime * 1e9, () => this.#expire(key))
      queue = { parts: [], dev, timer }
      this.#queues.set(key, queue)
    }
    const offset = ipFragmentOffset(data, L3)
    if (!queue.parts.some((p) => p.offset === offset)) queue.parts.push({ offset, skb })
    queue.parts.sort((a, b) => a.offset - b.offset)
    let end = 0
    for (const part of queue.parts) {
      if (part.offset !== end) return undefined
      end += part.skb.data.length - L3 - ipHeaderLength(part.skb.data, L3)
    }
    const last = queue.parts.at(-1) as Queue['parts'][number]
    if (ipMoreFragments(last.skb.data, L3)) return undefined
    this.#queues.delete(key)
    this.#ns.sim.clock.cancel(queue.timer)
    return this.#join(queue, end)
  }

  #join(queue: Queue, length: number): Skb | undefined {
    const first = (queue.parts[0] as Queue['parts'][number]).skb
    const head = ipHeaderLength(first.data, L3)
    if (head + length > 65535) {
      drop(this.#ns, first, queue.dev, 'IP_INHDR')
      return undefined
    }
    const frame = new Uint8Array(L3 + head + length)
    frame.set(first.data.subarray(0, L3 + head))
    for (const { offset, skb } of queue.parts)
      frame.set(skb.data.subarray(L3 + ipHeaderLength(skb.data, L3)), L3 + head + offset)
    emitIpv4(frame, L3, {
      tos: ipTos(first.data, L3),
      totalLength: head + length,
      id: ipId(first.data, L3),
      ttl: ipTtl(first.data, L3),
      protocol: ipProtocol(first.data, L3),
      source: ipSource(first.data, L3),
      destination: ipDestination(first.data, L3),
      ...(head > 20 ? { options: first.data.slice(L3 + 20, L3 + head) } : {}),
    })
    this.#ns.mib.ip.ReasmOKs++
    const whole = new Skb(this.#ns.sim, frame, ETH_P_IP, first)
    whole.dev = queue.dev
    whole.pktType = first.pktType
    return whole
  }

  #expire(key: string): void {
    const queue = this.#queues.get(key)
    if (queue === undefined) return
    this.#queues.delete(key)
    this.#ns.mib.ip.ReasmTimeout++
    this.#ns.mib.ip.ReasmFails++
    const first = queue.parts.find((p) => p.offset === 0)
    if (first) icmpSend(this.#ns, first.skb, queue.dev, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0)
    for (const { skb } of queue.parts) drop(this.#ns, skb, queue.dev, 'FRAG_REASM_TIMEOUT')
  }
}

import { IFF_LOOPBACK, IFF_PROMISC, type NetDevice } from '../../kernel/netdevice.ts'
import type { Netns } from '../../kernel/netns.ts'
import { PacketSocket, type Captured } from '../../kernel/sock/packet.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import type { Process } from '../../proc/process.ts'
import type { Resume, Task } from '../../proc/wait.ts'
import { emitSll2, type PcapRecord, type Sll2Type } from '../../wire/pcap.ts'
import type { Args } from './args.ts'
import type { Filter } from './filter/compile.ts'

/** The device to listen on: as -i names it, by name or number; without -i the first that is up and no loopback. */
export const deviceOf = (proc: Process, name: string | undefined): NetDevice | 'any' | 'none' | 'index' => {
  const { netns } = proc
  if (name === undefined) return ordered(netns)[0] ?? 'any'
  if (name === 'any') return 'any'
  const dev = netns.device(name)
  if (dev !== undefined) return dev
  if (!/^\d+$/.test(name)) return 'none'
  const all: (NetDevice | 'any')[] = withAny(netns)
  return all[Number(name) - 1] ?? 'index'
}

/** As pcap_findalldevs(3) lists them: running ones first, loopbacks after others, those that are down last. */
const ordered = (ns: Netns): NetDevice[] => {
  const rank = (dev: NetDevice): number =>
    (dev.up ? 0 : 4) + (dev.carrier ? 0 : 2) + (dev.flags & IFF_LOOPBACK ? 1 : 0)
  return [...ns.devices.values()].sort((a, b) => rank(a) - rank(b) || a.ifindex - b.ifindex)
}
const withAny = (ns: Netns): (NetDevice | 'any')[] => {
  const devices = ordered(ns)
  const i = devices.findIndex((dev) => (dev.flags & IFF_LOOPBACK) !== 0 || !dev.up)
  return [
    ...devices.slice(0, i < 0 ? devices.length : i),
    'any',
    ...devices.slice(i < 0 ? devices.length : i),
  ]
}

export const listDevices = (ns: Netns): string =>
  withAny(ns)
    .map((dev, i) => {
      if (dev === 'any') return `${i + 1}.any (Pseudo-device that captures on all interfaces) [Up, Running]\n`
      const loopback = (dev.flags & IFF_LOOPBACK) !== 0
      const words = dev.up ? ['Up', ...(dev.carrier ? ['Running'] : [])] : []
      if (loopback) words.push('Loopback')
      else if (dev.up) words.push(dev.carrier ? 'Connected' : 'Disconnected')
      else words.push('Disconnected')
      return `${i + 1}.${dev.name} [${words.join(', ')}]\n`
    })
    .join('')

/** tp_retire_blk_tov of TPACKET_V3, as tcpdump sets it. */
const BLOCK_NS = 100e6

const SLL2_TYPES: Readonly<Record<Captured['pktType'], Sll2Type>> = {
  host: 0,
  broadcast: 1,
  multicast: 2,
  otherhost: 3,
  outgoing: 4,
}
const ARPHRD_ETHER = 1
const ARPHRD_LOOPBACK = 772

/** A packet socket with the filter in front, and what came through it. */
export class Capture {
  readonly #proc: Process
  readonly #socket: PacketSocket
  readonly #cooked: boolean
  readonly #args: Args
  readonly #promiscuous: NetDevice | undefined
  readonly #openedAt: number

  constructor(proc: Process, dev: NetDevice | 'any', filter: Filter, args: Args) {
    this.#proc = proc
    this.#args = args
    this.#cooked = dev === 'any'
    this.#openedAt = proc.now
    this.#socket = new PacketSocket(proc.netns, dev === 'any' ? undefined : dev)
    this.#socket.filter = (frame, about) => {
      const data = this.#cooked ? cook(frame, about) : frame
      return filter(data, {
        length: data.length,
        outgoing: about.direction === 'out',
        ifindex: about.dev.ifindex,
      })
    }
    // PACKET_MR_PROMISC; the device itself hears all frames in any case.
    this.#promiscuous = dev === 'any' || !args.promiscuous || dev.flags & IFF_PROMISC ? undefined : dev
    if (this.#promiscuous !== undefined) this.#promiscuous.promiscuity++
  }

  get received(): number {
    return this.#socket.packets
  }
  get dropped(): number {
    return this.#socket.dropped
  }

  /** Until enough was captured (false) or a signal came (true); what is in the open block then is lost. */
  *run(output: { put(r: PcapRecord): Task<void>; readonly full: boolean }): Task<boolean> {
    const proc = this.#proc
    for (;;) {
      if (proc.takeSignal() !== undefined) return true
      if (this.#socket.empty) {
        yield this.#socket.readable.wait
        continue
      }
      if (!this.#args.immediate && (yield* this.#blockEnd()) === 'signal') continue
      for (let c = this.#socket.recv(); c !== undefined; c = this.#socket.recv()) {
        if (!this.#wanted(c)) continue
        yield* output.put(this.#record(c))
        if (output.full) return false
      }
    }
  }

  /** Packets are handed over in blocks that the kernel closes at a fixed pace. */
  #blockEnd(): Task<Resume> {
    const since = (this.#proc.now - this.#openedAt) % BLOCK_NS
    return this.#proc.sleep(BLOCK_NS - since)
  }

  /** What libpcap itself leaves out, after the kernel's filter has counted it. */
  #wanted(c: Captured): boolean {
    // A packet over the loopback is shown on its way in only.
    if (c.direction === 'out' && c.dev.flags & IFF_LOOPBACK) return false
    return this.#args.direction === 'inout' || this.#args.direction === c.direction
  }

  #record(c: Captured): PcapRecord {
    const data = this.#cooked ? cook(c.frame, c) : c.frame
    const seconds = Math.floor(c.at / 1e9)
    return {
      seconds: EPOCH_SECONDS + seconds,
      nanoseconds: c.at - seconds * 1e9,
      length: data.length,
      data: data.length > this.#args.snaplen ? data.subarray(0, this.#args.snaplen) : data,
    }
  }

  close(): void {
    this.#socket.close()
    if (this.#promiscuous !== undefined && this.#promiscuous.promiscuity > 0) this.#promiscuous.promiscuity--
  }
}

const cook = (frame: Uint8Array, c: Pick<Captured, 'dev' | 'pktType'>): Uint8Array => {
  const hard = c.dev.flags & IFF_LOOPBACK ? ARPHRD_LOOPBACK : ARPHRD_ETHER
  return emitSll2(frame, c.dev.ifindex, hard, SLL2_TYPES[c.pktType])
}

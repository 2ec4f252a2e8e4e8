import { ipHeaderLength, parseIpv4, IPPROTO_ICMP } from '../wire/ipv4.ts'
import { ICMP_ECHO, ICMP_ECHOREPLY, icmpType, sealIcmp } from '../wire/icmp.ts'
import { devOpen } from './dev/state.ts'
import { addrAdd } from './ipv4/devinet.ts'
import { Kernel } from './kernel.ts'
import type { NetDevice } from './netdevice.ts'
import { Refusal } from './refusal.ts'
import { linkNew, linkSet, linkUpBoth } from './rtnl/link.ts'
import { Sim } from './sim.ts'
import { RawSocket } from './sock/raw.ts'
import type { TraceEvent } from './trace.ts'

/** Machines and wires for the kernel's own tests, without shells and files. */
export class Testbed {
  readonly sim = new Sim(1)
  readonly events: TraceEvent[] = []

  constructor() {
    this.sim.tracer = (e) => this.events.push(e)
  }

  machine(name: string): Kernel {
    const kernel = new Kernel(this.sim, name)
    devOpen(kernel.initNetns.loopback)
    return kernel
  }
  /** A wire between new devices of two machines, up at both ends. */
  wire(a: Kernel, aName: string, b: Kernel, bName: string): [NetDevice, NetDevice] {
    const dev = ok(
      linkNew(a.initNetns, { kind: 'veth', name: aName, peer: { name: bName, ns: b.initNetns } }),
    )
    const peer = dev.peer as NetDevice
    linkUpBoth(dev, peer)
    return [dev, peer]
  }
  /** A switch: a machine whose bridge has the given devices of it as ports. */
  bridge(kernel: Kernel, ports: readonly NetDevice[]): NetDevice {
    const br = ok(linkNew(kernel.initNetns, { kind: 'bridge', name: 'br0', up: true }))
    for (const dev of ports) ok(linkSet(dev, { master: br }))
    return br
  }
  /** Everything that happens in the next `ns`. */
  pass(ns: number): TraceEvent[] {
    const { clock } = this.sim
    const from = this.events.length
    const end = clock.now + ns
    for (let at = clock.nextAt(); at !== undefined && at <= end; at = clock.nextAt()) clock.runNext()
    clock.skipTo(end)
    return this.events.slice(from)
  }
  /** Sends an echo request of `payload` bytes and passes `ns`: number of replies heard, and what happened. */
  ping(
    from: Kernel,
    to: string,
    ns = 1e9,
    payload = 56,
  ): { replies: number; events: TraceEvent[]; refusal: Refusal | undefined } {
    const socket = new RawSocket(from.initNetns, IPPROTO_ICMP)
    socket.filter = (packet) => icmpType(packet, ipHeaderLength(packet, 0)) === ICMP_ECHOREPLY
    const message = new Uint8Array(8 + payload)
    message[0] = ICMP_ECHO
    sealIcmp(message, 0, message.length)
    const first = this.events.length
    const refusal = socket.send(message, ip(to))
    this.pass(ns)
    const events = this.events.slice(first)
    let replies = 0
    while (socket.recv() !== undefined) replies++
    socket.close()
    return { replies, events, refusal }
  }
}

export const ip = (text: string): number => {
  const address = parseIpv4(text)
  if (address === undefined) throw new Error(text)
  return address
}

/** `192.168.1.10/24` on a device. */
export const address = (dev: NetDevice, text: string): void => {
  const [a = '', length] = text.split('/')
  ok(addrAdd(dev, { local: ip(a), prefixlen: Number(length) }))
}

export const ok = <T>(value: T | Refusal | undefined): T => {
  if (value instanceof Refusal) throw new Error(`${value.errno} ${value.extack ?? ''}`)
  return value as T
}

export const dropsOf = (events: readonly TraceEvent[]): string[] =>
  events.flatMap((e) =>
    e.point === 'drop' && e.cause === undefined && e.reason !== 'UNHANDLED_PROTO'
      ? [`${e.netns.kernel.node} ${e.reason}`]
      : [],
  )

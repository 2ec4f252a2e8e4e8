import { udpSend } from '../ipv4/output.ts'
import { routeConnect } from '../ipv4/route.ts'
import type { Netns } from '../netns.ts'
import { Refusal } from '../refusal.ts'
import { InetSocket, RECEIVE_QUEUE } from './socket.ts'

export interface UdpReceived {
  readonly data: Uint8Array
  readonly source: number
  readonly port: number
  readonly ttl: number
  /** When it came, ns. */
  readonly at: number
}

/** udp(7) */
export class UdpSocket extends InetSocket {
  port = 0
  peer: { readonly address: number; readonly port: number } | undefined
  reuseAddr = false
  readonly #queue: UdpReceived[] = []

  constructor(ns: Netns) {
    super(ns)
    ns.sockets.udp.add(this)
  }

  /** Port 0 = any free one. Errors: EADDRNOTAVAIL (not ours), EADDRINUSE. */
  bind(address: number, port: number): Refusal | undefined {
    if (address !== 0 && this.ns.fib.lookup(address)?.route.type !== 'local' && !this.ns.ipv4.ipNonlocalBind)
      return new Refusal('EADDRNOTAVAIL')
    if (port !== 0 && this.#taken(address, port)) return new Refusal('EADDRINUSE')
    this.source = address
    return port === 0 ? this.#autobind() : void (this.port = port)
  }

  /** Fixes the peer and, from the route to it, the source address. Errors: ENETUNREACH, EACCES (broadcast) … */
  connect(address: number, port: number): Refusal | undefined {
    const route = routeConnect(this.ns, address, { source: this.source, oif: this.boundDevice })
    if (route instanceof Refusal) return route
    if (route.type === 'broadcast' && !this.broadcast) return new Refusal('EACCES')
    if (this.source === 0) this.source = route.source
    this.peer = { address, port }
    return this.port === 0 ? this.#autobind() : undefined
  }

  /** Sends to the given address, or to the connected peer. */
  send(data: Uint8Array, address?: number, port?: number): Refusal | undefined {
    const pending = this.takeError()
    if (pending) return new Refusal(pending)
    const to = address === undefined ? this.peer : { address, port: port ?? 0 }
    if (to === undefined) return new Refusal('EDESTADDRREQ')
    if (this.port === 0) {
      const refusal = this.#autobind()
      if (refusal) return refusal
    }
    return udpSend(this, data, to.address, to.port)
  }

  recv(): UdpReceived | undefined {
    return this.#queue.shift()
  }
  deliver(received: UdpReceived): void {
    if (this.#queue.length >= RECEIVE_QUEUE) return
    this.#queue.push(received)
    this.readable.wakeAll()
  }
  override close(): void {
    this.ns.sockets.udp.delete(this)
  }

  #taken(address: number, port: number): boolean {
    for (const s of this.ns.sockets.udp)
      if (s !== this && s.port === port && (s.source === 0 || address === 0 || s.source === address))
        return true
    return false
  }

  #autobind(): Refusal | undefined {
    const [low, high] = this.ns.ipv4.localPortRange
    const span = high - low + 1
    let port = low + this.ns.sim.random.below(span)
    for (let i = 0; i < span; i++, port = port === high ? low : port + 1)
      if (!this.#taken(this.source, port)) {
        this.port = port
        return undefined
      }
    return new Refusal('EAGAIN')
  }
}

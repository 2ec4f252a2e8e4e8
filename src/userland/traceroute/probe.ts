import { Refusal } from '../../kernel/refusal.ts'
import { RawSocket } from '../../kernel/sock/raw.ts'
import type { InetSocket, SockError } from '../../kernel/sock/socket.ts'
import { UdpSocket } from '../../kernel/sock/udp.ts'
import { deviceOf, routeConnect, routeOutput } from '../../kernel/ipv4/route.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Wait } from '../../proc/wait.ts'
import {
  emitIcmp, ICMP_DEST_UNREACH, ICMP_ECHO, ICMP_ECHOREPLY, ICMP_FRAG_NEEDED, ICMP_HEADER, ICMP_PORT_UNREACH,
  ICMP_TIME_EXCEEDED, icmpId, icmpSequence, sealIcmp,
} from '../../wire/icmp.ts' // prettier-ignore
import { ipHeaderLength, IPPROTO_ICMP, ipSource, ipTtl, IPV4_HEADER } from '../../wire/ipv4.ts'
import type { Args } from './args.ts'

/** One probe: when it was sent, and what came back. Times in ns. */
export interface Probe {
  readonly index: number
  sentAt: number | undefined
  done: boolean
  /** The destination, or a refusal: no further hops. */
  final: boolean
  address: number | undefined
  receivedAt: number | undefined
  /** TTL of the answer. */
  ttl: number
  note: string
}

/** What happens to a probe; the method's own events are turned into this. */
export type OnAnswer = (probe: Probe, answer: Answer) => void
export type Answer =
  | { readonly kind: 'reply'; readonly address: number; readonly ttl: number; readonly at: number }
  | { readonly kind: 'error'; readonly error: SockError }

/** A way of probing: one socket a probe (UDP), or one for all (ICMP). */
export interface Method {
  /** Sends; ends the program where the kernel refuses for good. */
  send(probe: Probe, ttl: number, length: number): void
  /** Hands all that came to `answer`. */
  collect(answer: OnAnswer): void
  waits(): Wait[]
  close(): void
}

/** error(): what was printed so far, a new line, and perror(3). */
export const perror = (proc: Process, what: string, refusal: Refusal): never => {
  proc.flush()
  proc.err(`\n${what}: ${strerror(refusal.errno)}\n`)
  return proc.exit(1)
}

/** What is the same for every socket. */
const prepare = (proc: Process, args: Args, sock: InetSocket): void => {
  const { netns } = proc
  if (args.device !== undefined) {
    sock.boundDevice = netns.device(args.device)
    if (sock.boundDevice === undefined) perror(proc, 'setsockopt SO_BINDTODEVICE', new Refusal('ENODEV'))
  }
  if (args.source !== undefined) {
    if (args.source !== 0 && deviceOf(netns, args.source) === undefined)
      perror(proc, 'bind', new Refusal('EADDRNOTAVAIL'))
    sock.source = args.source
  }
  if (args.dontroute) {
    const way = routeOutput(netns, args.address, { source: sock.source, oif: sock.boundDevice })
    if (!(way instanceof Refusal) && way.gateway !== 0) perror(proc, 'connect', new Refusal('ENETUNREACH'))
  }
  sock.recvErr = true
  sock.tos = args.tos
  sock.mark = args.mark
  sock.pmtudisc = args.mtu ? 'probe' : args.dontFragment ? 'do' : 'dont'
}

const HEADERS = IPV4_HEADER + ICMP_HEADER

/** Bytes of a probe: @ABC… over and over. */
const filling = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => 0x40 + (i & 0x3f))

const DEFAULT_PORT = 33434
const UDP_PORT = 53

/** UDP to a port that nobody listens at: each probe has a port of its own, or all the same one (-U). */
export class UdpMethod implements Method {
  readonly #proc: Process
  readonly #args: Args
  readonly #sockets = new Map<Probe, UdpSocket>()
  #port: number

  constructor(proc: Process, args: Args) {
    this.#proc = proc
    this.#args = args
    this.#port = args.port ?? (args.method === 'udp' ? UDP_PORT : DEFAULT_PORT)
  }

  send(probe: Probe, ttl: number, length: number): void {
    const proc = this.#proc
    const args = this.#args
    this.#sockets.get(probe)?.close()
    const sock = new UdpSocket(proc.netns)
    this.#sockets.set(probe, sock)
    prepare(proc, args, sock)
    sock.ttl = ttl
    if (args.sport !== undefined) {
      const refusal = sock.bind(sock.source, args.sport)
      if (refusal) perror(proc, 'bind', refusal)
    }
    const connected = sock.connect(args.address, this.#port & 0xffff)
    if (connected) perror(proc, 'connect', connected)
    if (args.method === 'default') this.#port++
    const refusal = sock.send(filling(length - HEADERS))
    if (refusal !== undefined && refusal.errno !== 'EMSGSIZE') perror(proc, 'send', refusal)
  }

  collect(answer: OnAnswer): void {
    for (const [probe, sock] of this.#sockets) {
      const error = sock.errors.shift()
      const datagram = error === undefined ? sock.recv() : undefined
      if (error === undefined && datagram === undefined) continue
      sock.close()
      this.#sockets.delete(probe)
      if (error !== undefined) answer(probe, { kind: 'error', error })
      else if (datagram !== undefined)
        answer(probe, { kind: 'reply', address: datagram.source, ttl: datagram.ttl, at: datagram.at })
    }
  }
  waits(): Wait[] {
    return Array.from(this.#sockets.values(), (s) => s.readable.wait)
  }
  close(): void {
    for (const sock of this.#sockets.values()) sock.close()
  }
}

/** ICMP echo requests (-I): the sequence number tells the probes apart. */
export class IcmpMethod implements Method {
  readonly #proc: Process
  readonly #args: Args
  readonly #sock: RawSocket
  readonly #ident: number
  readonly #sent = new Map<number, Probe>()
  /** What the stack itself said of probes that it would not send. */
  readonly #tooLong = new Map<number, SockError>()
  #sequence: number

  constructor(proc: Process, args: Args) {
    this.#proc = proc
    this.#args = args
    this.#ident = proc.pid & 0xffff
    this.#sequence = args.port ?? 1
    this.#sock = new RawSocket(proc.netns, IPPROTO_ICMP)
    prepare(proc, args, this.#sock)
    const way = routeConnect(proc.netns, args.address, {
      source: this.#sock.source,
      oif: this.#sock.boundDevice,
    })
    if (way instanceof Refusal) perror(proc, 'connect', way)
    else if (way.type === 'broadcast') perror(proc, 'connect', new Refusal('EACCES'))
    this.#sock.peer = args.address
    this.#sock.filter = (packet) => {
      const at = ipHeaderLength(packet, 0)
      return packet[at] === ICMP_ECHOREPLY && icmpId(packet, at) === this.#ident
    }
  }

  send(probe: Probe, ttl: number, length: number): void {
    const b = new Uint8Array(length - IPV4_HEADER)
    b.set(filling(length - HEADERS), ICMP_HEADER)
    const sequence = this.#sequence++ & 0xffff
    emitIcmp(b, 0, ICMP_ECHO, 0, this.#ident * 65536 + sequence)
    sealIcmp(b, 0, b.length)
    this.#sent.set(sequence, probe)
    this.#sock.ttl = ttl
    const refusal = this.#sock.send(b, this.#args.address)
    if (refusal === undefined) return
    if (refusal.errno !== 'EMSGSIZE') perror(this.#proc, 'send', refusal)
    const error = this.#sock.errors.pop()
    if (error !== undefined) this.#tooLong.set(sequence, error)
  }

  collect(answer: OnAnswer): void {
    const sock = this.#sock
    for (const [sequence, error] of this.#tooLong) this.#found(sequence, answer, { kind: 'error', error })
    this.#tooLong.clear()
    for (let error = sock.errors.shift(); error !== undefined; error = sock.errors.shift())
      this.#found(quoted(error, this.#ident), answer, { kind: 'error', error })
    sock.takeError()
    for (let r = sock.recv(); r !== undefined; r = sock.recv()) {
      const { packet, at } = r
      const reply = { kind: 'reply', address: ipSource(packet, 0), ttl: ipTtl(packet, 0), at } as const
      this.#found(icmpSequence(packet, ipHeaderLength(packet, 0)), answer, reply)
    }
  }
  #found(sequence: number | undefined, answer: OnAnswer, what: Answer): void {
    const probe = sequence === undefined ? undefined : this.#sent.get(sequence)
    if (probe === undefined) return
    this.#sent.delete(sequence as number)
    answer(probe, what)
  }
  waits(): Wait[] {
    return [this.#sock.readable.wait]
  }
  close(): void {
    this.#sock.close()
  }
}

const quoted = (e: SockError, ident: number): number | undefined =>
  e.data.length >= ICMP_HEADER && icmpId(e.data, 0) === ident ? icmpSequence(e.data, 0) : undefined

/** Notes behind the time of a probe that was refused. */
const UNREACHABLE: Readonly<Record<number, string>> = {
  0: '!N', 1: '!H', 2: '!P', 5: '!S', 6: '!N', 7: '!H', 8: '!H', 9: '!X', 10: '!X', 11: '!N', 12: '!H', 13: '!X', 14: '!V', 15: '!C',
} // prettier-ignore

/** What an ICMP error means: nothing (a hop on the way), the destination (''), or a note. */
export const noteOf = (e: SockError): string | undefined => {
  if (e.errno === 'EMSGSIZE' || (e.type === ICMP_DEST_UNREACH && e.code === ICMP_FRAG_NEEDED))
    return `!F-${e.info}`
  if (e.type === ICMP_TIME_EXCEEDED && e.code === 0) return undefined
  if (e.type === ICMP_DEST_UNREACH)
    return e.code === ICMP_PORT_UNREACH ? '' : (UNREACHABLE[e.code] ?? `!<${e.code}>`)
  return `!<${e.type}-${e.code}>`
}

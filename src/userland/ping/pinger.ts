import { routeOutput } from '../../kernel/ipv4/route.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { RawReceived, RawSocket } from '../../kernel/sock/raw.ts'
import type { SockError } from '../../kernel/sock/socket.ts'
import { EPOCH_SECONDS } from '../../proc/epoch.ts'
import type { Process } from '../../proc/process.ts'
import { reverse } from '../../proc/resolve.ts'
import { strerror } from '../../proc/strerror.ts'
import { anyOf, WAKE_NS, type Task } from '../../proc/wait.ts'
import {
  emitIcmp, ICMP_ECHO, ICMP_ECHOREPLY, ICMP_HEADER, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, icmpGateway, icmpId,
  icmpSequence, icmpType, sealIcmp,
} from '../../wire/icmp.ts' // prettier-ignore
import {
  formatIpv4, ipDestination, ipHeaderLength, ipSource, ipTtl, IPV4_HEADER, isMulticast,
} from '../../wire/ipv4.ts' // prettier-ignore
import { warn } from '../iputils/numbers.ts'
import type { Args } from './args.ts'
import { icmpWords } from './icmph.ts'
import { OptionPrinter } from './options.ts'
import { fill, readTime, TIMEVAL, writeTime, wrongData } from './payload.ts'
import { roundTrip, Statistics } from './statistics.ts'

/** Milliseconds between packets when there is no interval and nobody answers (100 a second). */
const MIN_INTERVAL = 10
/** Packets that are sent at once in no time; each that follows takes some, or a loop of sends would never end. */
const BURST = 64
const SEND_NS = 1e4
/** Between tries while the device is full, at most. */
const MAX_PAUSE = 500
/** What pinger() answers when everything was sent: any positive number will do. */
const ALL_SENT = 1000
const MS = 1e6

/**
 * The loop of ping: sends at its pace, waits for replies and errors, prints them, and ends by count, by time or by SIGINT.
 * Counting is by tokens, a millisecond each: a packet costs the interval, and -l gives some on credit.
 */
export class Pinger {
  readonly #proc: Process
  readonly #args: Args
  readonly #sock: RawSocket
  readonly #to: number
  readonly #host: string
  readonly #ident: number
  readonly #packet: Uint8Array
  readonly #stats = new Statistics()
  readonly #options: OptionPrinter
  readonly #seen = new Set<number>()
  readonly #names = new Map<number, string>()
  readonly #timing: boolean
  #interval: number
  /** When the last packet was due, ns. */
  #current: number | undefined
  #start = 0
  #tokens = 0
  /** How often in a row the device was full. */
  #full = 0
  /** When the run ends for want of answers or by -w, ns. */
  #alarm = Infinity
  #lingering = false
  #exiting = false
  #snapshot = false

  constructor(proc: Process, args: Args, sock: RawSocket, to: number, host: string) {
    this.#proc = proc
    this.#args = args
    this.#sock = sock
    this.#to = to
    this.#host = host
    this.#interval = args.interval
    this.#timing = args.size >= TIMEVAL
    this.#ident = args.ident ?? proc.pid & 0xffff
    this.#options = new OptionPrinter((address) => this.#name(address))
    this.#packet = new Uint8Array(ICMP_HEADER + Math.min(args.size, 0x10000))
    fill(this.#packet, args.pattern)
    sock.filter = (packet) => this.#ours(packet)
    if (args.connect) sock.peer = to
  }

  /** What the socket lets through: replies to this process, and redirects. */
  #ours(packet: Uint8Array): boolean {
    const at = ipHeaderLength(packet, 0)
    const type = packet[at]
    if (type === ICMP_ECHOREPLY) return icmpId(packet, at) === this.#ident
    return type === ICMP_REDIRECT || type === ICMP_SOURCE_QUENCH
  }

  *run(): Task<number> {
    const proc = this.#proc
    const args = this.#args
    const stats = this.#stats
    const sock = this.#sock
    const clock = proc.host.sim.clock
    proc.onSignal('INT', 'catch')
    proc.onSignal('QUIT', 'catch')
    this.#start = clock.now
    if (args.deadline > 0) this.#alarm = clock.now + args.deadline * 1000 * MS
    for (;;) {
      this.#signals()
      if (clock.now >= this.#alarm) this.#exiting = true
      if (this.#exiting || (args.count > 0 && stats.received + stats.errors >= args.count)) break
      if (args.deadline > 0 && stats.errors > 0) break
      if (this.#snapshot) {
        this.#snapshot = false
        proc.err(stats.snapshot(this.#timing))
      }
      let pause = this.#scheduleExit(this.#pinger())
      // Nobody looks for answers while there is something to send; with a negative interval there always is.
      for (let burst = 1; pause <= 0; burst++) {
        if (burst > BURST && (yield proc.after(SEND_NS)) === 'signal') this.#signals()
        pause = this.#scheduleExit(this.#pinger())
      }
      // The timer of a short pause is too coarse for real machines: while an answer is due, they sleep for 10 ms.
      if (pause <= MIN_INTERVAL && stats.inFlight > 0) pause = MIN_INTERVAL
      if (sock.empty) {
        // No read lasts longer than the interval (SO_RCVTIMEO).
        const longest = Math.max(this.#interval, MIN_INTERVAL)
        const until = Math.min(Math.min(pause, longest) * MS, this.#alarm - clock.now)
        if ((yield anyOf(sock.readable.wait, proc.after(until))) === 'signal') continue
        // Errors are read before packets that came earlier.
        if (!sock.empty && (yield proc.after(WAKE_NS)) === 'signal') this.#signals()
      }
      while (!sock.empty) {
        const error = sock.errors.shift()
        if (error === undefined) this.#reply(sock.recv() as RawReceived)
        else this.#error(error)
        sock.takeError()
        // Back to the sender where nothing more is due; what is left is read after the next packet.
        if (stats.inFlight === 0) break
      }
    }
    return this.#finish()
  }

  #signals(): void {
    for (let s = this.#proc.takeSignal(); s !== undefined; s = this.#proc.takeSignal()) {
      if (s === 'INT') this.#exiting = true
      if (s === 'QUIT') this.#snapshot = true
    }
  }

  /** Sends if it is time to; the milliseconds until it should be asked again. */
  #pinger(): number {
    const args = this.#args
    const stats = this.#stats
    const interval = this.#interval
    const { now } = this.#proc
    if (this.#exiting || (args.count > 0 && stats.transmitted >= args.count && args.deadline === 0))
      return ALL_SENT
    if (this.#current === undefined) {
      this.#current = now
      this.#tokens = interval * (args.preload - 1)
    } else {
      let tokens = Math.floor((now - this.#current) / MS)
      if (interval === 0 && tokens < MIN_INTERVAL && stats.inFlight >= args.preload)
        return MIN_INTERVAL - tokens
      tokens = Math.min(tokens + this.#tokens, interval * args.preload)
      if (tokens < interval) return interval - tokens
      this.#current = now
      this.#tokens = tokens - interval
    }
    if (args.outstanding && stats.transmitted > 0 && !this.#seen.has(stats.transmitted & 0xffff)) {
      this.#proc.out(`${this.#stamp()}no answer yet for icmp_seq=${stats.transmitted & 0xffff}\n`)
      this.#proc.flush()
    }
    const refusal = this.#send()
    if (refusal?.errno === 'ENOBUFS') {
      // The device is full: tried again for as long as answers would be waited for.
      const pause = Math.min(Math.max(Math.floor(interval / 2), MIN_INTERVAL), MAX_PAUSE)
      this.#tokens = 0
      if (++this.#full * pause < args.linger) return pause
      if (!args.quiet) {
        if (args.flood) this.#put('E')
        else warn(this.#proc, `sendmsg: ${strerror(refusal.errno)}`)
      }
    } else this.#full = 0
    if (refusal !== undefined && this.#sock.errors.length > 0) {
      // What the stack itself objected to is told at once, and the packet counts as sent.
      while (this.#sock.errors.length > 0) this.#error(this.#sock.errors.shift() as SockError)
    }
    stats.transmitted++
    this.#seen.delete(stats.transmitted & 0xffff)
    if (refusal !== undefined) {
      this.#tokens = 0
      return MIN_INTERVAL
    }
    if (args.flood && !args.quiet) this.#put('.')
    return interval - this.#tokens
  }

  #send(): Refusal | undefined {
    const b = this.#packet
    const sequence = (this.#stats.transmitted + 1) & 0xffff
    if (this.#args.size > 0xffff) return new Refusal('EMSGSIZE')
    if (this.#args.dontroute) {
      const way = routeOutput(this.#proc.netns, this.#to, { oif: this.#sock.boundDevice })
      if (way instanceof Refusal || way.gateway !== 0) return new Refusal('ENETUNREACH')
    }
    emitIcmp(b, 0, ICMP_ECHO, 0, this.#ident * 65536 + sequence)
    if (this.#timing) writeTime(b, this.#proc.now)
    sealIcmp(b, 0, b.length)
    return this.#sock.send(b, this.#to)
  }

  /** Once all is sent: for how long answers are waited for. */
  #scheduleExit(next: number): number {
    const args = this.#args
    const stats = this.#stats
    if (args.count === 0 || stats.transmitted < args.count || args.deadline > 0 || this.#lingering)
      return next
    const wait = stats.received > 0 ? Math.max((2 * stats.max) / 1000, this.#interval) : args.linger
    if (wait > 0) {
      this.#lingering = true
      this.#alarm = this.#proc.now + wait * MS
    }
    return Math.max(next, wait)
  }

  #error(e: SockError): void {
    const args = this.#args
    const stats = this.#stats
    if (e.origin === 'local') {
      stats.errors++
      if (args.quiet) return
      if (args.flood) return this.#put('E')
      const words = e.errno === 'EMSGSIZE' ? `message too long, mtu=${e.info}` : strerror(e.errno)
      return warn(this.#proc, `local error: ${words}`)
    }
    if (e.destination !== this.#to || e.data[0] !== ICMP_ECHO || icmpId(e.data, 0) !== this.#ident) return
    const sequence = icmpSequence(e.data, 0)
    stats.acknowledge(sequence)
    stats.errors++
    if (args.quiet) return
    if (args.flood) return this.#put('\bE')
    const words = icmpWords(e.type, e.code, e.info)
    this.#proc.out(`${this.#stamp()}From ${this.#name(e.offender)} icmp_seq=${sequence} ${words}\n`)
    this.#proc.flush()
  }

  #reply(received: RawReceived): void {
    const { packet } = received
    const at = ipHeaderLength(packet, 0)
    if (packet.length < at + ICMP_HEADER) return
    if (icmpType(packet, at) !== ICMP_ECHOREPLY) return this.#told(packet, at)
    const args = this.#args
    const stats = this.#stats
    const sequence = icmpSequence(packet, at)
    const length = packet.length - at
    const source = ipSource(packet, 0)
    if (!isMulticast(this.#to) && !this.#sock.broadcast && source !== this.#to) return
    stats.received++
    stats.acknowledge(sequence)
    let us = 0
    if (this.#timing && length >= ICMP_HEADER + TIMEVAL) {
      us = Math.floor(received.at / 1000) - readTime(packet, at)
      if (us < 0) us = 0
      stats.time(us)
      if (args.adaptive) this.#adapt()
    }
    const duplicate = this.#seen.has(sequence)
    if (duplicate) {
      stats.repeats++
      stats.received--
    } else this.#seen.add(sequence)
    if (args.quiet) return
    if (args.flood) return this.#put('\b \b')
    let line = `${this.#stamp()}${length} bytes from ${this.#name(source)}: icmp_seq=${sequence}`
    if (args.verbose) line += ` ident=${this.#ident}`
    line += ` ttl=${ipTtl(packet, 0)}`
    if (length < args.size + ICMP_HEADER) line += ' (truncated)\n'
    else {
      if (this.#timing) line += ` time=${roundTrip(us)} ms`
      if (duplicate && (!isMulticast(this.#to) || args.verbose)) line += ' (DUP!)'
      line += wrongData(this.#packet, packet, at, args.size)
      if (args.audible) line += '\x07'
      if (at > IPV4_HEADER) line += this.#options.print(packet, at)
      line += '\n'
    }
    this.#proc.out(line)
    this.#proc.flush()
  }

  /** A redirect or source quench about one of our packets. */
  #told(packet: Uint8Array, at: number): void {
    const inner = at + ICMP_HEADER
    if (packet.length < inner + IPV4_HEADER + ICMP_HEADER) return
    const echo = inner + ipHeaderLength(packet, inner)
    if (packet.length < echo + ICMP_HEADER) return
    if (
      packet[echo] !== ICMP_ECHO ||
      ipDestination(packet, inner) !== this.#to ||
      icmpId(packet, echo) !== this.#ident
    )
      return
    if (this.#args.quiet || this.#args.flood) return
    const words = icmpWords(icmpType(packet, at), packet[at + 1] as number, icmpGateway(packet, at))
    const from = this.#name(ipSource(packet, 0))
    this.#proc.out(`${this.#stamp()}From ${from}: icmp_seq=${icmpSequence(packet, echo)} ${words}\n`)
    this.#proc.flush()
  }

  /** -A: as fast as the answers come. */
  #adapt(): void {
    const { ewma } = this.#stats
    const estimate = ewma > 0 ? Math.trunc(ewma / 8) : this.#interval * 1000
    this.#interval = Math.floor((estimate + 500) / 1000)
  }

  /** An address with the name that is known for it; the number alone with -n. */
  #name(address: number): string {
    let name = this.#names.get(address)
    if (name === undefined) {
      const number = formatIpv4(address)
      const known = this.#args.numeric ? undefined : reverse(this.#proc, address)
      name = known === undefined ? number : `${known} (${number})`
      this.#names.set(address, name)
    }
    return name
  }

  #stamp(): string {
    if (!this.#args.timestamps) return ''
    const { now } = this.#proc
    const us = Math.floor((now % 1e9) / 1000)
    return `[${EPOCH_SECONDS + Math.floor(now / 1e9)}.${`${us}`.padStart(6, '0')}] `
  }

  /** Past the buffer, for -f. */
  #put(bytes: string): void {
    this.#proc.flush()
    this.#proc.write(1, bytes)
  }

  #finish(): number {
    const stats = this.#stats
    const args = this.#args
    const elapsed = Math.floor(((this.#current ?? this.#start) - this.#start) / 1000)
    const gap = this.#interval === 0 || args.flood || args.adaptive
    this.#proc.out('\n')
    this.#proc.flush()
    this.#proc.out(stats.summary(this.#host, elapsed, this.#timing, gap))
    return stats.received === 0 || (args.deadline > 0 && stats.received < args.count) ? 1 : 0
  }
}

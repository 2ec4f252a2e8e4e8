import type { Process } from '../../proc/process.ts'
import { reverse } from '../../proc/resolve.ts'
import { anyOf, WAKE_NS, type Task } from '../../proc/wait.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'
import { parseArgs, type Args } from './args.ts'
import { IcmpMethod, noteOf, UdpMethod, type Answer, type Method, type Probe } from './probe.ts'

const SEC = 1e9
/** Added to what an answer took before it is multiplied, so that quick hops are not given up at once. */
const PRECISION = 0.001 * SEC

/** traceroute(8) 2.1.2 with UDP and ICMP probes. */
export function* traceroute(proc: Process): Task<number> {
  const args = parseArgs(proc)
  const icmp = args.method === 'icmp' ? new IcmpMethod(proc, args) : undefined
  const method: Method = icmp ?? new UdpMethod(proc, args)
  try {
    const { host, address, maxHops, length } = args
    proc.out(`traceroute to ${host} (${formatIpv4(address)}), ${maxHops} hops max, ${length} byte packets`)
    proc.flush()
    yield* new Trace(proc, args, method).run()
    proc.out('\n')
    return 0
  } finally {
    method.close()
  }
}

/** Keeps up to 16 probes on their way, and prints them in order as they are answered or given up. */
class Trace {
  readonly #proc: Process
  readonly #args: Args
  readonly #method: Method
  readonly #probes: Probe[]
  /** First probe that is not printed yet, and the one behind the last that will be. */
  #start: number
  #end: number
  #length: number
  #lastSent = -Infinity
  /** Address of the last line part of this hop. */
  #shown: number | undefined

  constructor(proc: Process, args: Args, method: Method) {
    this.#proc = proc
    this.#args = args
    this.#method = method
    this.#length = args.length
    this.#start = (args.firstHop - 1) * args.probes
    this.#end = args.maxHops * args.probes
    this.#probes = Array.from({ length: this.#end }, (_, index) => ({
      index, sentAt: undefined, done: false, final: false, address: undefined, receivedAt: undefined, ttl: 0, note: '',
    })) // prettier-ignore
  }

  *run(): Task<void> {
    const { clock } = this.#proc.host.sim
    while (this.#start < this.#end) {
      const until = this.#step()
      if (until === undefined) continue
      this.#method.collect((probe, answer) => this.#answer(probe, answer))
      if (this.#probes.slice(this.#start, this.#end).some((p) => p.done && p.index === this.#start)) continue
      yield anyOf(...this.#method.waits(), this.#proc.after(Math.max(until - clock.now, 0)))
      if (clock.now < until) yield this.#proc.after(WAKE_NS)
      this.#method.collect((probe, answer) => this.#answer(probe, answer))
    }
  }

  /** Prints, gives up and sends what is due; when something is due next, undefined where something was printed. */
  #step(): number | undefined {
    const { now } = this.#proc
    const args = this.#args
    let until = Infinity
    let out = 0
    for (let n = this.#start; n < this.#end; n++) {
      const probe = this.#probes[n] as Probe
      if (!probe.done && probe.sentAt !== undefined && now >= probe.sentAt + this.#timeout(probe))
        probe.done = true
      if (probe.done) {
        if (probe.final) this.#end = (Math.floor(n / args.probes) + 1) * args.probes
        if (n === this.#start) {
          this.#print(probe)
          this.#start++
        }
        continue
      }
      if (probe.sentAt === undefined) {
        const pause = this.#lastSent + args.sendWait * SEC
        if (now < pause) {
          until = Math.min(until, pause)
          break
        }
        probe.sentAt = now
        this.#lastSent = now
        this.#method.send(probe, Math.floor(n / args.probes) + 1, this.#length)
      }
      until = Math.min(until, probe.sentAt + this.#timeout(probe))
      if (++out >= args.simultaneous && args.simultaneous > 0) break
    }
    return this.#start >= this.#end ? undefined : until
  }

  /** A multiple of what a probe of the same hop took, or one of a later hop; else the maximum. */
  #timeout(probe: Probe): number {
    const [max, here, near] = this.#args.wait
    const limit = Math.max(max * SEC, PRECISION)
    const scaled = (p: Probe | undefined, factor: number): number | undefined =>
      p?.done && p.receivedAt !== undefined && p.sentAt !== undefined && p.receivedAt > p.sentAt
        ? Math.min((p.receivedAt - p.sentAt + PRECISION) * factor, limit)
        : undefined
    const { probes } = this.#args
    if (here > 0) {
      const first = probe.index - (probe.index % probes)
      for (let i = first; i < first + probes; i++) {
        const t = scaled(this.#probes[i], here)
        if (t !== undefined) return t
      }
    }
    if (near > 0) {
      for (let i = probe.index + 1; this.#probes[i]?.sentAt !== undefined; i++) {
        const t = scaled(this.#probes[i], near)
        if (t !== undefined) return t
      }
    }
    return limit
  }

  #answer(probe: Probe, answer: Answer): void {
    if (probe.done) return
    if (answer.kind === 'reply') {
      probe.address = answer.address
      probe.ttl = answer.ttl
      probe.receivedAt = answer.at
      probe.final = true
    } else {
      const { error } = answer
      const note = noteOf(error)
      if (this.#args.mtu && note?.startsWith('!F-')) {
        // A smaller packet, for the same hop.
        this.#length = error.info
        probe.note = `F=${error.info}`
        probe.sentAt = undefined
        return
      }
      if (error.origin === 'icmp') {
        probe.address = error.offender
        probe.ttl = error.ttl
      }
      probe.receivedAt = error.at
      if (note !== undefined) {
        probe.final = true
        probe.note ||= note
      }
    }
    probe.done = true
  }

  #print(probe: Probe): void {
    const { probes } = this.#args
    const hop = Math.floor(probe.index / probes) + 1
    if (probe.index % probes === 0) {
      this.#proc.out(`\n${`${hop}`.padStart(2)} `)
      this.#shown = undefined
    }
    if (probe.address === undefined) this.#proc.out(' *')
    else if (probe.address !== this.#shown) {
      this.#proc.out(` ${this.#name(probe.address)}`)
      this.#shown = probe.address
    }
    if (probe.receivedAt !== undefined && probe.sentAt !== undefined) {
      this.#proc.out(`  ${((probe.receivedAt - probe.sentAt) / 1e6).toFixed(3)} ms`)
      if (this.#args.back && probe.ttl > 0) {
        const back = (probe.ttl <= 64 ? 65 : probe.ttl <= 128 ? 129 : 256) - probe.ttl
        if (back !== hop) this.#proc.out(` '-${back}'`)
      }
      if (probe.note !== '') this.#proc.out(` ${probe.note}`)
    }
    this.#proc.flush()
  }

  #name(address: number): string {
    const number = formatIpv4(address)
    return this.#args.numeric ? number : `${reverse(this.#proc, address) ?? number} (${number})`
  }
}

import { deviceOf, routeConnect, routeOutput } from '../kernel/ipv4/route.ts'
import { IFF_LOOPBACK, IFF_NOARP, type NetDevice } from '../kernel/netdevice.ts'
import { Refusal } from '../kernel/refusal.ts'
import { PacketSocket, type Captured } from '../kernel/sock/packet.ts'
import type { Process } from '../proc/process.ts'
import { inetAton } from '../proc/resolve.ts'
import { strerror } from '../proc/strerror.ts'
import { anyOf, type Task } from '../proc/wait.ts'
import { ARPOP_REPLY, ARPOP_REQUEST, emitArp, parseArp, type Arp } from '../wire/arp.ts'
import { ETH_BROADCAST, ETH_P_ARP, ETH_HLEN, ethType, formatMac, sameMac } from '../wire/ethernet.ts'
import { formatIpv4 } from '../wire/ipv4.ts'
import { getopt } from './iputils/getopt.ts'
import { lookup, lookupError } from './iputils/lookup.ts'
import { fail, INT_MAX, iputilsVersion, strtol, warn } from './iputils/numbers.ts'
import { ms } from './ping/statistics.ts'

const USAGE = `
Usage:
  arping [options] <destination>

Options:
  -f            quit on first reply
  -q            be quiet
  -b            keep on broadcasting, do not unicast
  -D            duplicate address detection mode
  -U            unsolicited ARP mode, update your neighbours
  -A            ARP answer mode, update your neighbours
  -V            print version and exit
  -c <count>    how many packets to send
  -w <timeout>  how long to wait for a reply
  -i <interval> set interval between packets (default: 1 second)
  -I <device>   which ethernet device to use
  -s <source>   source ip address
  <destination> dns name or ip address

For more details see arping(8).
`

interface Args {
  target: number
  device: string | undefined
  source: number | undefined
  /** 0 = without end, or time. */
  count: number
  timeout: number
  interval: number
  quitOnReply: boolean
  quiet: boolean
  keepBroadcasting: boolean
  /** -D */
  detect: boolean
  /** -U, and -A, which answers instead of asking. */
  unsolicited: boolean
  advertise: boolean
}

/** arping(8) of iputils 20221126: asks by ARP, past the neighbour table. */
export function* arping(proc: Process): Task<number> {
  const a = parseArgs(proc)
  const dev = chooseDevice(proc, a)
  const refuse = (why: string): never => {
    if (!a.quiet) proc.out(`Interface "${dev.name}" is ${why}\n`)
    return proc.exit(2)
  }
  if (!dev.up) return refuse('down')
  if (dev.flags & (IFF_NOARP | IFF_LOOPBACK)) return refuse('not ARPable')
  const source = chooseSource(proc, a, dev)
  if (!a.quiet) {
    proc.out(`ARPING ${formatIpv4(a.target)} from ${formatIpv4(source)} ${dev.name}\n`)
    proc.flush()
  }
  if (source === 0 && !a.detect && a.source === undefined) fail(proc, 2, 'no source address in not-DAD mode')
  const socket = new PacketSocket(proc.netns, dev)
  try {
    return yield* new Arping(proc, a, dev, source, socket).run()
  } finally {
    socket.close()
  }
}

const parseArgs = (proc: Process): Args => {
  const usage = (): never => {
    proc.err(USAGE)
    return proc.exit(2)
  }
  const { options, operands } = getopt(proc.argv.slice(1), 'h?bfDUAqc:w:i:s:I:V')
  const a: Args = {
    target: 0, device: undefined, source: undefined, count: 0, timeout: 0, interval: 1, quitOnReply: false,
    quiet: false, keepBroadcasting: false, detect: false, unsolicited: false, advertise: false,
  } // prettier-ignore
  let source: string | undefined
  for (const o of options) {
    if ('bad' in o) {
      warn(proc, o.bad)
      return usage()
    }
    switch (o.opt) {
      case 'b':
        a.keepBroadcasting = true
        break
      case 'D':
        a.detect = a.quitOnReply = true
        break
      case 'U':
        a.unsolicited = true
        break
      case 'A':
        a.advertise = a.unsolicited = true
        break
      case 'q':
        a.quiet = true
        break
      case 'c':
        a.count = strtol(proc, o.arg, 1, INT_MAX)
        break
      case 'w':
        a.timeout = strtol(proc, o.arg, 0, INT_MAX)
        break
      case 'i':
        a.interval = strtol(proc, o.arg, 0, INT_MAX)
        break
      case 'I':
        a.device = o.arg
        break
      case 'f':
        a.quitOnReply = true
        break
      case 's':
        source = o.arg
        break
      case 'V':
        proc.out(iputilsVersion('arping'))
        return proc.exit(0)
      default:
        return usage()
    }
  }
  if (operands.length !== 1) return usage()
  const name = operands[0] as string
  const found = inetAton(name) ?? lookup(proc, name, 'inet')
  if (typeof found === 'string') return fail(proc, 2, `${name}: ${lookupError(found)}`)
  a.target = found
  if (source !== undefined) {
    a.source = inetAton(source)
    if (a.source === undefined) fail(proc, 2, `invalid source ${source}`)
  }
  return a
}

/** The device of -I, or the one that leads to the target. */
const chooseDevice = (proc: Process, a: Args): NetDevice => {
  if (a.device !== undefined) {
    const dev = proc.netns.device(a.device)
    return dev ?? fail(proc, 2, `Device ${a.device} not available.`)
  }
  const way = routeOutput(proc.netns, a.target, {})
  return way instanceof Refusal ? fail(proc, 1, 'NETLINK_ROUTE unexpected iov element') : way.dev
}

/** The address that is told of oneself: that of -s, the target where it is one's own to announce, or that of the route. */
const chooseSource = (proc: Process, a: Args, dev: NetDevice): number => {
  const wanted = a.source ?? (a.unsolicited ? a.target : 0)
  if (wanted !== 0) {
    if (deviceOf(proc.netns, wanted) === undefined) fail(proc, 2, `bind: ${strerror('EADDRNOTAVAIL')}`)
    return wanted
  }
  if (a.detect || a.source !== undefined) return 0
  const way = routeConnect(proc.netns, a.target, { oif: dev })
  if (way instanceof Refusal) return fail(proc, 2, `connect: ${strerror(way.errno)}`)
  if (way.type === 'broadcast') return fail(proc, 2, `connect: ${strerror('EACCES')}`)
  return way.source
}

const STARTUP_NS = 1e6

class Arping {
  readonly #proc: Process
  readonly #a: Args
  readonly #dev: NetDevice
  readonly #source: number
  readonly #socket: PacketSocket
  #to = ETH_BROADCAST
  #sent = 0
  #broadcasts = 0
  #received = 0
  #requests = 0
  #heardBroadcasts = 0
  #lastSent = 0

  constructor(proc: Process, a: Args, dev: NetDevice, source: number, socket: PacketSocket) {
    this.#proc = proc
    this.#a = a
    this.#dev = dev
    this.#source = source
    this.#socket = socket
    socket.filter = (frame, c) => c.direction === 'in' && ethType(frame) === ETH_P_ARP
  }

  *run(): Task<number> {
    const proc = this.#proc
    const a = this.#a
    proc.onSignal('INT', 'catch')
    proc.onSignal('QUIT', 'catch')
    // Asking the kernel about devices takes real ones a while; late answers to an arping before are gone by then.
    yield* proc.sleep(STARTUP_NS)
    while (this.#socket.recv() !== undefined);
    const end = a.timeout > 0 ? proc.now + a.timeout * 1e9 : Infinity
    const interval = a.interval > 0 ? a.interval * 1e9 : Infinity
    let next = proc.now
    for (;;) {
      if (proc.takeSignal() !== undefined) break
      if (proc.now >= next) {
        if (a.count > 0 && this.#sent >= a.count) break
        this.#send()
        next = proc.now + interval
      }
      if (proc.now >= end) break
      const captured = this.#socket.recv()
      if (captured === undefined) {
        const until = Math.min(next, end)
        const waits = [this.#socket.readable.wait]
        if (until !== Infinity) waits.push(proc.after(until - proc.now))
        yield anyOf(...waits)
      } else if (this.#hear(captured)) break
    }
    return this.#finish()
  }

  #send(): void {
    const a = this.#a
    const frame = emitArp(this.#to, {
      op: a.advertise ? ARPOP_REPLY : ARPOP_REQUEST,
      senderMac: this.#dev.mac,
      senderIp: this.#source,
      targetMac: a.advertise ? this.#dev.mac : this.#to,
      targetIp: a.target,
    })
    const refusal = this.#socket.send(frame, this.#dev)
    if (refusal !== undefined) return
    this.#lastSent = this.#proc.now
    this.#sent++
    if (this.#to === ETH_BROADCAST) this.#broadcasts++
  }

  /** Takes one packet; true where it ends the run. */
  #hear(c: Captured): boolean {
    const a = this.#a
    const arp = parseArp(c.frame, ETH_HLEN)
    if (arp === undefined || (arp.op !== ARPOP_REQUEST && arp.op !== ARPOP_REPLY) || !this.#concerns(arp))
      return false
    const unicast = c.pktType === 'host'
    if (!a.quiet) {
      let line = `${unicast ? 'Unicast' : 'Broadcast'} ${arp.op === ARPOP_REPLY ? 'reply' : 'request'} from `
      line += `${formatIpv4(arp.senderIp)} [${formatMac(arp.senderMac).toUpperCase()}]`
      if (arp.targetIp !== this.#source) line += `for ${formatIpv4(arp.targetIp)} `
      if (!sameMac(arp.targetMac, this.#dev.mac)) line += `for [${formatMac(arp.targetMac).toUpperCase()}]`
      this.#proc.out(`${line}  ${ms(Math.floor((c.at - this.#lastSent) / 1000))}ms\n`)
      this.#proc.flush()
    }
    this.#received++
    if (a.timeout > 0 && this.#received === a.count) return true
    if (!unicast) this.#heardBroadcasts++
    if (arp.op === ARPOP_REQUEST) this.#requests++
    if (a.quitOnReply) return true
    if (!a.keepBroadcasting) this.#to = arp.senderMac
    return false
  }

  /** From the one that was asked about, and for us. */
  #concerns(arp: Arp): boolean {
    if (arp.senderIp !== this.#a.target) return false
    if (this.#a.detect)
      return !sameMac(arp.senderMac, this.#dev.mac) && (this.#source === 0 || this.#source === arp.targetIp)
    return arp.targetIp === this.#source && sameMac(arp.targetMac, this.#dev.mac)
  }

  #finish(): number {
    const a = this.#a
    if (!a.quiet) {
      this.#proc.out(`Sent ${this.#sent} probes (${this.#broadcasts} broadcast(s))\n`)
      const parts: string[] = []
      if (this.#requests > 0) parts.push(`${this.#requests} request(s)`)
      if (this.#heardBroadcasts > 0) parts.push(`${this.#heardBroadcasts} broadcast(s)`)
      const details = parts.length > 0 ? ` (${parts.join(', ')})` : ''
      this.#proc.out(`Received ${this.#received} response(s)${details}\n`)
    }
    if (a.detect) return this.#received > 0 ? 1 : 0
    if (a.unsolicited) return 0
    if (a.timeout > 0 && a.count > 0) return this.#received >= a.count ? 0 : 1
    return this.#received > 0 ? 0 : 1
  }
}

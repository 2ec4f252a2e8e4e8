import { Refusal } from '../kernel/refusal.ts'
import type { SockError } from '../kernel/sock/socket.ts'
import { UdpSocket } from '../kernel/sock/udp.ts'
import type { Process } from '../proc/process.ts'
import { reverse } from '../proc/resolve.ts'
import { strerror } from '../proc/strerror.ts'
import { anyOf, type Task } from '../proc/wait.ts'
import { formatIpv4 } from '../wire/ipv4.ts'
import { ICMP_TIME_EXCEEDED } from '../wire/icmp.ts'
import { getopt } from './iputils/getopt.ts'
import { lookup, lookupError } from './iputils/lookup.ts'
import { fail, INT_MAX, iputilsVersion, strtol, warn } from './iputils/numbers.ts'
import { ms } from './ping/statistics.ts'

const USAGE = `
Usage
  tracepath [options] <destination>

Options:
  -4             use IPv4
  -6             use IPv6
  -b             print both name and ip
  -l <length>    use packet <length>
  -m <hops>      use maximum <hops>
  -n             no dns name resolution
  -p <port>      use destination <port>
  -V             print version and exit
  <destination>  dns name or ip address

For more details see tracepath(8).
`
const IP_UDP_HEADERS = 28
const DEFAULT_PORT = 44444
const HOST_COLUMN = 51
const LOCAL_COLUMN = 32
/** How long an answer to one probe is waited for, how often a hop is asked, how often a send is tried. */
const WAIT_NS = 1e9
const TRIES = 3
const SENDS = 10

/** tracepath(8) of iputils 20221126: finds the path, and the largest packet that it takes, without privileges. */
export function* tracepath(proc: Process): Task<number> {
  const a = parseArgs(proc)
  const sock = new UdpSocket(proc.netns)
  sock.recvErr = true
  sock.pmtudisc = a.length === undefined ? 'do' : 'probe'
  try {
    return yield* new Path(proc, sock, a).run()
  } finally {
    sock.close()
  }
}

interface Args {
  address: number
  port: number
  maxHops: number
  length: number | undefined
  numeric: boolean
  both: boolean
}

const parseArgs = (proc: Process): Args => {
  const usage = (): never => {
    proc.err(USAGE)
    return proc.exit(255)
  }
  const { options, operands } = getopt(proc.argv.slice(1), '46nbh?l:m:p:V')
  const a: Args = { address: 0, port: 0, maxHops: 30, length: undefined, numeric: false, both: false }
  let family: '4' | '6' | undefined
  for (const o of options) {
    if ('bad' in o) {
      warn(proc, o.bad)
      return usage()
    }
    switch (o.opt) {
      case '4':
      case '6':
        if (family !== undefined && family !== o.opt)
          fail(proc, 2, 'Only one -4 or -6 option may be specified')
        family = o.opt
        break
      case 'n':
        a.numeric = true
        break
      case 'b':
        a.both = true
        break
      case 'l':
        if (/^-?\d+$/.test(o.arg) && Number(o.arg) <= IP_UDP_HEADERS)
          fail(proc, 1, `pktlen must be within: ${IP_UDP_HEADERS} < value <= ${INT_MAX}`)
        a.length = strtol(proc, o.arg, IP_UDP_HEADERS, INT_MAX)
        break
      case 'm':
        a.maxHops = strtol(proc, o.arg, 0, 255)
        break
      case 'p':
        a.port = strtol(proc, o.arg, 0, 65535)
        break
      case 'V':
        proc.out(iputilsVersion('tracepath'))
        return proc.exit(0)
      default:
        return usage()
    }
  }
  if (operands.length !== 1) return usage()
  // Old usage: the port behind a slash.
  const [host = '', port] = (operands[0] as string).split('/')
  if (port !== undefined) a.port = strtol(proc, port, 0, 65535)
  if (a.port === 0) a.port = DEFAULT_PORT
  const found = lookup(proc, host)
  if (found === 'ADDRFAMILY') fail(proc, 125, `${host}: IPv6 is real but not simulated`)
  if (typeof found === 'string') return fail(proc, 1, `${host}: ${lookupError(found)}`)
  if (family === '6') return fail(proc, 1, `${host}: ${lookupError('ADDRFAMILY')}`)
  a.address = found
  return a
}

/** What became of one probe: the end of the path, no answer, or an answer on the way. */
type Outcome = 'done' | 'silent' | 'answered'

class Path {
  readonly #proc: Process
  readonly #sock: UdpSocket
  readonly #a: Args
  #mtu: number
  #ttl = 1
  /** Probes so far; the n-th goes to the n-th port, by which answers are told apart. */
  #sent = 0
  readonly #probes = new Map<number, { readonly hop: number; readonly at: number }>()
  #hopsTo = -1
  #hopsFrom = -1

  constructor(proc: Process, sock: UdpSocket, a: Args) {
    this.#proc = proc
    this.#sock = sock
    this.#a = a
    this.#mtu = a.length ?? 65535
  }

  *run(): Task<number> {
    let done = false
    for (; !done && this.#ttl <= this.#a.maxHops; this.#ttl++) {
      const outcome = yield* this.#hop()
      if (outcome === 'done') done = true
      else if (outcome === 'silent') this.#line(`${this.#number()}:  no reply\n`)
    }
    if (!done) this.#line(`     Too many hops: pmtu ${this.#mtu}\n`)
    let resume = `     Resume: pmtu ${this.#mtu} `
    if (this.#hopsTo >= 0) resume += `hops ${this.#hopsTo} `
    if (this.#hopsFrom >= 0) resume += `back ${this.#hopsFrom} `
    this.#line(`${resume}\n`)
    return 0
  }

  #number(): string {
    return `${this.#ttl}`.padStart(2)
  }
  #line(text: string): void {
    this.#proc.out(text)
    this.#proc.flush()
  }

  *#hop(): Task<Outcome> {
    let outcome: Outcome = 'silent'
    for (let i = 0; i < TRIES; i++) {
      const before = this.#mtu
      outcome = yield* this.#probe()
      if (this.#mtu !== before) i = -1
      else if (outcome !== 'silent') return outcome
    }
    return outcome
  }

  *#probe(): Task<Outcome> {
    let sent = false
    for (let i = 0; i < SENDS && !sent; i++) {
      const port = (this.#a.port + this.#sent) & 0xffff
      this.#sock.ttl = this.#ttl
      const payload = this.#mtu - IP_UDP_HEADERS
      const refusal =
        payload > 65507
          ? new Refusal('EMSGSIZE')
          : this.#sock.send(new Uint8Array(payload), this.#a.address, port)
      if (refusal === undefined) {
        this.#probes.set(port, { hop: this.#ttl, at: this.#proc.now })
        this.#sent++
        sent = true
        break
      }
      const outcome = this.#errors()
      if (outcome === 'done') return 'done'
      if (outcome === 'answered') i = -1
    }
    if (!sent) {
      this.#line(`${this.#number()}:  send failed\n`)
      return 'done'
    }
    const until = this.#proc.now + WAIT_NS
    while (this.#sock.errors.length === 0 && this.#proc.now < until) {
      const datagram = this.#sock.recv()
      if (datagram !== undefined) {
        this.#line(`${this.#number()}?: reply received 8)\n`)
        return 'done'
      }
      yield anyOf(this.#sock.readable.wait, this.#proc.after(until - this.#proc.now))
    }
    return this.#errors()
  }

  /** Prints what stands in the error queue. */
  #errors(): Outcome {
    let outcome: Outcome = 'silent'
    for (let e = this.#sock.errors.shift(); e !== undefined; e = this.#sock.errors.shift()) {
      outcome = 'answered'
      if (this.#print(e)) {
        this.#sock.takeError()
        return 'done'
      }
    }
    this.#sock.takeError()
    return outcome
  }

  /** One line about one error; true where the path ends. */
  #print(e: SockError): boolean {
    const probe = e.origin === 'icmp' ? this.#probes.get(e.port) : undefined
    if (probe !== undefined) this.#probes.delete(e.port)
    let line: string
    if (e.origin === 'local') line = `${this.#number()}?: ${'[LOCALHOST]'.padEnd(LOCAL_COLUMN)} `
    else {
      const host = this.#host(e.offender).padEnd(HOST_COLUMN)
      line = probe === undefined ? `${this.#number()}?: ${host} ` : `${`${probe.hop}`.padStart(2)}:  ${host} `
    }
    if (probe !== undefined) line += `${ms(Math.floor((e.at - probe.at) / 1000)).padStart(7)}ms `
    const back = e.ttl <= 64 ? 65 - e.ttl : e.ttl <= 128 ? 129 - e.ttl : 256 - e.ttl
    switch (e.errno) {
      case 'EMSGSIZE':
        this.#line(`${line}pmtu ${e.info}\n`)
        this.#mtu = e.info
        return false
      case 'ECONNREFUSED':
        this.#line(`${line}reached\n`)
        this.#hopsTo = probe?.hop ?? this.#ttl
        this.#hopsFrom = back
        return true
      case 'EPROTO':
        this.#line(`${line}!P\n`)
        return true
      case 'EHOSTUNREACH':
        if (e.origin !== 'icmp' || e.type !== ICMP_TIME_EXCEEDED || e.code !== 0) {
          this.#line(`${line}!H\n`)
          return true
        }
        if (back !== (probe?.hop ?? this.#ttl)) line += `asymm ${`${back}`.padStart(2)} `
        this.#line(`${line}\n`)
        return false
      case 'ENETUNREACH':
        this.#line(`${line}!N\n`)
        return true
      case 'EACCES':
        this.#line(`${line}!A\n`)
        return true
      default:
        this.#line(`${line}\n`)
        this.#proc.err(`NET ERROR: ${strerror(e.errno)}\n`)
        return true
    }
  }

  #host(address: number): string {
    const number = formatIpv4(address)
    if (this.#a.numeric) return number
    const name = reverse(this.#proc, address) ?? '???'
    return this.#a.both ? `${name} (${number})` : name
  }
}

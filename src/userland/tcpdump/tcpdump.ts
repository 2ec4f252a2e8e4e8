import { Refusal } from '../../kernel/refusal.ts'
import { bytesToString, stringToBytes } from '../../proc/bytes.ts'
import type { OpenFile } from '../../proc/file.ts'
import type { Process } from '../../proc/process.ts'
import { reverse, hostByName } from '../../proc/resolve.ts'
import { strerror } from '../../proc/strerror.ts'
import type { Task } from '../../proc/wait.ts'
import {
  emitPcapHeader, emitPcapRecord, LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL2, parsePcap, type PcapRecord,
} from '../../wire/pcap.ts' // prettier-ignore
import { prefixMask } from '../../wire/ipv4.ts'
import { parseArgs, type Args } from './args.ts'
import { Capture, deviceOf, listDevices } from './capture.ts'
import type { Names } from './dissect.ts'
import { compileFilter, type Filter } from './filter/compile.ts'
import { ETHERNET, SLL2 } from './filter/generate.ts'
import { PacketPrinter } from './print.ts'
import { portNumber, servicesOf } from './services.ts'
import { Stamps } from './stamp.ts'

/** tcpdump(8) 4.99.3 with libpcap 1.10.3. */
export function* main(proc: Process): Task<number> {
  const args = parseArgs(proc)
  if (args.list === 'devices') {
    proc.out(listDevices(proc.netns))
    return 0
  }
  // A reader that is gone is told of, not died of.
  proc.onSignal('PIPE', 'catch')
  // To a terminal or with -l by line; else what is printed waits in the buffer.
  if (args.lineBuffered) proc.setLineBuffered()
  return args.read === undefined ? yield* live(proc, args) : yield* readFile(proc, args, args.read)
}

const fail = (proc: Process, message: string): never => {
  proc.flush()
  proc.err(`tcpdump: ${message}\n`)
  return proc.exit(1)
}

const LINK_NAMES: Readonly<Record<number, string>> = {
  [LINKTYPE_ETHERNET]: 'EN10MB (Ethernet)',
  [LINKTYPE_LINUX_SLL2]: 'LINUX_SLL2 (Linux cooked v2)',
}

/** Where packets go: lines on standard output, a capture file, or a count. */
class Output {
  readonly #proc: Process
  readonly #args: Args
  readonly #printer: PacketPrinter
  readonly #stamps: Stamps
  readonly #file: OpenFile | undefined
  #written = ''
  packets = 0

  constructor(proc: Process, args: Args, linktype: number, names: Names) {
    this.#proc = proc
    this.#args = args
    this.#printer = new PacketPrinter(linktype, args.style, names, args.dump, args.dumpLink)
    this.#stamps = new Stamps(args.stamps, args.nanoseconds)
    this.#file = args.write === undefined ? undefined : open(proc, args.write)
    if (this.#file !== undefined) this.#write(emitPcapHeader(linktype, args.snaplen))
  }

  get full(): boolean {
    return this.#args.count > 0 && this.packets >= this.#args.count
  }

  *put(record: PcapRecord): Task<void> {
    this.packets++
    if (this.#file !== undefined) {
      this.#write(emitPcapRecord(record))
      if (this.#args.packetBuffered) this.flush()
    }
    if (this.#args.countOnly || (this.#file !== undefined && !this.#args.alsoPrint)) return
    const number = this.#args.number ? `${`${this.packets}`.padStart(5)}  ` : ''
    const stamp = this.#stamps.print(record.seconds, record.nanoseconds)
    yield* this.#proc.print(number + stamp + this.#printer.print(record.data, record.length))
    if (this.#args.packetBuffered) this.#proc.flush()
    if (this.#proc.writeError !== undefined)
      fail(this.#proc, `Unable to write output: ${strerror(this.#proc.writeError)}`)
  }

  #write(bytes: Uint8Array): void {
    this.#written += bytesToString(bytes)
    if (this.#written.length >= 4096) this.flush()
  }
  flush(): void {
    if (this.#written === '') return
    this.#file?.write(this.#written)
    this.#written = ''
  }
  close(): void {
    this.flush()
    this.#file?.drop()
  }
}

const open = (proc: Process, path: string): OpenFile => {
  const stdout = proc.fds.get(1)
  if (path === '-' && stdout !== undefined) return stdout.hold()
  const file = proc.open(path, { write: true, create: true, truncate: true })
  if (file instanceof Refusal) return fail(proc, `${path}: ${strerror(file.errno)}`)
  // It has given up root's rights by then, and the file with them.
  const node = proc.lookup(path)
  if (!(node instanceof Refusal) && node.kind === 'file') node.owner = 'tcpdump'
  return file.hold()
}

const namesOf = (proc: Process): Names => {
  const hosts = new Map<number, string | undefined>()
  const services = servicesOf(proc)
  return {
    host: (address) => {
      if (!hosts.has(address)) hosts.set(address, reverse(proc, address))
      return hosts.get(address)
    },
    port: (port, protocol) => services.get(`${port}/${protocol}`),
    device: (ifindex) => proc.netns.devices.get(ifindex)?.name ?? '?',
  }
}

const compile = (proc: Process, args: Args, linktype: number, live: boolean, netmask: number): Filter => {
  const filter = compileFilter(args.expression, {
    link: linktype === LINKTYPE_LINUX_SLL2 ? SLL2 : ETHERNET,
    netmask,
    live,
    host: (name) => {
      const found = hostByName(proc, name)
      return typeof found === 'string' ? [] : found.map((e) => e.address)
    },
    port: (name) => portNumber(proc, name),
  })
  return typeof filter === 'string' ? fail(proc, filter) : filter
}

// ---- from a file

function* readFile(proc: Process, args: Args, path: string): Task<number> {
  const text = path === '-' ? '' : proc.readFile(path)
  if (text instanceof Refusal) return fail(proc, `${path}: ${strerror(text.errno)}`)
  let bytes = text
  let ended = path !== '-'
  /** From a pipe, what has come so far is printed before more is waited for. */
  const more = function* (): Task<void> {
    const chunk = yield* proc.read(0)
    if (chunk instanceof Refusal) return
    if (chunk === '') ended = true
    bytes += chunk
  }
  let file = parsePcap(stringToBytes(bytes))
  for (; typeof file === 'string' && !ended; file = parsePcap(stringToBytes(bytes))) yield* more()
  if (typeof file === 'string') return fail(proc, file)
  const { linktype } = file
  const name = LINK_NAMES[linktype]
  if (name === undefined) {
    proc.err(`tcpdump: packets of link type ${linktype} are real but not simulated\n`)
    return 125
  }
  proc.err(`reading from file ${path}, link-type ${name}, snapshot length ${file.snaplen}\n`)
  if (linktype === LINKTYPE_LINUX_SLL2) proc.err('Warning: interface names might be incorrect\n')
  const filter = compile(proc, args, linktype, false, 0)
  const output = new Output(proc, args, linktype, namesOf(proc))
  try {
    for (let done = 0; ;) {
      for (const record of file.records.slice(done)) {
        if (!filter(record.data, aboutOf(record, linktype))) continue
        yield* output.put(record)
        if (output.full) break
      }
      done = file.records.length
      if (output.full || ended) break
      yield* more()
      const longer = parsePcap(stringToBytes(bytes))
      if (typeof longer !== 'string') file = longer
    }
  } finally {
    output.close()
  }
  if (file.truncated !== undefined && !output.full) return fail(proc, file.truncated)
  if (args.countOnly) proc.out(`${output.packets} packet${output.packets === 1 ? '' : 's'}\n`)
  return 0
}

const aboutOf = (
  record: PcapRecord,
  linktype: number,
): { length: number; outgoing: boolean; ifindex: number } => {
  const cooked = linktype === LINKTYPE_LINUX_SLL2
  return {
    length: record.length,
    outgoing: cooked && record.data[10] === 4,
    ifindex: cooked ? (record.data[7] ?? 0) : 0,
  }
}

// ---- from a device

/**
 * What tcpdump in the background takes until it captures, in ns: what is sent at once is missed, on a real machine too.
 * In the foreground people wait for `listening on` before they type elsewhere: typing takes no time here.
 */
const START_NS = 12e6

const STOP_NS = 1e6

function* live(proc: Process, args: Args): Task<number> {
  const dev = deviceOf(proc, args.device)
  if (dev === 'none') {
    proc.err(`tcpdump: ${args.device ?? ''}: No such device exists\n(No such device exists)\n`)
    return 1
  }
  if (dev === 'index') return fail(proc, 'Invalid adapter index')
  if (dev !== 'any' && !dev.up) {
    // Opening succeeds, binding does not.
    proc.err(`tcpdump: ${dev.name}: That device is not up\n`)
    return 1
  }
  const name = dev === 'any' ? 'any' : dev.name
  const linktype = dev === 'any' ? LINKTYPE_LINUX_SLL2 : LINKTYPE_ETHERNET
  if (args.list === 'links') {
    const links =
      dev === 'any'
        ? '  LINUX_SLL2 (Linux cooked v2)\n  LINUX_SLL (Linux cooked v1)\n'
        : '  EN10MB (Ethernet)\n'
    proc.out(`Data link types for ${name} (use option -y to set):\n${links}`)
    return 0
  }
  if (args.list === 'stamps') {
    proc.out(`Time stamp types for ${name} (use option -j to set):\n  host (Host)\n`)
    return 0
  }
  if (proc.host.tty.foreground !== proc.pgid && (yield proc.after(START_NS)) === 'signal') return 0
  if (dev === 'any') proc.err('tcpdump: data link type LINUX_SLL2\n')
  const first = dev === 'any' ? undefined : dev.addresses[0]
  const filter = compile(proc, args, linktype, true, first === undefined ? 0 : prefixMask(first.prefixlen))
  const capture = new Capture(proc, dev, filter, args)
  let output: Output | undefined
  try {
    output = new Output(proc, args, linktype, namesOf(proc))
    proc.onSignal('INT', 'catch')
    proc.onSignal('TERM', 'catch')
    const quiet = args.style.verbose > 0 || (args.write !== undefined && !args.alsoPrint)
    if (quiet) proc.err('tcpdump: ')
    else proc.err('tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n')
    proc.err(
      `listening on ${name}, link-type ${LINK_NAMES[linktype] ?? ''}, snapshot length ${args.snaplen} bytes\n`,
    )
    const interrupted = yield* capture.run(output)
    // Letting go of the ring takes a moment: the prompt of a `kill` stands before what follows.
    if (interrupted) yield proc.after(STOP_NS)
    output.flush()
    if (args.write === undefined || args.alsoPrint) {
      if (interrupted) proc.out('\n')
      proc.flush()
    }
    const n = (count: number, what: string): string => `${count} packet${count === 1 ? '' : 's'} ${what}\n`
    proc.err(
      n(output.packets, 'captured') +
        n(capture.received, 'received by filter') +
        n(capture.dropped, 'dropped by kernel'),
    )
    return 0
  } finally {
    capture.close()
    output?.close()
  }
}

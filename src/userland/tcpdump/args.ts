import { Refusal } from '../../kernel/refusal.ts'
import { getopt, type LongOption } from '../../proc/getopt.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { SNAPLEN } from '../../wire/pcap.ts'
import type { Style } from './dissect.ts'
import type { Dump } from './print.ts'
import type { StampStyle } from './stamp.ts'

/** What tcpdump(8) was asked to do. */
export interface Args {
  readonly style: Style
  readonly dump: Dump
  /** -xx, -XX, -AA: with the link header. */
  readonly dumpLink: boolean
  readonly stamps: StampStyle
  readonly nanoseconds: boolean
  /** -# */
  readonly number: boolean
  readonly count: number
  /** --count: only say how many there are. */
  readonly countOnly: boolean
  readonly device: string | undefined
  readonly read: string | undefined
  readonly write: string | undefined
  /** --print: also print what is written. */
  readonly alsoPrint: boolean
  readonly snaplen: number
  readonly lineBuffered: boolean
  /** -U: each packet is written at once. */
  readonly packetBuffered: boolean
  readonly direction: 'in' | 'out' | 'inout'
  readonly promiscuous: boolean
  readonly immediate: boolean
  readonly list: 'devices' | 'links' | 'stamps' | undefined
  readonly expression: string
}

export const VERSION =
  'tcpdump version 4.99.3\nlibpcap version 1.10.3 (with TPACKET_V3)\nOpenSSL 3.0.19 27 Jan 2026\n'

const USAGE = `Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]
`

const SHORT = 'aAbB:c:C:dDeE:fF:G:hHi:Ij:JKlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:Yz:Z:#'
const LONG: Readonly<Record<string, LongOption>> = {
  'absolute-tcp-sequence-numbers': { short: 'S' },
  'buffer-size': { short: 'B', argument: 'required' },
  'count': {},
  'direction': { short: 'Q', argument: 'required' },
  'dont-verify-checksums': { short: 'K' },
  'help': { short: 'h' },
  'immediate-mode': {},
  'interface': { short: 'i', argument: 'required' },
  'linktype': { short: 'y', argument: 'required' },
  'list-data-link-types': { short: 'L' },
  'list-interfaces': { short: 'D' },
  'list-time-stamp-types': { short: 'J' },
  'micro': {},
  'monitor-mode': { short: 'I' },
  'nano': {},
  'no-optimize': { short: 'O' },
  'no-promiscuous-mode': { short: 'p' },
  'number': { short: '#' },
  'packet-buffered': { short: 'U' },
  'print': {},
  'relinquish-privileges': { short: 'Z', argument: 'required' },
  'snapshot-length': { short: 's', argument: 'required' },
  'time-stamp-precision': { argument: 'required' },
  'time-stamp-type': { short: 'j', argument: 'required' },
  'version': {},
} // prettier-ignore

/** Flags that exist but do nothing here, and why they are refused instead. */
const NOT_SIMULATED: Readonly<Record<string, string>> = {
  C: 'files of limited size', d: 'printing the compiled program', E: 'decryption', G: 'rotating files', I: 'monitor mode',
  j: 'other time stamps', m: 'MIB modules', M: 'TCP MD5 digests', T: 'forced packet types', V: 'lists of files',
  W: 'limits of files', y: 'other link types', z: 'commands after rotation',
} // prettier-ignore

const fail = (proc: Process, message: string): never => {
  proc.err(`tcpdump: ${message}\n`)
  return proc.exit(1)
}

export const parseArgs = (proc: Process): Args => {
  const parsed = getopt(proc.argv, SHORT, LONG)
  if ('error' in parsed) {
    proc.err(`${proc.name}: ${parsed.error}\n${VERSION}${USAGE}`)
    return proc.exit(1)
  }
  const times = new Map<string, number>()
  const values = new Map<string, string>()
  for (const { name, value = '' } of parsed.options) {
    times.set(name, (times.get(name) ?? 0) + 1)
    values.set(name, value)
    check(proc, name, value)
  }
  const n = (flag: string): number => times.get(flag) ?? 0
  if (n('t') > 5) fail(proc, 'only -t, -tt, -ttt, -tttt and -ttttt are supported')
  if (n('f') > 0 && values.has('r')) fail(proc, '-f can not be used with -V or -r')
  const dump: Dump = n('A') > 0 ? 'ascii' : n('X') > 0 ? 'hex-ascii' : n('x') > 0 ? 'hex' : 'none'
  const file = values.get('F')
  const precision = values.get('time-stamp-precision')
  return {
    style: {
      verbose: n('v'), numeric: n('n') > 0, link: n('e') > 0, quiet: n('q') > 0, absoluteSequence: n('S') > 0,
      checksums: n('K') === 0, plain: n('x') === 0 && n('X') === 0,
    },
    dump,
    dumpLink: Math.max(n('A'), n('X'), n('x')) > 1,
    stamps: n('t') as StampStyle,
    nanoseconds: n('nano') > 0 || precision === 'nano',
    number: n('#') > 0,
    count: Number(values.get('c') ?? 0),
    countOnly: n('count') > 0,
    device: values.get('i'),
    read: values.get('r'),
    write: values.get('w'),
    alsoPrint: n('print') > 0,
    snaplen: Number(values.get('s') ?? 0) || SNAPLEN,
    lineBuffered: n('l') > 0,
    packetBuffered: n('U') > 0,
    direction: (values.get('Q') as Args['direction'] | undefined) ?? 'inout',
    promiscuous: n('p') === 0,
    immediate: n('immediate-mode') > 0,
    list: n('D') > 0 ? 'devices' : n('L') > 0 ? 'links' : n('J') > 0 ? 'stamps' : undefined,
    expression: file === undefined ? parsed.operands.join(' ') : readExpression(proc, file),
  } // prettier-ignore
}

const check = (proc: Process, name: string, value: string): void => {
  const why = NOT_SIMULATED[name]
  if (why !== undefined) {
    proc.err(`tcpdump: -${name} (${why}) is real but not simulated\n`)
    proc.exit(125)
  }
  switch (name) {
    case 'h':
    case 'version':
      proc.out(VERSION + (name === 'h' ? USAGE : ''))
      return proc.exit(0)
    case 'a':
    case 'Y':
      proc.err(VERSION + USAGE)
      return proc.exit(1)
    case 'c':
      if (!/^\s*\+?\d+$/.test(value) || Number(value) <= 0) fail(proc, `invalid packet count ${value}`)
      break
    case 's':
      if (!/^\d+$/.test(value) || Number(value) > SNAPLEN)
        fail(proc, `invalid snaplen ${value} (must be >= 0 and <= ${SNAPLEN})`)
      break
    case 'B':
      if (!/^\d+$/.test(value) || Number(value) <= 0) fail(proc, `invalid packet buffer size ${value}`)
      break
    case 'Q':
      if (value !== 'in' && value !== 'out' && value !== 'inout')
        fail(proc, `unknown capture direction \`${value}'`)
      break
    case 'time-stamp-precision':
      if (value !== 'nano' && value !== 'micro') fail(proc, `unknown time stamp precision ${value}`)
  }
}

const readExpression = (proc: Process, file: string): string => {
  const text = proc.readFile(file)
  if (text instanceof Refusal) return fail(proc, `can't open ${file}: ${strerror(text.errno)}`)
  return text.replaceAll(/#.*/g, ' ')
}

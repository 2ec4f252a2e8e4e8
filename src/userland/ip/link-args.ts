import type { NetDevice } from '../../kernel/netdevice.ts'
import type { Netns } from '../../kernel/netns.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { LinkChange } from '../../kernel/rtnl/link.ts'
import { die, matches, notSimulated, parseNumber, type Args } from './args.ts'
import { readLladdr } from './lladdr.ts'
import { deviceNamed, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { groupNamed } from './names.ts'
import { netnsFile } from './netns-files.ts'

/** All that `ip link add` and `ip link set` may say about a device, before its type's own options. */
export interface LinkWords {
  dev: string | undefined
  name: string | undefined
  ifindex: number | undefined
  type: string | undefined
  /** Devices that are meant by their group instead of a name. */
  ofGroup: number | undefined
  /** Something that the kernel refuses for all devices here. */
  refused: Refusal | undefined
  mac: Uint8Array | undefined
  /** Something that is not simulated, told only once the device could be made. */
  other: string | undefined
  change: { -readonly [K in keyof LinkChange]?: LinkChange[K] }
}

/** check_ifname() */
const isIfname = (name: string): boolean => name !== '' && name.length < 16 && !/[/\s]/.test(name)
/** check_altifname() */
export const isAltname = (name: string): boolean => name !== '' && name.length < 128 && !/[/\s]/.test(name)

/** A namespace by name, by path or by a process in it; a number of no process is the kernel's to refuse. */
const readNetns = (ip: Ip, word: string): Netns | Refusal => {
  const { proc } = ip
  const node = word.includes('/') ? proc.lookup(word) : netnsFile(proc, word)
  if (node !== undefined && !(node instanceof Refusal) && node.kind === 'file' && node.netns !== undefined)
    return node.netns
  const pid = parseNumber(word)
  if (pid === undefined) return die(proc, 255, `Error: argument "${word}" is wrong: Invalid "netns" value\n`)
  if (pid === 1) return proc.host.kernel.initNetns
  return proc.host.processes.get(pid)?.netns ?? new Refusal('ESRCH')
}

const masterNamed = (ip: Ip, args: Args, word: string): NetDevice =>
  ip.proc.netns.device(word) ?? args.invalid(word, 'Device does not exist\n')

/** Options that exist and change nothing that is simulated here. */
const NOT_SIMULATED = [
  'addrgenmode', 'link-netns', 'link-netnsid', 'gso_max_size', 'gso_max_segs', 'gro_max_size',
  'xdp', 'xdpgeneric', 'xdpdrv', 'xdpoffload', 'parentdev',
] // prettier-ignore

/** iplink_parse(): reads up to the type; what follows the type is left in `args`. */
export const parseLink = (ip: Ip, args: Args, create: boolean, type?: string): LinkWords => {
  const w: LinkWords = {
    dev: undefined, name: undefined, ifindex: undefined, type, ofGroup: undefined, refused: undefined, mac: undefined, other: undefined, change: {},
  } // prettier-ignore
  const { change } = w
  let group: string | undefined
  let named = false
  const once = (key: string, given: boolean, word: string): void => {
    if (given) args.duplicate(key, word)
  }
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'up') change.up = true
    else if (word === 'down') change.up = false
    else if (word === 'name') {
      const name = args.value()
      once('name', w.name !== undefined, name)
      if (!isIfname(name)) args.invalid(name, '"name" not a valid ifname')
      w.name = name
      if (!named) w.dev = name
    } else if (word === 'index') {
      const index = args.value()
      const n = parseNumber(index)
      if (n === undefined || n <= 0) args.invalid(index, 'Invalid "index" value')
      else w.ifindex = n
    } else if (matches(word, 'link')) {
      const link = args.value()
      if (create) deviceNamed(ip, link)
    } else if (matches(word, 'address')) w.mac = readLladdr(ip, args.value())
    else if (matches(word, 'broadcast') || word === 'brd') readBroadcast(ip, args, w)
    else if (matches(word, 'txqueuelen') || word === 'qlen' || word === 'txqlen') {
      const text = args.value()
      once('txqueuelen', change.txqlen !== undefined, text)
      change.txqlen = integer(args, text, 'Invalid "txqueuelen" value\n')
    } else if (word === 'mtu') {
      const text = args.value()
      once('mtu', change.mtu !== undefined, text)
      change.mtu = integer(args, text, 'Invalid "mtu" value\n')
    } else if (word === 'netns') {
      const text = args.value()
      once('netns', change.ns !== undefined, text)
      const ns = readNetns(ip, text)
      if (ns instanceof Refusal) w.refused = ns
      else change.ns = ns
    } else if (word === 'multicast') change.multicast = args.onOff(word)
    else if (word === 'allmulticast') change.allmulticast = args.onOff(word)
    else if (word === 'promisc') change.promisc = args.onOff(word)
    else if (word === 'arp') change.arp = args.onOff(word)
    else if (word === 'trailers') change.trailers = args.onOff(word)
    else if (word === 'carrier' || word === 'protodown') refuse(ip, args, w, word)
    else if (matches(word, 'master')) change.master = masterNamed(ip, args, args.value())
    else if (word === 'vrf') {
      const vrf = args.value()
      args.invalid(vrf, 'Not a valid VRF name\n')
    } else if (matches(word, 'nomaster')) change.master = null
    else if (matches(word, 'dynamic')) change.dynamic = args.onOff('dynamic')
    else if (matches(word, 'type')) {
      const value = args.value()
      once('type', w.type !== undefined, value)
      w.type = value
      break
    } else if (matches(word, 'alias')) change.alias = args.value()
    else if (word === 'group') {
      const text = args.value()
      once('group', group !== undefined, text)
      group = text
      change.group = groupNamed(text) ?? args.invalid(text, 'Invalid "group" value\n')
    } else if (word === 'vf') {
      args.value()
      w.refused = new Refusal('EOPNOTSUPP')
      break
    } else if (word === 'state') readState(args, w)
    else if (word === 'mode') readMode(args, w)
    else if (NOT_SIMULATED.includes(word)) notSimulated(ip.proc, `link ${word}`)
    else if (matches(word, 'numtxqueues') || matches(word, 'numrxqueues')) readQueues(args, w, word, create)
    else if (matches(word, 'help')) (ip.proc.err(HELP.link), ip.proc.exit(255))
    else {
      const dev = word === 'dev' ? args.value() : word
      if (named) args.garbage('dev', dev)
      if (!isAltname(dev)) args.invalid(dev, '"dev" not a valid ifname')
      w.dev = dev
      named = true
    }
  }
  // Without a name of its own, the word `group` says which devices are meant.
  if (!create && w.dev === undefined && group !== undefined) {
    w.ofGroup = change.group
    delete change.group
  }
  return w
}

const integer = (args: Args, text: string, why: string): number => {
  const n = parseNumber(text)
  return n === undefined || n > 0x7fffffff || n < -0x80000000 ? args.invalid(text, why) : n
}

/** No device here has a carrier that programs may set, or can be held down by its protocol. */
const refuse = (ip: Ip, args: Args, w: LinkWords, word: 'carrier' | 'protodown'): void => {
  const value = args.value()
  if (value !== 'on' && value !== 'off')
    die(ip.proc, 22, `Error: argument of "${word}" must be one of "off", "on", not "${value}"`)
  w.refused = new Refusal(
    'EOPNOTSUPP',
    word === 'protodown' ? 'Protodown not supported by device' : undefined,
  )
}

const readQueues = (args: Args, w: LinkWords, word: string, create: boolean): void => {
  const key = matches(word, 'numtxqueues') ? 'numtxqueues' : 'numrxqueues'
  const text = args.value()
  if (parseNumber(text) === undefined) args.invalid(text, `Invalid "${key}" value\n`)
  // A device that is there keeps what it has.
  if (create) w.other = `link ${key}`
}

const readBroadcast = (ip: Ip, args: Args, w: LinkWords): void => {
  const mac = readLladdr(ip, args.value())
  if (mac.length < 6) w.refused = new Refusal('EINVAL')
  else w.change.broadcast = mac.slice(0, 6)
}

/** Operational states that a program may name (RFC 2863 §3.1.14); only dormant and testing would change anything here. */
const OPERSTATES = ['unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up']

const readState = (args: Args, w: LinkWords): void => {
  const text = args.value()
  const state = text.toLowerCase()
  if (!OPERSTATES.includes(state)) args.invalid(text, 'Invalid operstate\n')
  if (state === 'dormant' || state === 'testing') w.other = `link state ${state}`
}

const readMode = (args: Args, w: LinkWords): void => {
  const text = args.value()
  const mode = text.toLowerCase()
  if (mode !== 'default' && mode !== 'dormant') args.invalid(text, 'Invalid link mode\n')
  if (mode === 'dormant') w.other = 'link mode dormant'
}

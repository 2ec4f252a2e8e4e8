import type { Bridge } from '../../kernel/dev/bridge.ts'
import type { NetDevice } from '../../kernel/netdevice.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { linkDel, linkNew, linkSet, type BridgeOptions, type PortOptions } from '../../kernel/rtnl/link.ts'
import { getopt } from '../../proc/getopt.ts'
import type { Main, Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { bridgeRow, showMacs, showStp, TITLE } from './show.ts'

/** brctl(8) of bridge-utils 1.7 */

type Sub = (b: Brctl, args: readonly string[]) => number

/** Name, how many arguments it needs at least, how its own line of the help goes. */
const COMMANDS: readonly (readonly [name: string, args: number, help: string, run: Sub])[] = [
  ['addbr', 1, '<bridge>\t\tadd bridge', (b, [name]) => addBridge(b, name as string)],
  ['delbr', 1, '<bridge>\t\tdelete bridge', (b, [name]) => delBridge(b, name as string)],
  ['addif', 2, '<bridge> <device>\tadd interface to bridge', (b, args) => ports(b, args, addPort)],
  ['delif', 2, '<bridge> <device>\tdelete interface from bridge', (b, args) => ports(b, args, delPort)],
  ['hairpin', 3, '<bridge> <port> {on|off}\tturn hairpin on/off', (b, args) => hairpin(b, args)],
  ['setageing', 2, '<bridge> <time>\t\tset ageing time', time('ageing time', 'ageing time', (ageingTime) => ({ ageingTime }))],
  ['setbridgeprio', 2, '<bridge> <prio>\t\tset bridge priority', (b, args) => bridgePriority(b, args)],
  ['setfd', 2, '<bridge> <time>\t\tset bridge forward delay', time('forward delay', 'forward delay', (forwardDelay) => ({ forwardDelay }))],
  ['sethello', 2, '<bridge> <time>\t\tset hello time', time('hello timer', 'hello timer', (helloTime) => ({ helloTime }))],
  ['setmaxage', 2, '<bridge> <time>\t\tset max message age', time('max age', 'max age', (maxAge) => ({ maxAge }))],
  ['setpathcost', 3, '<bridge> <port> <cost>\tset path cost', portNumber('path cost', 'path cost', (cost) => ({ cost }))],
  ['setportprio', 3, '<bridge> <port> <prio>\tset port priority', portNumber('port priority', 'path priority', (priority) => ({ priority }))],
  ['show', 0, '[ <bridge> ]\t\tshow a list of bridges', (b, args) => show(b, args)],
  ['showmacs', 1, '<bridge>\t\tshow a list of mac addrs', (b, [name]) => macs(b, name as string)],
  ['showstp', 1, '<bridge>\t\tshow bridge stp info', (b, [name]) => stpInfo(b, name as string)],
  ['stp', 2, '<bridge> {on|off}\tturn stp on/off', (b, args) => stp(b, args)],
] // prettier-ignore

class Brctl {
  readonly proc: Process
  constructor(proc: Process) {
    this.proc = proc
  }
  device(name: string): NetDevice | undefined {
    return this.proc.netns.device(name)
  }
  /** The bridge of that name, or why there is none: no such device, or it is something else. */
  bridge(name: string): { dev: NetDevice; bridge: Bridge } | Refusal {
    const dev = this.device(name)
    if (dev === undefined) return new Refusal('ENODEV')
    return dev.bridge === undefined ? new Refusal('EOPNOTSUPP') : { dev, bridge: dev.bridge }
  }
  fail(text: string): number {
    this.proc.err(text + '\n')
    return 1
  }
}

export const USAGE = (): string =>
  'Usage: brctl [commands]\ncommands:\n' +
  COMMANDS.map(([name, , help]) => `\t${name.padEnd(10)}\t${help}\n`).join('')

export const brctl: Main = function* (proc) {
  const found = getopt(proc.argv, 'Vh', { help: { short: 'h' }, version: { short: 'V' } })
  if ('error' in found) {
    proc.err(`brctl: ${found.error}\nUnknown option '?'\n`)
    proc.out(USAGE())
    return 1
  }
  for (const o of found.options) {
    proc.out(o.name === 'V' ? 'bridge-utils, 1.7\n' : USAGE())
    return 0
  }
  const [name, ...args] = found.operands
  const command = COMMANDS.find(([n]) => n === name)
  if (command === undefined) {
    if (name !== undefined) proc.err(`never heard of command [${name}]\n`)
    proc.out(USAGE())
    return 1
  }
  const [, count, help, run] = command
  if (args.length < count) {
    proc.out(`Incorrect number of arguments for command\nUsage: brctl ${name} ${help}\n`)
    return 1
  }
  return run(new Brctl(proc), args)
}

const addBridge: (b: Brctl, name: string) => number = (b, name) => {
  // IFNAMSIZ: a longer name is cut.
  const dev = linkNew(b.proc.netns, { kind: 'bridge', name: name.slice(0, 15) })
  if (!(dev instanceof Refusal)) dev.nameAssignType = 0
  if (!(dev instanceof Refusal)) return 0
  if (dev.errno === 'EEXIST')
    return b.fail(`device ${name} already exists; can't create bridge with the same name`)
  return b.fail(`add bridge failed: ${strerror(dev.errno)}`)
}

/** br_del_bridge() */
const delBridge = (b: Brctl, name: string): number => {
  const dev = b.device(name)
  if (dev === undefined) return b.fail(`bridge ${name} doesn't exist; can't delete it`)
  if (dev.bridge === undefined) return b.fail(`can't delete bridge ${name}: ${strerror('EPERM')}`)
  if (dev.up) return b.fail(`bridge ${name} is still up; can't delete it`)
  linkDel(dev)
  return 0
}

/** `addif` and `delif` take several devices, up to the first that is refused. */
const ports = (
  b: Brctl,
  args: readonly string[],
  one: (b: Brctl, bridge: string, dev: NetDevice) => number,
): number => {
  const [bridge, ...names] = args as [string, ...string[]]
  for (const name of names) {
    const dev = b.device(name)
    if (dev === undefined) return b.fail(`interface ${name} does not exist!`)
    if (b.device(bridge) === undefined) return b.fail(`bridge ${bridge} does not exist!`)
    const status = one(b, bridge, dev)
    if (status !== 0) return status
  }
  return 0
}

const addPort = (b: Brctl, name: string, dev: NetDevice): number => {
  const found = b.bridge(name)
  const refused = (errno: Refusal['errno']): number =>
    b.fail(`can't add ${dev.name} to bridge ${name}: ${strerror(errno)}`)
  if (found instanceof Refusal) return refused(found.errno)
  if (dev.port !== undefined)
    return b.fail(`device ${dev.name} is already a member of a bridge; can't add it to bridge ${name}.`)
  const refusal = linkSet(dev, { master: found.dev })
  if (refusal === undefined) return 0
  if (refusal.errno === 'ELOOP')
    return b.fail(
      `device ${dev.name} is a bridge device itself; can't add a bridge device to a bridge device.`,
    )
  return refused(refusal.errno)
}

const delPort = (b: Brctl, name: string, dev: NetDevice): number => {
  const found = b.bridge(name)
  if (found instanceof Refusal)
    return b.fail(`can't delete ${dev.name} from ${name}: ${strerror(found.errno)}`)
  if (dev.port?.bridge !== found.bridge) return b.fail(`device ${dev.name} is not a port of ${name}`)
  linkSet(dev, { master: null })
  return 0
}

const SWITCH: Readonly<Record<string, boolean>> = {
  on: true,
  yes: true,
  '1': true,
  off: false,
  no: false,
  '0': false,
}
const onOff = (word: string | undefined): boolean | undefined =>
  word !== undefined && Object.hasOwn(SWITCH, word) ? SWITCH[word] : undefined

const stp = (b: Brctl, [name, word]: readonly string[]): number => {
  const on = onOff(word)
  if (on === undefined) return b.fail('expect on/off for argument')
  return set(b, name as string, 'stp status', { stp: on })
}

const set = (b: Brctl, name: string, what: string, options: BridgeOptions): number => {
  const found = b.bridge(name)
  const refusal = found instanceof Refusal ? found : linkSet(found.dev, { bridge: options })
  return refusal === undefined ? 0 : b.fail(`set ${what} failed: ${strerror(refusal.errno)}`)
}

const hairpin = (b: Brctl, [name, portName, word]: readonly string[]): number => {
  const on = onOff(word)
  if (on === undefined) return b.fail('expect on/off for argument')
  if (b.device(name as string) === undefined) return b.fail(`bridge ${name} does not exist!`)
  const dev = b.device(portName as string)
  if (dev === undefined) return b.fail(`interface ${portName} does not exist!`)
  if (dev.port === undefined)
    return b.fail(`can't set ${portName} to hairpin on bridge ${name}: ${strerror('ENOENT')}`)
  linkSet(dev, { port: { hairpin: on } })
  return 0
}

/** A number as scanf(3) reads it: what follows is not looked at. */
const readSeconds = (text: string): number | undefined => {
  const m = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i.exec(text)
  return m === null ? undefined : Number(m[0])
}
const readInteger = (text: string): number | undefined => {
  const m = /^\s*([-+]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(text)
  if (m === null) return undefined
  const digits = m[2] as string
  const n = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits)
  return m[1] === '-' ? -n : n
}

/** The kernel keeps hundredths of a second (clock_t) in an unsigned long. */
const MAX_TIME = 2 ** 53 / 1e9

/** A subcommand that sets a time of a bridge. */
function time(bad: string, what: string, option: (ns: number) => BridgeOptions): Sub {
  return (b, [name, text]) => {
    const value = readSeconds(text as string)
    if (value === undefined) return b.fail(`bad ${bad} value`)
    return set(b, name as string, what, option(Math.floor(Math.min(value, MAX_TIME) * 100) * 1e7))
  }
}

const bridgePriority = (b: Brctl, [name, text]: readonly string[]): number => {
  const value = readInteger(text as string)
  if (value === undefined) return b.fail('bad priority')
  return set(b, name as string, 'bridge priority', { priority: value & 0xffff })
}

/** A subcommand that sets a number of a port; the bridge that is named is not looked at. */
function portNumber(what: string, bad: string, option: (n: number) => PortOptions): Sub {
  return (b, [, portName, text]) => {
    const value = readInteger(text as string)
    if (value === undefined) return b.fail(`bad ${bad} value`)
    const dev = b.device(portName as string)
    const refusal =
      dev === undefined ? new Refusal('ENODEV')
      : dev.port === undefined ? new Refusal('ENOENT')
      : linkSet(dev, { port: option(value) }) // prettier-ignore
    return refusal === undefined ? 0 : b.fail(`set ${what} failed: ${strerror(refusal.errno)}`)
  }
}

const missing = (b: Brctl, name: string, refusal: Refusal): number =>
  b.fail(refusal.errno === 'ENODEV' ? `bridge ${name} does not exist!` : `device ${name} is not a bridge!`)

const show = (b: Brctl, names: readonly string[]): number => {
  const { proc } = b
  const all = [...proc.netns.devices.values()].filter((d) => d.bridge !== undefined).map((d) => d.name)
  let status = 0
  let shown = 0
  for (const name of names.length > 0 ? names : all.sort()) {
    const found = b.bridge(name)
    if (found instanceof Refusal) status = missing(b, name, found)
    else proc.out((shown++ === 0 ? TITLE : '') + bridgeRow(found.dev, found.bridge))
  }
  return status
}

const macs = (b: Brctl, name: string): number => {
  const found = b.bridge(name)
  if (found instanceof Refusal) return b.fail(`read of forward table failed: ${strerror(found.errno)}`)
  showMacs(b.proc, found.bridge)
  return 0
}

const stpInfo = (b: Brctl, name: string): number => {
  const found = b.bridge(name)
  if (found instanceof Refusal) return missing(b, name, found)
  b.proc.out(showStp(found.dev, found.bridge))
  return 0
}

import type { NetDevice } from '../../kernel/netdevice.ts'
import type { Netns } from '../../kernel/netns.ts'
import type { Process } from '../../proc/process.ts'
import type { Task } from '../../proc/wait.ts'
import { die, type Args } from './args.ts'
import type { Output } from './output.ts'

/** Address families that options and arguments ask for (`-4`, `-6`, `-0`, `-B`, `-M`). */
export type Family = 'unspec' | 'inet' | 'inet6' | 'packet' | 'bridge' | 'mpls'

/** The options before the object (man ip(8), OPTIONS). */
export interface Options {
  family: Family
  stats: number
  details: boolean
  brief: boolean
  json: boolean
  pretty: boolean
  oneline: boolean
  color: boolean | 'auto'
  human: boolean
  iec: boolean
  resolve: boolean
  numeric: boolean
  all: boolean
  force: boolean
  batch: string | undefined
}

/** What every subcommand works with. */
export interface Ip {
  readonly proc: Process
  readonly opt: Options
  readonly out: Output
}

/** An object or a subcommand: gets the words after it, returns the exit status. */
export type Command = (ip: Ip, args: Args) => number | Task<number>

export const netnsOf = (ip: Ip): Netns => ip.proc.netns

/** The device that a name stands for; an alias such as `eth0:1` stands for its device (if_nametoindex(3)). */
export const findDevice = (ip: Ip, name: string): NetDevice | undefined => {
  const ns = netnsOf(ip)
  const colon = name.indexOf(':')
  return ns.device(name) ?? (colon > 0 ? ns.device(name.slice(0, colon)) : undefined)
}

/** The device of that name, or ip's complaint. */
export const deviceNamed = (ip: Ip, name: string, status = 1): NetDevice =>
  findDevice(ip, name) ?? die(ip.proc, status, `Cannot find device "${name}"`)

/** What `man ip` calls an unknown command of an object. */
export const unknownCommand = (ip: Ip, word: string, object: string): never =>
  die(ip.proc, 255, `Command "${word}" is unknown, try "ip ${object} help".`)

/** One row per subcommand: name, whether abbreviations are taken, what it does. The first match wins. */
export type CommandTable = readonly (readonly [name: string, run: Command])[]

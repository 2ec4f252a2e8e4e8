import type { Main, Process } from '../../proc/process.ts'
import type { Task } from '../../proc/wait.ts'
import { address } from './address.ts'
import { Args, die, matches, notSimulated, parseNumber, rowFor } from './args.ts'
import { finished, runBatch } from './batch.ts'
import type { Command, Family, Ip, Options } from './context.ts'
import { HELP, OBJECT_HELP } from './help.ts'
import { link } from './link.ts'
import { maddress } from './maddress.ts'
import { neigh } from './neigh.ts'
import { netns } from './netns.ts'
import { switchNetns } from './netns-files.ts'
import { Output } from './output.ts'
import { route } from './route.ts'
import { rule } from './rule.ts'

const usage: Command = (ip) => {
  ip.proc.err(HELP.ip)
  return 255
}

/** What an object shows that nobody can have made any of: nothing, or how it is used. */
type Bare = 'nothing' | 'usage' | 'not simulated'

const LISTS = ['show', 'list', 'lst']

/** An object that only has its help here; `key` names that, where it differs from the object's own name. */
const other =
  (name: string, bare: Bare = 'not simulated', key = name): Command =>
  (ip, args) => {
    const word = args.peek()
    const help = OBJECT_HELP[key]
    if (help !== undefined && (word === undefined ? bare === 'usage' : matches(word, 'help'))) {
      ip.proc.err(help)
      return name === 'stats' ? 0 : 255
    }
    if (
      bare === 'nothing' &&
      (word === undefined || (args.left === 1 && LISTS.some((list) => matches(word, list))))
    )
      return 0
    return notSimulated(ip.proc, name)
  }

const monitor: Command = (ip, args) => {
  const word = args.peek()
  if (word !== undefined && matches(word, 'help')) {
    ip.proc.err(HELP.monitor)
    return 255
  }
  return notSimulated(ip.proc, 'monitor')
}

/** First prefix match wins, so row order is behaviour: `ip a` is address, `ip r` is route, `ip ru` is rule. */
const objects: readonly (readonly [string, Command])[] = [
  ['address', address],
  ['addrlabel', other('addrlabel')],
  ['maddress', maddress],
  ['route', route],
  ['rule', rule],
  ['neighbor', neigh],
  ['neighbour', neigh],
  ['ntable', other('ntable')],
  ['ntbl', other('ntable')],
  ['link', link],
  ['l2tp', other('l2tp', 'usage')],
  ['fou', other('fou', 'usage')],
  ['ila', other('ila', 'usage')],
  ['macsec', other('macsec', 'nothing')],
  ['tunnel', other('tunnel', 'nothing')],
  ['tunl', other('tunnel', 'nothing')],
  ['tuntap', other('tuntap', 'nothing')],
  ['tap', other('tuntap', 'nothing')],
  ['token', other('token')],
  ['tcpmetrics', other('tcp_metrics', 'nothing')],
  ['tcp_metrics', other('tcp_metrics', 'nothing')],
  ['monitor', monitor],
  ['xfrm', other('xfrm', 'usage')],
  ['mroute', other('mroute', 'nothing')],
  ['mrule', other('mrule')],
  ['netns', netns],
  ['netconf', other('netconf')],
  ['vrf', other('vrf')],
  ['sr', other('sr', 'usage')],
  ['nexthop', other('nexthop', 'nothing')],
  ['mptcp', other('mptcp', 'usage')],
  ['ioam', other('ioam', 'usage')],
  ['help', usage],
  ['stats', other('stats')],
]

export const OBJECTS: readonly string[] = objects.map(([name]) => name)

const FAMILIES: Readonly<Record<string, Family>> = {
  inet: 'inet', inet6: 'inet6', link: 'packet', mpls: 'mpls', bridge: 'bridge', any: 'unspec',
} // prettier-ignore

/** Reads the options before the object; returns where the object stands, or a status that ends it all. */
const readOptions = (
  proc: Process,
  words: readonly string[],
  opt: Options,
): number | { readonly at: number } => {
  let at = 1
  const value = (): string => {
    const word = words[++at]
    if (word !== undefined) return word
    proc.err(HELP.ip)
    return proc.exit(255)
  }
  for (; at < words.length; at++) {
    let word = words[at] as string
    if (word === '--') {
      at++
      break
    }
    if (!word.startsWith('-')) break
    if (word.startsWith('--')) word = word.slice(1)
    if (matches(word, '-loops')) value()
    else if (matches(word, '-family')) {
      const name = value()
      const family = FAMILIES[name]
      if (family === undefined)
        return die(proc, 255, `Error: argument "${name}" is wrong: invalid protocol family`)
      opt.family = family
    } else if (word === '-4') opt.family = 'inet'
    else if (word === '-6') opt.family = 'inet6'
    else if (word === '-0') opt.family = 'packet'
    else if (word === '-M') opt.family = 'mpls'
    else if (word === '-B') opt.family = 'bridge'
    else if (word === '-h' ? words.length <= 2 : word.length > 2 && matches(word, '-help')) {
      proc.err(HELP.ip)
      return 255
    } else if (matches(word, '-human-readable')) opt.human = true
    else if (matches(word, '-iec')) opt.iec = true
    else if (matches(word, '-stats') || matches(word, '-statistics')) opt.stats++
    else if (matches(word, '-details')) opt.details = true
    else if (matches(word, '-resolve')) opt.resolve = true
    else if (matches(word, '-oneline')) opt.oneline = true
    else if (matches(word, '-timestamp') || matches(word, '-tshort')) continue
    else if (matches(word, '-Version')) {
      proc.out('ip utility, iproute2-6.1.0, libbpf 1.1.2\n')
      return 0
    } else if (matches(word, '-force')) opt.force = true
    else if (matches(word, '-batch')) opt.batch = value()
    else if (matches(word, '-brief')) opt.brief = true
    else if (matches(word, '-json')) opt.json = true
    else if (matches(word, '-pretty')) opt.pretty = true
    else if (matches(word, '-rcvbuf')) {
      const size = value()
      if (parseNumber(size) === undefined) return die(proc, 255, `Invalid rcvbuf size '${size}'`)
    } else if (colorOption(word, opt)) continue
    else if (matches(word, '-netns')) {
      at++
      if (!switchNetns(proc, words[at] ?? '(null)')) return 255
    } else if (matches(word, '-Numeric')) opt.numeric = true
    else if (matches(word, '-all')) opt.all = true
    else if (word === '-echo') continue
    else return die(proc, 255, `Option "${word}" is unknown, try "ip -help".`)
  }
  return { at }
}

/** `-c[olor][=always|auto|never]`; without a word it is always. A terminal shows colour, so auto is always there. */
const colorOption = (word: string, opt: Options): boolean => {
  const [name = '', when] = word.split('=', 2)
  if (name === '-' || !matches(name, '-color')) return false
  if (when !== undefined && !['always', 'auto', 'never'].includes(when)) return false
  opt.color = when === undefined ? true : when === 'always' ? true : when === 'auto' ? 'auto' : false
  return true
}

function* runObject(ip: Ip, words: readonly string[]): Task<number> {
  const [word = '', ...rest] = words
  const row = rowFor(objects, word)
  if (row === undefined) {
    ip.proc.err(`Object "${word}" is unknown, try "ip help".\n`)
    return 1
  }
  return yield* finished(() => row[1](ip, new Args(ip.proc, rest)))
}

/** ip(8) of iproute2 6.1.0 */
export const ipMain: Main = function* (proc) {
  const opt: Options = {
    family: 'unspec', stats: 0, details: false, brief: false, json: false, pretty: false, oneline: false, color: false,
    human: false, iec: false, resolve: false, numeric: false, all: false, force: false, batch: undefined,
  } // prettier-ignore
  const options = readOptions(proc, proc.argv, opt)
  if (typeof options === 'number') return options
  const color = opt.color === 'auto' ? proc.fds.get(1)?.isTty === true : opt.color
  const ip: Ip = { proc, opt, out: new Output(proc, { ...opt, color: color && !opt.json }) }
  if (opt.batch !== undefined) return yield* runBatch(ip, opt.batch, runObject)
  const words = proc.argv.slice(options.at)
  if (words.length === 0) {
    proc.err(HELP.ip)
    return 255
  }
  return yield* runObject(ip, words)
}

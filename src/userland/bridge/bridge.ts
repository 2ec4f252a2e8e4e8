import type { Main, Process } from '../../proc/process.ts'
import type { Task } from '../../proc/wait.ts'
import { Args, die, matches, notSimulated, rowFor } from '../ip/args.ts'
import { finished, runBatch } from '../ip/batch.ts'
import type { Command, Ip, Options } from '../ip/context.ts'
import { HELP } from '../ip/help.ts'
import { switchNetns } from '../ip/netns-files.ts'
import { Output } from '../ip/output.ts'
import { fdb } from './fdb.ts'
import { link } from './link.ts'
import { mdb } from './mdb.ts'
import { vlan, vni } from './vlan.ts'

const usage = (ip: Ip): number => {
  ip.proc.err(HELP.bridge)
  return 255
}

/** The kinds of messages that `bridge monitor` can be told to show. */
const MONITORED = ['file', 'link', 'fdb', 'mdb', 'vlan', 'vni', 'all']

const monitor: Command = (ip, args) => {
  const word = args.shift()
  if (word !== undefined && matches(word, 'help')) {
    ip.proc.err(HELP.bridgeMonitor)
    return 255
  }
  if (word !== undefined && !MONITORED.some((name) => matches(word, name)))
    return die(ip.proc, 255, `Argument "${word}" is unknown, try "bridge monitor help".`)
  return notSimulated(ip.proc, 'monitor')
}

/** First prefix match wins: `bridge f` is fdb, `bridge m` is mdb. */
const objects: readonly (readonly [string, Command])[] = [
  ['link', link],
  ['fdb', fdb],
  ['mdb', mdb],
  ['vlan', vlan],
  ['vni', vni],
  ['monitor', monitor],
  ['help', usage],
]

function* runObject(ip: Ip, words: readonly string[]): Task<number> {
  const [word = '', ...rest] = words
  const row = rowFor(objects, word)
  if (row === undefined) return die(ip.proc, 255, `Object "${word}" is unknown, try "bridge help".`)
  const status = yield* finished(() => row[1](ip, new Args(ip.proc, rest)))
  // Where ip tells kinds of failure apart, bridge has but one.
  return status === 1 || status === 2 ? 255 : status
}

/** Reads the options before the object; returns where it stands, or a status that ends it all. */
const readOptions = (
  proc: Process,
  words: readonly string[],
  opt: Options,
): number | { readonly at: number } => {
  let at = 1
  for (; at < words.length; at++) {
    let word = words[at] as string
    if (word === '--') {
      at++
      break
    }
    if (!word.startsWith('-')) break
    if (word.startsWith('--')) word = word.slice(1)
    const color = /^-c(?:o(?:l(?:o(?:r)?)?)?)?(?:=(always|auto|never))?$/.exec(word)
    if (word !== '-' && matches(word, '-help')) {
      proc.err(HELP.bridge)
      return 255
    }
    if (matches(word, '-Version')) {
      proc.out('bridge utility, 6.1.0\n')
      return 0
    }
    if (matches(word, '-stats') || matches(word, '-statistics')) opt.stats++
    else if (matches(word, '-details')) opt.details = true
    else if (matches(word, '-oneline')) opt.oneline = true
    else if (
      matches(word, '-timestamp') ||
      word === '-4' ||
      word === '-6' ||
      matches(word, '-compressvlans')
    ) {
      if (color) opt.color = true
    } else if (matches(word, '-family')) at++
    else if (matches(word, '-netns')) {
      at++
      if (!switchNetns(proc, words[at] ?? '(null)')) return 255
    } else if (color) opt.color = color[1] === 'never' ? false : color[1] === 'auto' ? 'auto' : true
    else if (matches(word, '-force')) opt.force = true
    else if (matches(word, '-json')) opt.json = true
    else if (matches(word, '-pretty')) opt.pretty = true
    else if (matches(word, '-batch')) {
      opt.batch = words[++at]
      if (opt.batch === undefined) {
        proc.err(HELP.bridge)
        return 255
      }
    } else return die(proc, 255, `Option "${word}" is unknown, try "bridge help".`)
  }
  return { at }
}

/** bridge(8) of iproute2 6.1.0 */
export const bridgeMain: Main = function* (proc) {
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
  if (words.length === 0) return usage(ip)
  return yield* runObject(ip, words)
}

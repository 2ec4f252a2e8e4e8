import { neighAdd, neighDel } from '../../kernel/neigh/nud.ts'
import type { NudState } from '../../kernel/neigh/neigh.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { answered, type Args, die, matches, notSimulated, rowFor } from './args.ts'
import { deviceNamed, netnsOf, unknownCommand, type Command, type CommandTable, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { readLladdr } from './lladdr.ts'
import { neighFlush, neighShow, printNeigh } from './neigh-show.ts'
import { nudBits, nudState } from './neigh-states.ts'
import { readAddress } from './prefix.ts'

interface NeighWords {
  dev: string | undefined
  address: number | undefined
  mac: Uint8Array | undefined
  state: NudState
  router: boolean
  proxy: boolean
}

const parseWords = (ip: Ip, args: Args): NeighWords => {
  const w: NeighWords = {
    dev: undefined,
    address: undefined,
    mac: undefined,
    state: 'PERMANENT',
    router: false,
    proxy: false,
  }
  let given = false
  const address = (text: string): void => {
    const a = readAddress(
      ip,
      text,
      ip.opt.family === 'inet' || ip.opt.family === 'inet6' ? ip.opt.family : 'unspec',
    )
    if (a === 'any') return
    if (a.family === 'inet6') notSimulated(ip.proc, 'IPv6 neighbours')
    else w.address = a.address
  }
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (matches(word, 'lladdr')) w.mac = readLladdr(ip, args.value())
    else if (word === 'nud') {
      const text = args.value()
      const bits = nudBits(text)
      if (bits === undefined) args.invalid(text, 'nud state is bad')
      else w.state = nudState(bits) ?? notSimulated(ip.proc, 'neigh nud with several states')
    } else if (matches(word, 'proxy')) {
      const text = args.value()
      if (given) args.duplicate('address', text)
      given = true
      w.proxy = true
      address(text)
    } else if (word === 'router') w.router = true
    else if (
      matches(word, 'use') ||
      matches(word, 'managed') ||
      matches(word, 'extern_learn') ||
      matches(word, 'protocol')
    )
      notSimulated(ip.proc, `neigh ${word}`)
    else if (word === 'dev') w.dev = args.value()
    else {
      const text = word === 'to' ? args.value() : word
      if (matches(text, 'help')) usage(ip)
      if (given) args.garbage('to', text)
      given = true
      address(text)
    }
  }
  return w
}

const usage = (ip: Ip): never => {
  ip.proc.err(HELP.neigh)
  return ip.proc.exit(255)
}

const modify =
  (flags: { create?: boolean; excl?: boolean; replace?: boolean }, deleting = false): Command =>
  (ip, args) => {
    const w = parseWords(ip, args)
    const ns = netnsOf(ip)
    if (w.proxy && w.dev === undefined) return notSimulated(ip.proc, 'neigh proxy without a device')
    if (w.dev === undefined || w.address === undefined)
      return die(ip.proc, 255, 'Device and destination are required arguments.')
    const dev = deviceNamed(ip, w.dev)
    const { address, proxy } = w
    if (deleting) return answered(ip.proc, neighDel(ns, { address, dev, proxy }))
    if (w.mac !== undefined && w.mac.length < 6)
      return answered(ip.proc, new Refusal('EINVAL', 'Invalid link address'))
    return answered(
      ip.proc,
      neighAdd(
        ns,
        { address, dev, proxy, state: w.state, router: w.router, ...(w.mac && { mac: w.mac.slice(0, 6) }) },
        flags,
      ),
    )
  }

/** `ip neigh get`: one entry, in text even under -j (iproute2 6.1.0). */
const get: Command = (ip, args) => {
  let dev: string | undefined
  let address: number | undefined
  let proxy = false
  let given = false
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'dev') dev = args.value()
    else {
      if (matches(word, 'proxy')) proxy = true
      const text = word === 'to' || matches(word, 'proxy') ? args.value() : word
      if (matches(text, 'help')) usage(ip)
      if (given) args.garbage('to', text)
      given = true
      const a = readAddress(
        ip,
        text,
        ip.opt.family === 'inet' || ip.opt.family === 'inet6' ? ip.opt.family : 'unspec',
      )
      if (a !== 'any' && a.family === 'inet6') notSimulated(ip.proc, 'IPv6 neighbours')
      if (a !== 'any' && a.family === 'inet') address = a.address
    }
  }
  if (dev === undefined || address === undefined)
    return die(ip.proc, 1, 'Device and address are required arguments.')
  const ns = netnsOf(ip)
  const of = deviceNamed(ip, dev)
  if (proxy) {
    const there = ns.arp.proxies.some((p) => p.address === address && p.dev === of)
    if (!there) return answered(ip.proc, new Refusal('ENOENT', 'Proxy neighbour entry not found'))
    return notSimulated(ip.proc, 'neigh get proxy')
  }
  const n = ns.arp.lookup(address, of)
  if (n === undefined) return answered(ip.proc, new Refusal('ENOENT', 'Neighbour entry not found'))
  printNeigh(ip, n, true)
  return 0
}

/** `ip neigh …`; the first row that the word begins is taken. */
const commands: CommandTable = [
  ['add', modify({ create: true, excl: true })],
  ['change', modify({ replace: true })],
  ['chg', modify({ replace: true })],
  ['replace', modify({ create: true, replace: true })],
  ['delete', modify({}, true)],
  ['get', get],
  ['show', neighShow],
  ['lst', neighShow],
  ['list', neighShow],
  ['flush', neighFlush],
  ['help', (ip) => usage(ip)],
]

export const neigh: Command = (ip, args) => {
  const word = args.shift()
  if (word === undefined) return neighShow(ip, args)
  const row = rowFor(commands, word)
  return row === undefined ? unknownCommand(ip, word, 'neigh') : row[1](ip, args)
}

import type { Ifaddr, Ifaddr6, NetDevice, Scope } from '../../kernel/netdevice.ts'
import { addrAdd, addrDel, type AddressRequest } from '../../kernel/ipv4/devinet.ts'
import { addr6Add, addr6Del } from '../../kernel/ipv6/addrconf.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { formatIpv4, prefixMask } from '../../wire/ipv4.ts'
import { formatIpv6, parseIpv6 } from '../../wire/ipv6.ts'
import { answered, die, matches, notSimulated, parseNumber, type Args } from './args.ts'
import { FOREVER, printAddress } from './address-print.ts'
import { chosenAddresses, parseAddressFilter } from './address-show.ts'
import { deviceNamed, findDevice, netnsOf, type Command, type Ip } from './context.ts'
import { scopeNamed } from './names.ts'
import { readAddress4, readPrefix, type Prefix } from './prefix.ts'

/** What the words of add, change, replace and del say (ipaddr_modify()). */
interface AddressWords {
  dev: string | undefined
  local: Prefix | undefined
  localText: string
  peer: Prefix | undefined
  broadcast: number | '+' | '-' | undefined
  scope: Scope | undefined
  label: string | undefined
  metric: number | undefined
  validLft: number | undefined
  preferredLft: number | undefined
  noprefixroute: boolean
  /** Words that only IPv6 addresses may have. */
  only6: string[]
  autojoin: boolean
}

const lifetime = (args: Args, key: string): number => {
  const text = args.value()
  if (text === 'forever') return FOREVER
  const n = parseNumber(text)
  return n === undefined || n < 0 || n > FOREVER ? args.invalid(text, `${key} value`) : n
}

const parseWords = (ip: Ip, args: Args, deleting: boolean): AddressWords => {
  const w: AddressWords = {
    dev: undefined, local: undefined, localText: '', peer: undefined, broadcast: undefined, scope: undefined, label: undefined,
    metric: undefined, validLft: undefined, preferredLft: undefined, noprefixroute: false, only6: [], autojoin: false,
  } // prettier-ignore
  const family = (): 'inet' | 'inet6' | 'unspec' => {
    const asked = w.local?.family ?? w.peer?.family ?? ip.opt.family
    return asked === 'inet' || asked === 'inet6' ? asked : 'unspec'
  }
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'peer' || word === 'remote') {
      const text = args.value()
      if (w.peer !== undefined) args.duplicate('peer', text)
      w.peer = readPrefix(ip, text, family())
    } else if (matches(word, 'broadcast') || word === 'brd') {
      const text = args.value()
      if (w.broadcast !== undefined) args.duplicate('broadcast', text)
      w.broadcast = text === '+' || text === '-' ? text : readAddress4(ip, text)
    } else if (word === 'anycast') readAddress4(ip, args.value())
    else if (word === 'scope') {
      const text = args.value()
      const scope = scopeNamed(text)
      if (scope === undefined) args.invalid(text, 'invalid scope value.')
      else if (scope === 'other') notSimulated(ip.proc, 'address scope by a number without a name')
      else w.scope = scope
    } else if (word === 'dev') w.dev = args.value()
    else if (word === 'label') w.label = args.value()
    else if (matches(word, 'metric') || matches(word, 'priority') || matches(word, 'preference'))
      w.metric = args.number('"metric" value is invalid\n')
    else if (matches(word, 'valid_lft')) w.validLft = lifetime(args, 'valid_lft')
    else if (matches(word, 'preferred_lft')) w.preferredLft = lifetime(args, 'preferred_lft')
    else if (word === 'home' || word === 'nodad' || word === 'mngtmpaddr' || word === 'optimistic')
      w.only6.push(word)
    else if (word === 'noprefixroute') w.noprefixroute = true
    else if (word === 'autojoin') w.autojoin = true
    else {
      const text = word === 'local' ? args.value() : word
      if (w.local !== undefined) args.garbage('local', text)
      w.localText = text
      w.local = readPrefix(ip, text, family())
    }
  }
  if (w.dev === undefined) die(ip.proc, 1, 'Not enough information: "dev" argument is required.')
  if (w.validLft !== undefined || w.preferredLft !== undefined) checkLifetimes(ip, w)
  if (!deleting && w.local?.family !== 'inet6')
    for (const word of w.only6) ip.proc.err(`Warning: ${word} option can be set only for IPv6 addresses\n`)
  return w
}

const checkLifetimes = (ip: Ip, w: AddressWords): void => {
  if (w.validLft === 0) die(ip.proc, 1, 'valid_lft is zero')
  if ((w.preferredLft ?? FOREVER) > (w.validLft ?? FOREVER))
    die(ip.proc, 1, 'preferred_lft is greater than valid_lft')
}

const seconds = (n: number | undefined): number | undefined => (n === FOREVER ? undefined : n)

/** `brd +` sets the host bits, `brd -` clears them; a /31 and a /32 have none. */
const broadcastOf = (
  local: number,
  length: number,
  broadcast: number | '+' | '-' | undefined,
): number | undefined => {
  if (typeof broadcast !== 'string') return broadcast
  if (length >= 31) return undefined
  const mask = prefixMask(length)
  return (broadcast === '+' ? (local | ~mask) >>> 0 : local & mask) >>> 0
}

const modify =
  (replace: boolean): Command =>
  (ip, args) => {
    const w = parseWords(ip, args, false)
    const { local, peer } = w
    // A device that was not found is told before what the kernel thinks of the address.
    const dev = deviceNamed(ip, w.dev ?? '')
    if (w.autojoin) return die(ip.proc, 1, 'autojoin needs multicast address')
    if (local === undefined || local.family === 'unspec') return answered(ip.proc, new Refusal('EOPNOTSUPP'))
    if (local.family === 'inet6') {
      if (w.only6.length > 0 || w.noprefixroute)
        return notSimulated(ip.proc, `address ${w.only6[0] ?? 'noprefixroute'}`)
      const validLft = seconds(w.validLft)
      const preferredLft = seconds(w.preferredLft)
      return answered(
        ip.proc,
        addr6Add(dev, {
          address: formatIpv6(local.address),
          prefixlen: local.length,
          replace,
          ...(validLft !== undefined && { validLft }),
          ...(preferredLft !== undefined && { preferredLft }),
        }),
      )
    }
    const prefixlen = peer !== undefined && peer.family === 'inet' ? peer.length : local.length
    const broadcast = broadcastOf(local.address, prefixlen, w.broadcast)
    const validLft = seconds(w.validLft)
    const preferredLft = seconds(w.preferredLft)
    if (w.label !== undefined && w.label.length > 15)
      return answered(ip.proc, new Refusal('EINVAL', 'Attribute failed policy validation'))
    const request: AddressRequest = {
      local: local.address,
      prefixlen,
      replace,
      noprefixroute: w.noprefixroute,
      ...(peer?.family === 'inet' && { peer: peer.address }),
      ...(broadcast !== undefined && { broadcast }),
      // 127.0.0.0/8 is for this host only unless the words say otherwise.
      scope: w.scope ?? (local.address >>> 24 === 127 ? 'host' : 'global'),
      ...(w.label !== undefined && { label: w.label }),
      ...(w.metric !== undefined && { metric: w.metric }),
      ...(validLft !== undefined && { validLft }),
      ...(preferredLft !== undefined && { preferredLft }),
    }
    return answered(ip.proc, addrAdd(dev, request))
  }

export const addressAdd = modify(false)
/** change and replace differ only where there is no such address; the kernel adds it for both. */
export const addressReplace = modify(true)

const wildcardWarning = (text: string): string =>
  `Warning: Executing wildcard deletion to stay compatible with old scripts.\n` +
  `         Explicitly specify the prefix length (${text}/32) to avoid this warning.\n` +
  `         This special behaviour is likely to disappear in further releases,\n` +
  `         fix your scripts!\n`

/** `ip address delete`; without a prefix length the first of the device with this address goes. */
export const addressDelete: Command = (ip, args) => {
  const w = parseWords(ip, args, true)
  const { local, peer } = w
  if (local?.family === 'inet' && !local.lengthGiven && peer === undefined)
    ip.proc.err(wildcardWarning(formatIpv4(local.address)))
  const dev = deviceNamed(ip, w.dev ?? '')
  if (local === undefined || local.family === 'unspec') return answered(ip.proc, new Refusal('EOPNOTSUPP'))
  if (local.family === 'inet6')
    return answered(ip.proc, addr6Del(dev, { address: formatIpv6(local.address), prefixlen: local.length }))
  const label = w.label === undefined ? {} : { label: w.label }
  if (peer === undefined && !local.lengthGiven)
    return answered(ip.proc, addrDel(dev, { local: local.address, ...label }))
  const prefixlen = peer?.family === 'inet' ? peer.length : local.length
  return answered(
    ip.proc,
    addrDel(dev, {
      local: local.address,
      prefixlen,
      ...(peer?.family === 'inet' && { peer: peer.address }),
      ...label,
    }),
  )
}

/** `ip address flush`: by rounds, until nothing is left that the filter lets through. */
export const addressFlush: Command = (ip, args) => {
  if (args.left === 0) return die(ip.proc, 255, 'Flush requires arguments.')
  const f = parseAddressFilter(ip, args)
  if (f === undefined) return 255
  const ns = netnsOf(ip)
  const only = f.dev === undefined ? undefined : findDevice(ip, f.dev)
  if (f.dev !== undefined && only === undefined) return die(ip.proc, 1, `Device "${f.dev}" does not exist.`)
  const verbose = ip.opt.stats > 0
  for (let round = 0; ; round++) {
    const doomed: { dev: NetDevice; a: Ifaddr | Ifaddr6 }[] = []
    for (const dev of only === undefined ? ns.devices.values() : [only]) {
      if (only === undefined && f.up && !dev.up) continue
      for (const a of chosenAddresses(ip, f, dev)) doomed.push({ dev, a })
    }
    if (doomed.length === 0) {
      if (verbose)
        ip.proc.out(
          round === 0
            ? 'Nothing to flush.\n'
            : `*** Flush is complete after ${round} round${round > 1 ? 's' : ''} ***\n`,
        )
      return 0
    }
    if (round >= 10) return die(ip.proc, 1, `*** Flush remains incomplete after ${round} rounds. ***`)
    for (const { dev, a } of doomed) {
      if (ip.opt.stats > 1) printFlushed(ip, dev, a)
      remove(dev, a)
    }
    if (verbose) ip.proc.out(`\n*** Round ${round + 1}, deleting ${doomed.length} addresses ***\n`)
  }
}

const printFlushed = (ip: Ip, dev: NetDevice, a: Ifaddr | Ifaddr6): void => {
  ip.proc.out(`${dev.ifindex}: ${dev.name}`)
  printAddress(ip, dev, a)
}

/** A secondary address may be gone already, with its primary. */
const remove = (dev: NetDevice, a: Ifaddr | Ifaddr6): void => {
  if ('local' in a) {
    if (dev.addresses.includes(a)) addrDel(dev, { local: a.local, prefixlen: a.prefixlen, peer: a.address })
  } else if (parseIpv6(a.address) !== undefined) addr6Del(dev, { address: a.address, prefixlen: a.prefixlen })
}

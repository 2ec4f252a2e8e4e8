import type { Ifaddr, Ifaddr6, NetDevice, Scope } from '../../kernel/netdevice.ts'
import { parseIpv6 } from '../../wire/ipv6.ts'
import { fnmatch } from '../../proc/fnmatch.ts'
import { die, matches, type Args } from './args.ts'
import { flagsOf, printAddress, printBriefAddress } from './address-print.ts'
import { findDevice, netnsOf, type Command, type Family, type Ip } from './context.ts'
import { HELP } from './help.ts'
import {
  filterDevice,
  filterWord,
  kernelFilters,
  listed,
  newLinkFilter,
  type LinkFilter,
} from './link-filter.ts'
import { printBrief, printLink } from './link-print.ts'
import { printLinkStats } from './link-stats.ts'
import { scopeNamed } from './names.ts'
import { covers, readPrefix, type Prefix } from './prefix.ts'

/** Which addresses are listed or flushed, beside the devices. */
export interface AddressFilter extends LinkFilter {
  family: Family
  scope: Scope | 'other' | undefined
  label: string | undefined
  to: Prefix | undefined
  /** Flags that must be there, or (with `-`) must not. */
  flags: { readonly flag: string; readonly wanted: boolean }[]
}

/** Words for flags; `primary` and `permanent` are the absence of one. */
const FLAG_WORDS = ['secondary', 'temporary', 'nodad', 'optimistic', 'dadfailed', 'home', 'deprecated', 'tentative', 'dynamic',
  'mngtmpaddr', 'noprefixroute', 'autojoin', 'stable-privacy'] // prettier-ignore

const flagWord = (f: AddressFilter, word: string): boolean => {
  const wanted = !word.startsWith('-')
  const name = wanted ? word : word.slice(1)
  if (name === 'permanent') f.flags.push({ flag: 'dynamic', wanted: !wanted })
  else if (name === 'primary') f.flags.push({ flag: 'secondary', wanted: !wanted })
  else if (FLAG_WORDS.includes(name))
    f.flags.push({ flag: name === 'temporary' ? 'secondary' : name, wanted })
  else return false
  return true
}

/** Reads the selector of show and flush; undefined where help was asked for. */
export const parseAddressFilter = (ip: Ip, args: Args): AddressFilter | undefined => {
  const f: AddressFilter = {
    ...newLinkFilter(),
    family: ip.opt.family,
    scope: undefined,
    label: undefined,
    to: undefined,
    flags: [],
  }
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'to') {
      const prefix = readPrefix(ip, args.value(), f.family)
      f.to = prefix
      if (f.family === 'unspec') f.family = prefix.family
    } else if (word === 'scope') {
      const scope = args.value()
      if (scope !== 'all') f.scope = scopeNamed(scope) ?? args.invalid(scope, 'invalid "scope"\n')
    } else if (word === 'label') f.label = args.value()
    else if (flagWord(f, word) || filterWord(ip, args, f, word)) continue
    else if (matches(word, 'help')) {
      ip.proc.err(HELP.address)
      return undefined
    } else filterDevice(args, f, word)
  }
  return f
}

/** True where the filter speaks of addresses: devices without one are then left out. */
const speaksOfAddresses = (f: AddressFilter): boolean =>
  (f.family !== 'unspec' && f.family !== 'packet') ||
  f.scope !== undefined ||
  f.label !== undefined ||
  f.to !== undefined ||
  f.flags.length > 0

/** An IPv6 address has no label: ip compares the device's name. */
const chosen = (ip: Ip, f: AddressFilter, dev: NetDevice, a: Ifaddr | Ifaddr6): boolean => {
  const v4 = 'local' in a
  if (f.scope !== undefined && a.scope !== f.scope) return false
  if (f.label !== undefined && !fnmatch(f.label, v4 ? a.label : dev.name)) return false
  if (f.to !== undefined && !covers(f.to, v4 ? a.local : (parseIpv6(a.address) ?? new Uint8Array(16))))
    return false
  const flags = f.flags.length > 0 ? flagsOf(ip, a) : []
  return f.flags.every(({ flag, wanted }) => flags.includes(flag) === wanted)
}

/** The addresses of a device that the filter lets through, IPv4 first. */
export const chosenAddresses = (ip: Ip, f: AddressFilter, dev: NetDevice): readonly (Ifaddr | Ifaddr6)[] => {
  if (f.family === 'packet' || f.family === 'bridge' || f.family === 'mpls') return []
  const all = [...(f.family === 'inet6' ? [] : dev.addresses), ...(f.family === 'inet' ? [] : dev.addresses6)]
  return all.filter((a) => chosen(ip, f, dev, a))
}

/** `ip address [ show ]` */
export const addressShow: Command = (ip, args) => {
  const f = parseAddressFilter(ip, args)
  if (f === undefined) return 255
  const ns = netnsOf(ip)
  const only = f.dev === undefined ? undefined : findDevice(ip, f.dev)
  if (f.dev !== undefined && only === undefined) return die(ip.proc, 1, `Device "${f.dev}" does not exist.`)
  const { out } = ip
  out.list(() => {
    for (const dev of only === undefined ? ns.devices.values() : [only]) {
      if (!listed(f, dev)) {
        if (only === undefined && f.type !== undefined && !kernelFilters(f.type))
          out.object(undefined, () => undefined)
        continue
      }
      const addresses = chosenAddresses(ip, f, dev)
      // A device without any address is not passed over, as long as no family is asked for.
      const bare = f.family === 'unspec' && dev.addresses.length + dev.addresses6.length === 0
      if (addresses.length === 0 && speaksOfAddresses(f) && !bare) continue
      out.object(undefined, () => show(ip, f, dev, addresses, only === undefined))
    }
  })
  return 0
}

const show = (
  ip: Ip,
  f: AddressFilter,
  dev: NetDevice,
  addresses: readonly (Ifaddr | Ifaddr6)[],
  all: boolean,
): void => {
  const { out, opt } = ip
  const view = { link: false, inet6: f.family === 'inet6' && all }
  // A label picks addresses, not devices: their lines are left out.
  const withLink = f.label === undefined
  if (opt.brief) {
    if (withLink) printBrief(ip, dev, view, f.family)
    if (f.family === 'packet') return
    out.array('addr_info', () => {
      for (const a of addresses) printBriefAddress(ip, a)
    })
    out.text('\n')
    return
  }
  if (withLink && !(opt.oneline && f.family !== 'packet')) {
    printLink(ip, dev, view, f.family)
    out.text('\n')
  }
  if (f.family === 'packet') return
  out.array('addr_info', () => {
    for (const a of addresses) printAddress(ip, dev, a)
  })
  if (opt.stats > 0 && withLink && !opt.oneline) {
    printLinkStats(ip, dev)
    out.text('\n')
  }
}

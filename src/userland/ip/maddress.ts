import { multicastList } from '../../kernel/rtnl/fdb.ts'
import { IFF_MULTICAST, type NetDevice } from '../../kernel/netdevice.ts'
import { formatMac } from '../../wire/ethernet.ts'
import { formatIpv6, parseIpv6 } from '../../wire/ipv6.ts'
import { die, matches, notSimulated, rowFor } from './args.ts'
import { netnsOf, unknownCommand, type Command, type CommandTable, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { readLladdr } from './lladdr.ts'

/** Groups that the kernel joins by itself, the newest first (/proc/net/igmp, /proc/net/igmp6). */
const groups4 = (dev: NetDevice): readonly string[] =>
  dev.up && (dev.flags & IFF_MULTICAST || dev.kind === 'loopback')
    ? ['224.0.0.1', ...(snoops(dev) ? ['224.0.0.106'] : [])]
    : []

const snoops = (dev: NetDevice): boolean => dev.up && dev.bridge?.mcastSnooping === true

const groups6 = (dev: NetDevice): readonly string[] => {
  if (dev.disableIpv6 || !(dev.flags & IFF_MULTICAST || dev.kind === 'loopback')) return []
  const solicited = dev.kind === 'loopback' ? [] : dev.addresses6.map((a) => solicitedNode(a.address))
  return [...new Set(solicited), ...(snoops(dev) ? ['ff02::6a'] : []), 'ff02::1', 'ff01::1']
}

/** ff02::1:ff00:0/104 and the low 24 bits of an address (RFC 4291 §2.7.1). */
const solicitedNode = (address: string): string => {
  const group = parseIpv6('ff02::1:ff00:0') ?? new Uint8Array(16)
  group.set((parseIpv6(address) ?? new Uint8Array(16)).subarray(13), 13)
  return formatIpv6(group)
}

const show: Command = (ip, args) => {
  let only: string | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    const name = word === 'dev' ? args.value() : word
    if (matches(name, 'help')) return usage(ip)
    if (only !== undefined) args.duplicate('dev', name)
    only = name
  }
  const { out, opt } = ip
  const link = opt.family === 'unspec' || opt.family === 'packet'
  const v4 = opt.family === 'unspec' || opt.family === 'inet'
  const v6 = opt.family === 'unspec' || opt.family === 'inet6'
  out.list(() => {
    for (const dev of netnsOf(ip).devices.values()) {
      if (only !== undefined && dev.name !== only) continue
      const macs = link ? multicastList(dev).map(formatMac) : []
      const inet = v4 ? groups4(dev) : []
      const inet6 = v6 ? groups6(dev) : []
      if (macs.length + inet.length + inet6.length === 0) continue
      out.object(undefined, () => {
        out.field('ifindex', dev.ifindex, `${dev.ifindex}:\t`)
        out.field('ifname', dev.name, dev.name + '\n', 'ifname')
        out.array('maddr', () => {
          for (const mac of macs) out.object(undefined, () => out.field('link', mac, `\tlink  ${mac}\n`))
          for (const group of inet) printGroup(ip, 'inet', group)
          for (const group of inet6) printGroup(ip, 'inet6', group)
        })
      })
    }
  })
  return 0
}

const printGroup = (ip: Ip, family: 'inet' | 'inet6', group: string): void =>
  ip.out.object(undefined, () => {
    ip.out.field('family', family, `\t${family.padEnd(5)} `)
    ip.out.field('address', group, group + '\n')
  })

const modify: Command = (ip, args) => {
  let dev: string | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'dev') dev = args.value()
    else {
      const text = word === 'address' ? args.value() : word
      if (matches(text, 'help')) return usage(ip)
      const mac = readLladdr(ip, text)
      if (mac.length !== 6)
        return die(ip.proc, 1, `Error: Invalid address length ${mac.length} - must be 6 bytes`)
    }
  }
  if (dev === undefined) return die(ip.proc, 255, 'Not enough information: "dev" is required.')
  return notSimulated(ip.proc, 'maddress add and delete')
}

const usage = (ip: Ip): number => {
  ip.proc.err(HELP.maddr)
  return 255
}

/** `ip maddress …`; the first row that the word begins is taken. */
const commands: CommandTable = [
  ['add', modify],
  ['delete', modify],
  ['list', show],
  ['show', show],
  ['lst', show],
  ['help', usage],
]

export const maddress: Command = (ip, args) => {
  const word = args.shift()
  if (word === undefined) return show(ip, args)
  const row = rowFor(commands, word)
  return row === undefined ? unknownCommand(ip, word, 'maddr') : row[1](ip, args)
}

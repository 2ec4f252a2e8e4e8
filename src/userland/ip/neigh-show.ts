import type { Neighbour } from '../../kernel/neigh/neigh.ts'
import { neighDel } from '../../kernel/neigh/nud.ts'
import type { NetDevice } from '../../kernel/netdevice.ts'
import { formatMac } from '../../wire/ethernet.ts'
import { formatIpv4 } from '../../wire/ipv4.ts'
import { reverse } from '../../proc/resolve.ts'
import { die, matches, type Args } from './args.ts'
import { deviceNamed, netnsOf, type Command, type Family, type Ip } from './context.ts'
import { HELP } from './help.ts'
import { NUD_ALL, NUD_NOARP, NUD_PERMANENT, nudBit, nudBits } from './neigh-states.ts'
import { covers, readPrefix, type Prefix } from './prefix.ts'

interface NeighFilter {
  family: Family
  dev: NetDevice | undefined
  to: Prefix | undefined
  /** Bits of the states to list; NONE (0) is listed only with `all`. */
  states: number
  /** `nud …` was said. */
  chosen: boolean
  all: boolean
  unused: boolean
  proxy: boolean
  master: NetDevice | undefined
  nomaster: boolean
}

const parseFilter = (ip: Ip, args: Args, flushing: boolean): NeighFilter | undefined => {
  const f: NeighFilter = {
    family: ip.opt.family, dev: undefined, to: undefined, states: 0, chosen: false, all: false, unused: false, proxy: false,
    master: undefined, nomaster: false,
  } // prettier-ignore
  let dev: string | undefined
  for (let word = args.shift(); word !== undefined; word = args.shift()) {
    if (word === 'dev') {
      const name = args.value()
      if (dev !== undefined) args.duplicate('dev', name)
      dev = name
    } else if (word === 'master') {
      const name = args.value()
      f.master = ip.proc.netns.device(name) ?? args.invalid(name, 'Device does not exist\n')
    } else if (word === 'vrf') args.invalid(args.value(), 'Not a valid VRF name\n')
    else if (word === 'nomaster') f.nomaster = true
    else if (word === 'unused') f.unused = true
    else if (word === 'nud') readStates(args, f)
    else if (word === 'proxy') f.proxy = true
    else if (word === 'protocol') {
      args.value()
      f.chosen = true
      f.states = 0
    } else {
      const text = word === 'to' ? args.value() : word
      if (matches(text, 'help')) {
        ip.proc.err(HELP.neigh)
        return undefined
      }
      // `flush all` says that it is meant.
      if (flushing && text === 'all') continue
      const prefix = readPrefix(ip, text, f.family === 'inet' || f.family === 'inet6' ? f.family : 'unspec')
      f.to = prefix
      if (f.family === 'unspec' && prefix.family !== 'unspec') f.family = prefix.family
    }
  }
  if (dev !== undefined) f.dev = deviceNamed(ip, dev)
  if (!f.chosen) f.states = NUD_ALL & ~NUD_NOARP
  return f
}

const readStates = (args: Args, f: NeighFilter): void => {
  const text = args.value()
  if (text === 'all') {
    f.all = true
    f.states = NUD_ALL
  } else {
    const bits = nudBits(text)
    if (bits === undefined) args.invalid(text, 'nud state is bad')
    else {
      f.states |= bits
      if (bits === 0) f.all = true
    }
  }
  f.chosen = true
}

const chosen = (f: NeighFilter, n: Neighbour): boolean => {
  if (f.family === 'inet6') return false
  if (f.dev !== undefined && n.dev !== f.dev) return false
  if (f.master !== undefined && n.dev.master !== f.master) return false
  if (f.nomaster && n.dev.master !== undefined) return false
  if (f.to !== undefined && !covers(f.to, n.address)) return false
  const bit = nudBit(n.state)
  return bit === 0 ? f.all : (f.states & bit) !== 0
}

const addressText = (ip: Ip, address: number): string =>
  (ip.opt.resolve ? reverse(ip.proc, address) : undefined) ?? formatIpv4(address)

/** print_neigh() */
export const printNeigh = (ip: Ip, n: Neighbour, withDev: boolean): void => {
  const { out, opt } = ip
  const { address } = n
  out.object(undefined, () => {
    if (opt.brief) {
      out.field('dst', formatIpv4(address), addressText(ip, address).padEnd(39) + ' ', 'inet')
      out.field('dev', n.dev.name, n.dev.name.padEnd(16) + ' ', 'ifname')
      if (n.mac !== undefined) out.field('lladdr', formatMac(n.mac), formatMac(n.mac), 'mac')
      out.text('\n')
      return
    }
    out.field('dst', formatIpv4(address), addressText(ip, address) + ' ', 'inet')
    if (withDev) {
      out.text('dev ')
      out.field('dev', n.dev.name, n.dev.name + ' ', 'ifname')
    }
    if (n.mac !== undefined) {
      out.text('lladdr ')
      const mac = formatMac(n.mac)
      // The space belongs to the next field, and the counters of -s bring another.
      out.field('lladdr', mac, mac + ' ', 'mac')
    }
    if (n.router) out.field('router', null, 'router ')
    if (opt.stats > 0) printCounters(ip, n)
    if (nudBit(n.state) !== 0) out.array('state', () => out.field(undefined, n.state, n.state + ' '))
    else out.array('state', () => undefined)
    out.text('\n')
  })
}

/** How long ago an entry was used, confirmed and changed, in seconds; a state with a timer holds a reference more. */
const printCounters = (ip: Ip, n: Neighbour): void => {
  const { out } = ip
  const ago = (time: number): number => Math.max(0, Math.floor((ip.proc.now - time) / 1e9))
  const timed = n.timer !== undefined
  if (timed) out.field('refcnt', 1, ' ref 1')
  const [used, confirmed, updated] = [ago(n.used), ago(n.confirmed), ago(n.updated)]
  out.field('used', used, ` used ${used}`)
  out.field('confirmed', confirmed, `/${confirmed}`)
  out.field('updated', updated, `/${updated}`)
  out.field('probes', n.probes, `probes ${n.probes} `)
}

/** `ip neigh [ show ]` */
export const neighShow: Command = (ip, args) => {
  const f = parseFilter(ip, args, false)
  if (f === undefined) return 255
  const { out } = ip
  const { arp } = netnsOf(ip)
  out.list(() => {
    if (f.proxy) {
      for (const p of f.family === 'inet6' ? [] : arp.proxies) {
        if ((f.dev !== undefined && p.dev !== f.dev) || (f.to !== undefined && !covers(f.to, p.address)))
          continue
        out.object(undefined, () => {
          out.field('dst', formatIpv4(p.address), addressText(ip, p.address) + ' ', 'inet')
          if (f.dev === undefined) {
            out.text('dev ')
            out.field('dev', p.dev.name, p.dev.name + ' ', 'ifname')
          }
          out.field('proxy', null, 'proxy ')
          out.text('\n')
        })
      }
      return
    }
    for (const n of arp.entries()) {
      if (!chosen(f, n)) continue
      // A reference stands for a timer that runs.
      if (f.unused && n.timer !== undefined) continue
      printNeigh(ip, n, f.dev === undefined)
    }
  })
  return 0
}

/** `ip neigh flush`: entries made by hand stay unless their state is named. */
export const neighFlush: Command = (ip, args) => {
  if (args.left === 0) return die(ip.proc, 1, 'Flush requires arguments.')
  const f = parseFilter(ip, args, true)
  if (f === undefined) return 255
  if (f.proxy) return 0
  if (!f.chosen) f.states = NUD_ALL & ~(NUD_NOARP | NUD_PERMANENT)
  const ns = netnsOf(ip)
  const { stats } = ip.opt
  const doomed = ns.arp.entries().filter((n) => chosen(f, n))
  if (doomed.length === 0) {
    if (stats > 0) ip.proc.out('Nothing to flush.\n')
    return 0
  }
  for (const n of doomed) {
    if (stats > 1) printNeigh(ip, n, f.dev === undefined)
    neighDel(ns, { address: n.address, dev: n.dev })
  }
  if (stats > 0)
    ip.proc.out(
      `\n*** Round 1, deleting ${doomed.length} entries ***\n*** Flush is complete after 1 round ***\n`,
    )
  return 0
}

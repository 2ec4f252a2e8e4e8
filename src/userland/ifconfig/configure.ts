import { addr6Add, addr6Del } from '../../kernel/ipv6/addrconf.ts'
import {
  getFlags,
  getIfaddr,
  setBroadcast,
  setDestination,
  setFlags,
  setIfaddr,
  setNetmask,
} from '../../kernel/ipv4/ioctl.ts'
import {
  IFF_ALLMULTI, IFF_BROADCAST, IFF_DYNAMIC, IFF_LOOPBACK, IFF_MULTICAST, IFF_NOARP, IFF_NOTRAILERS, IFF_POINTOPOINT, IFF_PROMISC,
  IFF_RUNNING, IFF_UP, type NetDevice,
} from '../../kernel/netdevice.ts' // prettier-ignore
import { Refusal } from '../../kernel/refusal.ts'
import { linkSet } from '../../kernel/rtnl/link.ts'
import type { Process } from '../../proc/process.ts'
import { strerror } from '../../proc/strerror.ts'
import { ETH_ZERO } from '../../wire/ethernet.ts'
import { prefixMask } from '../../wire/ipv4.ts'
import { parseIpv6 } from '../../wire/ipv6.ts'
import { HARDWARE, readEther } from '../nettools/hardware.ts'
import { E_USAGE, notSimulated, resolve } from '../nettools/inet.ts'
import { cut } from './show.ts'
import { usage } from './usage.ts'

/** Words that switch a flag: what they set, and what they clear. */
const SWITCHES: Readonly<Record<string, readonly [set: number, clear: number]>> = {
  up: [IFF_UP | IFF_RUNNING, 0],
  down: [0, IFF_UP],
  arp: [0, IFF_NOARP],
  '-arp': [IFF_NOARP, 0],
  trailers: [0, IFF_NOTRAILERS],
  '-trailers': [IFF_NOTRAILERS, 0],
  promisc: [IFF_PROMISC, 0],
  '-promisc': [0, IFF_PROMISC],
  multicast: [IFF_MULTICAST, 0],
  '-multicast': [0, IFF_MULTICAST],
  allmulti: [IFF_ALLMULTI, 0],
  '-allmulti': [0, IFF_ALLMULTI],
  dynamic: [IFF_DYNAMIC, 0],
  '-dynamic': [0, IFF_DYNAMIC],
}

/** Ioctls that no driver here implements: what is said, and whether an argument follows. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  outfill: 'SIOCSOUTFILL',
  keepalive: 'SIOCSKEEPALIVE',
  mem_start: 'mem_start: SIOCSIFMAP',
  io_addr: 'io_addr: SIOCSIFMAP',
  irq: 'irq: SIOCSIFMAP',
}

const FAMILIES = ['inet', 'inet6', 'ax25', 'netrom', 'rose', 'ipx', 'ddp', 'ec', 'ash', 'x25', 'unix']

/** `ifconfig IF word…`: each word is done at once, a mistake in one does not keep the others from being done. */
export const configure = (proc: Process, iface: string, words: readonly string[]): number =>
  new Configure(proc, iface).run(words)

class Configure {
  readonly #proc: Process
  readonly #iface: string
  /** 1 after an error, 255 where the flags could not be got. */
  #status = 0
  #family = 'inet'
  /** The prefix length behind an address is set last. */
  #mask: number | undefined

  constructor(proc: Process, iface: string) {
    this.#proc = proc
    this.#iface = iface
  }

  run(words: readonly string[]): number {
    const proc = this.#proc
    let i = 0
    const next = (): string => words[i++] ?? proc.exit(usage(proc, E_USAGE))
    if (FAMILIES.includes(words[0] as string)) this.#family = words[i++] as string
    while (i < words.length) {
      const word = words[i++] as string
      const flags = Object.hasOwn(SWITCHES, word) ? SWITCHES[word] : undefined
      const ioctl = Object.hasOwn(UNSUPPORTED, word) ? UNSUPPORTED[word] : undefined
      if (flags !== undefined) this.#flags(...flags)
      else if (ioctl !== undefined) {
        next()
        this.#perror(ioctl, new Refusal('EOPNOTSUPP'))
      } else
        switch (word) {
          case 'mtu':
            this.#link('SIOCSIFMTU', { mtu: parseInt(next(), 10) || 0 })
            break
          case 'txqueuelen': {
            const txqlen = parseInt(next(), 10) || 0
            if (txqlen < 0) this.#perror('SIOCSIFTXQLEN', new Refusal('EINVAL'))
            else this.#link('SIOCSIFTXQLEN', { txqlen })
            break
          }
          case 'name':
            this.#link('SIOCSIFNAME', { name: cut(next()) })
            break
          case 'hw':
            this.#hardware(next(), next)
            break
          case '-broadcast':
            this.#flags(0, IFF_BROADCAST)
            break
          case '-pointopoint':
            this.#flags(0, IFF_POINTOPOINT)
            break
          case 'broadcast':
            if (words[i] !== undefined) this.#address(next(), 'SIOCSIFBRDADDR', setBroadcast)
            this.#flags(IFF_BROADCAST, 0)
            break
          case 'pointopoint':
            if (words[i] !== undefined) this.#address(next(), 'SIOCSIFDSTADDR', setDestination)
            this.#flags(IFF_POINTOPOINT, 0)
            break
          case 'dstaddr':
            this.#address(next(), 'SIOCSIFDSTADDR', setDestination)
            break
          case 'netmask':
            this.#address(next(), 'SIOCSIFNETMASK', setNetmask)
            break
          case 'add':
          case 'del':
            this.#alias(word, next())
            break
          case 'tunnel':
          case 'media':
            notSimulated(proc, word)
            break
          default:
            if (!this.#main(word)) return this.#status
        }
    }
    if (this.#mask !== undefined)
      this.#refused('SIOCSIFNETMASK', setNetmask(proc.netns, this.#iface, this.#mask))
    return this.#status
  }

  #perror(what: string, refusal: Refusal): void {
    this.#proc.err(`${what}: ${strerror(refusal.errno)}\n`)
    this.#status ||= 1
  }
  #refused(what: string, refusal: Refusal | undefined): boolean {
    if (refusal !== undefined) this.#perror(what, refusal)
    return refusal !== undefined
  }

  get #device(): NetDevice | undefined {
    return this.#proc.netns.device(this.#iface.split(':')[0] as string)
  }
  #link(what: string, change: Parameters<typeof linkSet>[1]): void {
    const dev = this.#device
    this.#refused(what, dev === undefined ? new Refusal('ENODEV') : linkSet(dev, change))
  }

  #flags(set: number, clear: number): void {
    const { netns } = this.#proc
    const flags = getFlags(netns, this.#iface)
    if (flags instanceof Refusal) {
      this.#proc.err(`${this.#iface}: ERROR while getting interface flags: ${strerror(flags.errno)}\n`)
      this.#status = 255
      return
    }
    const refusal = setFlags(netns, this.#iface, (flags | set) & ~clear)
    if (refusal !== undefined) {
      this.#perror('SIOCSIFFLAGS', refusal)
      this.#status = 255
    }
    // The kernel decides by the kind of device whether it can broadcast: nobody can switch that.
    const after = getFlags(netns, this.#iface)
    if (clear & IFF_BROADCAST && !(after instanceof Refusal) && after & IFF_BROADCAST)
      this.#proc.out(`Warning: Interface ${this.#iface} still in BROADCAST mode.\n`)
  }

  /** An argument that is an address; undefined once it has been said that it is none. */
  #resolve(text: string): number | undefined {
    const found = resolve(this.#proc, text, true)
    if ('address' in found) return found.address
    this.#proc.err(`${text === '' ? '' : `${text}: `}${found.unknown}\n`)
    this.#status ||= 1
    return undefined
  }

  #address(text: string, what: string, set: typeof setNetmask): void {
    const address = this.#resolve(text)
    if (address !== undefined) this.#refused(what, set(this.#proc.netns, this.#iface, address))
  }

  /** A word that is none of the others is the address of the interface; false where it was none. */
  #main(word: string): boolean {
    if (this.#family === 'inet6') {
      this.#add6(word)
      return this.#status === 0
    }
    if (this.#family !== 'inet') notSimulated(this.#proc, `address family ${this.#family}`)
    const slash = word.indexOf('/')
    const name = slash < 0 ? word : word.slice(0, slash)
    if (slash >= 0) {
      const length = parseInt(word.slice(slash + 1), 10) || 0
      if (length < 0 || length > 32) this.#proc.exit(usage(this.#proc, E_USAGE))
      // A shift by 32 is none: /32 gives the mask of /0, in the real program too.
      this.#mask = length === 32 ? 0 : prefixMask(length)
    }
    const address = this.#resolve(name)
    if (address === undefined) {
      this.#proc.err("ifconfig: `--help' gives usage information.\n")
      this.#status = 1
      return false
    }
    this.#refused('SIOCSIFADDR', setIfaddr(this.#proc.netns, this.#iface, address))
    // 0.0.0.0 takes the label of an alias away: there is nothing left to set up
    if (address !== 0 || !this.#iface.includes(':')) this.#flags(IFF_UP | IFF_RUNNING, 0)
    return true
  }

  #hardware(type: string, next: () => string): void {
    const proc = this.#proc
    const hardware = HARDWARE.find(([name]) => name === type)
    if (hardware === undefined) proc.exit(usage(proc, E_USAGE))
    const text = next()
    if (type !== 'ether') {
      if (!['ax25', 'netrom', 'rose', 'arcnet', 'fddi', 'hippi'].includes(type)) {
        proc.err(`hw address type \`${type}' has no handler to set address. failed.\n`)
        this.#status ||= 1
      } else this.#perror('SIOCSIFHWADDR', new Refusal('EINVAL'))
      return
    }
    const mac = readEther(text, ETH_ZERO)
    if (mac === undefined) {
      proc.err(`${text}: invalid ether address.\n`)
      this.#status ||= 1
      return
    }
    const dev = this.#device
    if (dev !== undefined && dev.flags & IFF_LOOPBACK) this.#perror('SIOCSIFHWADDR', new Refusal('EINVAL'))
    else this.#link('SIOCSIFHWADDR', { mac })
  }

  /** `add` and `del`: an IPv6 address of the interface, or an IPv4 address as one more label of it. */
  #alias(verb: 'add' | 'del', text: string): void {
    if (text.includes(':')) return verb === 'add' ? this.#add6(text) : this.#del6(text)
    const { netns } = this.#proc
    const dev = this.#device
    if (dev === undefined) {
      for (let i = 0; i < 2; i++)
        this.#proc.err(`${this.#iface}: error fetching interface information: Device not found\n`)
      return
    }
    const address = this.#resolve(text)
    if (address === undefined) return
    const own = dev.addresses.find((a) => a.local === address)
    if (own !== undefined) {
      if (verb === 'del' && own.label.includes(':'))
        this.#refused('SIOCSIFFLAGS', setFlags(netns, own.label, 0))
      return
    }
    // To delete what is not there makes it: the real program looks for a free label in both cases.
    let n = 0
    while (dev.addresses.some((a) => a.label === `${this.#iface}:${n}`)) n++
    const label = cut(`${this.#iface}:${n}`)
    const first = getIfaddr(netns, this.#iface)
    const like = first instanceof Refusal ? { prefixlen: 0, broadcast: undefined } : first
    if (this.#refused('SIOCSIFADDR', setIfaddr(netns, label, address))) return
    this.#refused('SIOCSIFBRDADDR', setBroadcast(netns, label, like.broadcast ?? 0))
    this.#refused('SIOCSIFNETMASK', setNetmask(netns, label, prefixMask(like.prefixlen)))
  }

  #parse6(text: string): { address: string; prefixlen: number } | undefined {
    const [address = '', length = '128'] = text.split('/')
    const prefixlen = parseInt(length, 10) || 0
    if (prefixlen < 0 || prefixlen > 128) this.#proc.exit(usage(this.#proc, E_USAGE))
    if (parseIpv6(address) !== undefined) return { address, prefixlen }
    this.#proc.err(`${address}: Resolver Error 0 (no error)\n`)
    this.#status ||= 1
    return undefined
  }
  #add6(text: string): void {
    const a = this.#parse6(text)
    const dev = this.#device
    if (a !== undefined)
      this.#refused('SIOCSIFADDR', dev === undefined ? new Refusal('ENODEV') : addr6Add(dev, a))
  }
  #del6(text: string): void {
    const a = this.#parse6(text)
    const dev = this.#device
    if (a !== undefined)
      this.#refused('SIOCDIFADDR', dev === undefined ? new Refusal('ENODEV') : addr6Del(dev, a))
  }
}

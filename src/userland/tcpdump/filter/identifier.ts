import { parseMac } from '../../../wire/ethernet.ts'
import { prefixMask } from '../../../wire/ipv4.ts'
import { parseAddress6 } from './address6.ts'
import type { Cursor } from './cursor.ts'
import type { Direction, Generator, Link } from './generate.ts'
import { FilterError } from './lex.ts'
import { or, type Test } from './test.ts'

/** What names in an expression stand for, and where it will run. */
export interface FilterContext {
  readonly link: Link
  /** Netmask of the device, for `ip broadcast`. */
  readonly netmask: number
  /** False where packets come from a file: which way they went is not known of Ethernet then. */
  readonly live: boolean
  host(name: string): readonly number[]
  /** The port, and which protocols have it. */
  port(name: string): { readonly port: number; readonly protocols: readonly string[] } | undefined
}

/** Qualifiers of a primitive: `tcp src port`. An identifier after `and` or `or` takes those of the one before. */
export interface Qualifiers {
  readonly proto: string
  readonly direction: Direction
  readonly type: '' | 'host' | 'net' | 'port' | 'portrange' | 'proto' | 'none'
}

/** /etc/protocols, as far as `proto` needs it. */
const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1, igmp: 2, ipencap: 4, tcp: 6, egp: 8, udp: 17, ipv6: 41, rsvp: 46, gre: 47, esp: 50, ah: 51, 'ipv6-icmp': 58,
  eigrp: 88, ospf: 89, pim: 103, vrrp: 112, sctp: 132,
} // prettier-ignore
const ETHER_PROTOCOLS: Readonly<Record<string, number>> = {
  ip: 0x0800, arp: 0x0806, rarp: 0x8035, ip6: 0x86dd, ipv6: 0x86dd, loopback: 0x9000, stp: 0x42, vlan: 0x8100,
} // prettier-ignore

/** What an identifier means by its qualifiers: an address, a network, a port, a protocol. */
export class Identifier {
  readonly #cursor: Cursor
  readonly #g: Generator
  readonly #context: FilterContext

  constructor(cursor: Cursor, g: Generator, context: FilterContext) {
    this.#cursor = cursor
    this.#g = g
    this.#context = context
  }

  /** The test for the identifier that stands next. */
  test(q: Qualifiers): Test {
    const t = this.#cursor.token
    if (t === undefined) return this.#cursor.fail()
    this.#cursor.at++
    if (q.type === 'none') throw new FilterError('syntax error in filter expression')
    switch (t.kind) {
      case 'name':
        return this.#name(q, t.text)
      case 'number':
        return this.#plainNumber(q, t.value)
      case 'address':
        return this.#address(q, t.text)
      case 'address6':
        return this.#address6(q, t.text)
      case 'mac':
        if ((q.type !== 'host' && q.type !== '') || q.proto !== 'ether')
          throw new FilterError('ethernet address used in non-ether expression')
        return this.#g.ether(parseMac(t.text.replaceAll('-', ':')) as Uint8Array, q.direction)
      default:
        return this.#cursor.fail()
    }
  }

  #name(q: Qualifiers, name: string): Test {
    switch (q.type) {
      case '':
      case 'host': {
        if (q.proto === 'ether') throw new FilterError(`unknown ether host '${name}'`)
        const addresses = this.#context.host(name)
        if (addresses.length === 0) throw new FilterError(`unknown host '${name}'`)
        return addresses.map((a) => this.#g.host(a, 0xffffffff, q.direction, q.proto)).reduce(or)
      }
      case 'net':
        throw new FilterError(`unknown network '${name}'`)
      case 'port': {
        this.#portProtocol(q)
        const port = this.#portByName(q, name)
        if (port === undefined) throw new FilterError(`unknown port '${name}'`)
        return this.#g.ports(port, port, q.direction, q.proto)
      }
      case 'portrange': {
        this.#portProtocol(q)
        const [from = '', to = ''] = name.split('-')
        const low = this.#portByName(q, from)
        const high = this.#portByName(q, to)
        if (low === undefined || high === undefined) throw new FilterError(`unknown port in range '${name}'`)
        return this.#g.ports(Math.min(low, high), Math.max(low, high), q.direction, q.proto)
      }
      case 'proto':
        return this.#protocolNamed(q, name)
      case 'none':
        return this.#cursor.fail()
    }
  }

  #portProtocol(q: Qualifiers): void {
    if (q.proto !== '' && q.proto !== 'tcp' && q.proto !== 'udp' && q.proto !== 'sctp')
      throw new FilterError("illegal qualifier of 'port'")
  }

  #portByName(q: Qualifiers, name: string): number | undefined {
    if (/^[0-9]+$/.test(name)) {
      const n = Number(name)
      if (n > 65535) throw new FilterError(`illegal port number ${n} > 65535`)
      return n
    }
    const found = this.#context.port(name)
    if (found === undefined) return undefined
    if (q.proto !== '' && !found.protocols.includes(q.proto))
      throw new FilterError(`port '${name}' is ${found.protocols[0]}`)
    return found.port
  }

  #protocolNamed(q: Qualifiers, name: string): Test {
    if (q.proto === 'ether') {
      const type = ETHER_PROTOCOLS[name]
      if (type === undefined) throw new FilterError(`unknown ether proto '${name}'`)
      return this.#g.ethertype(type)
    }
    const n = IP_PROTOCOLS[name]
    if (n === undefined) throw new FilterError(`unknown ip proto '${name}'`)
    return this.#protocolNumber(q, n)
  }

  #protocolNumber(q: Qualifiers, n: number): Test {
    switch (q.proto) {
      case '':
        return this.#g.protocol(n, 'any')
      case 'ip':
      case 'ip6':
        return this.#g.protocol(n, q.proto)
      case 'ether':
        return this.#g.ethertype(n)
      case 'arp':
      case 'rarp':
        throw new FilterError(`${q.proto} does not encapsulate another protocol`)
      default:
        throw new FilterError(`'${q.proto} proto' is bogus`)
    }
  }

  #plainNumber(q: Qualifiers, n: number): Test {
    switch (q.type) {
      case 'port':
        this.#portProtocol(q)
        if (n > 65535) throw new FilterError(`illegal port number ${n} > 65535`)
        return this.#g.ports(n, n, q.direction, q.proto)
      case 'portrange':
        this.#portProtocol(q)
        if (n > 65535) throw new FilterError(`illegal port number ${n} > 65535`)
        return this.#g.ports(n, n, q.direction, q.proto)
      case 'proto':
        return this.#protocolNumber(q, n)
      case 'net': {
        if (q.proto === 'ether') throw new FilterError('illegal link layer address')
        let address = n
        let mask = 0xffffffff
        while (address !== 0 && (address & 0xff000000) === 0) {
          address = (address << 8) >>> 0
          mask = (mask << 8) >>> 0
        }
        return this.#g.host(address, mask, q.direction, q.proto)
      }
      default:
        return this.#g.host(n, 0xffffffff, q.direction, q.proto)
    }
  }

  #address(q: Qualifiers, text: string): Test {
    if (q.type === 'port' || q.type === 'portrange' || q.type === 'proto') return this.#cursor.fail()
    const parts = text.split('.').map(Number)
    if (parts.some((n) => n > 255)) throw new FilterError(`invalid IPv4 address '${text}'`)
    const bits = parts.length * 8
    const address = parts.reduce((a, n) => a * 256 + n, 0) * 2 ** (32 - bits)
    let mask = prefixMask(bits)
    if (this.#cursor.take('/')) {
      const length = this.#cursor.number()
      if (length > 32) throw new FilterError('mask length must be <= 32')
      mask = prefixMask(length)
      if ((address & ~mask) !== 0) throw new FilterError(`non-network bits set in "${text}/${length}"`)
    } else if (this.#cursor.take('mask')) {
      const t = this.#cursor.token
      if (t?.kind !== 'address') this.#cursor.fail()
      this.#cursor.at++
      const given = t.text.split('.').map(Number)
      mask = (given.reduce((a, n) => a * 256 + n, 0) * 2 ** (32 - given.length * 8)) >>> 0
      if ((address & ~mask) !== 0) throw new FilterError(`non-network bits set in "${text} mask ${t.text}"`)
    }
    return this.#g.host(address, mask, q.direction, q.proto)
  }

  #address6(q: Qualifiers, text: string): Test {
    const address = parseAddress6(text)
    if (address === undefined) return this.#cursor.fail()
    let prefix = 128
    if (this.#cursor.take('/')) {
      prefix = this.#cursor.number()
      if (prefix > 128) throw new FilterError('mask length must be <= 128')
      if (q.type !== 'net' && prefix !== 128) throw new FilterError('invalid qualifier against IPv6 address')
    }
    if (q.type === 'port' || q.type === 'portrange' || q.type === 'proto')
      throw new FilterError('invalid qualifier against IPv6 address')
    return this.#g.host6(address, prefix, q.direction, q.proto)
  }
}

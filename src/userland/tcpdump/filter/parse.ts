import { prefixMask } from '../../../wire/ipv4.ts'
import { parseMac } from '../../../wire/ethernet.ts'
import { Generator, type Direction, type Link, type Value } from './generate.ts'
import { parseAddress6 } from './address6.ts'
import { FilterError, lex, SYNTAX, type Token } from './lex.ts'
import { always, and, equals, not, opaque, or, type Test } from './test.ts'

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
interface Qualifiers {
  readonly proto: string
  readonly direction: Direction
  readonly type: '' | 'host' | 'net' | 'port' | 'portrange' | 'proto' | 'none'
}

const PROTOCOLS = new Set([
  'ether', 'ip', 'ip6', 'arp', 'rarp', 'tcp', 'udp', 'icmp', 'icmp6', 'igmp', 'igrp', 'sctp', 'pim', 'vrrp', 'carp', 'ah',
  'esp', 'atalk', 'aarp', 'decnet', 'iso', 'stp', 'ipx', 'netbeui', 'lat', 'moprc', 'mopdl',
]) // prettier-ignore

/** /etc/protocols, as far as `proto` needs it. */
const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1, igmp: 2, ipencap: 4, tcp: 6, egp: 8, udp: 17, ipv6: 41, rsvp: 46, gre: 47, esp: 50, ah: 51, 'ipv6-icmp': 58,
  eigrp: 88, ospf: 89, pim: 103, vrrp: 112, sctp: 132,
} // prettier-ignore
const ETHER_PROTOCOLS: Readonly<Record<string, number>> = {
  ip: 0x0800, arp: 0x0806, rarp: 0x8035, ip6: 0x86dd, ipv6: 0x86dd, loopback: 0x9000, stp: 0x42, vlan: 0x8100,
} // prettier-ignore

/** The grammar of pcap-filter(7): `and` and `or` bind equally and to the left, `not` binds tighter. */
export class Parser {
  readonly #tokens: readonly Token[]
  readonly #g: Generator
  readonly #context: FilterContext
  #i = 0
  #last: Qualifiers | undefined

  constructor(text: string, context: FilterContext) {
    this.#tokens = lex(text)
    this.#context = context
    this.#g = new Generator(context.link)
  }

  parse(): Test {
    if (this.#tokens.length === 0) return always(true)
    const test = this.#expression()
    if (this.#i < this.#tokens.length) this.#fail()
    return test
  }

  #fail(): never {
    throw new FilterError(SYNTAX)
  }
  get #token(): Token | undefined {
    return this.#tokens[this.#i]
  }
  #is(text: string): boolean {
    const t = this.#token
    return t !== undefined && (t.kind === 'word' || t.kind === 'symbol') && t.text === text
  }
  #take(text: string): boolean {
    if (!this.#is(text)) return false
    this.#i++
    return true
  }
  #expect(text: string): void {
    if (!this.#take(text)) this.#fail()
  }

  #expression(): Test {
    let left = this.#term()
    for (;;) {
      const join = this.#take('and') ? and : this.#take('or') ? or : undefined
      if (join === undefined) return left
      left = join(
        left,
        this.#identifierFollows() ? this.#identifiers(this.#last as Qualifiers) : this.#term(),
      )
    }
  }

  /** After `and` and `or`: an identifier without qualifiers of its own, perhaps in parentheses. */
  #identifierFollows(): boolean {
    if (this.#last === undefined) return false
    let i = this.#i
    for (;;) {
      const t = this.#tokens[i]
      if (t?.text === '(' || (t?.text === 'not' && t.kind === 'word')) i++
      else break
    }
    const t = this.#tokens[i]
    if (t === undefined) return false
    if (t.kind === 'number')
      return !/^(?:[-+*/%^&|<>=]|<<|>>|>=|<=|!=|==)$/.test(this.#tokens[i + 1]?.text ?? '')
    return t.kind === 'name' || t.kind === 'address' || t.kind === 'address6' || t.kind === 'mac'
  }

  #term(): Test {
    if (this.#take('not')) return not(this.#term())
    const relation = this.#attempt(() => this.#relation())
    if (relation !== undefined) return relation
    if (this.#take('(')) {
      const test = this.#expression()
      this.#expect(')')
      return test
    }
    return this.#primitive()
  }

  /** A comparison of numbers, or undefined where none stands here. */
  #attempt(parse: () => Test | undefined): Test | undefined {
    const start = this.#i
    try {
      const test = parse()
      if (test !== undefined) return test
    } catch (e) {
      if (!(e instanceof FilterError) || e.message !== SYNTAX) throw e
    }
    this.#i = start
    return undefined
  }

  #primitive(): Test {
    const other = this.#other('')
    if (other !== undefined) return other
    const proto = this.#protocol()
    if (proto !== undefined) {
      const qualified = this.#other(proto)
      if (qualified !== undefined) return qualified
    }
    const direction = this.#direction()
    const type = this.#type()
    if (direction === undefined && type === '') {
      if (proto === undefined) this.#fail()
      this.#last = { proto, direction: 'or', type: 'none' }
      return this.#g.named(proto)
    }
    const q: Qualifiers = { proto: proto ?? '', direction: direction ?? 'or', type }
    return this.#identifiers(q)
  }

  #protocol(): string | undefined {
    const t = this.#token
    if (t?.kind !== 'word' || !PROTOCOLS.has(t.text)) return undefined
    this.#i++
    return t.text
  }

  #direction(): Direction | undefined {
    const first = this.#is('src') ? 'src' : this.#is('dst') ? 'dst' : undefined
    if (first === undefined) return undefined
    this.#i++
    const joined = this.#is('or') ? 'or' : this.#is('and') ? 'and' : undefined
    const other = this.#tokens[this.#i + 1]
    if (joined !== undefined && other?.kind === 'word' && other.text === (first === 'src' ? 'dst' : 'src')) {
      // `src 1.2.3.4 or dst …` has an identifier in between, so this is `src or dst`.
      this.#i += 2
      return joined
    }
    return first
  }

  #type(): Qualifiers['type'] {
    const t = this.#token
    if (t?.kind !== 'word') return ''
    switch (t.text) {
      case 'host':
      case 'net':
      case 'port':
      case 'portrange':
      case 'proto':
        this.#i++
        return t.text
      case 'gateway':
        throw new FilterError("'gateway' not supported in this configuration")
      default:
        return ''
    }
  }

  /** Primitives that take no identifier. */
  #other(proto: string): Test | undefined {
    const t = this.#token
    if (t?.kind !== 'word') return undefined
    const g = this.#g
    switch (t.text) {
      case 'broadcast':
        this.#i++
        return g.broadcast(proto, this.#context.netmask)
      case 'multicast':
        this.#i++
        return g.multicast(proto)
      case 'less':
      case 'greater': {
        if (proto !== '') return undefined
        this.#i++
        const n = this.#number()
        return opaque(t.text === 'less' ? (p) => p.length <= n : (p) => p.length >= n)
      }
      case 'inbound':
      case 'outbound': {
        if (proto !== '') return undefined
        this.#i++
        if (!this.#context.live && this.#context.link.kind === 'ethernet')
          throw new FilterError('inbound/outbound not supported on Ethernet when reading savefiles')
        const out = t.text === 'outbound'
        return opaque((p) => p.outgoing === out)
      }
      case 'ifindex': {
        if (proto !== '') return undefined
        this.#i++
        const n = this.#number()
        if (!this.#context.live && this.#context.link.kind === 'ethernet')
          throw new FilterError('ifindex not supported on Ethernet when reading savefiles')
        return equals('ifindex', n, (p) => p.ifindex)
      }
      case 'vlan': {
        if (proto !== '') return undefined
        this.#i++
        if (this.#context.link.kind !== 'ethernet')
          throw new FilterError('no VLAN support for Linux cooked v2')
        if (this.#token?.kind === 'number') this.#i++
        // 802.1Q is not simulated: a tagged frame is none that this finds, unless somebody makes one by hand.
        return g.ethertype(0x8100)
      }
      default:
        return undefined
    }
  }

  #number(): number {
    const t = this.#token
    if (t?.kind !== 'number') return this.#fail()
    this.#i++
    return t.value
  }

  /** One identifier, or several in parentheses: `host (a or b)`. */
  #identifiers(q: Qualifiers): Test {
    if (this.#take('not')) return not(this.#identifiers(q))
    if (this.#take('(')) {
      let left = this.#identifiers(q)
      while (!this.#is(')')) {
        const join = this.#take('and') ? and : this.#take('or') ? or : this.#fail()
        left = join(
          left,
          this.#identifierFollows() ? this.#identifiers(this.#last as Qualifiers) : this.#term(),
        )
      }
      this.#expect(')')
      return left
    }
    const t = this.#token
    if (t === undefined) return this.#fail()
    this.#i++
    if (q.type === 'none') throw new FilterError('syntax error in filter expression')
    this.#last = q
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
        return this.#fail()
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
        return this.#fail()
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
    if (q.type === 'port' || q.type === 'portrange' || q.type === 'proto') return this.#fail()
    const parts = text.split('.').map(Number)
    if (parts.some((n) => n > 255)) throw new FilterError(`invalid IPv4 address '${text}'`)
    const bits = parts.length * 8
    const address = parts.reduce((a, n) => a * 256 + n, 0) * 2 ** (32 - bits)
    let mask = prefixMask(bits)
    if (this.#take('/')) {
      const length = this.#number()
      if (length > 32) throw new FilterError('mask length must be <= 32')
      mask = prefixMask(length)
      if ((address & ~mask) !== 0) throw new FilterError(`non-network bits set in "${text}/${length}"`)
    } else if (this.#take('mask')) {
      const t = this.#token
      if (t?.kind !== 'address') this.#fail()
      this.#i++
      const given = t.text.split('.').map(Number)
      mask = (given.reduce((a, n) => a * 256 + n, 0) * 2 ** (32 - given.length * 8)) >>> 0
      if ((address & ~mask) !== 0) throw new FilterError(`non-network bits set in "${text} mask ${t.text}"`)
    }
    return this.#g.host(address, mask, q.direction, q.proto)
  }

  #address6(q: Qualifiers, text: string): Test {
    const address = parseAddress6(text)
    if (address === undefined) return this.#fail()
    let prefix = 128
    if (this.#take('/')) {
      prefix = this.#number()
      if (prefix > 128) throw new FilterError('mask length must be <= 128')
      if (q.type !== 'net' && prefix !== 128) throw new FilterError('invalid qualifier against IPv6 address')
    }
    if (q.type === 'port' || q.type === 'portrange' || q.type === 'proto')
      throw new FilterError('invalid qualifier against IPv6 address')
    return this.#g.host6(address, prefix, q.direction, q.proto)
  }

  // ---- arithmetic

  #relation(): Test | undefined {
    const left = this.#sum(0)
    const t = this.#token
    if (t?.kind !== 'symbol') return undefined
    const compare = COMPARISONS[t.text]
    if (compare === undefined) return undefined
    this.#i++
    const right = this.#sum(0)
    this.#last = undefined
    const test = relate(t.text, compare, left, right)
    const needed =
      left.test === undefined ? right.test : right.test === undefined ? left.test : and(left.test, right.test)
    return needed === undefined ? test : and(needed, test)
  }

  #sum(level: number): Value {
    const operators = PRECEDENCE[level]
    if (operators === undefined) return this.#operand()
    let left = this.#sum(level + 1)
    for (;;) {
      const t = this.#token
      if (t?.kind !== 'symbol' || !operators.includes(t.text)) return left
      this.#i++
      left = operate(t.text, left, this.#sum(level + 1))
    }
  }

  #operand(): Value {
    const t = this.#token
    if (t === undefined) return this.#fail()
    if (t.kind === 'number') {
      this.#i++
      return constant(t.value)
    }
    if (this.#take('-')) return operate('-', constant(0), this.#operand())
    if (this.#take('(')) {
      const inner = this.#sum(0)
      this.#expect(')')
      return inner
    }
    if (this.#take('len')) return { test: undefined, of: (p) => p.length, key: 'len', constant: undefined }
    if (t.kind !== 'word' || !PROTOCOLS.has(t.text) || this.#tokens[this.#i + 1]?.text !== '[')
      return this.#fail()
    this.#i += 2
    const offset = this.#sum(0)
    const size = this.#take(':') ? this.#number() : 1
    this.#expect(']')
    if (size !== 1 && size !== 2 && size !== 4) throw new FilterError('data size must be 1, 2, or 4')
    return this.#g.load(t.text, offset, size)
  }
}

const constant = (n: number): Value => ({ test: undefined, of: () => n, key: undefined, constant: n })

/** Loosest first. */
const PRECEDENCE: readonly (readonly string[])[] = [
  ['|', '^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

type Compare = (a: number, b: number) => boolean
const COMPARISONS: Readonly<Record<string, Compare>> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
}

const relate = (operator: string, compare: Compare, a: Value, b: Value): Test => {
  if (a.constant !== undefined && b.constant !== undefined) return always(compare(a.constant, b.constant))
  const equal = operator === '=' || operator === '=='
  if (a.key !== undefined && b.constant !== undefined && (equal || operator === '!=')) {
    const test = equals(a.key, b.constant, a.of)
    return equal ? test : not(test)
  }
  const { of: x } = a
  const { of: y } = b
  return opaque((p) => compare(x(p), y(p)))
}

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => (a + b) >>> 0,
  '-': (a, b) => (a - b) >>> 0,
  '*': (a, b) => Math.imul(a, b) >>> 0,
  '/': (a, b) => Math.floor(a / b),
  '%': (a, b) => a % b,
  '&': (a, b) => (a & b) >>> 0,
  '|': (a, b) => (a | b) >>> 0,
  '^': (a, b) => (a ^ b) >>> 0,
  '<<': (a, b) => (b > 31 ? 0 : (a << b) >>> 0),
  '>>': (a, b) => (b > 31 ? 0 : a >>> b),
}

/** As in libpcap, only what the left side needs is asked for: `ip[2:2] - tcp[12]` is computed of any IP packet. */
const operate = (operator: string, a: Value, b: Value): Value => {
  const f = OPERATIONS[operator] as (a: number, b: number) => number
  if (operator === '/' && b.constant === 0) throw new FilterError('division by zero')
  if (operator === '%' && b.constant === 0) throw new FilterError('modulus by zero')
  if (a.constant !== undefined && b.constant !== undefined) return constant(f(a.constant, b.constant))
  const { of: x } = a
  const { of: y } = b
  return { test: a.test, of: (p) => f(x(p), y(p)), key: undefined, constant: undefined }
}

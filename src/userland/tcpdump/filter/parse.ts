import { Arithmetic } from './arithmetic.ts'
import { Cursor } from './cursor.ts'
import { Generator, type Direction } from './generate.ts'
import { Identifier, type FilterContext, type Qualifiers } from './identifier.ts'
import { FilterError, lex } from './lex.ts'
import { always, and, equals, not, opaque, or, type Test } from './test.ts'

const PROTOCOLS = new Set([
  'ether', 'ip', 'ip6', 'arp', 'rarp', 'tcp', 'udp', 'icmp', 'icmp6', 'igmp', 'igrp', 'sctp', 'pim', 'vrrp', 'carp', 'ah',
  'esp', 'atalk', 'aarp', 'decnet', 'iso', 'stp', 'ipx', 'netbeui', 'lat', 'moprc', 'mopdl',
]) // prettier-ignore

/** The grammar of pcap-filter(7): `and` and `or` bind equally and to the left, `not` binds tighter. */
export class Parser {
  readonly #cursor: Cursor
  readonly #g: Generator
  readonly #context: FilterContext
  readonly #arithmetic: Arithmetic
  readonly #identifier: Identifier
  /** Of the primitive before, for an identifier that stands alone behind `and` or `or`. */
  #last: Qualifiers | undefined

  constructor(text: string, context: FilterContext) {
    this.#cursor = new Cursor(lex(text))
    this.#context = context
    this.#g = new Generator(context.link)
    this.#arithmetic = new Arithmetic(this.#cursor, this.#g, PROTOCOLS)
    this.#identifier = new Identifier(this.#cursor, this.#g, context)
  }

  parse(): Test {
    if (this.#cursor.tokens.length === 0) return always(true)
    const test = this.#expression()
    if (this.#cursor.at < this.#cursor.tokens.length) this.#cursor.fail()
    return test
  }

  #expression(): Test {
    let left = this.#term()
    for (;;) {
      const join = this.#cursor.take('and') ? and : this.#cursor.take('or') ? or : undefined
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
    let i = this.#cursor.at
    for (;;) {
      const t = this.#cursor.tokens[i]
      if (t?.text === '(' || (t?.text === 'not' && t.kind === 'word')) i++
      else break
    }
    const t = this.#cursor.tokens[i]
    if (t === undefined) return false
    if (t.kind === 'number')
      return !/^(?:[-+*/%^&|<>=]|<<|>>|>=|<=|!=|==)$/.test(this.#cursor.tokens[i + 1]?.text ?? '')
    return t.kind === 'name' || t.kind === 'address' || t.kind === 'address6' || t.kind === 'mac'
  }

  #term(): Test {
    if (this.#cursor.take('not')) return not(this.#term())
    const relation = this.#arithmetic.attempt()
    if (relation !== undefined) {
      this.#last = undefined
      return relation
    }
    if (this.#cursor.take('(')) {
      const test = this.#expression()
      this.#cursor.expect(')')
      return test
    }
    return this.#primitive()
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
      if (proto === undefined) this.#cursor.fail()
      this.#last = { proto, direction: 'or', type: 'none' }
      return this.#g.named(proto)
    }
    const q: Qualifiers = { proto: proto ?? '', direction: direction ?? 'or', type }
    return this.#identifiers(q)
  }

  #protocol(): string | undefined {
    const t = this.#cursor.token
    if (t?.kind !== 'word' || !PROTOCOLS.has(t.text)) return undefined
    this.#cursor.at++
    return t.text
  }

  #direction(): Direction | undefined {
    const first = this.#cursor.is('src') ? 'src' : this.#cursor.is('dst') ? 'dst' : undefined
    if (first === undefined) return undefined
    this.#cursor.at++
    const joined = this.#cursor.is('or') ? 'or' : this.#cursor.is('and') ? 'and' : undefined
    const other = this.#cursor.tokens[this.#cursor.at + 1]
    if (joined !== undefined && other?.kind === 'word' && other.text === (first === 'src' ? 'dst' : 'src')) {
      // `src 1.2.3.4 or dst …` has an identifier in between, so this is `src or dst`.
      this.#cursor.at += 2
      return joined
    }
    return first
  }

  #type(): Qualifiers['type'] {
    const t = this.#cursor.token
    if (t?.kind !== 'word') return ''
    switch (t.text) {
      case 'host':
      case 'net':
      case 'port':
      case 'portrange':
      case 'proto':
        this.#cursor.at++
        return t.text
      case 'gateway':
        throw new FilterError("'gateway' not supported in this configuration")
      default:
        return ''
    }
  }

  /** Primitives that take no identifier. */
  #other(proto: string): Test | undefined {
    const t = this.#cursor.token
    if (t?.kind !== 'word') return undefined
    const g = this.#g
    switch (t.text) {
      case 'broadcast':
        this.#cursor.at++
        return g.broadcast(proto, this.#context.netmask)
      case 'multicast':
        this.#cursor.at++
        return g.multicast(proto)
      case 'less':
      case 'greater': {
        if (proto !== '') return undefined
        this.#cursor.at++
        const n = this.#cursor.number()
        return opaque(t.text === 'less' ? (p) => p.length <= n : (p) => p.length >= n)
      }
      case 'inbound':
      case 'outbound': {
        if (proto !== '') return undefined
        this.#cursor.at++
        if (!this.#context.live && this.#context.link.kind === 'ethernet')
          throw new FilterError('inbound/outbound not supported on Ethernet when reading savefiles')
        const out = t.text === 'outbound'
        return opaque((p) => p.outgoing === out)
      }
      case 'ifindex': {
        if (proto !== '') return undefined
        this.#cursor.at++
        const n = this.#cursor.number()
        if (!this.#context.live && this.#context.link.kind === 'ethernet')
          throw new FilterError('ifindex not supported on Ethernet when reading savefiles')
        return equals('ifindex', n, (p) => p.ifindex)
      }
      case 'vlan': {
        if (proto !== '') return undefined
        this.#cursor.at++
        if (this.#context.link.kind !== 'ethernet')
          throw new FilterError('no VLAN support for Linux cooked v2')
        if (this.#cursor.token?.kind === 'number') this.#cursor.at++
        // 802.1Q is not simulated: a tagged frame is none that this finds, unless somebody makes one by hand.
        return g.ethertype(0x8100)
      }
      default:
        return undefined
    }
  }

  /** One identifier, or several in parentheses: `host (a or b)`. */
  #identifiers(q: Qualifiers): Test {
    if (this.#cursor.take('not')) return not(this.#identifiers(q))
    if (this.#cursor.take('(')) {
      let left = this.#identifiers(q)
      while (!this.#cursor.is(')')) {
        const join = this.#cursor.take('and') ? and : this.#cursor.take('or') ? or : this.#cursor.fail()
        left = join(
          left,
          this.#identifierFollows() ? this.#identifiers(this.#last as Qualifiers) : this.#term(),
        )
      }
      this.#cursor.expect(')')
      return left
    }
    this.#last = q
    return this.#identifier.test(q)
  }
}

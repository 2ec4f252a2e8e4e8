import { ETH_BROADCAST, ETH_P_ARP, ETH_P_IPV6, macKey } from '../../../wire/ethernet.ts'
import {
  ETH_P_IP,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_IGMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
} from '../../../wire/ipv4.ts'
import { FilterError } from './lex.ts'
import { and, equals, opaque, or, type Packet, type Test } from './test.ts'

/** A number computed from a packet; `key` names a plain load, `test` is what must hold for it to mean something. */
export interface Value {
  readonly of: (p: Packet) => number
  readonly test: Test | undefined
  readonly key: string | undefined
  readonly constant: number | undefined
}

/** Which link header stands in front: where its type field and the network header are. */
export interface Link {
  readonly kind: 'ethernet' | 'sll2'
  readonly type: number
  readonly network: number
}
export const ETHERNET: Link = { kind: 'ethernet', type: 12, network: 14 }
export const SLL2: Link = { kind: 'sll2', type: 0, network: 20 }

/** A load from outside the packet ends the whole filter with no, as in the BPF machine. */
export class OutOfPacket extends Error {}
const OUT = new OutOfPacket()

const u8 = (p: Packet, at: number): number => {
  const v = p.b[at]
  if (v === undefined) throw OUT
  return v
}
const u16 = (p: Packet, at: number): number => (u8(p, at) << 8) | u8(p, at + 1)
const u32 = (p: Packet, at: number): number => u16(p, at) * 65536 + u16(p, at + 2)
const read = { 1: u8, 2: u16, 4: u32 } as const

/** The bytes at a fixed place have this value. */
const at = (offset: number, size: 1 | 2 | 4, value: number): Test =>
  equals(`${offset}:${size}`, value, (p) => read[size](p, offset))

export type Direction = 'src' | 'dst' | 'or' | 'and'

/** `src or dst` and `src and dst` of two tests. */
const combine = (direction: Direction, source: Test, destination: Test): Test => {
  switch (direction) {
    case 'src':
      return source
    case 'dst':
      return destination
    case 'or':
      return or(source, destination)
    case 'and':
      return and(source, destination)
  }
}

const IP_NUMBERS: Readonly<Record<string, readonly [number, 'ip' | 'ip6' | 'any']>> = {
  tcp: [IPPROTO_TCP, 'any'],
  udp: [IPPROTO_UDP, 'any'],
  sctp: [132, 'any'],
  icmp: [IPPROTO_ICMP, 'ip'],
  icmp6: [IPPROTO_ICMPV6, 'ip6'],
  igmp: [IPPROTO_IGMP, 'ip'],
  igrp: [9, 'ip'],
  pim: [103, 'any'],
  vrrp: [112, 'ip'],
  carp: [112, 'ip'],
  ah: [51, 'any'],
  esp: [50, 'any'],
}
/** Names of link-layer protocols; those up to 1500 are LLC addresses. */
const TYPES: Readonly<Record<string, number>> = {
  ip: ETH_P_IP, ip6: ETH_P_IPV6, arp: ETH_P_ARP, rarp: 0x8035, stp: 0x42, atalk: 0x809b, aarp: 0x80f3, decnet: 0x6003,
  lat: 0x6004, mopdl: 0x6001, moprc: 0x6002, iso: 0xfe, ipx: 0x8137, netbeui: 0xf0,
} // prettier-ignore

const NO_MULTICAST =
  'link-layer multicast filters supported only on ethernet/FDDI/token ring/ARCNET/802.11/ATM LANE/Fibre Channel'

/** Builds the tests that an expression is made of, for one kind of link. */
export class Generator {
  readonly link: Link
  readonly ip: Test
  readonly ip6: Test
  readonly arp: Test
  /** Not a fragment but the first: the only ones with a transport header. */
  readonly #whole: Test

  constructor(link: Link) {
    this.link = link
    this.ip = this.ethertype(ETH_P_IP)
    this.ip6 = this.ethertype(ETH_P_IPV6)
    this.arp = this.ethertype(ETH_P_ARP)
    this.#whole = opaque((p) => (u16(p, link.network + 6) & 0x1fff) === 0)
  }

  ethertype(type: number): Test {
    if (type > 1500) return at(this.link.type, 2, type)
    return and(
      opaque((p) => u16(p, this.link.type) <= 1500),
      at(this.link.network, 1, type),
    )
  }

  /** `ip proto N`, `ip6 proto N`, or either. */
  protocol(n: number, family: 'ip' | 'ip6' | 'any'): Test {
    const l3 = this.link.network
    const v4 = and(this.ip, at(l3 + 9, 1, n))
    const v6 = and(this.ip6, or(at(l3 + 6, 1, n), and(at(l3 + 6, 1, 44), at(l3 + 40, 1, n))))
    return family === 'ip' ? v4 : family === 'ip6' ? v6 : or(v6, v4)
  }

  /** A protocol by its name alone: `icmp`, `tcp` … */
  named(name: string): Test {
    const number = IP_NUMBERS[name]
    if (number !== undefined) return this.protocol(number[0], number[1])
    const type = TYPES[name]
    if (type === undefined) throw new FilterError('link layer applied in wrong context')
    return this.ethertype(type)
  }

  /** An IPv4 address or network in IP or ARP packets; `proto` as qualified. */
  host(address: number, mask: number, direction: Direction, proto: string): Test {
    const l3 = this.link.network
    const wanted = (address & mask) >>> 0
    const equal = (offset: number): Test =>
      mask === 0xffffffff
        ? at(l3 + offset, 4, wanted)
        : opaque((p) => (u32(p, l3 + offset) & mask) >>> 0 === wanted)
    const inIp = (): Test => and(this.ip, combine(direction, equal(12), equal(16)))
    const inArp = (type: Test): Test => and(type, combine(direction, equal(14), equal(24)))
    switch (proto) {
      case '':
        return or(inIp(), or(inArp(this.arp), inArp(this.named('rarp'))))
      case 'ip':
        return inIp()
      case 'arp':
      case 'rarp':
        return inArp(this.named(proto))
      case 'ether':
        throw new FilterError('illegal link layer address')
      default:
        throw new FilterError(`'${proto}' modifier applied to ${proto === 'ip6' ? 'ip ' : ''}host`)
    }
  }

  host6(address: Uint8Array, prefix: number, direction: Direction, proto: string): Test {
    if (proto !== '' && proto !== 'ip6') {
      const modifier = proto === 'ether' ? 'link-layer' : `'${proto}'`
      throw new FilterError(`${modifier} modifier applied to ip6 host`)
    }
    const l3 = this.link.network
    const equal = (offset: number): Test =>
      opaque((p) => {
        for (let i = 0; i < prefix; i++) {
          const byte = i >> 3
          const bit = 0x80 >> (i & 7)
          if ((u8(p, l3 + offset + byte) & bit) !== ((address[byte] as number) & bit)) return false
        }
        return true
      })
    return and(this.ip6, combine(direction, equal(8), equal(24)))
  }

  ether(mac: Uint8Array, direction: Direction): Test {
    if (this.link.kind !== 'ethernet')
      throw new FilterError(
        'ethernet addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel',
      )
    const wanted = macKey(mac)
    const equal = (offset: number): Test =>
      equals(`mac${offset}`, wanted, (p) => {
        u8(p, offset + 5)
        return macKey(p.b, offset)
      })
    return combine(direction, equal(6), equal(0))
  }

  /** Ports from `low` to `high` of TCP, UDP and SCTP, in IPv4 packets that are no later fragment, and in IPv6. */
  ports(low: number, high: number, direction: Direction, proto: string): Test {
    const numbers =
      proto === '' ? [132, IPPROTO_TCP, IPPROTO_UDP] : [(IP_NUMBERS[proto] as readonly [number, string])[0]]
    const l3 = this.link.network
    const among = (offset: number): Test => numbers.map((n) => at(l3 + offset, 1, n)).reduce(or)
    const within = (key: string, port: (p: Packet) => number): Test =>
      low === high ? equals(key, low, port) : opaque((p) => port(p) >= low && port(p) <= high)
    const transport = (offset: number): Test =>
      within(`transport${offset}:2`, (p) => u16(p, l3 + (u8(p, l3) & 15) * 4 + offset))
    const transport6 = (offset: number): Test =>
      within(`${l3 + 40 + offset}:2`, (p) => u16(p, l3 + 40 + offset))
    return or(
      and(this.ip6, and(among(6), combine(direction, transport6(0), transport6(2)))),
      and(this.ip, and(among(9), and(this.#whole, combine(direction, transport(0), transport(2))))),
    )
  }

  broadcast(proto: string, netmask: number): Test {
    if (proto === '' || proto === 'ether') {
      if (this.link.kind !== 'ethernet') throw new FilterError('not a broadcast link')
      return this.ether(ETH_BROADCAST, 'dst')
    }
    if (proto !== 'ip') throw new FilterError('only link-layer/IP broadcast filters supported')
    const offset = this.link.network + 16
    const hosts = ~netmask >>> 0
    if (hosts === 0xffffffff) return and(this.ip, or(at(offset, 4, 0), at(offset, 4, hosts)))
    return and(
      this.ip,
      opaque((p) => {
        const host = (u32(p, offset) & hosts) >>> 0
        return host === 0 || host === hosts
      }),
    )
  }

  multicast(proto: string): Test {
    const l3 = this.link.network
    switch (proto) {
      case 'ip':
        return and(
          this.ip,
          opaque((p) => u8(p, l3 + 16) >= 224),
        )
      case 'ip6':
        return and(this.ip6, at(l3 + 24, 1, 255))
      case '':
      case 'ether':
        if (this.link.kind === 'ethernet') return opaque((p) => (u8(p, 0) & 1) !== 0)
    }
    throw new FilterError(NO_MULTICAST)
  }

  /** `proto[offset:size]` */
  load(proto: string, offset: Value, size: 1 | 2 | 4): Value {
    const l3 = this.link.network
    const get = read[size]
    const { of, constant } = offset
    const fixed = (base: number, test: Test | undefined): Value => ({
      test: test === undefined ? offset.test : offset.test === undefined ? test : and(offset.test, test),
      of: (p) => get(p, base + of(p)),
      key: constant === undefined ? undefined : `${base + constant}:${size}`,
      constant: undefined,
    })
    if (proto === 'ether') return fixed(0, undefined)
    if (proto === 'ip' || proto === 'ip6' || proto === 'arp' || proto === 'rarp')
      return fixed(l3, this.named(proto))
    if (proto === 'icmp6') return fixed(l3 + 40, and(this.ip6, at(l3 + 6, 1, IPPROTO_ICMPV6)))
    if (!['tcp', 'udp', 'icmp', 'igmp', 'sctp', 'igrp', 'pim', 'vrrp', 'carp'].includes(proto))
      throw new FilterError('unsupported index operation')
    const test = and(this.named(proto), and(this.ip, this.#whole))
    return {
      test: offset.test === undefined ? test : and(offset.test, test),
      of: (p) => get(p, l3 + (u8(p, l3) & 15) * 4 + of(p)),
      key: constant === undefined ? undefined : `transport${constant}:${size}`,
      constant: undefined,
    }
  }
}

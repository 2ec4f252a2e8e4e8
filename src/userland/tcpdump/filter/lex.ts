/** What is wrong with an expression, as libpcap says it. */
export class FilterError extends Error {}
export const SYNTAX = "can't parse filter expression: syntax error"

export type Token =
  | { readonly kind: 'word' | 'name' | 'symbol' | 'address' | 'address6' | 'mac'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: number }

/** Words with a meaning of their own (scanner.l of libpcap); to name a protocol by one, it is escaped: `ip proto \tcp`. */
const KEYWORDS: Readonly<Record<string, string>> = {
  src: 'src', dst: 'dst', host: 'host', net: 'net', mask: 'mask', port: 'port', portrange: 'portrange', proto: 'proto',
  protochain: 'protochain', gateway: 'gateway', and: 'and', or: 'or', not: 'not', ether: 'ether', link: 'ether',
  ip: 'ip', ip6: 'ip6', ipv6: 'ip6', arp: 'arp', rarp: 'rarp', tcp: 'tcp', udp: 'udp', icmp: 'icmp', icmp6: 'icmp6',
  icmpv6: 'icmp6', igmp: 'igmp', igrp: 'igrp', sctp: 'sctp', pim: 'pim', vrrp: 'vrrp', carp: 'carp', ah: 'ah',
  esp: 'esp', atalk: 'atalk', aarp: 'aarp', decnet: 'decnet', iso: 'iso', stp: 'stp', ipx: 'ipx', netbeui: 'netbeui',
  lat: 'lat', moprc: 'moprc', mopdl: 'mopdl', less: 'less', greater: 'greater', len: 'len', length: 'len',
  broadcast: 'broadcast', multicast: 'multicast', inbound: 'inbound', outbound: 'outbound', ifindex: 'ifindex',
  vlan: 'vlan', mpls: 'mpls', pppoed: 'pppoed', pppoes: 'pppoes', geneve: 'geneve',
} // prettier-ignore

/** Names of numbers: offsets and values of ICMP types and TCP flags (pcap-filter(7)). */
const NUMBERS: Readonly<Record<string, number>> = {
  'icmptype': 0, 'icmpcode': 1, 'icmp-echoreply': 0, 'icmp-unreach': 3, 'icmp-sourcequench': 4, 'icmp-redirect': 5,
  'icmp-echo': 8, 'icmp-routeradvert': 9, 'icmp-routersolicit': 10, 'icmp-timxceed': 11, 'icmp-paramprob': 12,
  'icmp-tstamp': 13, 'icmp-tstampreply': 14, 'icmp-ireq': 15, 'icmp-ireqreply': 16, 'icmp-maskreq': 17,
  'icmp-maskreply': 18, 'icmp6type': 0, 'icmp6code': 1, 'icmp6-destinationrunreach': 1, 'icmp6-packettoobig': 2,
  'icmp6-timeexceeded': 3, 'icmp6-parameterproblem': 4, 'icmp6-echo': 128, 'icmp6-echoreply': 129,
  'icmp6-multicastlistenerquery': 130, 'icmp6-multicastlistenerreportv1': 131, 'icmp6-multicastlistenerdone': 132,
  'icmp6-routersolicit': 133, 'icmp6-routeradvert': 134, 'icmp6-neighborsolicit': 135, 'icmp6-neighboradvert': 136,
  'icmp6-redirect': 137, 'icmp6-multicastlistenerreportv2': 143, 'tcpflags': 13, 'tcp-fin': 1, 'tcp-syn': 2,
  'tcp-rst': 4, 'tcp-push': 8, 'tcp-ack': 16, 'tcp-urg': 32, 'tcp-ece': 64, 'tcp-cwr': 128,
} // prettier-ignore

const BLANK = /[ \t\r\n]+/y
const WORD = /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y
const MAC = /[0-9A-Fa-f]{1,2}(?:[:-][0-9A-Fa-f]{1,2}){5}(?![0-9A-Fa-f:])/y
const ADDRESS6 = /[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*/y
const ESCAPED = /\\([^ !()\n\t]+)/y
const SYMBOL = /&&|\|\||<<|>>|>=|<=|!=|==|[-+*/%^&|!()<>=[\]:~]/y
const NUMBER = /^(?:0[xX][0-9a-fA-F]+|[0-9]+)$/
const DOTTED = /^[0-9]+(?:\.[0-9]+){1,3}$/

const SYMBOLS: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '!': 'not' }

const at = (re: RegExp, text: string, i: number): string | undefined => {
  re.lastIndex = i
  return re.exec(text)?.[0]
}

export const lex = (text: string): Token[] => {
  const tokens: Token[] = []
  let i = 0
  while (i < text.length) {
    const blank = at(BLANK, text, i)
    if (blank !== undefined) {
      i += blank.length
      continue
    }
    const mac = at(MAC, text, i)
    const address6 = mac === undefined ? at(ADDRESS6, text, i) : undefined
    const word = at(WORD, text, i)
    if (mac !== undefined) {
      tokens.push({ kind: 'mac', text: mac })
      i += mac.length
    } else if (address6 !== undefined && address6.length > (word?.length ?? 0)) {
      tokens.push({ kind: 'address6', text: address6 })
      i += address6.length
    } else if (word !== undefined) {
      tokens.push(ofWord(word))
      i += word.length
    } else {
      const escaped = at(ESCAPED, text, i)
      const symbol = escaped ?? at(SYMBOL, text, i)
      if (symbol === undefined) throw new FilterError(SYNTAX)
      if (escaped !== undefined) tokens.push({ kind: 'name', text: escaped.slice(1) })
      else {
        const keyword = SYMBOLS[symbol]
        tokens.push(
          keyword === undefined ? { kind: 'symbol', text: symbol } : { kind: 'word', text: keyword },
        )
      }
      i += symbol.length
    }
  }
  return tokens
}

const ofWord = (word: string): Token => {
  const keyword = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : undefined
  if (keyword !== undefined) return { kind: 'word', text: keyword }
  if (Object.hasOwn(NUMBERS, word)) return { kind: 'number', text: word, value: NUMBERS[word] as number }
  if (NUMBER.test(word)) {
    const value = /^0[0-7]+$/.test(word) ? parseInt(word, 8) : Number(word)
    return { kind: 'number', text: word, value: value >>> 0 }
  }
  return { kind: DOTTED.test(word) ? 'address' : 'name', text: word }
}

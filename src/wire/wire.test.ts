import { describe, expect, it } from 'vitest'
import { ARPOP_REPLY, emitArp, parseArp } from './arp.ts'
import { checksum } from './checksum.ts'
import { emitEthernet, formatMac, macFromKey, macKey, parseMac } from './ethernet.ts'
import { emitIcmp, icmpMtu, sealIcmp } from './icmp.ts'
import { formatIpv6, linkLocal, parseIpv6 } from './ipv6.ts'
import {
  decreaseTtl, emitIpv4, formatIpv4, ipDestination, ipFragmentOffset, ipMoreFragments, ipSource, ipTtl, ipv4Valid, maskLength,
  parseIpv4, prefixMask,
} from './ipv4.ts' // prettier-ignore
import { emitUdp, udpValid } from './udp.ts'

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], (b) => parseInt(b, 16))

/** `ping -c 1 192.168.1.11` from 192.168.1.10, captured on a Linux wire. */
const ECHO = hex(
  'aac1ab000003aac1ab00000108004500005412344000400' +
    '1a50ac0a8010ac0a8010b0800f7ff00000000' +
    '00'.repeat(56),
)

describe('IPv4', () => {
  const at = 14
  it('reads what was captured', () => {
    expect(formatIpv4(ipSource(ECHO, at))).toBe('192.168.1.10')
    expect(formatIpv4(ipDestination(ECHO, at))).toBe('192.168.1.11')
    expect(ipTtl(ECHO, at)).toBe(64)
  })
  it('mends the checksum with each hop (RFC 1141)', () => {
    const b = new Uint8Array(20)
    for (let id = 0; id < 65536; id += 251) {
      emitIpv4(b, 0, {
        totalLength: 20,
        id,
        ttl: 255,
        protocol: 1,
        source: id * 65537,
        destination: 0xffffffff - id,
      })
      for (let ttl = 254; ttl > 240; ttl--) {
        expect(decreaseTtl(b, 0)).toBe(ttl)
        expect(checksum(b, 0, 20)).toBe(0)
      }
    }
  })
  it('writes and reads fragments', () => {
    const b = new Uint8Array(20)
    emitIpv4(b, 0, {
      totalLength: 20,
      id: 7,
      moreFragments: true,
      fragmentOffset: 1480,
      ttl: 1,
      protocol: 17,
      source: 1,
      destination: 2,
    })
    expect([ipMoreFragments(b, 0), ipFragmentOffset(b, 0), ipv4Valid(b, 0)]).toEqual([true, 1480, true])
  })
  it('takes four decimal parts and nothing else', () => {
    expect(parseIpv4('10.0.0.255')).toBe(0x0a0000ff)
    for (const bad of ['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.4 ', 'a.b.c.d', '1..2.3'])
      expect(parseIpv4(bad)).toBeUndefined()
  })
  it('knows masks', () => {
    for (let n = 0; n <= 32; n++) expect(maskLength(prefixMask(n))).toBe(n)
    expect(maskLength(0xff00ff00)).toBeUndefined()
  })
})

it('ARP, MAC and UDP survive a round trip', () => {
  const mac = parseMac('aa:c1:ab:00:00:01') as Uint8Array
  expect(formatMac(macFromKey(macKey(mac)))).toBe('aa:c1:ab:00:00:01')
  const arp = {
    op: ARPOP_REPLY,
    senderMac: mac,
    senderIp: 0xc0a8010a,
    targetMac: Uint8Array.of(2, 0, 0, 0, 0, 9),
    targetIp: 0xc0a8010b,
  }
  expect(parseArp(emitArp(arp.targetMac, arp), 14)).toEqual(arp)
  const b = new Uint8Array(8 + 5)
  b.set([1, 2, 3, 4, 5], 8)
  emitUdp(b, 0, { source: 1, destination: 2, sourcePort: 53, destinationPort: 5353, length: 13 })
  expect(udpValid(b, 0, b.length, 1, 2)).toBe(true)
  b[9] = 0
  expect(udpValid(b, 0, b.length, 1, 2)).toBe(false)
})

it('ICMP carries the MTU of the next hop', () => {
  const b = new Uint8Array(8)
  emitIcmp(b, 0, 3, 4, 1400)
  sealIcmp(b, 0, 8)
  expect([icmpMtu(b, 0), checksum(b, 0, 8)]).toEqual([1400, 0])
})

it('makes link-local addresses of MAC addresses', () => {
  expect(formatIpv6(linkLocal(parseMac('aa:c1:ab:00:00:01') as Uint8Array))).toBe('fe80::a8c1:abff:fe00:1')
  expect(parseIpv6('fe80::1%eth0')).toBeUndefined()
})

it('takes any bytes without a throw', () => {
  let x = 12345
  const next = () => (x = (Math.imul(x, 1103515245) + 12345) >>> 0) >>> 24
  for (let n = 0; n < 3000; n++) {
    const b = Uint8Array.from({ length: n % 90 }, next)
    parseArp(b, 0)
    ipv4Valid(b, 0)
    udpValid(b, 0, b.length, 1, 2)
  }
  const frame = new Uint8Array(14)
  emitEthernet(frame, hex('ffffffffffff'), hex('020000000001'), 0x0800)
  expect(formatMac(frame)).toBe('ff:ff:ff:ff:ff:ff')
})

import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { formatIpv6, parseIpv6 } from './ipv6.ts'

describe('IPv6 addresses as text', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80::a8c1:abff:fe00:1', 'fe80::a8c1:abff:fe00:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['ff02::1:ff00:0042', 'ff02::1:ff00:42'],
  ])('%s is %s (RFC 5952)', (text, canonical) => {
    expect(formatIpv6(parseIpv6(text) as Uint8Array)).toBe(canonical)
  })
  it.each([
    '',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    'g::',
    '1.2.3.4',
    '::1.2.3',
    '::256.1.1.1',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7::8',
    ' ::1',
  ])('takes no %j', (text) => {
    expect(parseIpv6(text)).toBeUndefined()
  })
  it('agrees with ipaddr.js about random addresses', () => {
    let x = 0x1234567
    const next = () => (x = (Math.imul(x, 1103515245) + 12345) >>> 0)
    for (let n = 0; n < 2000; n++) {
      const bytes = Uint8Array.from({ length: 16 }, () => (next() & 0x30000 ? 0 : next() >>> 24))
      const text = new ipaddr.IPv6([...bytes]).toRFC5952String()
      expect(formatIpv6(bytes)).toBe(text)
      expect(parseIpv6(text)).toEqual(bytes)
    }
  })
})

import { describe, expect, test } from 'vitest'
import { Random } from '../kernel/sim.ts'
import { emitPcap, emitSll2, LINKTYPE_ETHERNET, parsePcap } from './pcap.ts'

const records = [
  {
    seconds: 1_767_225_600,
    nanoseconds: 123_456_000,
    length: 60,
    data: Uint8Array.from({ length: 60 }, (_, i) => i),
  },
  { seconds: 1_767_225_601, nanoseconds: 0, length: 1514, data: new Uint8Array(96).fill(7) },
  { seconds: 1_767_225_602, nanoseconds: 999_999_000, length: 0, data: new Uint8Array(0) },
]

describe('pcap', () => {
  test('is read back as it was written', () => {
    const file = parsePcap(emitPcap(LINKTYPE_ETHERNET, records, 96))
    expect(file).toEqual({ linktype: 1, snaplen: 96, records, truncated: undefined })
  })

  test('keeps microseconds only', () => {
    const file = parsePcap(
      emitPcap(1, [{ ...(records[0] as (typeof records)[0]), nanoseconds: 123_456_789 }]),
    )
    expect(typeof file === 'string' ? file : file.records[0]?.nanoseconds).toBe(123_456_000)
  })

  test('is read in the other byte order, and with nanoseconds', () => {
    const hex =
      'a1b23c4d 0002 0004 00000000 00000000 00040000 00000001 00000005 00000007 00000002 00000003 abcd'
    const b = Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (h) => parseInt(h, 16))
    const record = { seconds: 5, nanoseconds: 7, length: 3, data: Uint8Array.of(0xab, 0xcd) }
    expect(parsePcap(b)).toEqual({ linktype: 1, snaplen: 262_144, records: [record], truncated: undefined })
  })

  test('says what is wrong as libpcap does', () => {
    const whole = emitPcap(1, records)
    expect(parsePcap(new Uint8Array(0))).toBe(
      'truncated dump file; tried to read 4 file header bytes, only got 0',
    )
    expect(parsePcap(new TextEncoder().encode('127.0.0.1\tlocalhost\n'))).toBe('unknown file format')
    expect(parsePcap(whole.subarray(0, 10))).toBe(
      'truncated dump file; tried to read 24 file header bytes, only got 10',
    )
    const broken = parsePcap(whole.subarray(0, 24 + 16 + 60 + 16 + 90))
    expect(broken).toMatchObject({
      records: [records[0]],
      truncated: 'truncated dump file; tried to read 96 captured bytes, only got 90',
    })
    expect(parsePcap(whole.subarray(0, 24 + 16 + 60 + 5))).toMatchObject({
      truncated: 'truncated dump file; tried to read 16 header bytes, only got 5',
    })
  })

  test('never throws', () => {
    const random = new Random(3)
    const whole = emitPcap(1, records)
    for (let i = 0; i < 5000; i++) {
      const b = whole.slice(0, random.below(whole.length + 1))
      for (let k = random.below(8); k > 0 && b.length > 0; k--) b[random.below(b.length)] = random.below(256)
      expect(() => parsePcap(b)).not.toThrow()
    }
  })
})

test('a cooked header replaces the Ethernet header', () => {
  const frame = Uint8Array.from([1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 0x08, 0x00, 0x45])
  const b = emitSll2(frame, 258, 1, 4)
  const hex = Array.from(b, (c) => c.toString(16).padStart(2, '0')).join('')
  expect(hex).toBe('0800' + '0000' + '00000102' + '0001' + '04' + '06' + '0a0b0c0d0e0f0000' + '45')
})

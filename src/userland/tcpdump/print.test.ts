import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL2 } from '../../wire/pcap.ts'
import { Random } from '../../kernel/sim.ts'
import type { Names, Style } from './dissect.ts'
import { compileFilter } from './filter/compile.ts'
import { ETHERNET, SLL2 } from './filter/generate.ts'
import { PacketPrinter, type Dump } from './print.ts'
import { Stamps } from './stamp.ts'

/** Packets of a real network, what tcpdump 4.99.3 prints of them, and which of them its filters let pass. */
const fixture = JSON.parse(readFileSync(new URL('./packets.json', import.meta.url), 'utf8')) as {
  packets: Record<Kind, string[]>
  flags: Record<Kind, string[]>
  filters: string[]
  printed: Record<Kind, Record<string, string>>
  matched: Record<Kind, Record<string, string>>
}
type Kind = 'ethernet' | 'sll2'
const KINDS = ['ethernet', 'sll2'] as const
const LINKTYPES = { ethernet: LINKTYPE_ETHERNET, sll2: LINKTYPE_LINUX_SLL2 }

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (h) => parseInt(h, 16))

const PORTS: Readonly<Record<string, readonly [number, readonly string[]]>> = {
  tcpmux: [1, ['tcp']], discard: [9, ['tcp', 'udp']], ssh: [22, ['tcp']], domain: [53, ['tcp', 'udp']], tftp: [69, ['udp']],
  http: [80, ['tcp']], mdns: [5353, ['udp']], 'http-alt': [8080, ['tcp']],
} // prettier-ignore
const names = (device: string): Names => ({
  host: (a) => (a === 0x7f000001 ? 'localhost' : undefined),
  port: (port, protocol) =>
    Object.entries(PORTS).find(([, [n, p]]) => n === port && p.includes(protocol))?.[0],
  device: () => device,
})

const style = (flags: string): Style => {
  const n = (c: string): number => flags.split(c).length - 1
  return {
    verbose: n('v'), numeric: n('n') > 0, link: n('e') > 0, quiet: n('q') > 0, absoluteSequence: n('S') > 0, checksums: n('K') === 0,
    plain: !/[xX]/.test(flags),
  } // prettier-ignore
}
const dump = (flags: string): Dump =>
  flags.includes('A') ? 'ascii' : flags.includes('X') ? 'hex-ascii' : flags.includes('x') ? 'hex' : 'none'

const print = (kind: Kind, flags: string, device = 'eth0'): string => {
  const printer = new PacketPrinter(
    LINKTYPES[kind],
    style(flags),
    names(device),
    dump(flags),
    /xx|XX|AA/.test(flags),
  )
  return fixture.packets[kind].map((hex) => printer.print(bytes(hex), hex.length / 2)).join('')
}

describe.each(KINDS)('%s frames', (kind) => {
  test.each(fixture.flags[kind])('tcpdump %s', (flags) => {
    const expected = fixture.printed[kind][flags] as string
    // The recording machine calls its interfaces otherwise.
    const anonymous = (s: string): string => s.replace(/^\S+ +(?=In {2}|B {3}|M {3}|P {3}|Out )/gm, 'DEV ')
    expect(anonymous(print(kind, flags))).toBe(anonymous(expected))
  })

  test.each(fixture.filters)('filter %s', (filter) => {
    const compiled = compileFilter(filter, {
      link: kind === 'sll2' ? SLL2 : ETHERNET,
      netmask: 0,
      live: false,
      host: (name) => (name === 'localhost' ? [0x7f000001] : []),
      port: (name) =>
        PORTS[name] === undefined ? undefined : { port: PORTS[name][0], protocols: PORTS[name][1] },
    })
    const pass = (hex: string): boolean => {
      const b = bytes(hex)
      const about = kind === 'sll2' ? { outgoing: b[10] === 4, ifindex: b[7] ?? 0 } : {}
      return typeof compiled !== 'string' && compiled(b, about)
    }
    const ours =
      typeof compiled === 'string'
        ? compiled
        : fixture.packets[kind].flatMap((hex, i) => (pass(hex) ? [i] : [])).join(' ')
    expect(ours).toBe(fixture.matched[kind][filter])
  })
})

test('nothing that comes in a packet is thrown on', () => {
  const random = new Random(7)
  const all = KINDS.flatMap((kind) => fixture.packets[kind].map((hex) => [kind, bytes(hex)] as const))
  for (let i = 0; i < 20_000; i++) {
    const [kind, original] = all[random.below(all.length)] as (typeof all)[number]
    const b =
      i % 4 === 0 ? Uint8Array.from({ length: random.below(120) }, () => random.below(256)) : original.slice()
    for (let k = random.below(6); k > 0; k--) b[random.below(b.length || 1)] = random.below(256)
    const cut = b.subarray(0, random.below(b.length + 1))
    const flags = ['-v', '-nvvv', '-e', '-q', '-nX'][random.below(5)] as string
    const printer = new PacketPrinter(LINKTYPES[kind], style(flags), names('eth0'), dump(flags), false)
    expect(printer.print(cut, b.length)).toMatch(/\n$/)
  }
})

test('no expression throws', () => {
  const random = new Random(11)
  const words = fixture.filters.flatMap((f) => f.match(/\w+|[^\w\s]+|\s+/g) ?? [])
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: 1 + random.below(9) }, () => words[random.below(words.length)]).join(
      ' ',
    )
    const filter = compileFilter(text)
    if (typeof filter !== 'string') for (const hex of fixture.packets.ethernet.slice(0, 3)) filter(bytes(hex))
  }
})

test('stamps', () => {
  const at = [1_767_225_600, 1_767_225_601, 1_767_229_261] as const
  const lines = (kind: 0 | 1 | 2 | 3 | 4 | 5): string[] => {
    const stamps = new Stamps(kind)
    return at.map((s, i) => stamps.print(s, i * 1000))
  }
  expect(lines(0)).toEqual(['00:00:00.000000 ', '00:00:01.000001 ', '01:01:01.000002 '])
  expect(lines(1)).toEqual(['', '', ''])
  expect(lines(2)).toEqual(['1767225600.000000 ', '1767225601.000001 ', '1767229261.000002 '])
  expect(lines(3)).toEqual([' 00:00:00.000000 ', ' 00:00:01.000001 ', ' 01:01:00.000001 '])
  expect(lines(4)[0]).toBe('2026-01-01 00:00:00.000000 ')
  expect(lines(5)).toEqual([' 00:00:00.000000 ', ' 00:00:01.000001 ', ' 01:01:01.000002 '])
  expect(new Stamps(0, true).print(0, 123456789)).toBe('00:00:00.123456789 ')
})

/**
 * Capture files and the real tools: tcpdump and tshark read what we write, and what the simulator's tcpdump prints of the
 * packets in packets.json is what the real one prints. RECORD=1 writes the real answers into that file.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { main as hopPcap } from '../../src/cli/pcap.ts'
import { emitPcap, LINKTYPE_ETHERNET, LINKTYPE_LINUX_SLL2, parsePcap } from '../../src/wire/pcap.ts'

const FIXTURE = new URL('../../src/userland/tcpdump/packets.json', import.meta.url)
const fixture = JSON.parse(readFileSync(FIXTURE, 'utf8')) as {
  packets: Record<'ethernet' | 'sll2', string[]>
  flags: Record<'ethernet' | 'sll2', string[]>
  filters: string[]
  printed: Record<string, Record<string, string>>
  matched: Record<string, Record<string, string>>
}

const scratch = mkdtempSync(join(tmpdir(), 'hop-pcap-'))
afterAll(() => {
  rmSync(scratch, { recursive: true })
})

const have = (tool: string): boolean => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0
const run = (tool: string, ...args: string[]): { out: string; err: string; status: number | null } => {
  const r = spawnSync(tool, args, { encoding: 'latin1', maxBuffer: 1e8, env: { ...process.env, TZ: 'UTC' } })
  return { out: r.stdout, err: r.stderr, status: r.status }
}

const LINKS = { ethernet: LINKTYPE_ETHERNET, sll2: LINKTYPE_LINUX_SLL2 } as const
/** The packets of the fixture as a capture file, a second apart. */
const capture = (link: keyof typeof LINKS): string => {
  const file = join(scratch, `${link}.pcap`)
  const records = fixture.packets[link].map((hex, i) => {
    const data = Uint8Array.from(Buffer.from(hex, 'hex'))
    return { seconds: 1_767_225_600 + i, nanoseconds: 0, length: data.length, data }
  })
  writeFileSync(file, emitPcap(LINKS[link], records))
  return file
}

/** Numbers of the packets that the real tcpdump lets pass, or why it refuses the expression. */
const realMatch = (file: string, filter: string): string => {
  const { out, err, status } = run('tcpdump', '-r', file, '-tt', '-nq', filter)
  if (status !== 0) {
    const said = err
      .split('\n')
      .filter((l) => l !== '' && !/^(?:reading from file|Warning: interface)/.test(l))
    return said.map((l) => l.replace(/^tcpdump: /, '')).join('|')
  }
  const stamps = out.split('\n').map((l) => /^(\d{10})\.\d+ /.exec(l)?.[1])
  return stamps.flatMap((s) => (s === undefined ? [] : [Number(s) - 1_767_225_600])).join(' ')
}

test.runIf(have('tcpdump')).each(['ethernet', 'sll2'] as const)(
  'packets.json holds what the real tcpdump prints of %s frames',
  (link) => {
    const file = capture(link)
    // Names of interfaces are those of this machine: ours are kept out of the comparison.
    const printed: Record<string, string> = {}
    for (const flags of fixture.flags[link])
      printed[flags] = run('tcpdump', '-r', file, '-t', ...flags.split(' ')).out
    // Starting tcpdump takes a while: every eighth expression is asked again, all of them when recording.
    const asked = fixture.filters.filter((_, i) => process.env.RECORD === '1' || i % 8 === 0)
    const matched = Object.fromEntries(asked.map((f) => [f, realMatch(file, f)]))
    if (process.env.RECORD === '1') {
      fixture.printed[link] = printed
      fixture.matched[link] = matched
      writeFileSync(FIXTURE, JSON.stringify(fixture, null, 2) + '\n')
    }
    const plain = (text: string): string =>
      link === 'sll2' ? text.replace(/^\S+ +(?=In |B |M |P |Out )/gm, '') : text
    for (const flags of fixture.flags[link])
      expect(plain(printed[flags] ?? '')).toBe(plain(fixture.printed[link]?.[flags] ?? 'not recorded'))
    expect(fixture.matched[link]).toMatchObject(matched)
  },
)

const LAB = new URL('./labs/router.clab.yml', import.meta.url).pathname
const SCRIPT = `A$ ping -c 2 10.2.0.2
A$ ping -c 1 -s 3000 10.2.0.2
A$ ping -c 1 -t 1 10.2.0.2
A$ traceroute -n -q 1 10.2.0.2
A$ arping -c 1 10.1.0.1
`

test.runIf(have('tcpdump'))('tcpdump and tshark read what hop pcap writes', async () => {
  const script = join(scratch, 'probe.session')
  const file = join(scratch, 'probe.pcap')
  writeFileSync(script, SCRIPT)
  expect(await hopPcap([LAB, script, '--on', 'A:eth0', '-o', file])).toBe(0)
  const parsed = parsePcap(readFileSync(file))
  if (typeof parsed === 'string') throw new Error(parsed)
  const text = run('tcpdump', '-nn', '-vv', '-r', file)
  expect(text.status).toBe(0)
  expect(text.out).toContain('ICMP echo request')
  expect(text.out).toContain('ICMP time exceeded in-transit')
  expect(text.out).toContain('ICMP 10.2.0.2 udp port')
  expect(text.out).toContain('Request who-has 10.1.0.1')
  expect(text.out).not.toMatch(/bad|wrong|truncated|\[\|/)
  const count = run('tcpdump', '-r', file, '--count').out
  expect(count).toBe(`${parsed.records.length} packets\n`)
})

test.runIf(have('tshark'))('tshark finds nothing malformed in it', async () => {
  const script = join(scratch, 'shark.session')
  const file = join(scratch, 'shark.pcap')
  writeFileSync(script, SCRIPT)
  expect(await hopPcap([LAB, script, '--on', 'A:eth0', '-o', file])).toBe(0)
  const checked = ['-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE']
  const bad = run('tshark', '-r', file, ...checked, '-Y', '_ws.malformed || _ws.expert.severity == "Error"')
  expect(bad.out).toBe('')
  const protocols = run('tshark', '-r', file, '-T', 'fields', '-e', '_ws.col.Protocol').out
  expect([...new Set(protocols.trim().split('\n'))].sort()).toEqual(
    expect.arrayContaining(['ARP', 'ICMP', 'UDP']),
  )
})

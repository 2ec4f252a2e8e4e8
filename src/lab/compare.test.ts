import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { CHANCE } from './chance.ts'
import { compareSessions } from './compare.ts'
import { parseSession, type Session } from './session.ts'

const parse = (text: string) => parseSession(text, ['A', 'B'])
const compare = (expected: string, actual: string) => compareSessions(parse(expected), parse(actual))
const differs = (command: string, expected: string, actual: string) =>
  compare(`A$ ${command}\n${expected}\n`, `A$ ${command}\n${actual}\n`).failed.length > 0

describe('what is chance passes', () => {
  test.each([
    [
      'ping B',
      '64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.072 ms',
      '64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=12 ms',
    ],
    [
      'ping B',
      '3 packets transmitted, 3 received, 0% packet loss, time 2046ms',
      '3 packets transmitted, 3 received, 0% packet loss, time 2003ms',
    ],
    [
      'ping B',
      'rtt min/avg/max/mdev = 0.071/0.081/0.100/0.011 ms',
      'rtt min/avg/max/mdev = 1.0/1.0/1.0/0.0 ms, pipe 2',
    ],
    ['traceroute -n B', ' 1  10.1.0.1  0.137 ms  0.015 ms *', ' 1  10.1.0.1  1.1 ms  2.2 ms *'],
    ['tracepath B', ' 1:  10.1.0.1      0.137ms ', ' 1:  10.1.0.1     10.137ms '],
    [
      'ip n',
      '10.0.0.2 dev eth0 lladdr aa:c1:ab:00:00:03 REACHABLE ',
      '10.0.0.2 dev eth0 lladdr aa:c1:ab:00:00:03 STALE ',
    ],
    [
      'arp -n',
      'Address  HWtype\n10.0.0.1 ether\n10.0.0.2 ether',
      'Address  HWtype\n10.0.0.2 ether\n10.0.0.1 ether',
    ],
    ['sleep 1 &', '[1] 23', '[1] 4711'],
    ['echo', '[1]+  Done                    sleep 1\nx', 'x'],
    [
      'tcpdump -n',
      '10:00:00.000001 IP 10.0.0.1.40001 > 10.0.0.2.33434: UDP, length 32',
      '11:00:00.000002 IP 10.0.0.1.50001 > 10.0.0.2.33434: UDP, length 32',
    ],
    [
      'ip -s link',
      '    RX:  bytes packets\n             0       0',
      '    RX:   bytes packets\n          1000      10',
    ],
  ])('%s: %s', (command, expected, actual) => {
    expect(differs(command, expected, actual)).toBe(false)
  })
  test('a random name, as long as the same thing keeps the same name', () => {
    const two = (a: string, b: string) =>
      `A$ ip link add v type veth\nA$ ip link\nlink/ether ${a}\nA$ ip link\nlink/ether ${b}\n`
    const [a, b, c] = ['ee:00:00:00:00:01', 'ee:00:00:00:00:02', 'ee:00:00:00:00:03']
    expect(compare(two(a, a), two(c, c)).match).toBe(3)
    expect(compare(two(a, b), two(b, c)).match).toBe(3)
    expect(compare(two(a, a), two(b, c)).failed).toMatchObject([
      { n: 3, diff: ['MAC: ee0000000001 was ee0000000002 so far, now it is ee0000000003'] },
    ])
    expect(compare(two(a, b), two(c, c)).failed).toMatchObject([{ n: 3 }])
  })
})

describe('all else is a difference', () => {
  test.each([
    ['a trailing blank', 'ip r', 'default via 10.0.0.1 dev eth0 ', 'default via 10.0.0.1 dev eth0'],
    ['a blank line at the end', 'ping B', 'x\n', 'x'],
    ['the wrong case', 'ip l', 'state UP', 'state up'],
    [
      'whole seconds',
      'ping B',
      '1 received, 0% packet loss, time 2046ms',
      '1 received, 0% packet loss, time 46ms',
    ],
    ['the lab’s own addresses', 'ip l', 'link/ether aa:c1:ab:00:00:01', 'link/ether aa:c1:ab:00:00:02'],
    [
      'an address that was typed',
      'ip link set eth0 address 02:00:00:00:00:01',
      '02:00:00:00:00:01',
      '02:00:00:00:00:02',
    ],
    ['an interface index', 'ip l', '2: eth0@if3: <UP>', '2: eth0@if4: <UP>'],
    [
      'a failed neighbour',
      'ip n',
      '10.0.0.2 dev eth0 FAILED ',
      '10.0.0.2 dev eth0 lladdr aa:c1:ab:00:00:03 STALE ',
    ],
    ['the order of routes', 'ip r', 'a\nb', 'b\na'],
    ['a job that jobs shows', 'jobs', '[1]+  Done                    sleep 1', ''],
    ['a Ctrl-C', 'sleep 30', '^C', ''],
    [
      'the port that traceroute asks for',
      'tcpdump',
      'IP 10.0.0.1.40001 > 10.0.0.2.33434: UDP',
      'IP 10.0.0.1.40001 > 10.0.0.2.33435: UDP',
    ],
    ['an exit status', 'false', '[exit 1]', '[exit 2]'],
  ])('%s', (_, command, expected, actual) => {
    expect(differs(command, expected, actual)).toBe(true)
  })
  test('a command that is missing, and one too many', () => {
    expect(compare('A$ a\nA$ b\n', 'A$ b\nA$ c\n').failed).toEqual([
      { n: 1, node: 'A', command: 'a', diff: ['the other session lacks this command'] },
      { n: 0, node: 'A', command: 'c', diff: ['only the other session has this command'] },
    ])
  })
})

test('every row says why', () => {
  expect(CHANCE.filter((row) => row.why.length < 8)).toEqual([])
  expect(new Set(CHANCE.map((row) => row.name)).size).toBe(CHANCE.length)
})

/**
 * Alters one line in each command of every recording: one character of it, or drops it. Nearly all must be noticed; what
 * is not lies inside a value that is chance.
 */
test('alterations of recordings are noticed', async () => {
  let seed = 7
  const next = (n: number) => (seed = (seed * 48271) % 2147483647) % n
  let altered = 0
  let missed = 0
  for await (const path of glob('src/**/*.golden')) {
    const text = readFileSync(path, 'utf8')
    const nodes = new Set([...text.matchAll(/^([A-Za-z][\w-]*)\$ /gm)].map((m) => m[1] ?? ''))
    const session = parseSession(text, nodes)
    expect(compareSessions(session, session).failed, path).toEqual([])
    for (const [i, command] of session.commands.entries()) {
      const at = next(command.output.length || 1)
      const line = command.output[at]
      if (typeof line !== 'string' || line.trim() === '') continue
      const column = next(line.length)
      const other = line[column] === 'x' ? 'y' : 'x'
      const output = [...command.output]
      if (next(4) === 0) output.splice(at, 1)
      else output[at] = line.slice(0, column) + other + line.slice(column + 1)
      const changed: Session = { ...session, commands: session.commands.with(i, { ...command, output }) }
      altered++
      if (compareSessions(session, changed).failed.length === 0) missed++
    }
  }
  expect(altered).toBeGreaterThan(1000)
  expect(missed / altered).toBeLessThan(0.02)
}, 60_000)

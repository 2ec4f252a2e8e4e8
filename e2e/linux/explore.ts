/**
 * Types random commands into the real kernel and into the simulator, and shows where the answers differ:
 * `node e2e/linux/explore.ts [SEED [COMMANDS]]`. The same seed makes the same session. What it finds becomes a golden.
 */
import { join } from 'node:path'
import { loadLab } from '../../src/cli/files.ts'
import { compareSessions } from '../../src/lab/compare.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { runSession } from '../../src/lab/run.ts'
import { parseSession } from '../../src/lab/session.ts'
import { PROGRAMS } from '../../src/userland/table.ts'
import { record } from './record.ts'

const LABS = [
  'wire',
  'lan',
  'router',
  'chain',
  'two-gateways',
  'linux-switch',
  'two-uplinks',
  'bare-router',
] as const

/** Words that a template names by {…}; the first ones are the most likely. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  dev: ['eth0', 'eth0', 'eth0', 'eth1', 'lo', 'v0', 'v1', 'br0', 'eth9', 'Eth0', 'eth0:1'],
  new: ['v0', 'v1', 'br0', 'br1', 'lan-0', 'averyveryverylongname', 'eth0'],
  ip: [
    '{net}.{host}',
    '{net}.{host}',
    '{net}.{host}',
    '127.0.0.1',
    '8.8.8.8',
    '{net}',
    '{net}.256',
    'foo',
    '0.0.0.0',
  ],
  net: ['10.1.0', '10.2.0', '192.168.1', '10.0.0', '10.12.0', '172.16.0'],
  host: ['1', '2', '3', '10', '11', '12', '77', '254', '255', '0'],
  len: ['/24', '/24', '/24', '/16', '/25', '/32', '/30', '/31', '/8', '', '/33', '/0', '/'],
  cidr: ['{ip}{len}'],
  prefix: [
    '{net}.0/24',
    '{net}.0/24',
    'default',
    '{net}.{host}',
    '{net}.0/25',
    '10.0.0.0/8',
    '0.0.0.0/0',
    '{net}.5/24',
    '0/0',
  ],
  metric: ['10', '20', '100', '0', 'abc', '-1', ''],
  mac: [
    '02:00:00:00:00:01',
    '02:00:00:00:00:02',
    'aa:c1:ab:00:00:03',
    'ff:ff:ff:ff:ff:ff',
    '02:00:00:00:01',
    'foo',
  ],
  mtu: ['1400', '1280', '9000', '68', '60', '70000', 'big'],
  nud: ['permanent', 'stale', 'reachable', 'noarp', 'failed', 'none', 'delay', 'foo'],
  bool: ['0', '1', '2', 'x', '-1'],
  kind: ['blackhole', 'unreachable', 'prohibit', 'throw', 'local', 'unicast', 'broadcast', 'foo'],
  opt: ['', '', '', '-4', '-br', '-o', '-d', '-j', '-6', '-s', '-br -4'],
  onoff: ['up', 'down', 'up', 'on'],
}

const TEMPLATES: readonly string[] = [
  'ip {opt} addr show {dev}',
  'ip {opt} addr',
  'ip addr add {cidr} dev {dev}',
  'ip addr add {cidr} dev {dev}',
  'ip addr add {cidr} brd + dev {dev}',
  'ip addr del {cidr} dev {dev}',
  'ip addr replace {cidr} dev {dev}',
  'ip addr flush dev {dev}',
  'ip {opt} link show {dev}',
  'ip {opt} link',
  'ip link set {dev} {onoff}',
  'ip link set dev {dev} {onoff}',
  'ip link set {dev} mtu {mtu}',
  'ip link set {dev} address {mac}',
  'ip link set {dev} name {new}',
  'ip link add {new} type bridge',
  'ip link add {new} type veth peer name {new}',
  'ip link set {dev} master {dev}',
  'ip link set {dev} nomaster',
  'ip link del {dev}',
  'ip {opt} route',
  'ip route show {prefix}',
  'ip route show dev {dev}',
  'ip route add {prefix} via {ip}',
  'ip route add {prefix} via {ip}',
  'ip route add {prefix} via {ip} metric {metric}',
  'ip route add {prefix} dev {dev}',
  'ip route add {prefix} via {ip} dev {dev} onlink',
  'ip route add {prefix} via {ip} src {ip}',
  'ip route add {kind} {prefix}',
  'ip route replace {prefix} via {ip}',
  'ip route change {prefix} via {ip}',
  'ip route append {prefix} via {ip}',
  'ip route del {prefix}',
  'ip route del {prefix} via {ip}',
  'ip route flush {prefix}',
  'ip route get {ip}',
  'ip route get {ip}',
  'ip route get {ip} from {ip} iif {dev}',
  'ip route show table local',
  'ip neigh',
  'ip neigh add {ip} lladdr {mac} dev {dev}',
  'ip neigh replace {ip} lladdr {mac} dev {dev} nud {nud}',
  'ip neigh del {ip} dev {dev}',
  'ip neigh show {ip}',
  'ip neigh flush dev {dev}',
  'ip netns add {new}',
  'ip netns del {new}',
  'ip netns',
  'ip link set {dev} netns {new}',
  'ip -n {new} -br link',
  'ip netns exec {new} ip addr',
  'ifconfig {dev}',
  'ifconfig {dev} {ip}',
  'ifconfig {dev} {cidr}',
  'ifconfig {dev} {ip} netmask 255.255.255.0',
  'ifconfig {dev} {onoff}',
  'ifconfig {dev} mtu {mtu}',
  'route -n',
  'route add -net {net}.0/24 gw {ip}',
  'route add -net {net}.0 netmask 255.255.255.0 dev {dev}',
  'route add -host {ip} gw {ip}',
  'route add default gw {ip}',
  'route add default gw {ip} metric {metric}',
  'route del default',
  'route del -net {net}.0/24',
  'arp -n',
  'arp -a',
  'arp -s {ip} {mac}',
  'arp -d {ip}',
  'ping -c 1 -W 1 {ip}',
  'ping -c 1 -W 1 {ip}',
  'ping -c 1 -W 1 {ip}',
  'ping -c 1 -W 1 -I {dev} {ip}',
  'ping -c 1 -W 1 -t 1 {ip}',
  'ping -c 1 -W 1 -s 1473 -M do {ip}',
  'ping -c 1 -W 1 -s 2000 {ip}',
  'traceroute -n -q 1 -m 3 -w 1 {ip}',
  'arping -c 1 -w 1 {ip}',
  'brctl show',
  'brctl addbr {new}',
  'brctl delbr {dev}',
  'brctl addif {dev} {dev}',
  'brctl delif {dev} {dev}',
  'bridge link',
  'bridge fdb show dynamic',
  'bridge fdb add {mac} dev {dev} master static',
  'sysctl -w net.ipv4.ip_forward={bool}',
  'sysctl net.ipv4.ip_forward',
  'sysctl -w net.ipv4.conf.{dev}.rp_filter={bool}',
  'sysctl -w net.ipv4.conf.all.rp_filter={bool}',
  'echo {bool} > /proc/sys/net/ipv4/ip_forward',
  'sysctl -w net.ipv4.conf.{dev}.forwarding={bool}',
]

class Dice {
  #state: number
  constructor(seed: number) {
    this.#state = (seed * 2654435761) % 2147483647 || 1
  }
  below(n: number): number {
    this.#state = (this.#state * 48271) % 2147483647
    return this.#state % n
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
}

function command(dice: Dice): string {
  let text = dice.of(TEMPLATES)
  while (text.includes('{'))
    text = text.replace(/\{(\w+)\}/g, (_, name: string) => dice.of(WORDS[name] ?? ['?']))
  const words = text.split(' ').filter((w) => w !== '')
  // one in six is mistyped: a word left out, twice, changed about, cut short or ill spelt
  if (dice.below(6) === 0 && words.length > 2) {
    const i = 1 + dice.below(words.length - 1)
    const word = words[i] ?? ''
    const slip = dice.below(5)
    if (slip === 0) words.splice(i, 1)
    else if (slip === 1) words.splice(i, 0, word)
    else if (slip === 2 && i > 1) [words[i - 1], words[i]] = [word, words[i - 1] ?? '']
    else if (slip === 3) words[i] = word.slice(0, Math.max(1, word.length - 1 - dice.below(3)))
    else words[i] = word.slice(0, 1) + word.slice(2)
  }
  return words.join(' ')
}

function script(lab: Lab, dice: Dice, length: number): string {
  const nodes = lab.nodes.map((n) => n.name)
  let node = dice.of(nodes)
  let text = ''
  for (let i = 0; i < length; i++) {
    if (dice.below(3) === 0) node = dice.of(nodes)
    text += `${node}$ ${command(dice)}\n`
  }
  return text
}

async function main(seed: number, length: number): Promise<void> {
  const dice = new Dice(seed)
  const lab = loadLab(join(import.meta.dirname, 'labs', `${dice.of(LABS)}.clab.yml`))
  const session = parseSession(
    script(lab, dice, length),
    lab.nodes.map((n) => n.name),
  )
  const real = await record(lab, session)
  const ours = await runSession(lab, session, PROGRAMS)
  ours.world.throwBug()
  const { commands, match, failed } = compareSessions(real, ours.session)
  console.log(`seed ${seed}, lab ${lab.name}: ${match} of ${commands} agree`)
  for (const f of failed)
    console.log([`  ${f.n} ${f.node}$ ${f.command}`, ...f.diff.slice(0, 10)].join('\n     '))
}

if (import.meta.main) await main(Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 80))

import { expect, test } from 'vitest'
import { Kernel } from '../kernel/kernel.ts'
import { Refusal } from '../kernel/refusal.ts'
import { Sim } from '../kernel/sim.ts'
import { Host } from './host.ts'
import { installFiles } from './rootfs.ts'
import { Scheduler } from './scheduler.ts'

const boot = (): {
  host: Host
  read: (path: string) => string | Refusal
  write: (path: string, text: string) => Refusal | undefined
} => {
  const sim = new Sim(1)
  const host = new Host('A', sim, new Kernel(sim, 'A'), new Scheduler())
  installFiles(host, [{ path: '/usr/bin/true', main: function* () { return 0 } }]) // prettier-ignore
  const view = { netns: host.kernel.initNetns, pid: 1 }
  return {
    host,
    read: (path) => host.fs.readFile(path, '/', view),
    write: (path, text) => host.fs.writeFile(path, text, '/', view),
  }
}

test('a fresh machine has the files of Debian 12', () => {
  const { read } = boot()
  expect(read('/etc/hosts')).toBe('127.0.0.1\tlocalhost\n127.0.1.1\tA\n')
  expect(read('/etc/resolv.conf')).toBe('')
  expect((read('/etc/sysctl.conf') as string).split('\n')[27]).toBe('#net.ipv4.ip_forward=1')
  expect(read('/bin/true')).toBe('\x7fELF')
  expect(read('/etc/os-release')).toMatch(/bookworm/)
  expect(read('/nosuch')).toEqual(new Refusal('ENOENT'))
})

test('/proc/sys/net reads and writes the knobs of the namespace', () => {
  const { host, read, write } = boot()
  const ip4 = '/proc/sys/net/ipv4/'
  expect(read(ip4 + 'ip_forward')).toBe('0\n')
  expect(write(ip4 + 'ip_forward', '1\n')).toBeUndefined()
  expect(host.kernel.initNetns.loopback.conf.forwarding).toBe(1)
  for (const [path, value] of [
    ['conf/all/forwarding', '1\n'],
    ['conf/default/forwarding', '1\n'],
    ['conf/lo/forwarding', '1\n'],
    ['conf/all/accept_redirects', '0\n'],
    ['conf/default/accept_source_route', '1\n'],
    ['conf/lo/disable_policy', '1\n'],
  ] as const)
    expect(read(ip4 + path), path).toBe(value)
})

// What Linux 6.18 took and refused, written by `echo`.
test.each([
  ['ip_forward', '0x10', '16'],
  ['ip_forward', '-1', '-1'],
  ['ip_forward', '1 2', '1'],
  ['ip_forward', 'abc', 'EINVAL'],
  ['ip_forward', '1x', 'EINVAL'],
  ['ip_forward', '99999999999', 'EINVAL'],
  ['ip_default_ttl', '010', '8'],
  ['ip_default_ttl', '0', 'EINVAL'],
  ['ip_default_ttl', '256', 'EINVAL'],
  ['icmp_echo_ignore_all', '2', 'EINVAL'],
  ['ip_local_port_range', '30000\t40000', '30000\t40000'],
  ['ip_local_port_range', '5', 'EINVAL'],
  ['ip_local_port_range', '1 65535', 'EINVAL'],
  ['ping_group_range', '0 2147483647', '0\t2147483647'],
  ['ping_group_range', '5 1', '1\t0'],
  ['tcp_rmem', '5', '5\t131072\t33554432'],
  ['tcp_congestion_control', 'cubic', 'EPERM'],
  ['tcp_congestion_control', 'foo', 'ENOENT'],
  ['tcp_available_congestion_control', 'reno', 'EACCES'],
  ['route/min_pmtu', '67', 'EINVAL'],
  ['nosuch', '1', 'ENOENT'],
])('net/ipv4/%s = %j gives %s', (path, text, result) => {
  const { read, write } = boot()
  const refusal = write('/proc/sys/net/ipv4/' + path, text + '\n')
  if (refusal === undefined) expect(read('/proc/sys/net/ipv4/' + path)).toBe(result + '\n')
  else expect(refusal.errno).toBe(result)
})

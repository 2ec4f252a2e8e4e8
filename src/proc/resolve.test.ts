import { expect, test } from 'vitest'
import { Kernel } from '../kernel/kernel.ts'
import { Sim } from '../kernel/sim.ts'
import { Host } from './host.ts'
import type { Process } from './process.ts'
import { getaddrinfo, gethostbyname, inetAton, reverse } from './resolve.ts'
import { installFiles } from './rootfs.ts'
import { Scheduler } from './scheduler.ts'

/** A process on a fresh machine A with these files instead of its own. */
const on = (files: Readonly<Record<string, string>> = {}): Process => {
  const sim = new Sim(1)
  const host = new Host('A', sim, new Kernel(sim, 'A'), new Scheduler())
  installFiles(host, [])
  const proc = host.spawn({ argv: ['test'], main: function* () { return 0 }, parent: undefined }) // prettier-ignore
  for (const [path, text] of Object.entries(files)) proc.writeFile(path, text)
  return proc
}

test.each([
  ['10.1', 0x0a000001],
  ['300', 300],
  ['1.256', 0x01000100],
  ['010.1.1.1', 0x08010101],
  ['0x7f000001', 0x7f000001],
  ['4294967295', 0xffffffff],
  ['1.2.3.4 x', 0x01020304],
  ['4294967296', undefined],
  ['08.1.1.1', undefined],
  ['192.168.1.300', undefined],
  ['1.2.3.4.5', undefined],
  ['0x', undefined],
  ['', undefined],
])('inet_aton(%j)', (text, address) => expect(inetAton(text)).toBe(address))

// As glibc 2.36 answered on a machine whose only name server refuses.
test.each([
  ['A', 0x7f000101, 0x7f000101],
  ['localhost', 0x7f000001, 0x7f000001],
  ['LOCALHOST', 0x7f000001, 0x7f000001],
  ['foo', 'AGAIN', 'TRY_AGAIN'],
  ['a_b', 'AGAIN', 'TRY_AGAIN'],
  ['foo.', 'AGAIN', 'TRY_AGAIN'],
  ['a b', 'NONAME', 'HOST_NOT_FOUND'],
  ['foo/24', 'NONAME', 'HOST_NOT_FOUND'],
  ['-x', 'NONAME', 'HOST_NOT_FOUND'],
  ['a..b', 'NONAME', 'HOST_NOT_FOUND'],
  ['192.168.1.300', 'AGAIN', 'HOST_NOT_FOUND'],
  ['', 'NONAME', 'NO_RECOVERY'],
  ['::1', 'ADDRFAMILY', 'HOST_NOT_FOUND'],
] as const)('%j', (name, gai, host) => {
  const proc = on()
  expect(getaddrinfo(proc, name)).toBe(gai)
  expect(gethostbyname(proc, name)).toBe(host)
})

test('nsswitch.conf says where to look, and when to stop', () => {
  const hosts = '10.0.0.1 web www.example.com # c\n10.0.0.2\n10.0.0.300 bad\n  10.0.0.3\tlead\n::1 six\n'
  const files = on({ '/etc/hosts': hosts, '/etc/nsswitch.conf': 'hosts: files\n' })
  expect(getaddrinfo(files, 'www.example.com')).toBe(0x0a000001)
  expect(getaddrinfo(files, 'lead')).toBe(0x0a000003)
  expect(getaddrinfo(files, 'six')).toBe(0x7f000001)
  expect(getaddrinfo(files, 'bad')).toBe('NONAME')
  expect(reverse(files, 0x0a000001)).toBe('web')
  expect(reverse(files, 0x0a000009)).toBeUndefined()
  const dns = on({ '/etc/nsswitch.conf': 'hosts: dns\n' })
  expect(getaddrinfo(dns, 'localhost')).toBe('AGAIN')
  const stop = on({ '/etc/nsswitch.conf': 'hosts: files [NOTFOUND=return] dns\n' })
  expect(getaddrinfo(stop, 'foo')).toBe('NONAME')
})

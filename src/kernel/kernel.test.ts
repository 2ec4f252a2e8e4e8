import { describe, expect, it } from 'vitest'
import { formatIpv4 } from '../wire/ipv4.ts'
import { devClose, devOpen } from './dev/state.ts'
import { routeAdd, routeDel, routes } from './ipv4/fib_frontend.ts'
import { addrDel } from './ipv4/devinet.ts'
import { routeOutput } from './ipv4/route.ts'
import { Refusal } from './refusal.ts'
import { linkDel, linkNew, linkSet } from './rtnl/link.ts'
import { address, dropsOf, ip, ok, Testbed } from './testbed.ts'

const CREATE = { create: true, excl: true }

const twoHosts = () => {
  const bed = new Testbed()
  const [A, B] = [bed.machine('A'), bed.machine('B')]
  const [a, b] = bed.wire(A, 'eth0', B, 'eth0')
  address(a, '192.168.1.10/24')
  address(b, '192.168.1.11/24')
  return { bed, A, B, a, b }
}

const router = () => {
  const bed = new Testbed()
  const [A, R, C] = [bed.machine('A'), bed.machine('R'), bed.machine('C')]
  const [a, r0] = bed.wire(A, 'eth0', R, 'eth0')
  const [r1, c] = bed.wire(R, 'eth1', C, 'eth0')
  address(a, '10.0.1.2/24')
  address(r0, '10.0.1.1/24')
  address(r1, '10.0.2.1/24')
  address(c, '10.0.2.2/24')
  const via = (kernel: typeof A, gateway: string) =>
    ok(routeAdd(kernel.initNetns, { dst: 0, prefixlen: 0, nexthops: [{ gateway: ip(gateway) }] }, CREATE))
  via(A, '10.0.1.1')
  via(C, '10.0.2.1')
  const forward = (on: number) => {
    R.initNetns.ipv4.ipForward = on
    for (const d of [r0, r1]) d.conf.forwarding = on
  }
  forward(1)
  return { bed, A, R, C, a, r0, r1, c, forward }
}

describe('two hosts on a wire', () => {
  it('reach each other; the neighbour becomes REACHABLE here and is STALE there', () => {
    const { bed, A, B, a, b } = twoHosts()
    expect(bed.ping(A, '192.168.1.11').replies).toBe(1)
    expect(A.initNetns.arp.lookup(ip('192.168.1.11'), a)?.state).toBe('REACHABLE')
    // B has just used what A's question told it: DELAY until it is confirmed, then PROBE and REACHABLE.
    expect(B.initNetns.arp.lookup(ip('192.168.1.10'), b)?.state).toBe('DELAY')
    bed.pass(6e9)
    expect(B.initNetns.arp.lookup(ip('192.168.1.10'), b)?.state).toBe('REACHABLE')
    bed.pass(60e9)
    expect(A.initNetns.arp.lookup(ip('192.168.1.11'), a)?.state).toBe('STALE')
  })
  it('count what the peer sent, Ethernet header and all; lo counts packets without it', () => {
    const { bed, A, B, a, b } = twoHosts()
    // IPv6 has spoken by then.
    bed.pass(60e9)
    const before = { sent: b.stats.txBytes, heard: a.stats.rxBytes }
    expect(before.heard).toBe(before.sent)
    bed.ping(A, '192.168.1.11')
    // A reply of 98 bytes and one of ARP.
    expect(a.stats.rxBytes - before.heard).toBe(98 + 42)
    expect(a.stats.multicast).toBe(0)
    const lo = B.initNetns.loopback.stats
    bed.ping(B, '127.0.0.1')
    expect([lo.rxPackets, lo.rxBytes, lo.txBytes]).toEqual([2, 168, 168])
  })
  it('send each IPv6 packet of a start once: two reports twice over, a solicitation, searches for a router', () => {
    const { bed, a } = twoHosts()
    // Searched for after 1, 5, 13, 29 s, a tenth more or less; the next time would be after a minute.
    bed.pass(45e9)
    expect(a.stats.txPackets).toBe(2 + 1 + 2 + 4)
  })
  it('give up after three unanswered questions, a second apart, and say so', () => {
    const { bed, A, a } = twoHosts()
    const { replies, events } = bed.ping(A, '192.168.1.77', 10e9)
    expect(replies).toBe(0)
    expect(dropsOf(events)).toContain('A NEIGH_FAILED')
    const asked = events
      .filter((e) => e.point === 'born' && e.protocol === 0x0806)
      .map((e) => Math.round(e.at / 1e9))
    expect(asked).toEqual([0, 1, 2])
    expect(A.initNetns.arp.lookup(ip('192.168.1.77'), a)?.state).toBe('FAILED')
  })
  it('refuse what has no route', () => {
    const { bed, A } = twoHosts()
    expect(bed.ping(A, '10.9.9.9').refusal?.errno).toBe('ENETUNREACH')
  })
  it('lose the route with the link, and find it again', () => {
    const { bed, A, a, b } = twoHosts()
    devClose(a)
    expect(routes(A.initNetns)).toEqual([])
    devOpen(a)
    expect(routes(A.initNetns).length).toBe(1)
    devClose(b)
    // Both ends have index 2, so Linux takes the device for its own lower layer (default_operstate()).
    expect([a.carrier, a.operstate]).toEqual([false, 'DOWN'])
    expect(routes(A.initNetns)[0]?.nexthops[0]?.linkdown).toBe(true)
    devOpen(b)
    expect(bed.ping(A, '192.168.1.11').replies).toBe(1)
  })
  it('break a large datagram in pieces and put it together again', () => {
    const { bed, A, a, b } = twoHosts()
    ok(linkSet(a, { mtu: 600 }))
    ok(linkSet(b, { mtu: 600 }))
    const { replies, events } = bed.ping(A, '192.168.1.11', 1e9, 3000)
    expect(replies).toBe(1)
    const echoes = events.filter(
      (e) => e.point === 'xmit' && e.dev === a && e.frame[12] === 8 && e.frame[13] === 0,
    )
    expect(echoes.length).toBe(Math.ceil(3008 / 576))
  })
})

describe('a router', () => {
  it('forwards with one TTL less', () => {
    const { bed, A } = router()
    const { replies, events } = bed.ping(A, '10.0.2.2')
    expect(replies).toBe(1)
    expect(events.flatMap((e) => (e.point === 'forward' ? [e.ttl] : []))).toEqual([63, 63])
  })
  it('is silent with forwarding off', () => {
    const { bed, A, forward } = router()
    forward(0)
    const { replies, events } = bed.ping(A, '10.0.2.2')
    expect(replies).toBe(0)
    expect(dropsOf(events)).toContain('R IP_FORWARDING_OFF')
    expect(
      events.some((e) => e.point === 'born' && e.netns.kernel.node === 'R' && e.protocol === 0x0800),
    ).toBe(false)
  })
  it('tells of a network it does not know', () => {
    const { bed, A } = router()
    const { events } = bed.ping(A, '172.16.0.1')
    expect(dropsOf(events)).toContain('R IP_INNOROUTES')
    expect(
      events.some((e) => e.point === 'born' && e.netns.kernel.node === 'R' && e.protocol === 0x0800),
    ).toBe(true)
  })
  it('drops what strict reverse path filtering forbids', () => {
    const { bed, A, R, r0 } = router()
    // The neighbours know each other already: with the filter R would not answer A's ARP request either.
    bed.ping(A, '10.0.2.2')
    r0.conf.rpFilter = 1
    ok(routeDel(R.initNetns, { dst: ip('10.0.1.0'), prefixlen: 24 }))
    ok(
      routeAdd(
        R.initNetns,
        {
          dst: ip('10.0.1.0'),
          prefixlen: 24,
          scope: 'link',
          nexthops: [{ dev: R.initNetns.device('eth1')! }],
        },
        CREATE,
      ),
    )
    expect(dropsOf(bed.ping(A, '10.0.2.2').events)).toContain('R IP_RPFILTER')
  })
  it('teaches the sender the path MTU', () => {
    const { bed, A, r1, c } = router()
    ok(linkSet(r1, { mtu: 1400 }))
    ok(linkSet(c, { mtu: 1400 }))
    expect(dropsOf(bed.ping(A, '10.0.2.2', 1e9, 1450).events)).toContain('R PKT_TOO_BIG')
    const way = routeOutput(A.initNetns, ip('10.0.2.2'), {})
    expect(way instanceof Refusal ? way : way.mtu).toBe(1400)
    expect(bed.ping(A, '10.0.2.2', 1e9, 1450).replies).toBe(1)
  })
})

describe('routes', () => {
  it('the longest prefix wins, then the lowest metric', () => {
    const { A, a } = twoHosts()
    const ns = A.initNetns
    const add = (dst: string, prefixlen: number, gateway: string, metric = 0) =>
      ok(routeAdd(ns, { dst: ip(dst), prefixlen, metric, nexthops: [{ gateway: ip(gateway) }] }, CREATE))
    add('0.0.0.0', 0, '192.168.1.1', 100)
    add('0.0.0.0', 0, '192.168.1.2', 50)
    add('10.0.0.0', 8, '192.168.1.3')
    add('10.1.0.0', 16, '192.168.1.4')
    ok(routeAdd(ns, { dst: ip('10.1.2.0'), prefixlen: 24, type: 'unreachable' }, CREATE))
    const gateway = (to: string) => {
      const way = routeOutput(ns, ip(to), {})
      return way instanceof Refusal ? way.errno : formatIpv4(way.gateway)
    }
    expect(['8.8.8.8', '10.9.9.9', '10.1.9.9', '10.1.2.3', '192.168.1.77'].map(gateway)).toEqual([
      '192.168.1.2', '192.168.1.3', '192.168.1.4', 'EHOSTUNREACH', '0.0.0.0',
    ]) // prettier-ignore
    expect(
      routeAdd(ns, { dst: ip('10.0.0.0'), prefixlen: 8, nexthops: [{ gateway: ip('192.168.1.9') }] }, CREATE)
        ?.errno,
    ).toBe('EEXIST')
    expect(routeAdd(ns, { dst: ip('10.0.0.1'), prefixlen: 8, nexthops: [{ dev: a }] }, CREATE)?.extack).toBe(
      'Invalid prefix for given prefix length',
    )
    expect(
      routeAdd(ns, { dst: ip('10.5.0.0'), prefixlen: 16, nexthops: [{ gateway: ip('172.16.0.1') }] }, CREATE)
        ?.extack,
    ).toBe('Nexthop has invalid gateway')
    expect(routeDel(ns, { dst: ip('10.77.0.0'), prefixlen: 16 })?.errno).toBe('ESRCH')
  })
  it('go with the address that they lead from', () => {
    const { A, a } = twoHosts()
    ok(
      routeAdd(
        A.initNetns,
        {
          dst: ip('10.0.0.0'),
          prefixlen: 8,
          prefsrc: ip('192.168.1.10'),
          nexthops: [{ dev: a }],
          scope: 'link',
        },
        CREATE,
      ),
    )
    ok(addrDel(a, { local: ip('192.168.1.10'), prefixlen: 24 }))
    expect(routes(A.initNetns)).toEqual([])
  })
})

describe('a bridge', () => {
  const three = () => {
    const bed = new Testbed()
    const sw = bed.machine('sw')
    const hosts = ['A', 'B', 'C'].map((n) => bed.machine(n))
    const wires = hosts.map((h, i) => bed.wire(h, 'eth0', sw, `eth${i + 1}`))
    wires.forEach(([dev], i) => address(dev, `192.168.1.1${i}/24`))
    const br = bed.bridge(
      sw,
      wires.map(([, port]) => port),
    )
    // Between two searches for IPv6 routers: nobody speaks by himself for a while.
    bed.pass(90e9)
    return { bed, hosts, wires, br }
  }
  it('floods what it does not know, learns, and then sends to one port', () => {
    const { bed, hosts, wires } = three()
    const atC = (events: ReturnType<typeof bed.pass>) =>
      events.filter((e) => e.point === 'receive' && e.dev === wires[2]?.[0]).length
    const first = bed.ping(hosts[0]!, '192.168.1.11')
    expect([first.replies, atC(first.events)]).toEqual([1, 1])
    const second = bed.ping(hosts[0]!, '192.168.1.11')
    expect([second.replies, atC(second.events)]).toEqual([1, 0])
  })
  it('forgets after the ageing time', () => {
    const { bed, br, hosts } = three()
    br.bridge!.ageingTime = 10e9
    bed.ping(hosts[0]!, '192.168.1.11')
    expect(
      [...br.bridge!.fdb.values()].filter((e) => !e.isLocal && e.updated + 10e9 > bed.sim.clock.now).length,
    ).toBe(2)
    bed.pass(20e9)
    expect(
      [...br.bridge!.fdb.values()].filter((e) => !e.isLocal && e.updated + 10e9 > bed.sim.clock.now).length,
    ).toBe(0)
  })
  it('does not forward while it or a port is down', () => {
    const { bed, hosts, wires, br } = three()
    devClose(wires[1]![1])
    expect(bed.ping(hosts[0]!, '192.168.1.11', 5e9).replies).toBe(0)
    devOpen(wires[1]![1])
    expect(bed.ping(hosts[0]!, '192.168.1.11').replies).toBe(1)
    devClose(br)
    expect(dropsOf(bed.ping(hosts[0]!, '192.168.1.11').events)).toContain('sw BRIDGE_INGRESS_STP_STATE')
  })
  it('takes the lowest address of its ports, and frees them when it goes', () => {
    const { wires, br } = three()
    const lowest = wires.map(([, p]) => [...p.mac]).sort((x, y) => (x.join() < y.join() ? -1 : 1))
    expect(lowest.map(String)).toContain(String([...br.mac]))
    ok(linkDel(br))
    for (const [, port] of wires) expect([port.port, port.up]).toEqual([undefined, true])
  })
  it('a loop storms for a bounded time', () => {
    const bed = new Testbed()
    const [s1, s2, A] = [bed.machine('s1'), bed.machine('s2'), bed.machine('A')]
    const [x1, y1] = bed.wire(s1, 'e1', s2, 'e1')
    const [x2, y2] = bed.wire(s1, 'e2', s2, 'e2')
    const [a, p] = bed.wire(A, 'eth0', s1, 'e3')
    address(a, '10.0.0.1/24')
    bed.bridge(s1, [x1, x2, p])
    bed.bridge(s2, [y1, y2])
    const { events } = bed.ping(A, '10.0.0.2', 100e6)
    expect(dropsOf(events)).toContain('s1 BRIDGE_STORM')
    expect(events.length).toBeLessThan(60_000)
  })
})

describe('links', () => {
  it('refuse as Linux does', () => {
    const bed = new Testbed()
    const ns = bed.machine('A').initNetns
    ok(linkNew(ns, { kind: 'veth', name: 'x', peer: { name: 'y' } }))
    const refusal = (r: unknown) => (r instanceof Refusal ? r.errno : 'done')
    expect(refusal(linkNew(ns, { kind: 'bridge', name: 'x' }))).toBe('EEXIST')
    expect(refusal(linkNew(ns, { kind: 'bridge', name: 'sixteen-letters-' }))).toBe('EINVAL')
    expect(refusal(linkDel(ns.loopback))).toBe('EOPNOTSUPP')
    ok(linkDel(ns.device('y')!))
    expect([...ns.devices.values()].map((d) => d.name)).toEqual(['lo'])
  })
})

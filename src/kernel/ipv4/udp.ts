import { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH } from '../../wire/icmp.ts'
import { ipDestination, ipSource, ipTtl } from '../../wire/ipv4.ts'
import { UDP_HEADER, udpDestination, udpLength, udpSource, udpValid } from '../../wire/udp.ts'
import type { NetDevice } from '../netdevice.ts'
import type { Netns } from '../netns.ts'
import { L3, type Skb } from '../skb.ts'
import type { UdpSocket } from '../sock/udp.ts'
import { drop, trace } from '../trace.ts'
import { icmpSend } from './icmp.ts'
import { inetIif } from './route.ts'

/** __udp4_lib_rcv(): to the socket that fits best, or port unreachable. */
export const udpRcv = (ns: Netns, dev: NetDevice, skb: Skb, at: number): void => {
  const { data } = skb
  const source = ipSource(data, L3)
  const destination = ipDestination(data, L3)
  if (!udpValid(data, at, data.length, source, destination)) {
    ns.mib.udp.InErrors++
    ns.mib.udp.InCsumErrors++
    return drop(ns, skb, dev, 'UDP_CSUM')
  }
  const socket = udpLookup(
    ns,
    { source, sport: udpSource(data, at), destination, dport: udpDestination(data, at) },
    inetIif(ns, dev, destination),
  )
  if (socket === undefined) {
    ns.mib.udp.NoPorts++
    icmpSend(ns, skb, dev, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0)
    return drop(ns, skb, dev, 'NO_SOCKET')
  }
  ns.mib.udp.InDatagrams++
  if (ns.sim.tracer !== undefined) trace(ns, skb, dev, { point: 'deliver', protocol: 'udp' })
  socket.deliver({
    data: data.slice(at + UDP_HEADER, at + udpLength(data, at)),
    source,
    port: udpSource(data, at),
    ttl: ipTtl(data, L3),
    at: ns.sim.clock.now,
  })
}

/** compute_score(): a bound address counts, a connected peer counts more. */
export const udpLookup = (
  ns: Netns,
  f: { source: number; sport: number; destination: number; dport: number },
  dev: NetDevice | undefined,
): UdpSocket | undefined => {
  let best: UdpSocket | undefined
  let bestScore = -1
  for (const s of ns.sockets.udp) {
    if (s.port !== f.dport) continue
    let score = 0
    if (s.source !== 0) {
      if (s.source !== f.destination) continue
      score += 4
    }
    if (s.peer !== undefined) {
      if (s.peer.address !== f.source || s.peer.port !== f.sport) continue
      score += 8
    }
    if (s.boundDevice !== undefined) {
      if (s.boundDevice !== dev) continue
      score += 4
    }
    if (score > bestScore) {
      best = s
      bestScore = score
    }
  }
  return best
}

import { checksum } from '../../wire/checksum.ts'
import { ETH_HLEN } from '../../wire/ethernet.ts'
import { emitIpv4, ETH_P_IP, IPPROTO_IGMP, IPV4_HEADER, setU16, setU32 } from '../../wire/ipv4.ts'
import { devXmit } from '../dev/dev.ts'
import type { NetDevice } from '../netdevice.ts'
import { Skb } from '../skb.ts'

/** What a host tells of the groups that it joins (IGMPv3, RFC 3376; net/ipv4/igmp.c). Nobody asks here, so nobody answers. */

/** 224.0.0.106, all snoopers (RFC 4286): a bridge that snoops joins it. */
export const ALL_SNOOPERS = 0xe000006a
/** 224.0.0.22, where IGMPv3 routers listen. */
const IGMPV3_ROUTERS = 0xe0000016
const ROUTER_ALERT = Uint8Array.of(148, 4, 0, 0)
const MEMBERSHIP_REPORT = 0x22
const CHANGE_TO_EXCLUDE = 4
/** Two jiffies until the first report; the second within a second (unsolicited report interval, RFC 3376 §8.11), in ms. */
const FIRST_NS = 8e6
const AGAIN_MS = 1000

/** igmp_group_added(): the report is sent twice (robustness variable). */
export const igmpJoin = (dev: NetDevice, group: number): void => {
  const { clock, random } = dev.ns.sim
  const report = (): void => {
    if (dev.up && dev.inet) devXmit(dev, membershipReport(dev, group))
  }
  clock.schedule(FIRST_NS, () => {
    report()
    clock.schedule((random.next() % AGAIN_MS) * 1e6, report)
  })
}

const membershipReport = (dev: NetDevice, group: number): Skb => {
  const head = IPV4_HEADER + ROUTER_ALERT.length
  const frame = new Uint8Array(ETH_HLEN + head + 16)
  frame.set([0x01, 0x00, 0x5e, 0, 0, IGMPV3_ROUTERS & 255], 0)
  frame.set(dev.mac, 6)
  setU16(frame, 12, ETH_P_IP)
  emitIpv4(frame, ETH_HLEN, {
    tos: 0xc0, totalLength: head + 16, id: 0, dontFragment: true, ttl: 1, protocol: IPPROTO_IGMP, destination: IGMPV3_ROUTERS,
    source: dev.addresses[0]?.local ?? 0, options: ROUTER_ALERT,
  }) // prettier-ignore
  const at = ETH_HLEN + head
  frame[at] = MEMBERSHIP_REPORT
  setU16(frame, at + 6, 1)
  frame[at + 8] = CHANGE_TO_EXCLUDE
  setU32(frame, at + 12, group)
  setU16(frame, at + 2, checksum(frame, at, 16))
  return new Skb(dev.ns.sim, frame, ETH_P_IP)
}

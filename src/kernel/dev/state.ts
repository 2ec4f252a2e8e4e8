import { fibCarrier, fibDeviceDown, fibDeviceUp } from '../ipv4/fib_frontend.ts'
import { ALL_SNOOPERS, igmpJoin } from '../ipv4/igmp.ts'
import { addrconfCarrierUp, addrconfDown } from '../ipv6/addrconf.ts'
import { neighFlushDevice } from '../neigh/nud.ts'
import { IFF_UP, type NetDevice } from '../netdevice.ts'
import { brPortCarrier, brPortDown, brPortUp, brUpdateCarrier } from './brport.ts'

/** Bringing devices up and down, and the carrier that follows (net/core/dev.c, drivers/net/veth.c, net/bridge). */

/** dev_open(): addresses get their routes; a cable whose both ends are up has carrier. */
export const devOpen = (dev: NetDevice): void => {
  if (dev.up) return
  dev.flags |= IFF_UP
  dev.qdisc = 'noqueue'
  dev.stateCause = dev.ns.sim.cause
  if (dev.kind === 'loopback') {
    loopbackUp(dev)
    fibDeviceUp(dev)
    return
  }
  fibDeviceUp(dev)
  if (dev.kind === 'bridge') {
    dev.bridge?.opened(dev.ns.sim.clock.now)
    if (dev.bridge?.mcastSnooping) igmpJoin(dev, ALL_SNOOPERS)
    // Ports that were enslaved while the bridge was down start to forward.
    for (const port of dev.bridge?.ports ?? []) brPortUp(port)
    if (dev.bridge !== undefined && dev.bridge.ports.length > 0) brUpdateCarrier(dev)
  }
  if (dev.kind === 'veth') vethOpen(dev)
  if (dev.port) brPortUp(dev.port)
  if (dev.carrier) addrconfCarrierUp(dev)
}

/** lo gets 127.0.0.1/8 and ::1 when it comes up (inetdev_event(), init_loopback()). */
const loopbackUp = (dev: NetDevice): void => {
  if (dev.inet && dev.addresses.length === 0)
    dev.addresses.push({
      local: 0x7f000001, address: 0x7f000001, prefixlen: 8, broadcast: undefined, scope: 'host', label: dev.name, secondary: false,
      noprefixroute: false, metric: 0, validLft: undefined, preferredLft: undefined, stamp: dev.ns.sim.clock.now, cause: dev.ns.sim.cause,
    }) // prettier-ignore
  if (dev.mtu >= 1280 && !dev.disableIpv6 && !dev.addresses6.some((a) => a.address === '::1'))
    dev.addresses6.push({
      address: '::1', prefixlen: 128, scope: 'host', tentative: false, permanent: true, validLft: undefined, preferredLft: undefined,
      stamp: dev.ns.sim.clock.now, cause: dev.ns.sim.cause,
    }) // prettier-ignore
}

/** veth_open(): carrier comes when the peer is up too. */
const vethOpen = (dev: NetDevice): void => {
  const { peer } = dev
  if (!peer?.up) return
  setCarrier(dev, true)
  setCarrier(peer, true)
}

/** dev_close(): routes, neighbours and IPv6 addresses go; the other end loses carrier. */
export const devClose = (dev: NetDevice): void => {
  if (!dev.up) return
  dev.flags &= ~IFF_UP
  dev.stateCause = dev.ns.sim.cause
  if (dev.port) brPortDown(dev.port)
  fibDeviceDown(dev, false)
  if (dev.kind === 'loopback') dev.addresses6.length = 0
  else addrconfDown(dev)
  neighFlushDevice(dev, false)
  if (dev.kind === 'bridge') {
    for (const port of dev.bridge?.ports ?? []) brPortDown(port)
    dev.bridge?.closed()
  }
  if (dev.kind === 'veth') {
    dev.switchCarrier(false)
    if (dev.peer) setCarrier(dev.peer, false)
    dev.noteOperstate()
  }
}

/** The carrier comes or goes, and what linkwatch then does. */
export const setCarrier = (dev: NetDevice, on: boolean): void => {
  if (!dev.switchCarrier(on)) return
  dev.noteOperstate()
  if (dev.up) {
    fibCarrier(dev)
    if (on) addrconfCarrierUp(dev)
    else neighFlushDevice(dev, true)
  }
  if (dev.port) brPortCarrier(dev.port)
}

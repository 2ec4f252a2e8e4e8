import { macKey, sameMac } from '../../wire/ethernet.ts'
import { IFF_LOOPBACK, type NetDevice } from '../netdevice.ts'
import { Refusal } from '../refusal.ts'
import { Bridge, type BridgePort, type FdbEntry } from './bridge.ts'
import { setCarrier } from './state.ts'

/** Ports of a bridge: adding, removing, and the state they are in (net/bridge/br_if.c, br_stp_if.c). */

/** br_add_if() */
export const brAddIf = (bridge: Bridge, dev: NetDevice): Refusal | undefined => {
  if (dev.flags & IFF_LOOPBACK || dev.mac.every((b) => b === 0)) return new Refusal('EINVAL')
  if (dev.bridge !== undefined) return new Refusal('ELOOP', 'Can not enslave a bridge to a bridge')
  if (dev.port !== undefined) return new Refusal('EBUSY')
  if (dev.ns !== bridge.dev.ns) return new Refusal('EINVAL')
  const used = new Set(bridge.ports.map((p) => p.number))
  let number = 1
  while (used.has(number)) number++
  const port: BridgePort = {
    dev, bridge, number, state: 'disabled', delayedUntil: 0, priority: 32, designatedPriority: bridge.priority, cost: 2, hairpin: false, guard: false, learning: true, unicastFlood: true,
    multicastFlood: true, broadcastFlood: true, isolated: false, cause: dev.ns.sim.cause,
  } // prettier-ignore
  dev.port = port
  dev.masterCause = dev.ns.sim.cause
  dev.promiscuity++
  bridge.ports.push(port)
  localEntry(bridge, dev.mac, port)
  updateBridgeId(bridge)
  brPortUp(port)
  updateMtu(bridge)
  brUpdateCarrier(bridge.dev)
  return undefined
}

/** del_nbp() */
export const brDelIf = (port: BridgePort): void => {
  const { bridge, dev } = port
  brPortDown(port)
  bridge.ports.splice(bridge.ports.indexOf(port), 1)
  for (const entry of [...bridge.fdb.values()]) if (entry.port === port) forget(bridge, entry)
  dev.port = undefined
  dev.masterCause = undefined
  dev.promiscuity--
  updateBridgeId(bridge)
  updateMtu(bridge)
  brUpdateCarrier(bridge.dev)
}

/** fdb_add_local(): an interface's own address ends the frame's way here; of two with the same address the first counts. */
const localEntry = (bridge: Bridge, mac: Uint8Array, port: BridgePort | undefined): void => {
  if (mac.every((b) => b === 0) || bridge.fdb.get(macKey(mac))?.isLocal) return
  const now = bridge.dev.ns.sim.clock.now
  bridge.fdb.delete(macKey(mac))
  bridge.fdb.set(macKey(mac), {
    mac: Uint8Array.from(mac), port, isLocal: true, isStatic: true, byUser: false, updated: now, used: now, cause: bridge.dev.ns.sim.cause,
  }) // prettier-ignore
}

/** fdb_delete_local(): an address that another port, or the bridge itself, has too stays, as theirs. */
const forget = (bridge: Bridge, entry: FdbEntry): void => {
  if (entry.isLocal) {
    const other = bridge.ports.find((p) => p !== entry.port && sameMac(p.dev.mac, entry.mac))
    if (other !== undefined || (entry.port !== undefined && sameMac(bridge.dev.mac, entry.mac))) {
      entry.port = other
      return
    }
  }
  bridge.fdb.delete(macKey(entry.mac))
}

/** br_fdb_change_mac_address(): a bridge listens to its own address, with or without ports. */
export const brOwnAddress = (bridge: Bridge): void => localEntry(bridge, bridge.dev.mac, undefined)

/** br_fdb_changeaddr(): the entries of own addresses follow them. */
export const brAddressChanged = (dev: NetDevice): void => {
  const bridge = dev.bridge ?? dev.port?.bridge
  if (bridge === undefined) return
  const owner = dev.port
  for (const [key, entry] of bridge.fdb)
    if (entry.isLocal && !entry.byUser && entry.port === owner) bridge.fdb.delete(key)
  localEntry(bridge, dev.mac, owner)
  brOwnAddress(bridge)
  if (dev.bridge) dev.bridge.idMac = Uint8Array.from(dev.mac)
  else updateBridgeId(bridge)
}

/** br_stp_recalculate_bridge_id(): the lowest address among the ports, unless one was given to the bridge by hand. */
const updateBridgeId = (bridge: Bridge): void => {
  const { dev } = bridge
  if (dev.macSet) {
    bridge.idMac = dev.mac
    brOwnAddress(bridge)
    return
  }
  let lowest: Uint8Array | undefined
  for (const p of bridge.ports)
    if (lowest === undefined || macKey(p.dev.mac) < macKey(lowest)) lowest = p.dev.mac
  const next = lowest ?? new Uint8Array(6)
  if (macKey(next) === macKey(bridge.idMac)) return
  for (const entry of [...bridge.fdb.values()])
    if (entry.isLocal && entry.port === undefined && !entry.byUser) forget(bridge, entry)
  bridge.idMac = Uint8Array.from(next)
  dev.mac = Uint8Array.from(next)
  brOwnAddress(bridge)
}

/** br_mtu_auto_adjust(): the smallest MTU of the ports. */
export const updateMtu = (bridge: Bridge): void => {
  if (bridge.mtuSet) return
  const mtu = Math.min(1500, ...bridge.ports.map((p) => p.dev.mtu))
  bridge.dev.mtu = bridge.ports.length === 0 ? 1500 : mtu
}

/** br_stp_enable_port(): without STP a port forwards as soon as it is up with carrier and the bridge is up. */
export const brPortUp = (port: BridgePort): void => {
  if (!port.dev.up || !port.dev.carrier || !port.bridge.dev.up) return
  if (port.state === 'disabled') {
    port.state = 'forwarding'
    port.designatedPriority = port.bridge.priority
    port.delayedUntil = port.dev.ns.sim.clock.now + port.bridge.forwardDelay
  }
  brUpdateCarrier(port.bridge.dev)
}

/** br_stp_disable_port(): what was learned behind it is forgotten. */
export const brPortDown = (port: BridgePort): void => {
  port.state = 'disabled'
  port.delayedUntil = 0
  for (const [key, entry] of port.bridge.fdb)
    if (entry.port === port && !entry.isStatic) port.bridge.fdb.delete(key)
  brUpdateCarrier(port.bridge.dev)
}

/** br_port_carrier_check() */
export const brPortCarrier = (port: BridgePort): void =>
  port.dev.carrier ? brPortUp(port) : brPortDown(port)

/**
 * br_port_state_selection(): a bridge has carrier while one of its ports forwards. One that has never had a port keeps the
 * carrier that every new device has.
 */
export const brUpdateCarrier = (dev: NetDevice): void => {
  const bridge = dev.bridge
  if (bridge === undefined) return
  const on = bridge.ports.some((p) => p.state === 'forwarding' || p.state === 'learning')
  setCarrier(dev, on)
}

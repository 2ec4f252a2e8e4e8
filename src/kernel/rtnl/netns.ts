import type { Netns } from '../netns.ts'
import { linkDel } from './link.ts'

/**
 * cleanup_net(): the last user of a namespace is gone. Its devices go, a veth with its other end, wherever that is.
 * Nobody keeps a device of a namespace that is no more: physical ones would return to the first namespace, we have none.
 */
export const netnsDestroy = (ns: Netns): void => {
  for (const dev of [...ns.devices.values()]) if (dev.kind !== 'loopback') linkDel(dev)
  for (const n of ns.arp.entries()) ns.sim.clock.cancel(n.timer)
  ns.kernel.netnses.delete(ns)
  for (const other of ns.kernel.netnses) other.nsids.delete(ns)
}

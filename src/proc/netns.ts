import type { Netns } from '../kernel/netns.ts'
import { netnsDestroy } from '../kernel/rtnl/netns.ts'
import type { Host } from './host.ts'

/**
 * Who holds a network namespace: a name under /run/netns or a process in it (namespaces(7)). The last one that lets go
 * ends it.
 */

/** Where `ip netns` pins namespaces (man ip-netns(8)). */
const NETNS_RUN_DIR = '/run/netns'

/** Namespaces without a name that processes are still in. */
const unnamed = new WeakMap<Host, Set<Netns>>()

const held = (host: Host, ns: Netns): boolean => {
  if (ns === host.kernel.initNetns) return true
  for (const proc of host.processes.values()) if (proc.netns === ns && proc.status === undefined) return true
  const dir = host.fs.lookup(NETNS_RUN_DIR, '/', { netns: ns, pid: 1 })
  if (!('kind' in dir) || dir.kind !== 'dir') return false
  return [...dir.entries.values()].some((node) => node.kind === 'file' && node.netns === ns)
}

/** put_net(): called when a name of the namespace is gone. */
export const putNetns = (host: Host, ns: Netns): void => {
  const waiting = unnamed.get(host) ?? new Set<Netns>()
  if (held(host, ns)) {
    waiting.add(ns)
    unnamed.set(host, waiting)
  } else {
    waiting.delete(ns)
    netnsDestroy(ns)
  }
}

/** Called when a process has ended. */
export const putNetnsOfProcesses = (host: Host): void => {
  for (const ns of unnamed.get(host) ?? []) if (!held(host, ns)) putNetns(host, ns)
}

import type { NetDevice } from '../kernel/netdevice.ts'
import type { Netns } from '../kernel/netns.ts'
import { formatIpv4 } from '../wire/ipv4.ts'
import type { World } from './world.ts'

/** What a drawing shows of a world, as it is now. Pure facts: where things stand on paper is the site's to say. */
export interface Topology {
  readonly nodes: readonly DrawnNode[]
  /** Cables and veth pairs, in the order of the devices at their first ends. */
  readonly wires: readonly DrawnWire[]
}

export interface DrawnNode {
  readonly name: string
  /** A `switch` is a lab's bridge: only its bar is drawn. */
  readonly kind: 'host' | 'switch'
  /** The machine's own network, then its namespaces in the order of their making. */
  readonly spaces: readonly DrawnSpace[]
}

export interface DrawnSpace {
  /** `A`, or `A/red` */
  readonly key: string
  /** Name of the namespace, '' for the machine's own. */
  readonly name: string
  readonly devices: readonly DrawnDevice[]
  /** net.ipv4.ip_forward */
  readonly forwarding: boolean
}

export interface DrawnDevice {
  /** `A:eth0`, or `A/red:eth0` */
  readonly key: string
  readonly name: string
  readonly bridge: boolean
  /** An end of one of the lab's own cables. */
  readonly labLink: boolean
  readonly state: 'up' | 'no-carrier' | 'down'
  /** IPv4 addresses with their prefix length. */
  readonly addresses: readonly string[]
  /** Key of the bridge that it is a port of. */
  readonly master: string | undefined
}

export interface DrawnWire {
  readonly key: string
  /** Keys of the devices at its ends. */
  readonly ends: readonly [string, string]
  readonly kind: 'wire' | 'veth'
  /** Something can pass. */
  readonly alive: boolean
}

export const topology = (world: World): Topology => {
  const names = netnsNames(world)
  const keyOf = (dev: NetDevice): string => `${spaceKey(dev.ns, names)}:${dev.name}`
  const devices: NetDevice[] = []
  const nodes = world.lab.nodes.map((node): DrawnNode => {
    const { kernel } = world.host(node.name)
    const spaces = [...kernel.netnses].filter(
      (ns) => ns === kernel.initNetns || names.has(ns) || ns.devices.size > 1,
    )
    return {
      name: node.name,
      kind: node.kind === 'bridge' ? 'switch' : 'host',
      spaces: spaces.map((ns) => {
        const drawn = [...ns.devices.values()].filter((dev) => dev.kind !== 'loopback')
        devices.push(...drawn)
        return {
          key: spaceKey(ns, names),
          name: ns === kernel.initNetns ? '' : nameOf(ns, names),
          forwarding: ns.ipv4.ipForward !== 0,
          devices: drawn.map((dev) => ({
            key: keyOf(dev),
            name: dev.name,
            bridge: dev.kind === 'bridge',
            labLink: dev.labLink,
            state: !dev.up ? 'down' : dev.carrier ? 'up' : 'no-carrier',
            addresses: dev.addresses.map((a) => `${formatIpv4(a.local)}/${a.prefixlen}`),
            master: dev.master && keyOf(dev.master),
          })),
        }
      }),
    }
  })
  return { nodes, wires: wires(devices, keyOf) }
}

const wires = (devices: readonly NetDevice[], keyOf: (dev: NetDevice) => string): DrawnWire[] => {
  const seen = new Set<NetDevice>()
  const pairs: DrawnWire[] = []
  for (const dev of devices) {
    const { peer } = dev
    if (peer === undefined || seen.has(dev)) continue
    seen.add(dev).add(peer)
    const ends = [keyOf(dev), keyOf(peer)] as const
    pairs.push({
      key: ends.join(' '),
      ends,
      kind: dev.labLink ? 'wire' : 'veth',
      alive: dev.up && peer.up && dev.carrier && peer.carrier,
    })
  }
  return pairs
}

const nameOf = (ns: Netns, names: ReadonlyMap<Netns, string>): string => names.get(ns) ?? `netns ${ns.id}`

const spaceKey = (ns: Netns, names: ReadonlyMap<Netns, string>): string =>
  ns === ns.kernel.initNetns ? ns.kernel.node : `${ns.kernel.node}/${nameOf(ns, names)}`

/** Names of namespaces, by the files in /run/netns (ip-netns(8)). */
const netnsNames = (world: World): ReadonlyMap<Netns, string> => {
  const names = new Map<Netns, string>()
  for (const host of world.hosts.values()) {
    const view = { netns: host.kernel.initNetns, pid: 1 }
    const files = host.fs.readdir('/run/netns', '/', view)
    if (!Array.isArray(files)) continue
    for (const name of files as string[]) {
      const node = host.fs.lookup('/run/netns/' + name, '/', view)
      if ('kind' in node && node.kind === 'file' && node.netns) names.set(node.netns, name)
    }
  }
  return names
}

import { ETH_ZERO } from '../wire/ethernet.ts'
import { Fib } from './ipv4/fib.ts'
import { Reassembly } from './ipv4/fragment.ts'
import { Mib } from './ipv4/mib.ts'
import type { Kernel } from './kernel.ts'
import { NeighTable } from './neigh/neigh.ts'
import { NetDevice, type DeviceKind } from './netdevice.ts'
import type { Cause, Sim } from './sim.ts'
import { SocketTable } from './sock/socket.ts'
import { Ipv4Sysctl } from './sysctl.ts'

/** A network namespace: devices, addresses, routes, neighbours, sockets and knobs of its own (struct net). */
export class Netns {
  readonly kernel: Kernel
  readonly sim: Sim
  /** Number of the namespace in its world (stands for the inode number). */
  readonly id: number
  /** By ifindex, in ascending order. */
  readonly devices = new Map<number, NetDevice>()
  readonly loopback: NetDevice
  readonly ipv4: Ipv4Sysctl
  /** /proc/sys/net/ipv6/conf/{all,default}/disable_ipv6; new devices start with the default. */
  readonly disableIpv6 = { all: 0, default: 0 }
  readonly fib: Fib
  readonly arp: NeighTable
  readonly sockets = new SocketTable()
  readonly reassembly: Reassembly
  /** Ids by which this namespace knows others (`link-netnsid N`), given on first sight. */
  readonly nsids = new Map<Netns, number>()
  /** Last value of the IPv4 identification field handed out. */
  ipId = 0
  readonly mib = new Mib()
  cause: Cause | undefined
  #nextIfindex = 1

  constructor(kernel: Kernel) {
    this.kernel = kernel
    this.sim = kernel.sim
    this.id = this.sim.nextNetnsId()
    this.cause = this.sim.cause
    this.ipv4 = new Ipv4Sysctl()
    this.fib = new Fib(this)
    this.arp = new NeighTable(this)
    this.reassembly = new Reassembly(this)
    this.loopback = this.addDevice('loopback', 'lo', ETH_ZERO)
  }

  /** Makes a device here; the caller has made sure that the name is free. */
  addDevice(kind: DeviceKind, name: string, mac: Uint8Array, ifindex = this.freeIfindex()): NetDevice {
    const dev = new NetDevice(this, kind, name, ifindex, mac, { ...this.ipv4.default })
    dev.disableIpv6 = this.disableIpv6.default
    this.place(dev)
    return dev
  }

  /** Puts a device in, by its number: dumps go by ascending index (dev_by_index, an xarray). */
  place(dev: NetDevice): void {
    const later = [...this.devices].filter(([index]) => index > dev.ifindex)
    this.devices.set(dev.ifindex, dev)
    for (const [index, other] of later) {
      this.devices.delete(index)
      this.devices.set(index, other)
    }
  }

  /** dev_new_index(): the next number never used here. */
  freeIfindex(): number {
    while (this.devices.has(this.#nextIfindex)) this.#nextIfindex++
    return this.#nextIfindex++
  }

  device(name: string): NetDevice | undefined {
    for (const dev of this.devices.values()) if (dev.name === name || dev.altnames.includes(name)) return dev
    return undefined
  }

  /** The id by which this namespace knows `other` (peernet2id_alloc()), undefined for itself. */
  nsidOf(other: Netns): number | undefined {
    if (other === this) return undefined
    let id = this.nsids.get(other)
    if (id === undefined) {
      const used = new Set(this.nsids.values())
      id = 0
      while (used.has(id)) id++
      this.nsids.set(other, id)
    }
    return id
  }
}

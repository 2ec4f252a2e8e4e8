import { Netns } from './netns.ts'
import type { Sim } from './sim.ts'

/** One Linux kernel: its network namespaces. */
export class Kernel {
  readonly sim: Sim
  /** Name of the machine, for traces. */
  readonly node: string
  readonly initNetns: Netns
  readonly netnses = new Set<Netns>()

  constructor(sim: Sim, node: string) {
    this.sim = sim
    this.node = node
    this.initNetns = this.newNetns()
  }

  /** unshare(CLONE_NEWNET): a namespace with nothing but a loopback that is down. */
  newNetns(): Netns {
    const ns = new Netns(this)
    this.netnses.add(ns)
    return ns
  }
}

import { macKey } from '../../wire/ethernet.ts'
import type { NetDevice } from '../netdevice.ts'
import type { Cause } from '../sim.ts'

/** Spanning-tree states of a port (IEEE 802.1D §8.4), by the words of bridge(8). */
export type PortState = 'disabled' | 'listening' | 'learning' | 'forwarding' | 'blocking'

/** One entry of a bridge's forwarding database (struct net_bridge_fdb_entry). */
export interface FdbEntry {
  readonly mac: Uint8Array
  /** The port behind which the address lives; undefined for the bridge's own device. */
  port: BridgePort | undefined
  /** The address of one of our own interfaces (shown as `permanent`). */
  readonly isLocal: boolean
  readonly isStatic: boolean
  /** Added by hand, not learned. */
  readonly byUser: boolean
  /** Last seen as a source, and last used as a destination, in ns. */
  updated: number
  used: number
  cause: Cause | undefined
}

/** struct net_bridge_port */
export interface BridgePort {
  readonly dev: NetDevice
  readonly bridge: Bridge
  readonly number: number
  state: PortState
  /** When its forward delay is over, in ns; it runs from the moment when the port is enabled, with or without STP. */
  delayedUntil: number
  priority: number
  /** Priority of the designated bridge, as of the time when the port was last enabled. */
  designatedPriority: number
  cost: number
  hairpin: boolean
  guard: boolean
  learning: boolean
  unicastFlood: boolean
  multicastFlood: boolean
  broadcastFlood: boolean
  isolated: boolean
  readonly cause: Cause | undefined
}

/** br_stp_enable_bridge() */
const FIRST_GC = 0.1e9

/** struct net_bridge: a learning switch. 802.1Q filtering and multicast snooping are not simulated; STP is a setting only. */
export class Bridge {
  readonly dev: NetDevice
  /** In order of enslaving; the kernel's list has the newest first. */
  readonly ports: BridgePort[] = []
  readonly fdb = new Map<number, FdbEntry>()
  #stp = false
  priority = 0x8000
  /** All times in ns. */
  ageingTime = 300e9
  forwardDelay = 15e9
  helloTime = 2e9
  maxAge = 20e9
  groupFwdMask = 0
  vlanFiltering = false
  mcastSnooping = true
  /** The MTU was given by hand and no longer follows the ports. */
  mtuSet = false
  /** Lowest address of the ports, zero while there are none (the bridge's id). */
  idMac: Uint8Array = new Uint8Array(6)
  /** Flooded frames in the current 10 ms, for the storm guard. */
  floodWindow = -1
  flooded = 0

  /** When the bridge came up, undefined while it is down. */
  #upSince: number | undefined
  /** When the next configuration message is due (802.1D hello). */
  #helloAt: number | undefined

  constructor(dev: NetDevice) {
    this.dev = dev
  }

  get stp(): boolean {
    return this.#stp
  }
  /** br_stp_set_enabled() */
  set stp(on: boolean) {
    if (on && !this.#stp && this.#upSince !== undefined)
      this.#helloAt = this.dev.ns.sim.clock.now + this.helloTime
    this.#stp = on
  }
  /** br_stp_enable_bridge() */
  opened(now: number): void {
    this.#upSince = now
    if (this.#stp) this.#helloAt = now + this.helloTime
  }
  /** br_stp_disable_bridge() */
  closed(): void {
    this.#upSince = this.#helloAt = undefined
  }

  /** Time until the next hello, in ns. */
  helloTimer(now: number): number {
    if (this.#helloAt === undefined) return 0
    const late = now - this.#helloAt
    return late <= 0 ? -late : this.#stp ? this.helloTime - (late % this.helloTime) : 0
  }
  /** Time until old entries are next looked for: 0.1 s after the start, then each time the ageing time has passed. */
  gcTimer(now: number): number {
    if (this.#upSince === undefined) return 0
    const late = now - this.#upSince - FIRST_GC
    return late < 0 ? -late : this.ageingTime - (late % this.ageingTime)
  }

  /** The live entry for the address at `at` in `frame`, undefined where none is known or it has aged out. */
  find(frame: Uint8Array, at: number, now: number): FdbEntry | undefined {
    const entry = this.fdb.get(macKey(frame, at))
    if (entry === undefined) return undefined
    return entry.isStatic || entry.updated + this.ageingTime > now ? entry : undefined
  }
}

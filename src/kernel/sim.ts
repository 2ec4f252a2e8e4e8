import { Clock } from './clock.ts'
import type { Tracer } from './trace.ts'

/** The command that made a record or sent a packet: the n-th of the log, or one of the lab's `exec` lines (n = 0). */
export interface Cause {
  readonly node: string
  readonly command: string
  readonly n: number
}

/** Deterministic chance: xorshift32 (Marsaglia 2003). The same seed gives the same numbers on every engine. */
export class Random {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0 || 0x9e3779b9
  }
  /** 0 … 2^32-1 */
  next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state
  }
  /** 0 … n-1 */
  below(n: number): number {
    return this.next() % n
  }
}

/** What all kernels of one world share: time, chance, the command that is running, who listens. */
export class Sim {
  readonly clock = new Clock()
  readonly random: Random
  /** The learner's command on whose behalf code runs right now. */
  cause: Cause | undefined
  /** Hears of every decision about every packet; undefined costs nothing. */
  tracer: Tracer | undefined
  #packet = 0
  #netns = 0

  constructor(seed: number) {
    this.random = new Random(seed)
  }
  nextPacketId(): number {
    return ++this.#packet
  }
  nextNetnsId(): number {
    return ++this.#netns
  }
}

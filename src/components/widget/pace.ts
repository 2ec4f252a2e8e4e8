/**
 * Plays virtual time at a pace that people like. Never holds the page longer than a part of a frame; a command that
 * takes long gets faster; one that goes on until Ctrl-C keeps its rhythm.
 */
import type { World } from '../../lab/world.ts'
import type { Machines } from './machines.ts'

/** ns of virtual time per ms of the reader's: a second between two pings takes 200 ms. */
const RHYTHM = 5e6
/** After so many ms a command that ends by itself is hurried along, doubling its pace each HURRY ms. */
const PATIENCE = 2500
const HURRY = 120
/** Part of a frame that the simulator may take, in ms. */
const SLICE = 9
/** Virtual time that may pass after the last key: 10 minutes. */
export const LIMIT = 600e9
/** Virtual time between two looks at the real clock where events lie dense. */
const GRAIN = 1e6

type After = 'on' | 'end' | 'wait'

export interface Play {
  /** Called after each slice, with output to show. */
  shown(): void
  /** Nothing is under way any more. */
  ended(): void
  /** The limit was reached, or a command took too many steps. */
  limit(why: 'limit' | 'runaway'): void
  /** The simulator threw: our bug. */
  failed(error: unknown): void
}

export class Pace {
  readonly #machines: Machines
  readonly #play: Play
  #running = false
  #stopped = false
  #startedAt = 0
  #last = 0
  #pressedAt: number
  /** Virtual time that is due. */
  #due = 0
  /** The command goes on until it is interrupted. */
  endless = false
  reducedMotion = false

  constructor(machines: Machines, play: Play) {
    this.#machines = machines
    this.#play = play
    this.#pressedAt = machines.world.sim.clock.now
  }

  get #world(): World {
    return this.#machines.world
  }
  get running(): boolean {
    return this.#running
  }

  /** Something was typed: go on from here. The first slice runs at once, so that most commands answer in this frame. */
  go(): void {
    if (this.#stopped) return
    this.#pressedAt = this.#world.sim.clock.now
    this.#startedAt = this.#last = performance.now()
    this.#due = this.#world.sim.clock.now
    if (this.#running) return
    this.#running = true
    this.#frame(this.#last)
  }

  /** For good: this world is given up. */
  stop(): void {
    this.#stopped = true
    this.#running = false
  }

  readonly #frame = (now: number): void => {
    if (!this.#running) return
    try {
      const after = this.#slice(now)
      this.#play.shown()
      if (this.#stopped) return
      // What is shown may have let the next pasted line be typed.
      if (after === 'on' || (after === 'end' && this.#machines.busy)) requestAnimationFrame(this.#frame)
      else if (after === 'wait') this.#wait()
      else {
        this.#running = false
        this.#play.ended()
      }
    } catch (error) {
      this.stop()
      this.#play.failed(error)
    }
  }

  #slice(now: number): After {
    const world = this.#world
    const { clock } = world.sim
    const elapsed = now - this.#startedAt
    // A page in the background gets no frames; time does not catch up for them.
    const passed = Math.min(Math.max(0, now - this.#last), 100)
    this.#last = now
    const hurry = this.endless ? 0 : Math.max(0, elapsed - PATIENCE) / HURRY
    this.#due =
      this.reducedMotion && !this.endless
        ? clock.now + 1e12
        : Math.max(this.#due, clock.now) + passed * RHYTHM * 2 ** Math.min(hurry, 40)
    const target = Math.min(this.#due, this.#pressedAt + LIMIT)
    const until = performance.now() + SLICE
    // What a background job still fetches has to be there, too: a replay, where it is, must find the same world.
    const ended = (): boolean =>
      !this.#machines.busy && world.scheduler.external === 0 && world.scheduler.idle
    do {
      const next = clock.nextAt() ?? target
      const outcome = world.advance(ended, Math.min(target, Math.max(next, clock.now) + GRAIN))
      if (outcome === 'external') return 'wait'
      if (outcome === 'runaway') {
        this.#play.limit('runaway')
        return 'on'
      }
      if (ended()) return 'end'
      if (clock.now >= this.#pressedAt + LIMIT) {
        this.#pressedAt = clock.now
        this.#play.limit('limit')
        return this.#machines.busy ? 'on' : 'end'
      }
    } while (clock.now < target && performance.now() < until)
    return 'on'
  }

  /** Code that a program needs is on its way; time stands still until it is there. */
  #wait(): void {
    const { scheduler } = this.#world
    this.#running = false
    const on = () => {
      if (this.#stopped || this.#running) return
      this.#running = true
      this.#last = performance.now()
      requestAnimationFrame(this.#frame)
    }
    scheduler.onExternal = on
    if (scheduler.external === 0) on()
  }
}

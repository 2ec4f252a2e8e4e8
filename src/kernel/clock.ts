/** A scheduled call. Held by whoever may want to cancel it. */
export interface Timer {
  at: number
  seq: number
  fn: (arg: unknown) => void
  arg: unknown
  /** Place in the heap, -1 when it is not (or no longer) queued. */
  slot: number
}

/** Nanoseconds in the units that people write. */
export const MS = 1e6
export const SEC = 1e9

/**
 * Virtual time: integer nanoseconds since the world was made, and one queue of events (a binary heap ordered by time,
 * then by the order of scheduling, so that equal times are first come, first served).
 */
export class Clock {
  now = 0
  #heap: Timer[] = []
  #seq = 0

  /** Calls `fn(arg)` in `delay` ns. Fractions are dropped: time is an integer. */
  schedule<T>(delay: number, fn: (arg: T) => void, arg: T): Timer
  schedule(delay: number, fn: () => void): Timer
  schedule(delay: number, fn: (arg: never) => void, arg?: unknown): Timer {
    const at = this.now + (delay > 0 ? Math.floor(delay) : 0)
    const t: Timer = { at, seq: this.#seq++, fn: fn as (arg: unknown) => void, arg, slot: this.#heap.length }
    this.#heap.push(t)
    this.#up(t)
    return t
  }

  /** Takes a timer out of the queue; one that has already run, or was never queued, is left alone. */
  cancel(t: Timer | undefined): void {
    if (t === undefined || t.slot < 0) return
    const last = this.#heap.pop() as Timer
    if (last !== t) {
      last.slot = t.slot
      this.#heap[t.slot] = last
      this.#up(last)
      this.#down(last)
    }
    t.slot = -1
  }

  /** When the next event is due, undefined when nothing is queued. */
  nextAt(): number | undefined {
    return this.#heap[0]?.at
  }

  /** Moves time to the next event and runs it; false when there is none. */
  runNext(): boolean {
    const t = this.#heap[0]
    if (t === undefined) return false
    const last = this.#heap.pop() as Timer
    if (last !== t) {
      last.slot = 0
      this.#heap[0] = last
      this.#down(last)
    }
    t.slot = -1
    if (t.at > this.now) this.now = t.at
    t.fn(t.arg)
    return true
  }

  /** Moves time to `at` where nothing happens before it. */
  skipTo(at: number): void {
    if (at > this.now) this.now = Math.floor(at)
  }

  get pending(): number {
    return this.#heap.length
  }

  #up(t: Timer): void {
    const h = this.#heap
    let i = t.slot
    while (i > 0) {
      const p = (i - 1) >> 1
      const parent = h[p] as Timer
      if (parent.at < t.at || (parent.at === t.at && parent.seq < t.seq)) break
      h[i] = parent
      parent.slot = i
      i = p
    }
    h[i] = t
    t.slot = i
  }

  #down(t: Timer): void {
    const h = this.#heap
    const n = h.length
    let i = t.slot
    for (;;) {
      let c = 2 * i + 1
      if (c >= n) break
      let child = h[c] as Timer
      const right = h[c + 1]
      if (right !== undefined && (right.at < child.at || (right.at === child.at && right.seq < child.seq))) {
        child = right
        c++
      }
      if (t.at < child.at || (t.at === child.at && t.seq < child.seq)) break
      h[i] = child
      child.slot = i
      i = c
    }
    h[i] = t
    t.slot = i
  }
}

/** Commands that run without virtual time moving before time is made to move. */
const BATCH = 1000
/** What the first batch costs: a microsecond a command, as on a real machine. */
const FIRST_BATCH_NS = 1e6
const GROWTH = 1.1

/**
 * The cost of work that takes no time in this model. A loop that only computes (`while :; do :; done`, `yes`) must let time
 * pass, or nothing else would ever happen; and it must come to the end of any time limit in a bounded number of steps, so
 * each batch costs a tenth more than the one before: 20 s are over after some 80,000 trivial commands.
 */
export class Spin {
  #count = 0
  #cost = FIRST_BATCH_NS

  /** Counts `work` trivial commands; what to sleep now in ns, mostly 0. */
  charge(work: number): number {
    this.#count += work
    if (this.#count < BATCH) return 0
    this.#count = 0
    this.#cost *= GROWTH
    return Math.floor(this.#cost)
  }

  /** A new command was typed: computing is cheap again. */
  reset(): void {
    this.#count = 0
    this.#cost = FIRST_BATCH_NS
  }
}

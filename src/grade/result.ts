import type { Cause } from '../kernel/sim.ts'
import type { DropReason } from '../kernel/trace.ts'
import type { Journey } from './journey.ts'

/** Words for people, in whichever language: a key of src/i18n/*.json under `grade.`, and what goes into it. */
export interface Message {
  readonly key: string
  readonly args: Readonly<Record<string, string | number>>
}

export const say = (key: string, args: Record<string, string | number> = {}): Message => ({ key, args })

/** The hop where it went wrong. */
export interface Place {
  /** How many machines the packet had passed: 0 where it never left. Switches without an address don't count. */
  readonly hop: number
  /** The machines from the first to this one. */
  readonly way: readonly string[]
  readonly node: string
  /** What stopped it there. */
  readonly fact: Message
  readonly reason: DropReason | undefined
  /** The learner's own command (or the lab's) through which it stopped. */
  readonly cause: Cause | undefined
}

/** pass, fail with the evidence, or error: could not be run, which is never counted as reached. */
export type Verdict =
  | { readonly outcome: 'pass'; readonly journey?: Journey }
  | {
      readonly outcome: 'fail'
      readonly expected: Message
      readonly actual: Message
      readonly place?: Place
      readonly journey?: Journey
    }
  | { readonly outcome: 'error'; readonly why: Message }

export interface GoalResult {
  readonly id: string
  readonly verdict: Verdict
}

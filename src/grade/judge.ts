import { bootWorld } from '../lab/boot.ts'
import { drive } from '../lab/console.ts'
import type { Lab } from '../lab/lab.ts'
import type { LogEntry } from '../lab/world.ts'
import { World } from '../lab/world.ts'
import type { Program } from '../userland/program.ts'
import { evaluate } from './evaluate.ts'
import type { Exercise, Goal } from './exercise.ts'
import type { GoalResult } from './result.ts'

/**
 * Judges the goals of an exercise, each on a world of its own that did the same as the learner's, so that judging leaves no
 * trace. Spare worlds are kept in step: a judgement runs only the new commands in them, and `prepare` makes new ones for
 * those that it used up.
 */
export class Judge {
  readonly #exercise: Exercise
  readonly #lab: Lab
  readonly #programs: readonly Program[]
  #spares: World[] = []

  constructor(exercise: Exercise, lab: Lab, programs: readonly Program[]) {
    this.#exercise = exercise
    this.#lab = lab
    this.#programs = programs
  }

  /** All goals, for the state that `main` is in now. */
  async judge(main: World): Promise<GoalResult[]> {
    const results: GoalResult[] = []
    for (const goal of this.#exercise.goals) results.push(await this.judgeGoal(goal, main))
    return results
  }

  async judgeGoal(goal: Goal, main: World): Promise<GoalResult> {
    const fork = await this.#inStep(this.#spares.pop(), main)
    const verdict = await drive(fork, evaluate(fork, goal.check))
    fork.throwBug()
    return { id: goal.id, verdict }
  }

  /** Makes one spare world, in step with `main`, if one is missing; true while more are. To be called when there is time. */
  async prepare(main: World): Promise<boolean> {
    const wanted = this.#exercise.goals.length
    if (this.#spares.length < wanted) this.#spares.push(await this.#inStep(undefined, main))
    return this.#spares.length < wanted
  }

  /** A spare world brought to where `main` is; a new one where it can't be (the learner took a command back). */
  async #inStep(spare: World | undefined, main: World): Promise<World> {
    let world = spare
    if (world === undefined || !continues(world.log, main.log) || world.sim.clock.now > main.sim.clock.now) {
      world = await bootWorld(this.#lab, this.#programs)
    }
    await drive(world, world.replay(main.log.slice(world.log.length), main.sim.clock.now))
    return world
  }
}

/** Is `done` the beginning of `log`? Entries are shared between a world and its replays, so the last one decides. */
const continues = (done: readonly LogEntry[], log: readonly LogEntry[]): boolean =>
  done.length <= log.length && (done.length === 0 || done.at(-1) === log[done.length - 1])

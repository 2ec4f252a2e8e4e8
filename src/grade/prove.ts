import { bootWorld } from '../lab/boot.ts'
import { drive } from '../lab/console.ts'
import type { Lab } from '../lab/lab.ts'
import { typeSession } from '../lab/run.ts'
import type { Session } from '../lab/session.ts'
import type { Program } from '../userland/program.ts'
import type { Exercise } from './exercise.ts'
import { Judge } from './judge.ts'
import type { GoalResult } from './result.ts'

/** Types a session into a new world of the lab and judges the goals where it ends. A simulator bug is thrown. */
export const gradeSession = async (
  exercise: Exercise,
  lab: Lab,
  session: Session,
  programs: readonly Program[],
): Promise<GoalResult[]> => {
  const world = await bootWorld(lab, programs)
  await drive(world, typeSession(world, session))
  const results = await new Judge(exercise, lab, programs).judge(world)
  world.throwBug()
  return results
}

/** A promise of an exercise that does not hold: which of its sessions, and what came instead. */
export interface Broken {
  /** `start`, `solution 1`, `wrong 2` */
  readonly of: string
  readonly what: string
  /** Line of the session's first prompt in the exercise's file, as far as it is known (from 1 within the session). */
  readonly line: number | undefined
}

/**
 * An exercise proves itself: at the start a goal fails and none errs; every solution passes all; every wrong session
 * fails exactly the goals that it names.
 */
export const proveExercise = async (
  exercise: Exercise,
  lab: Lab,
  programs: readonly Program[],
): Promise<Broken[]> => {
  const broken: Broken[] = []
  const grade = (session: Session) => gradeSession(exercise, lab, session, programs)
  const nodes = lab.nodes.map((n) => n.name)
  const outcomes = (results: readonly GoalResult[], outcome: string): string[] =>
    results.filter((r) => r.verdict.outcome === outcome).map((r) => r.id)

  const start = await grade({ nodes, commands: [] })
  if (outcomes(start, 'fail').length === 0)
    broken.push({ of: 'start', what: 'no goal fails: there is nothing to do', line: undefined })
  const erred = outcomes(start, 'error')
  if (erred.length > 0)
    broken.push({ of: 'start', what: `could not be judged: ${erred.join(', ')}`, line: undefined })

  for (const [i, { session }] of exercise.solutions.entries()) {
    const missed = (await grade(session))
      .filter((r) => r.verdict.outcome !== 'pass')
      .map((r) => `${r.id} (${r.verdict.outcome})`)
    if (missed.length > 0)
      broken.push({
        of: `solution ${i + 1}`,
        what: `does not reach ${missed.join(', ')}`,
        line: session.commands[0]?.line,
      })
  }
  for (const [i, { session, fails }] of exercise.wrong.entries()) {
    const results = await grade(session)
    const failed = outcomes(results, 'fail')
    const errors = outcomes(results, 'error')
    const line = session.commands[0]?.line
    const of = `wrong ${i + 1}`
    if (errors.length > 0) broken.push({ of, what: `could not be judged: ${errors.join(', ')}`, line })
    const [extra, lacking] = [
      failed.filter((f) => !fails.includes(f)),
      fails.filter((f) => !failed.includes(f)),
    ]
    if (extra.length > 0) broken.push({ of, what: `also fails ${extra.join(', ')}`, line })
    if (lacking.length > 0) broken.push({ of, what: `does not fail ${lacking.join(', ')}`, line })
  }
  return broken
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseExercise, type Exercise } from '../grade/exercise.ts'
import { gradeSession } from '../grade/prove.ts'
import type { GoalResult } from '../grade/result.ts'
import type { Lab } from '../lab/lab.ts'
import { PROGRAMS } from '../userland/table.ts'
import { CliError, EXERCISES, loadLab, loadSession, parseArgs, readText, shown } from './files.ts'
import { sayIn } from './words.ts'

/** hop grade EXERCISE SESSION [--json]: goals, outcomes, evidence; status 0 only if all pass. */
export const main = async (words: readonly string[]): Promise<number> => {
  const { rest, flags } = parseArgs(words, ['--json'])
  const [id, script] = rest
  if (id === undefined || script === undefined || rest.length > 2)
    throw new CliError('an exercise and a session are needed', true)
  const { exercise, lab } = loadExercise(id)
  const results = await gradeSession(exercise, lab, loadSession(script, lab), PROGRAMS)
  if (flags.has('--json'))
    process.stdout.write(JSON.stringify({ exercise: id, goals: results.map(plain) }, undefined, 2) + '\n')
  else for (const r of results) process.stdout.write(report(exercise, r))
  return results.every((r) => r.verdict.outcome === 'pass') ? 0 : 1
}

export const loadExercise = (id: string): { exercise: Exercise; lab: Lab } => {
  const path = join(EXERCISES, id + '.yml')
  if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id) || !existsSync(path))
    throw new CliError(`no exercise "${id}" in content/exercises`)
  let lab: Lab | undefined
  const exercise = parseExercise(readText(path), shown(path), id, (name) => {
    try {
      return (lab = loadLab(name))
    } catch (e) {
      if (e instanceof CliError) return undefined
      throw e
    }
  })
  return { exercise, lab: lab as Lab }
}

const SIGN = { pass: 'pass ', fail: 'fail ', error: 'error' } as const

const report = (exercise: Exercise, { id, verdict }: GoalResult): string => {
  const goal = exercise.goals.find((g) => g.id === id)
  const lines = [`${SIGN[verdict.outcome]} ${id}: ${goal?.text.en ?? ''}`]
  if (verdict.outcome === 'error') lines.push('      ' + sayIn('en', verdict.why))
  if (verdict.outcome === 'fail') {
    lines.push(
      '      expected: ' + sayIn('en', verdict.expected),
      '      actual:   ' + sayIn('en', verdict.actual),
    )
    const { place } = verdict
    if (place) {
      lines.push(`      where:    hop ${place.hop}, ${place.node}: ${sayIn('en', place.fact)}`)
      if (place.cause)
        lines.push(
          `      through:  ${place.cause.node}$ ${place.cause.command}${place.cause.n === 0 ? ' (of the lab)' : ''}`,
        )
    }
  }
  return lines.join('\n') + '\n'
}

/** The verdict without its packets, in English words. */
const plain = ({ id, verdict }: GoalResult): Record<string, unknown> => {
  switch (verdict.outcome) {
    case 'pass':
      return { id, outcome: 'pass' }
    case 'error':
      return { id, outcome: 'error', why: sayIn('en', verdict.why) }
    case 'fail':
      return {
        id,
        outcome: 'fail',
        expected: sayIn('en', verdict.expected),
        actual: sayIn('en', verdict.actual),
        ...(verdict.place && {
          where: {
            hop: verdict.place.hop, node: verdict.place.node, fact: sayIn('en', verdict.place.fact), reason: verdict.place.reason,
            through: verdict.place.cause,
          }, // prettier-ignore
        }),
      }
  }
}

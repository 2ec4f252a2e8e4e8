import { expect, it } from 'vitest'
import { proveExercise } from '../../src/grade/prove.ts'
import { exercise, exerciseIds, lab } from '../../src/site/catalog.ts'
import { PROGRAMS } from '../../src/userland/table.ts'

it('finds exercises', () => {
  expect(exerciseIds().length).toBeGreaterThan(0)
})

it.each(exerciseIds())('%s proves itself', async (id) => {
  const ex = exercise(id)
  expect(ex.solutions.length).toBeGreaterThan(0)
  expect(ex.wrong.length).toBeGreaterThan(0)
  expect(await proveExercise(ex, lab(ex.lab), PROGRAMS)).toEqual([])
})

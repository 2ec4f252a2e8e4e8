/** The simulator prints what real Linux printed: every golden is typed into it. Needs no Linux. */
import { expect, test } from 'vitest'
import { compareSessions, type Failed } from '../../src/lab/compare.ts'
import { runSession } from '../../src/lab/run.ts'
import { PROGRAMS } from '../../src/userland/table.ts'
import { goldens, readGolden } from './golden.ts'
import { KNOWN_DIFFERENCES } from './known-differences.ts'

const paths = await goldens()
const prompt = ({ node, command }: Failed) => `${node}$ ${command}`

test.each(paths)('%s', async (path) => {
  const { lab, session } = await readGolden(path)
  const ours = await runSession(lab, session, PROGRAMS)
  ours.world.throwBug()
  const { failed } = compareSessions(session, ours.session)
  const known = KNOWN_DIFFERENCES.filter((row) => `src/${row.golden}` === path)
  const unknown = failed.filter((f) => !known.some((row) => row.command === prompt(f)))
  expect(unknown.map((f) => [`${f.n} ${prompt(f)}`, ...f.diff.slice(0, 12)].join('\n')).join('\n\n')).toBe('')
  const stale = known.filter((row) => !failed.some((f) => prompt(f) === row.command))
  expect(stale, 'rows of known-differences.ts that no longer differ').toEqual([])
})

test('known differences belong to a golden and say why', () => {
  for (const row of KNOWN_DIFFERENCES) {
    expect(paths).toContain(`src/${row.golden}`)
    expect(row.reason.length, row.command).toBeGreaterThan(10)
  }
})

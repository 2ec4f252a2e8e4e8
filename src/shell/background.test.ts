/** What stands where when a process in the background prints: on a real machine chance has a word in it, here it has not. */
import { expect, test } from 'vitest'
import { bootWorld } from '../lab/boot.ts'
import { parseLab } from '../lab/lab.ts'
import { typeSession } from '../lab/run.ts'
import { drive } from '../lab/console.ts'
import { parseSession, printSession } from '../lab/session.ts'
import { PROGRAMS } from '../userland/table.ts'

const LAB = parseLab('name: x\ntopology:\n  nodes:\n    A: { kind: linux }\n', 'x.clab.yml')

test('the prompt stands before a background process prints; what comes next waits for it', async () => {
  const world = await bootWorld(LAB, PROGRAMS)
  const script = 'A$ hostname &\nA$ echo a\nA$ (echo b) &\nA$ uname\nA$ nosuch &\nA$ sleep 0.1\n'
  const shown = printSession(await drive(world, typeSession(world, parseSession(script, ['A'], 'x'))))
  expect(shown.replace(/\] \d+$/gm, '] N')).toBe(
    [
      'A$ hostname &',
      '[1] N',
      'A$ echo a',
      'a',
      'A$ (echo b) &',
      '[2] N',
      'A$ uname',
      'A',
      'b',
      'Linux',
      '[1]-  Done                    hostname',
      '[2]+  Done                    ( echo b )',
      'A$ nosuch &',
      '[1] N',
      'A$ sleep 0.1',
      'bash: nosuch: command not found',
      '[1]+  Exit 127                nosuch',
      '',
    ].join('\n'),
  )
})

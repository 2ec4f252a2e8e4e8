import { expect, test } from 'vitest'
import { Console, drive } from '../../lab/console.ts'
import { bootWorld } from '../../lab/boot.ts'
import { parseLab } from '../../lab/lab.ts'
import { PROGRAMS } from '../table.ts'

const LAB = parseLab('name: x\ntopology:\n  nodes:\n    A: { kind: linux }\n', 'x.clab.yml')

test('a negative interval leaves no time between packets, and Ctrl-C ends it all the same', async () => {
  const world = await bootWorld(LAB, PROGRAMS)
  const console = new Console(world, 'A')
  await drive(world, console.run('ping -i -1 127.0.0.1', { node: 'A', command: '', n: 1 }))
  const shown = console.take().filter((l) => typeof l === 'string')
  expect(shown.at(-2)).toMatch(/^\d{4,} packets transmitted, \d+ received/)
  expect(console.idle).toBe(true)
})

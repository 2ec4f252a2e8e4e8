import { expect, test } from 'vitest'
import { drive, Console } from './console.ts'
import { bootWorld } from './boot.ts'
import { parseLab } from './lab.ts'
import type { Program } from '../userland/program.ts'
import { PROGRAMS } from '../userland/table.ts'

const LAB = parseLab('name: x\ntopology:\n  nodes:\n    A: { kind: linux }\n', 'x.clab.yml')

test('a bug of ours is not passed over', async () => {
  const buggy: Program = {
    path: '/usr/bin/oops',
    package: 'oops',
    // eslint-disable-next-line require-yield
    main: function* () {
      throw new RangeError('ours')
    },
  }
  const world = await bootWorld(LAB, [...PROGRAMS, buggy])
  const console = new Console(world, 'A')
  const type = (text: string) => drive(world, console.run(text, { node: 'A', command: text, n: 1 }))
  await type('false')
  expect(() => {
    world.throwBug()
  }).not.toThrow()
  await type('oops')
  expect(console.status).toBe(70)
  expect(() => {
    world.throwBug()
  }).toThrow('ours')
})

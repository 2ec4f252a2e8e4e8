import type { Program } from '../userland/program.ts'
import { drive } from './console.ts'
import type { Lab } from './lab.ts'
import { World } from './world.ts'

/** A new world of `lab` whose `exec` lines have run. */
export const bootWorld = async (lab: Lab, programs: readonly Program[]): Promise<World> => {
  const world = new World(lab, programs)
  await drive(world, world.exec())
  return world
}

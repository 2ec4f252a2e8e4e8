/** The drawing of a lab as it stands before anyone types, for the page's HTML: the widget then draws the same in its place. */
import { frame, shapes } from '../components/widget/svg.ts'
import { tall } from '../components/widget/tall.ts'
import { wide } from '../components/widget/wide.ts'
import { bootWorld } from '../lab/boot.ts'
import type { Lab } from '../lab/lab.ts'
import { type Topology, topology } from '../lab/topology.ts'
import { PROGRAMS } from '../userland/table.ts'

/** Booted once per lab object; catalog.ts gives the same object while the file is the same. */
const booted = new WeakMap<Lab, Promise<Topology>>()

async function boot(lab: Lab): Promise<Topology> {
  const world = await bootWorld(lab, PROGRAMS)
  return topology(world)
}

/** Both layouts as SVG markup; CSS chooses by the width of the container. `alt` is what a screen reader says. */
export async function drawn(lab: Lab, alt: string): Promise<string> {
  const ready = booted.get(lab) ?? boot(lab)
  booted.set(lab, ready)
  const t = await ready
  return [wide(t), tall(t)].map((scene) => frame(scene, shapes(scene), alt)).join('')
}

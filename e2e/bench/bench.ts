/**
 * `npm run bench`: speed and size, each beside its aim. Machines differ and are noisy: read the ratios; nothing here is a
 * test. `node e2e/bench/bench.ts world|page` runs one part.
 */
import { benchPage } from './page.ts'
import { benchWorld } from './world.ts'

export interface Row {
  readonly what: string
  readonly is: string
  readonly aim: string
  readonly good: boolean
}

const PARTS: Readonly<Record<string, () => Promise<Row[]>>> = { world: benchWorld, page: benchPage }

const asked = process.argv.slice(2)
const rows: Row[] = []
for (const [name, part] of Object.entries(PARTS))
  if (asked.length === 0 || asked.includes(name)) rows.push(...(await part()))
const width = (f: (r: Row) => string): number => Math.max(...rows.map((r) => f(r).length))
const [w1, w2] = [width((r) => r.what), width((r) => r.is)]
for (const r of rows)
  console.log(`${r.good ? 'ok ' : 'OFF'}  ${r.what.padEnd(w1)}  ${r.is.padStart(w2)}   aim ${r.aim}`)

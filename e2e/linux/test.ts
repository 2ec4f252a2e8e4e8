/**
 * Records all goldens afresh on this kernel and compares them with the stored ones: `npm run test:linux [GOLDEN...]`.
 * Chance on the real machine must not fail a build, so a difference counts only if it shows twice, the second time when
 * the rest is done and the machine is quiet.
 */
import { performance } from 'node:perf_hooks'
import { compareSessions, type Failed } from '../../src/lab/compare.ts'
import { goldens, readGolden, type Golden } from './golden.ts'
import { missing } from './packages.ts'
import { record } from './record.ts'

/** Most of the time the machines sleep. */
const AT_ONCE = 8
/** What a test says that could not run (as automake has it). */
const NOT_RUN = 77

interface Result {
  readonly golden: Golden
  readonly failed: readonly Failed[]
  readonly seconds: number
}

/** `before`: what differed the last time; nothing else counts. */
async function check(path: string, before?: readonly Failed[]): Promise<Result> {
  const golden = await readGolden(path)
  const started = performance.now()
  const { failed } = compareSessions(golden.session, await record(golden.lab, golden.session))
  return {
    golden,
    failed: before ? failed.filter((f) => before.some((b) => b.n === f.n)) : failed,
    seconds: (performance.now() - started) / 1000,
  }
}

/** Runs `work` on all of `queue`, AT_ONCE at a time. */
async function each<T>(queue: T[], work: (item: T) => Promise<void>): Promise<void> {
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** Long ones first, so that none of them is left over at the end. */
async function byLength(paths: readonly string[]): Promise<string[]> {
  const weighed = await Promise.all(
    paths.map(async (path) => {
      const { session } = await readGolden(path)
      const waiting = session.commands.filter((c) =>
        /\b(?:ping|sleep|trace\w+|tcpdump|arping)\b|\^C/.test(c.text),
      )
      return { path, weight: waiting.length }
    }),
  )
  return weighed.sort((a, b) => b.weight - a.weight).map((w) => w.path)
}

async function main(args: readonly string[]): Promise<number> {
  const reason = await missing()
  if (reason !== undefined) {
    console.log(`NOT RUN: the recordings were not compared with real Linux, for ${reason}.`)
    return NOT_RUN
  }
  let [passed, failed] = [0, 0]
  const show = (path: string, result: Result) => {
    console.log(`${result.failed.length === 0 ? 'ok  ' : 'FAIL'} ${path} ${result.seconds.toFixed(0)} s`)
    for (const f of result.failed) console.log([`  ${f.n} ${f.node}$ ${f.command}`, ...f.diff].join('\n    '))
    passed += result.golden.session.commands.length - result.failed.length
    failed += result.failed.length
  }
  const again: { path: string; before: readonly Failed[] }[] = []
  await each(await byLength(args.length > 0 ? args : await goldens()), async (path) => {
    const result = await check(path)
    if (result.failed.length === 0) show(path, result)
    else again.push({ path, before: result.failed })
  })
  await each(again, async ({ path, before }) => {
    show(path, await check(path, before))
  })
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))

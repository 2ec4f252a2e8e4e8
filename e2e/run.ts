/**
 * `npm test`: every suite, one after the other, and at the end one line `N passed, N failed` over all of them.
 * What a suite needs (Chromium, the real network tools) is found, or installed by apt where this is a Debian and we are root.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumPath, installChromium } from './browser/chromium.ts'
import { missing } from './linux/packages.ts'

interface Count {
  readonly passed: number
  readonly failed: number
}

const scratch = mkdtempSync(join(tmpdir(), 'hop-test-'))
const env = { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' }

/** Runs a command with its output shown; its exit status. */
const run = (command: string, args: readonly string[], more: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...env, ...more } })
    child.on('error', (e) => {
      console.error(e.message)
      resolve(127)
    })
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)))
  })

/** A check that is one thing: it holds or it does not. */
const single = async (command: string, ...args: string[]): Promise<Count> =>
  (await run(command, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }

const readJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown
  } catch {
    return undefined
  }
}

/** A suite that ended without telling how many tests it ran has failed. */
const told = (status: number, passed: number | undefined, failed: number | undefined): Count => {
  if (passed === undefined || failed === undefined || (passed === 0 && failed === 0))
    return { passed: 0, failed: 1 }
  return status !== 0 && failed === 0 ? { passed, failed: 1 } : { passed, failed }
}

const unit = async (): Promise<Count> => {
  const file = join(scratch, 'vitest.json')
  const status = await run('npx', [
    'vitest',
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  const r = readJson(file) as { numPassedTests?: number; numFailedTests?: number } | undefined
  return told(status, r?.numPassedTests, r?.numFailedTests)
}

const browser = async (): Promise<Count> => {
  if (chromiumPath() === undefined) installChromium()
  if (chromiumPath() === undefined) {
    console.error('No Chromium: install it, or set CHROMIUM_PATH to one. The browser tests did not run.')
    return { passed: 0, failed: 1 }
  }
  const file = join(scratch, 'playwright.json')
  const status = await run('npx', ['playwright', 'test', '--reporter=dot,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  })
  const r = readJson(file) as
    { stats?: { expected?: number; flaky?: number; unexpected?: number } } | undefined
  const { expected, flaky, unexpected } = r?.stats ?? {}
  return told(status, expected === undefined ? undefined : expected + (flaky ?? 0), unexpected)
}

/** A Linux kernel, and root on it. */
const able = process.platform === 'linux' && process.getuid?.() === 0

/** The recordings are made afresh on the real kernel and compared. Where there is none: said, not counted. */
const linux = (): Count => {
  const out = spawnSync('node', ['e2e/linux/test.ts'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  })
  process.stdout.write(out.stdout)
  const NOT_RUN = 77
  if (out.status === NOT_RUN && !able) return { passed: 0, failed: 0 }
  const m = /^(\d+) passed, (\d+) failed$/m.exec(out.stdout)
  return told(out.status ?? 1, m ? Number(m[1]) : undefined, m ? Number(m[2]) : undefined)
}

const SUITES: readonly (readonly [string, () => Count | Promise<Count>])[] = [
  ['format and lint', () => single('npm', 'run', '-s', 'lint')],
  ['types', () => single('npm', 'run', '-s', 'check')],
  ['unit, goldens, exercises, lessons, fuzz', unit],
  ['build', () => single('npm', 'run', '-s', 'build')],
  ['browser', browser],
  ['real Linux', linux],
]

// The unit tests, too, ask the real tools where they are there (e2e/linux/pcap.test.ts).
if (able && existsSync('/usr/bin/apt-get') && (await missing()) !== undefined)
  await run('node', ['e2e/linux/packages.ts'])

let total: Count = { passed: 0, failed: 0 }
const lines: string[] = []
for (const [name, suite] of SUITES) {
  console.log(`\n## ${name}`)
  const started = performance.now()
  const { passed, failed } = await suite()
  total = { passed: total.passed + passed, failed: total.failed + failed }
  lines.push(
    `${failed === 0 ? 'ok  ' : 'FAIL'} ${name}: ${passed} passed, ${failed} failed, ${Math.round((performance.now() - started) / 1000)} s`,
  )
}
rmSync(scratch, { recursive: true, force: true })
console.log(`\n${lines.join('\n')}`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

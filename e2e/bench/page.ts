import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright'
import { chromiumPath } from '../browser/chromium.ts'
import type { Row } from './bench.ts'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))
const LESSON = 'ko/switching/two-machines/'
const PORT = 4331

const gz = (text: string): number => gzipSync(text).length
const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB gz`

/** A script and all that it imports statically. */
const closure = (file: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(file)) return seen
  seen.add(file)
  const code = readFileSync(DIST + '_astro/' + file, 'utf8')
  for (const m of code.matchAll(/(?:^|[;}\n])import\s*(?:[^'"();]*?from\s*)?["']\.\/([\w.~-]+\.js)["']/g))
    closure(m[1] as string, seen)
  return seen
}
const size = (files: Iterable<string>): number =>
  [...files].reduce((n, f) => n + gz(readFileSync(DIST + '_astro/' + f, 'utf8')), 0)

export const benchPage = async (): Promise<Row[]> => {
  if (!existsSync(DIST + LESSON + 'index.html'))
    return [{ what: 'the page', is: 'not built', aim: 'npm run build first', good: false }]
  const html = readFileSync(DIST + LESSON + 'index.html', 'utf8')
  const external = [...html.matchAll(/<script\b[^>]*\bsrc="[^"]*\/_astro\/([^"]+)"/g)].map(
    (m) => m[1] as string,
  )
  const early = new Set(external.flatMap((f) => [...closure(f)]))
  const inline = [
    ...html.matchAll(/<script\b(?![^>]*\bsrc=)(?![^>]*application\/json)[^>]*>([\s\S]*?)<\/script>/g),
  ].map((m) => m[1] as string)
  const before = size(early) + inline.reduce((n, s) => n + gz(s), 0)
  const widget = new Set(
    ['desk', 'exercise'].flatMap((name) => [...closure(chunk(name))]).filter((f) => !early.has(f)),
  )
  const rows: Row[] = [
    {
      what: 'scripts of a lesson before a widget comes near, Starlight’s own included',
      is: kb(before),
      aim: '≤ 15 KB over Starlight’s own',
      good: before <= 15 * 1024,
    },
    {
      what: 'the widget with simulator, shell and drawing',
      is: kb(size(widget)),
      aim: '≤ 160 KB',
      good: size(widget) <= 160 * 1024,
    },
  ]
  return [...rows, ...(await promptTime())]
}

/** The file of a chunk that the page's custom element loads when the widget comes near. */
const chunk = (name: string): string => {
  const files = readdirSync(DIST + '_astro').filter((f) => new RegExp(`^${name}\\.[\\w-]+\\.js$`).test(f))
  if (files.length !== 1) throw new Error(`one chunk ${name}.*.js expected, found ${files.length}`)
  return files[0] as string
}

/**
 * From the moment when the page asks for the terminal, for it has come near or is pressed, to a prompt that takes keys; and
 * to the answer of a command typed at once, which waits until the simulator is there. The processor is slowed down four
 * times.
 */
const promptTime = async (): Promise<Row[]> => {
  const what = 'prompt ready after it is asked for, at 4× CPU slow-down'
  const executablePath = chromiumPath()
  if (executablePath === undefined) return [{ what, is: 'no Chromium', aim: '≤ 300 ms', good: false }]
  const server = spawn('npx', ['astro', 'preview', '--host', '127.0.0.1', '--port', String(PORT)], {
    stdio: 'ignore',
    detached: true,
  })
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const url = `http://127.0.0.1:${PORT}/${LESSON}`
    for (let i = 0; ; i++) {
      if ((await fetch(url).catch(() => undefined))?.ok) break
      if (i > 100 || server.exitCode !== null) throw new Error('the preview server did not start')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    const prompts: number[] = []
    const answers: number[] = []
    for (let i = 0; i < 5; i++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 600 } })
      await page.goto(url)
      const cdp = await page.context().newCDPSession(page)
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
      const [prompt, answer] = await page.evaluate(async () => {
        const host = document.querySelector('hop-exercise') as HTMLElement & { load: () => Promise<void> }
        let started = NaN
        const { load } = host
        host.load = () => {
          if (Number.isNaN(started)) started = performance.now()
          return load.call(host)
        }
        const since = async (ready: () => boolean) => {
          while (!ready()) await new Promise((resolve) => setTimeout(resolve, 5))
          return performance.now() - started
        }
        host.scrollIntoView()
        const stands = await since(() => host.querySelector('.term-prompt')?.textContent === 'A$ ')
        const input = host.querySelector('textarea') as HTMLTextAreaElement
        input.value = 'ip -br addr'
        input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
        const says = () => host.querySelector('[role="log"]')?.textContent.includes('127.0.0.1/8') === true
        return [stands, await since(says)] as const
      })
      prompts.push(prompt)
      answers.push(answer)
      await page.close()
    }
    const median = (xs: number[]): number => xs.sort((a, b) => a - b)[2] as number
    const ms = median(prompts)
    return [
      { what, is: `${Math.round(ms)} ms`, aim: '≤ 300 ms', good: ms <= 300 },
      {
        what: 'the first command answered, typed as soon as the prompt stands',
        is: `${Math.round(median(answers))} ms`,
        aim: '≤ 1500 ms',
        good: median(answers) <= 1500,
      },
    ]
  } finally {
    await browser.close()
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid)
  }
}

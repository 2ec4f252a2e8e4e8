/** What every spec of the site leans on: the pages that were built, and a page that lets no mistake pass. */
import { globSync, readFileSync } from 'node:fs'
import { test as base, expect } from '@playwright/test'

const DIST = new URL('../../dist/', import.meta.url)

/** URL paths of all built pages, without the page for missing ones. */
export const builtPages = (): string[] =>
  globSync('**/index.html', { cwd: DIST })
    .map((f) => `/${f.replace(/index\.html$/, '')}`)
    .sort()

export const html = (path: string): string => readFileSync(new URL(`.${path}index.html`, DIST), 'utf8')

/** The lesson that comes first, in one language. */
export const lessonPages = (lang: string): string[] =>
  builtPages().filter((p) => new RegExp(`^/${lang}/[^/]+/[^/]+/$`).test(p))

/** A page on which an error in the console, an exception or a policy violation fails the test. */
export const test = base.extend<{ quiet: void }>({
  quiet: [
    async ({ page }, use) => {
      const said: string[] = []
      page.on('console', (m) => {
        if (m.type() === 'error' || m.type() === 'warning') said.push(m.text())
      })
      page.on('pageerror', (e) => said.push(String(e)))
      await use()
      expect(said).toEqual([])
    },
    { auto: true },
  ],
})
export { expect }

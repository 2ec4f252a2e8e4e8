import AxeBuilder from '@axe-core/playwright'
import { builtPages, expect, html, lessonPages, test } from './pages.ts'

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

test.describe('every page', () => {
  // Half of the four pairs each; both themes and both widths are seen on every page.
  const views = [
    [390, 'dark'],
    [1280, 'light'],
  ] as const
  for (const path of builtPages())
    for (const [width, theme] of views)
      test(`${path} at ${width}, ${theme}: accessible, no wider than the screen`, async ({ page }) => {
        await page.emulateMedia({ colorScheme: theme })
        await page.setViewportSize({ width, height: 800 })
        await page.goto(path)
        await page.evaluate(() => document.fonts.ready)
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(wider).toBeLessThanOrEqual(0)
        const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze()
        expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => String(n.target)).join(', ')}`)).toEqual(
          [],
        )
      })

  test('has a policy without unsafe-inline and unsafe-eval', () => {
    for (const path of builtPages()) {
      const policy = /http-equiv="content-security-policy" content="([^"]*)"/.exec(html(path))?.[1] ?? ''
      expect(policy).toContain("script-src 'self'")
      expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'/)
      expect(html(path), path).not.toMatch(/<[^>]+\sstyle="/)
    }
  })

  test('prints no Markdown mark outside code', () => {
    for (const path of builtPages()) {
      const text = html(path)
        .replaceAll(/<(script|style|template|pre|code|title)\b[\s\S]*?<\/\1>/g, '')
        .replaceAll(/<[^>]*>/g, '')
      expect(text.match(/.{0,30}(\*\*|\*\S+\*|__).{0,30}/)?.[0], path).toBeUndefined()
    }
  })

  test('has only links that lead somewhere', () => {
    const pages = new Set(builtPages())
    for (const path of pages)
      for (const [, to = ''] of html(path).matchAll(/<a\b[^>]*\shref="([^"]+)"/g)) {
        const url = new URL(to, `http://x${path}`)
        if (url.host !== 'x') continue
        expect(pages.has(url.pathname), `${path} → ${to}`).toBe(true)
        if (url.hash === '') continue
        const there = html(url.pathname)
        expect(there.includes(`id="${decodeURIComponent(url.hash.slice(1))}"`), `${path} → ${to}`).toBe(true)
      }
  })

  test('exists in both languages', () => {
    const of = (lang: string) => builtPages().flatMap((p) => (p.startsWith(`/${lang}/`) ? [p.slice(3)] : []))
    expect(of('ko')).toEqual(of('en'))
    expect(of('ko').length).toBeGreaterThan(3)
  })
})

test.describe('languages', () => {
  for (const [locale, lang, name] of [
    ['ko-KR', 'ko', '한 홉씩'],
    ['en-GB', 'en', 'Hop by Hop'],
    ['de-DE', 'en', 'Hop by Hop'],
  ] as const)
    test.describe(locale, () => {
      test.use({ locale })
      test('/ greets in the language of the browser and offers the other', async ({ page }) => {
        await page.goto('/')
        await expect(page.locator('html')).toHaveAttribute('lang', lang)
        await expect(page).toHaveTitle(name)
        const doors = page.locator('.door section')
        const y = async (l: string) => (await doors.and(page.locator(`[lang="${l}"]`)).boundingBox())?.y ?? 0
        expect(await y(lang)).toBeLessThan(await y(lang === 'ko' ? 'en' : 'ko'))
        await page.locator(`a[href$="/${lang}/"]`).click()
        await expect(page.locator('html')).toHaveAttribute('lang', lang)
      })
    })

  test('the switch stays on the same page', async ({ page }) => {
    const [lesson = '/ko/course/'] = lessonPages('ko')
    await page.goto(lesson)
    await page.getByRole('link', { name: 'English' }).first().click()
    await expect(page).toHaveURL(new RegExp(lesson.replace('/ko/', '/en/')))
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  })

  test('a missing page speaks both', async ({ request }) => {
    const answer = await request.get('/ko/nowhere/')
    expect(answer.status()).toBe(404)
    const text = await answer.text()
    expect(text).toContain('페이지를 찾을 수 없습니다')
    expect(text).toContain('lang="en"')
  })
})

test.describe('theme', () => {
  test('follows the system, then the reader', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto('/en/')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await page.locator('.top').getByRole('button', { name: 'Light' }).click()
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
    await page.reload()
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  })
})

test.describe('search', () => {
  test('finds, by keyboard alone, in Korean', async ({ page }) => {
    await page.goto('/ko/')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('과정')
    await expect(page.locator('.find-results a').first()).toBeVisible()
    await page.keyboard.press('ArrowDown')
    await expect(page.locator('.find-results a').first()).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page).not.toHaveURL(/\/ko\/$/)
  })
  test('says when there is nothing, and closes with Escape', async ({ page }) => {
    await page.goto('/en/')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill('zyzzyva')
    await expect(page.locator('.find-count')).toContainText('zyzzyva')
    await page.keyboard.press('Escape')
    await expect(page.locator('#find')).toBeHidden()
  })
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })
  test('the menu opens, leads and closes', async ({ page }) => {
    await page.goto('/en/course/')
    const menu = page.getByRole('button', { name: 'Menu' })
    await expect(page.locator('.side')).toBeHidden()
    await menu.click()
    await expect(page.locator('.side')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.locator('.side')).toBeHidden()
    await menu.click()
    await page.locator('.side').getByRole('link', { name: 'Commands' }).click()
    await expect(page).toHaveURL(/\/en\/reference\/$/)
  })
})

test.describe('progress', () => {
  const lesson = lessonPages('en').find((p) => html(p).includes('data-kind="exercise"'))
  test('marks a lesson whose exercises are solved', async ({ page }) => {
    expect(lesson, 'a lesson with an exercise').toBeDefined()
    const ids = [...html(lesson ?? '').matchAll(/data-kind="exercise" data-id="([^"]+)"/g)].map(
      (m) => m[1] ?? '',
    )
    const solved = Object.fromEntries(
      ids.map((id) => [id, { solved: '2026-01-01T00:00:00.000Z', how: 'own' }]),
    )
    await page.addInitScript((text) => {
      localStorage.setItem('hop:progress:v1', text)
    }, JSON.stringify(solved))
    await page.goto('/en/course/')
    const slug = (lesson ?? '').replace(/^\/en\/|\/$/g, '')
    const item = page.locator(`.lessons li[data-lesson="${slug}"]`)
    await expect(item).toHaveClass(/done/)
    await expect(item.locator('.state')).toHaveText('done')
  })
  test('is not read from anything else', async ({ page }) => {
    await page.addInitScript(() => {
      localStorage.setItem('hop:progress:v1', '{"a":1,"switching')
      localStorage.setItem('hop:read:v1', '[]')
    })
    await page.goto('/en/course/')
    await expect(page.locator('.lessons .done')).toHaveCount(0)
  })
})

test.describe('scripts', () => {
  test('of a lesson, before its widget comes near, stay below 15 KB', async ({ page }) => {
    const [path = ''] = lessonPages('en')
    let bytes = 0
    page.on('response', (r) => {
      if (!/\.js$/.test(new URL(r.url()).pathname)) return
      void r.body().then((b) => {
        bytes += b.length
      })
    })
    // Without IntersectionObserver nothing is ever near.
    await page.addInitScript(() => {
      window.IntersectionObserver = class {
        observe() {
          return undefined
        }
        disconnect() {
          return undefined
        }
      } as unknown as typeof IntersectionObserver
    })
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    // Not compressed by the preview server: the compressed size, which counts, is smaller still.
    expect(bytes).toBeGreaterThan(1000)
    expect(bytes).toBeLessThan(15 * 1024)
  })
})

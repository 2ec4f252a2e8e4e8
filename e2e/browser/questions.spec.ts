import type { Page } from '@playwright/test'
import { expect, html, lessonPages, test } from './pages.ts'

const withTag = (tag: RegExp) => lessonPages('en').find((p) => tag.test(html(p))) ?? ''
const open = async (page: Page, path: string) => {
  expect(path, 'a lesson that has one').not.toBe('')
  await page.goto(path)
}

test('a prediction is committed once, by keyboard, and compared with what happened', async ({ page }) => {
  await open(page, withTag(/<hop-quiz[^>]*data-once/))
  const quiz = page.locator('hop-quiz[data-once]').first()
  await quiz.locator('button').press('Enter')
  await expect(quiz.getByRole('status')).toHaveText('Choose an answer first.')
  await quiz.locator('.choice:not([data-right]) input').first().focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await expect(quiz.getByRole('status')).toHaveText('Not as you predicted. This is what happens.')
  await expect(quiz.locator('.after')).toBeVisible()
  await expect(quiz.locator('.choice[data-right] .mark')).toBeVisible()
  await expect(quiz.locator('input').first()).toBeDisabled()
})

test('a quiz gives the reason of what was chosen, and all reasons once it is right', async ({ page }) => {
  await open(page, withTag(/<hop-quiz(?![^>]*data-once)/))
  const quiz = page.locator('hop-quiz:not([data-once])').first()
  const wrong = quiz.locator('.choice:not([data-right])').first()
  await wrong.locator('input').check()
  await quiz.locator('button').click()
  await expect(quiz.getByRole('status')).toHaveText('Think again.')
  await expect(wrong.locator('.why')).toBeVisible()
  await expect(quiz.locator('.choice[data-right] .why').first()).toBeHidden()
  for (const box of await quiz.locator('input[type="checkbox"]').all()) await box.uncheck()
  for (const right of await quiz.locator('.choice[data-right] input').all()) await right.check()
  await quiz.locator('button').click()
  await expect(quiz.getByRole('status')).toHaveText('Right.')
  for (const why of await quiz.locator('.why').all()) await expect(why).toBeVisible()
})

test('a table is judged cell by cell', async ({ page }) => {
  await open(page, withTag(/<hop-fill/))
  const table = page.locator('hop-fill').first()
  const cells = table.locator('input.blank')
  const count = await cells.count()
  const check = table.getByRole('button', { name: 'Check' })
  await cells.first().fill('1.2.3.4')
  await cells.first().press('Enter')
  await expect(table.getByRole('status')).toHaveText(`1 cell to look at again. ${count - 1} cells are empty.`)
  await expect(cells.first()).toBeFocused()
  await expect(cells.first()).toHaveAttribute('aria-invalid', 'true')
  await expect(cells.nth(1)).toHaveAttribute('aria-invalid', 'false')
  for (const cell of await cells.all())
    await cell.fill(
      ` ${((await cell.getAttribute('data-answers')) ?? '').split(';')[0]?.toUpperCase() ?? ''} `,
    )
  await check.click()
  await expect(table.getByRole('status')).toHaveText('All right.')
  await expect(table.getByRole('button', { name: 'Show the answers' })).toBeHidden()
})

test('what is shown is what is right', async ({ page }) => {
  await open(page, withTag(/<hop-fill/))
  const table = page.locator('hop-fill').first()
  await table.getByRole('button', { name: 'Check' }).click()
  await table.getByRole('button', { name: 'Show the answers' }).click()
  await expect(table.getByRole('status')).toHaveText('All right.')
})

test('nothing moves when the widget takes over its shell', async ({ page }) => {
  await page.addInitScript(() => {
    // Nothing is near until the test says so.
    window.IntersectionObserver = class {
      observe() {
        return undefined
      }
      disconnect() {
        return undefined
      }
    } as unknown as typeof IntersectionObserver
  })
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    await open(page, withTag(/data-kind="exercise"/))
    const widget = page.locator('hop-exercise[data-kind="exercise"]').first()
    const height = async () => Math.round((await widget.boundingBox())?.height ?? 0)
    await page.evaluate(() => document.fonts.ready)
    const before = await height()
    expect(before).toBeGreaterThan(300)
    await widget.evaluate((w) => (w as HTMLElement & { load(): Promise<void> }).load())
    await expect(widget).toHaveAttribute('data-state', 'live')
    expect(await height()).toBe(before)
  }
})

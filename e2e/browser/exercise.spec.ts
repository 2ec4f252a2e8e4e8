/** An exercise as a learner does it: typed in the page, in both languages, with right and wrong answers. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './pages.ts'

const LESSON = 'switching/two-machines'
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const WORK = 'hop:work:v1:switching/first-ping'

/** The widget of the lesson's exercise, once its terminal stands ready. */
const open = async (page: Page, lang: string, lesson = LESSON) => {
  await page.goto(`/${lang}/${lesson}/`)
  const widget = page.locator('hop-exercise[data-kind="exercise"]').first()
  await widget.scrollIntoViewIfNeeded()
  await expect(prompt(widget)).toBeVisible()
  await expect(widget.locator('.term:visible .term-prompt')).toHaveText(/\$ $/)
  // The prompt stands before the rest does.
  await expect(widget).toHaveAttribute('data-state', 'live')
  return widget
}
type Widget = Awaited<ReturnType<typeof open>>
const prompt = (widget: Widget | ReturnType<Page['locator']>) => widget.locator('textarea.term-input:visible')
const log = (widget: Widget) => widget.locator('.term:visible [role="log"]')

const type = async (widget: Widget, node: string, command: string) => {
  await widget.locator(`[role="tab"][data-node="${node}"]`).click()
  await prompt(widget).fill(command)
  await prompt(widget).press('Enter')
  await expect(widget.locator('.term:visible .term-prompt')).toHaveText(`${node}$ `)
}

const texts = {
  ko: {
    solved: '모든 패킷이 도착합니다.',
    reached: '달성',
    todo: '아직',
    no: '목표 1: 아직 달성하지 못했습니다',
    expected: '기대',
  },
  en: {
    solved: 'Every packet arrives.',
    reached: 'Reached',
    todo: 'Not yet',
    no: 'Goal 1 is not reached yet',
    expected: 'Expected',
  },
} as const

for (const lang of ['ko', 'en'] as const)
  test.describe(lang, () => {
    const t = texts[lang]

    test('is solved by typing', async ({ page }) => {
      const widget = await open(page, lang)
      const goals = widget.locator('.goals .st')
      await expect(goals.nth(0)).toContainText(t.todo)
      await type(widget, 'A', 'ip addr add 192.168.1.10/24 dev eth0')
      await expect(goals.nth(0)).toContainText(t.todo)
      await type(widget, 'B', 'ip addr add 192.168.1.11/24 dev eth0')
      await expect(goals).toHaveText([t.reached, t.reached])
      await expect(widget.locator('.solved strong')).toHaveText(t.solved)
      await type(widget, 'A', 'ping -c 2 192.168.1.11')
      await expect(log(widget)).toContainText('2 packets transmitted, 2 received, 0% packet loss')
      const progress = await page.evaluate(() => localStorage.getItem('hop:progress:v1'))
      expect(JSON.parse(progress ?? '{}')).toMatchObject({ 'switching/first-ping': { how: 'own' } })
      // The sidebar knows at once.
      await expect(
        page.locator('.stops li[data-lesson="switching/two-machines"], .stops li.current').first(),
      ).toBeAttached()
    })

    test('a wrong answer fails with its reason and the command that caused it', async ({ page }) => {
      const widget = await open(page, lang)
      await type(widget, 'A', 'ip addr add 192.168.1.10/24 dev eth0')
      await type(widget, 'B', 'ip addr add 192.168.1.11 dev eth0')
      await widget.locator('[data-act="check"]').click()
      const result = widget.locator('[data-part="result"]')
      await expect(result.locator('h4')).toHaveText(t.no)
      await expect(result.locator('dt').first()).toHaveText(t.expected)
      // B has a /32 and no route by which to answer: B, and B's own command.
      await expect(result.locator('dd strong')).toContainText('B')
      await expect(result).toContainText('192.168.1.10')
      await expect(result.locator('code')).toHaveText('B$ ip addr add 192.168.1.11 dev eth0')
      await expect(widget.locator('.solved')).toHaveCount(0)
      expect(await page.evaluate(() => localStorage.getItem('hop:progress:v1'))).toBeNull()
    })

    test('what was typed is there after a reload', async ({ page }) => {
      let widget = await open(page, lang)
      await type(widget, 'A', 'ip addr add 192.168.1.10/24 dev eth0')
      await type(widget, 'A', 'echo kept > file; cat file')
      await expect(log(widget)).toContainText('kept')
      await page.reload()
      widget = await open(page, lang)
      await expect(log(widget)).toContainText('A$ ip addr add 192.168.1.10/24 dev eth0')
      await type(widget, 'A', 'cat file; ip -br addr show dev eth0')
      await expect(log(widget)).toContainText(/kept[\s\S]*kept[\s\S]*192\.168\.1\.10\/24/)
      await prompt(widget).press('ArrowUp')
      await prompt(widget).press('ArrowUp')
      await expect(prompt(widget)).toHaveValue('echo kept > file; cat file')
    })
  })

// Each language, theme and width once.
for (const [lang, theme, width] of [
  ['ko', 'light', 390],
  ['ko', 'dark', 1280],
  ['en', 'dark', 390],
  ['en', 'light', 1280],
] as const)
  test(`${lang}, ${theme}, ${width}: no accessibility fault while it is worked on`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    const widget = await open(page, lang)
    await type(widget, 'A', 'ip addr add 192.168.1.10/24 dev eth0; ip -c addr; ping -c 1 192.168.1.11')
    await expect(log(widget)).toContainText('packet loss')
    await widget.locator('[data-act="check"]').click()
    await widget.locator('[data-act="hint"]').click()
    await widget.locator('.topo-foot button').click()
    await widget.locator('[data-part="drawing"]').focus()
    await page.keyboard.press('Enter')
    await expect(widget.locator('[data-part="result"] h4')).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).include('hop-exercise').withTags(WCAG).analyze()
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => String(n.target)).join(', ')}`)).toEqual([])
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(wider).toBeLessThanOrEqual(0)
  })

test('is solved by keyboard alone', async ({ page }) => {
  const widget = await open(page, 'en')
  const tab = async (until: string) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate((s) => document.activeElement?.matches(s) === true, until)) return
    }
    throw new Error(`Tab never came to ${until}`)
  }
  await widget.locator('[data-act="undo"]').focus()
  await tab('textarea.term-input')
  await page.keyboard.type('ip addr add 192.168.1.10/24 dev eth0')
  await page.keyboard.press('Enter')
  await expect(widget.locator('.term:visible .term-prompt')).toHaveText('A$ ')
  // On an empty line Tab leaves; F6 goes round the parts.
  await page.keyboard.press('Shift+F6')
  await expect(widget.locator('[role="tab"][data-node="A"]')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(widget.locator('[role="tab"][data-node="B"]')).toBeFocused()
  await page.keyboard.press('F6')
  await expect(prompt(widget)).toBeFocused()
  await page.keyboard.type('ip addr add 192.168.1.12/24 dev eth0')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Alt+z')
  await expect(widget.locator('.ex-notice')).toContainText('B$ ip addr add 192.168.1.12/24 dev eth0')
  await page.keyboard.press('Control+Enter')
  await expect(widget.locator('[data-part="result"]')).toContainText('Goal 1')
  await page.keyboard.press('Control+Alt+h')
  await expect(widget.locator('.hintbox')).toHaveCount(1)
  await page.keyboard.type('ip addr add 192.168.1.11/24 dev eth0')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await expect(widget.locator('.solved')).toContainText('with 1 hint')
  // Esc, then Tab, leaves also where a command is half typed.
  await page.keyboard.type('pin')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await expect(prompt(widget)).not.toBeFocused()
})

test('undo takes back one command, reset all of them, and can be undone', async ({ page }) => {
  const widget = await open(page, 'en')
  await type(widget, 'A', 'ip addr add 192.168.1.10/24 dev eth0')
  await type(widget, 'B', 'ip addr add 192.168.1.11/24 dev eth0')
  await expect(widget.locator('.solved')).toBeVisible()
  await widget.locator('[data-act="undo"]').click()
  await expect(widget.locator('.goals .st').first()).toContainText('Not yet')
  await expect(widget.locator('.solved')).toHaveCount(0)
  await widget.locator('[data-act="reset"]').click()
  await widget.getByRole('button', { name: 'Start over' }).click()
  await expect(widget.locator('.ex-notice')).toContainText('Back at the start.')
  await widget.locator('[role="tab"][data-node="A"]').click()
  await expect(log(widget)).toHaveText('')
  await widget.locator('.ex-notice').getByRole('button').click()
  await expect(log(widget)).toContainText('192.168.1.10/24')
})

test('a goal that is lost again says so', async ({ page }) => {
  const widget = await open(page, 'en')
  await type(widget, 'A', 'ip addr add 192.168.1.10/24 dev eth0')
  await type(widget, 'B', 'ip addr add 192.168.1.11/24 dev eth0')
  await expect(widget.locator('.solved')).toBeVisible()
  await type(widget, 'B', 'ip link set eth0 down')
  await expect(widget.locator('.goals .st')).toHaveText([
    'Broken by your last command',
    'Broken by your last command',
  ])
  await expect(widget.locator('.topo.wide .port.down')).toHaveCount(1)
})

test('the solution comes after a try, is typed where one sees it, and is marked', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const widget = await open(page, 'ko')
  const solution = widget.locator('[data-act="solution"]')
  // It can be reached before that, and says why it is not there yet.
  await solution.focus()
  await page.keyboard.press('Enter')
  await expect(widget.locator('.ex-notice')).toContainText('확인해 본 뒤에')
  await widget.locator('[data-act="check"]').click()
  await solution.click()
  await expect(widget.locator('.solved')).toContainText('풀이를 보고')
  await expect(log(widget)).toContainText('ping -c 1 192.168.1.11')
  const progress = await page.evaluate(() => localStorage.getItem('hop:progress:v1'))
  expect(JSON.parse(progress ?? '{}')).toMatchObject({ 'switching/first-ping': { how: 'solution' } })
})

test.describe('stored work', () => {
  for (const [what, text] of [
    ['no JSON', '{{{'],
    ['another shape', '{"lab":1,"log":{}}'],
    [
      'a log of nonsense',
      '{"lab":"x","log":[{"at":-1}],"now":1,"tries":0,"hints":0,"solutionShown":false,"began":0}',
    ],
  ] as const)
    test(`that is damaged (${what}) is put aside, and said so`, async ({ page }) => {
      await page.addInitScript(
        ([key, value]) => {
          if (!sessionStorage.getItem('once')) localStorage.setItem(key, value)
          sessionStorage.setItem('once', 'yes')
        },
        [WORK, text] as const,
      )
      const widget = await open(page, 'en')
      await expect(widget.locator('.ex-notice')).toContainText(`${WORK}:aside:1`)
      expect(await page.evaluate((key) => localStorage.getItem(`${key}:aside:1`), WORK)).toBe(text)
      await type(widget, 'A', 'echo works')
      await expect(log(widget)).toContainText('works')
    })

  test('of another tab is shown here, the last writer wins', async ({ context }) => {
    const [one, two] = [await context.newPage(), await context.newPage()]
    const first = await open(one, 'en')
    const second = await open(two, 'en')
    await type(second, 'A', 'ip addr add 192.168.1.10/24 dev eth0')
    await expect(first.locator('.ex-notice')).toContainText('another tab')
    await expect(log(first)).toContainText('192.168.1.10/24')
  })
})

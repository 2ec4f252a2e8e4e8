/** The parts of the widget: terminal, drawing, recorded sessions that run. */
import { test as bare, type Page } from '@playwright/test'
import { expect, test } from './pages.ts'

const open = async (page: Page, path: string, which = 'hop-exercise') => {
  await page.goto(path)
  const widget = page.locator(which).first()
  await widget.scrollIntoViewIfNeeded()
  await expect(widget.locator('.term:visible .term-prompt')).toHaveText(/\$ $/)
  // The prompt stands before the rest does.
  await expect(widget).toHaveAttribute('data-state', 'live')
  const input = widget.locator('textarea.term-input:visible')
  const log = widget.locator('.term:visible [role="log"]')
  const run = async (command: string) => {
    await input.fill(command)
    await input.press('Enter')
  }
  return { widget, input, log, run, prompt: widget.locator('.term:visible .term-prompt') }
}
const LESSON = '/en/switching/two-machines/'
const EXERCISE = 'hop-exercise[data-kind="exercise"]'

test.describe('terminal', () => {
  test('streams a ping and stops it with Ctrl-C, with the page alive meanwhile', async ({ page }) => {
    const { input, log, run, prompt } = await open(page, LESSON, EXERCISE)
    await run('ping 127.0.0.1')
    await expect(log).toContainText('icmp_seq=3')
    await expect(prompt).toHaveText('')
    const frames = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const began = performance.now()
          let count = 0
          const tick = (now: number) => {
            count++
            if (now - began > 1000) resolve(count)
            else requestAnimationFrame(tick)
          }
          requestAnimationFrame(tick)
        }),
    )
    // 60 on an idle machine; a page that is held has one or two.
    expect(frames).toBeGreaterThan(10)
    await input.press('Control+c')
    await expect(log).toContainText(/\^C\s*--- 127\.0\.0\.1 ping statistics ---/)
    await expect(prompt).toHaveText('A$ ')
  })

  test('survives a program that never ends and never stops printing', async ({ page }) => {
    const { input, log, run, prompt } = await open(page, LESSON, EXERCISE)
    await run('while true; do echo on and on; done')
    await expect(log).toContainText('on and on')
    await page.waitForTimeout(1500)
    expect(await log.locator('.ln').count()).toBeLessThanOrEqual(5001)
    await input.press('Control+c')
    await expect(prompt).toHaveText('A$ ')
    await run('echo alive')
    await expect(log).toContainText('alive')
  })

  test('a capture in one terminal waits for Ctrl-C while commands end in another', async ({ page }) => {
    const { widget, input, log, run, prompt } = await open(page, '/en/switching/mac-and-arp/', EXERCISE)
    const tab = (name: string) => widget.locator(`[role="tab"][data-node="${name}"]`).click()
    await tab('B')
    await run('tcpdump -n -i eth0')
    await expect(log).toContainText('listening on eth0')
    await tab('A')
    await run('ping -c 1 192.168.1.11')
    await expect(log).toContainText('1 received')
    await expect(prompt).toHaveText('A$ ')
    // Hurried, the capture would reach the limit of a command's virtual time within these seconds.
    await page.waitForTimeout(4000)
    await tab('B')
    await expect(log).toContainText('ICMP echo request')
    await expect(log).not.toContainText('ten minutes')
    await expect(prompt).toHaveText('')
    await input.press('Control+c')
    await expect(log).toContainText('packets captured')
    await expect(prompt).toHaveText('B$ ')
  })

  test('pastes several lines one after another', async ({ page }) => {
    const { widget, input, log, prompt } = await open(page, LESSON, EXERCISE)
    await input.focus()
    await input.evaluate((e) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'sleep 1\necho one\necho two\necho thr')
      e.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await expect(log).toContainText(/A\$ echo one\s*one\s*A\$ echo two\s*two/)
    await expect(prompt).toHaveText('A$ ')
    await expect(input).toHaveValue('echo thr')
    await expect(widget.locator('.term:visible .term-block')).not.toHaveCount(0)
  })

  test('completes, shows PS2, edits as bash does', async ({ page }) => {
    const { input, log, run, prompt } = await open(page, LESSON, EXERCISE)
    await input.fill('hostna')
    await input.press('Tab')
    await expect(input).toHaveValue('hostname ')
    await input.press('Control+u')
    await expect(input).toHaveValue('')
    await input.fill('cat /etc/hostn')
    await input.press('Tab')
    await expect(input).toHaveValue('cat /etc/hostname ')
    await input.press('Enter')
    await expect(log).toContainText(/A\$ cat \/etc\/hostname\s*A/)
    await run('echo "one')
    await expect(prompt).toHaveText('> ')
    await run('two"')
    await expect(prompt).toHaveText('A$ ')
    await expect(log).toContainText(/one\s*two/)
    await input.press('Control+r')
    await page.keyboard.type('hostn')
    await input.press('Escape')
    await expect(input).toHaveValue(/^cat \/etc\/hostname/)
    await input.press('Control+c')
    await input.press('Control+l')
    await expect(log).toHaveText('')
  })

  test('takes Hangul, in boxes of two cells', async ({ page }) => {
    const { log, run } = await open(page, LESSON, EXERCISE)
    await run('echo 한글')
    await expect(log.locator('.ln').nth(1)).toHaveText('한글')
    const [one, two] = await log
      .locator('.ln')
      .nth(1)
      .locator('.w2')
      .evaluateAll((boxes) => boxes.map((b) => b.getBoundingClientRect().width))
    const cell = await log
      .locator('.ln b')
      .first()
      .evaluate((b) => {
        const range = document.createRange()
        range.setStart(b.firstChild as Node, 0)
        range.setEnd(b.firstChild as Node, 1)
        return range.getBoundingClientRect().width
      })
    expect(one).toBeCloseTo(2 * cell, 1)
    expect(two).toBeCloseTo(2 * cell, 1)
  })

  test('speaks output in one batch, at most ten lines', async ({ page }) => {
    const { widget, run } = await open(page, LESSON, EXERCISE)
    await run('seq 1 34')
    await expect(widget.locator('[aria-live="polite"].vh')).toContainText(/10\s*… 24 more lines/)
  })

  test('has the keys that phones lack', async ({ browser }) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
    })
    const page = await context.newPage()
    const { widget, input, log, run } = await open(page, LESSON, EXERCISE)
    await run('ping 127.0.0.1')
    await expect(log).toContainText('icmp_seq=1')
    await widget.locator('.keys button', { hasText: '^C' }).tap()
    await expect(log).toContainText('ping statistics')
    await widget.locator('.keys button', { hasText: '↑' }).tap()
    await expect(input).toHaveValue('ping 127.0.0.1')
    await widget.locator('.keys button', { hasText: '|' }).tap()
    await expect(input).toHaveValue('ping 127.0.0.1|')
    const size = await widget.locator('.keys button').first().boundingBox()
    expect(size?.height).toBeGreaterThanOrEqual(44)
    await context.close()
  })
})

test.describe('drawing', () => {
  test('follows what is typed and marks what has changed', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const { widget, run } = await open(page, LESSON, EXERCISE)
    const drawing = widget.locator('.topo.wide')
    await run('ip addr add 192.168.1.10/24 dev eth0')
    await expect(drawing.locator('text', { hasText: '192.168.1.10/24' })).toHaveCount(1)
    await expect(drawing.locator('.new')).toHaveCount(1)
    const place = async () => drawing.locator('.host').first().getAttribute('y')
    const host = await place()
    await run('ip netns add red; ip link add v0 type veth peer name v1; ip link set v1 netns red')
    await expect(drawing.locator('.netns')).toHaveCount(1)
    await expect(drawing.locator('.wire.veth')).toHaveCount(1)
    expect(await place()).toBe(host)
    await run('ping -c 1 -W 1 192.168.1.99')
    await expect(drawing.locator('.stop')).toHaveCount(1)
    await expect(drawing.locator('.stop-t').first()).toContainText('192.168.1.99')
    await expect(drawing.locator('svg')).toHaveAttribute('aria-label', /Stopped at A/)
  })

  test('has no letter below 12 px at 390 and at 1280', async ({ page }) => {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      for (const path of ['/en/', LESSON, '/en/switching/capstone/']) {
        await page.goto(path)
        await expect(page.locator('.topo:visible').first()).toBeVisible()
        // In one go: the widget draws anew when it takes over.
        const sizes = await page.evaluate(() =>
          [...document.querySelectorAll<SVGSVGElement>('.topo svg')].flatMap((svg) => {
            const { width } = svg.getBoundingClientRect()
            const scale = width / svg.viewBox.baseVal.width
            return width === 0
              ? []
              : [...svg.querySelectorAll('text')].map((t) => parseFloat(getComputedStyle(t).fontSize) * scale)
          }),
        )
        expect(sizes.length, path).toBeGreaterThan(0)
        expect(Math.min(...sizes), `${path} at ${width}`).toBeGreaterThanOrEqual(11.95)
      }
    }
  })

  test('is walked by arrows, opens and closes its list', async ({ page }) => {
    const { widget } = await open(page, LESSON, EXERCISE)
    const drawing = widget.locator('[data-part="drawing"]')
    await drawing.focus()
    await expect(widget.locator('.topo.wide .foc')).toHaveCount(1)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect(drawing).toHaveAttribute('aria-label', /^B\./)
    await page.keyboard.press('Enter')
    const list = widget.locator('.topo-list').first()
    await expect(list).toContainText('eth0 UP')
    await page.keyboard.press('Escape')
    await expect(list).toBeHidden()
  })
})

test('a recorded session runs in a terminal below it', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(LESSON)
  const figure = page.locator('figure.console', { has: page.locator('hop-run') }).first()
  const commands = await figure.locator('pre b').allTextContents()
  await figure.locator('hop-run button').click()
  const bench = page.locator('hop-exercise[data-for="run"]')
  await expect(bench).toBeVisible()
  for (const command of commands.slice(0, 1))
    await expect(bench.locator('[role="log"]').filter({ hasText: command })).not.toHaveCount(0)
})

test('a mistake of the simulator says so, keeps the work and can be reported', async ({ page }) => {
  const { widget, log, run } = await open(page, LESSON, EXERCISE)
  await run('echo before')
  await expect(log).toContainText('before')
  // The page breaks what the simulator stands on; nothing else could make it throw.
  await page.evaluate(() => {
    const { floor } = Math
    Math.floor = () => {
      Math.floor = floor
      throw new Error('broken on purpose')
    }
  })
  await run('sleep 1')
  await expect(widget.locator('.ex-notice')).toContainText('The simulator made a mistake, not you.')
  await expect(widget.locator('.report')).toHaveValue(/broken on purpose[\s\S]*echo before/)
  expect(await page.evaluate(() => localStorage.getItem('hop:work:v1:switching/first-ping'))).toContain(
    'echo before',
  )
})

test('what is typed before the simulator is there waits for it', async ({ page }) => {
  let arrive = (): void => undefined
  const held = new Promise<void>((resolve) => {
    arrive = resolve
  })
  await page.route('**/_astro/exercise.*.js', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(LESSON)
  const widget = page.locator(EXERCISE).first()
  await widget.scrollIntoViewIfNeeded()
  await expect(widget.locator('.term:visible .term-prompt')).toHaveText('A$ ')
  const input = widget.locator('textarea.term-input:visible')
  await input.fill('echo early')
  await input.press('Enter')
  await input.pressSequentially('echo la')
  arrive()
  await expect(widget.locator('.term:visible [role="log"]')).toHaveText('A$ echo earlyearly')
  await input.pressSequentially('ter')
  await expect(input).toHaveValue('echo later')
})

// Not on the page that lets no mistake pass: the browser itself reports the failed request.
bare('a simulator that could not be fetched says so, and the next press fetches it', async ({ page }) => {
  await page.route('**/_astro/exercise.*.js', (route) => route.fulfill({ status: 404, body: '' }))
  await page.goto(LESSON)
  const widget = page.locator(EXERCISE).first()
  await widget.scrollIntoViewIfNeeded()
  await expect(widget.getByRole('alert')).toHaveText(/^The simulator could not be fetched\./)
  await page.unroute('**/_astro/exercise.*.js')
  await widget.locator('[data-act="hint"]').click()
  await expect(widget.getByRole('alert')).toHaveCount(0)
  await expect(widget.locator('.hintbox')).toHaveCount(1)
})

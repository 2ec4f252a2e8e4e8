import { defineConfig, devices } from '@playwright/test'
import { chromiumPath } from './e2e/browser/chromium.ts'

const PORT = Number(process.env.PORT ?? 4329)
/** Debian's own Chromium, so that nothing has to be downloaded; else the one that Playwright brings. */
const chromium = chromiumPath()

export default defineConfig({
  testDir: 'e2e/browser',
  testMatch: '**/*.spec.ts',
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // A busy machine may miss a deadline; what fails three times is broken.
  retries: 2,
  reporter: 'line',
  timeout: 60_000,
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://127.0.0.1:${PORT}`,
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
      ],
    },
  },
  webServer: {
    // The built site, as a host serves it; `npm run build` comes before.
    command: `npx astro preview --ignore-lock --host 127.0.0.1 --port ${PORT}`,
    url: `http://127.0.0.1:${PORT}/ko/`,
    reuseExistingServer: false,
    timeout: 60_000,
  },
})

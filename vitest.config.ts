import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'e2e/**/*.test.ts'],
    // The fuzz test types for minutes on a slow machine; a hang is told by its own clock.
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
})

import { defineConfig } from '@playwright/test'
import { chromiumOptions } from './scripts/browser.mjs'

/** Stories: what a user's day looks like, in real Chromium, against the embedded provider. */
export default defineConfig({
  testDir: 'e2e/stories',
  testMatch: '**/*.story.ts',
  outputDir: '.cache/stories',
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 7_000 },
  forbidOnly: true,
  // A browser that does not close in time is not a broken promise; what fails twice is.
  retries: 1,
  reporter: 'list',
  use: {
    launchOptions: chromiumOptions(),
    locale: 'en-GB',
    // Watching costs as much as the browser itself; what failed once is watched the second time.
    trace: 'on-first-retry',
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 10_000,
  },
})

import { defineConfig } from '@playwright/test'
import { type EngineName, engineNames } from './e2e/engines/drivers/driver.ts'
import { chromiumOptions } from './scripts/browser.mjs'

const ALL = '**/*.story.ts'

/** Told twice in each `npm test`: with the refresh tokens in the page, and in a worker. */
const BOTH_WAYS = [
  'tokens/refresh-faults',
  'tokens/incremental-consent',
  'tokens/one-token-per-api',
  'popup/popup',
  'tokens/returning-user',
  'accounts/several-accounts',
  'sign-in/redirect',
  'sign-out/options',
].map((name) => `**/${name}.story.ts`)

/** Stories: what a user's day looks like, in real browsers, against the embedded provider. */
export default defineConfig<object, { tokens: 'page' | 'worker'; engineName: EngineName }>({
  testDir: 'e2e/stories',
  testMatch: ALL,
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
  projects: [
    { name: 'page' },
    {
      name: 'worker',
      use: { tokens: 'worker' },
      testMatch: process.env.CARNET_STORIES === 'all' ? ALL : BOTH_WAYS,
      grepInvert: /@in-page-only/,
    },
    // Release of the packages: pack, install, compile and bundle as an app would.
    { name: 'packaging', testDir: 'e2e/packaging', timeout: 180_000, retries: 0 },
    // The same stories in each engine; browsers that are slow to start get more time.
    ...engineNames.map((engineName) => ({
      name: engineName,
      testDir: 'e2e/engines',
      timeout: 240_000,
      use: { engineName },
    })),
  ],
})

import { defineConfig } from '@playwright/test'
import { type EngineName, engineNames } from './e2e/engines/drivers/driver.ts'
import { chromiumOptions } from './scripts/browser.mjs'

const ALL = '**/*.story.ts'

/** With `CARNET_STORIES=all`, each story runs in each of its projects. This takes longer than `npm test` may take. */
const IS_ALL = process.env.CARNET_STORIES === 'all'

const filesOf = (...names: readonly string[]) => names.map((name) => `**/${name}.story.ts`)

/** The stories that `npm test` runs twice: with the refresh tokens in the page, and in a worker. */
const BOTH_WAYS = filesOf('tokens/refresh-faults', 'tokens/returning-user')

/** Long stories about rare faults. `npm test` leaves them out, because it may take twenty minutes. */
const RARE = filesOf(
  'sign-in/unusable-responses',
  'sign-out/provider-differences',
  'silent/iframe-failure-causes',
  'storage/refused-storage',
  'survival/restart',
  'tabs/duplicated-tab',
)

/** The stories that `npm test` leaves out in an engine. In Chromium, other stories tell the same. */
const LEFT_OUT: Readonly<Record<EngineName, readonly string[]>> = {
  chromium: filesOf('a-day', 'left-page', 'over-http', 'survival'),
  firefox: filesOf('left-page', 'over-http', 'survival'),
  webkit: [],
}

/** The stories run in real browsers against the embedded provider. */
export default defineConfig<object, { tokens: 'page' | 'worker'; engineName: EngineName }>({
  testDir: 'e2e/stories',
  testMatch: ALL,
  outputDir: '.cache/stories',
  fullyParallel: true,
  // Stories often wait for the network or for a browser, so four keep two cores busy.
  workers: 4,
  timeout: 30_000,
  // A soak plays three rounds at once, also with few rounds and beside the other stories.
  expect: { timeout: IS_ALL ? 20_000 : 7_000 },
  forbidOnly: true,
  // A first failure may come from the browser, for example if it does not close in time. A second failure counts.
  retries: 1,
  reporter: 'list',
  use: {
    launchOptions: chromiumOptions(),
    locale: 'en-GB',
    // Traces double the time of a story, so only the second attempt records a trace.
    trace: 'on-first-retry',
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: IS_ALL ? 20_000 : 10_000,
  },
  // The long stories come first, so that short ones fill the time at the end.
  projects: [
    // Packs and installs the packages, and builds an app with them. An installation may take minutes on a busy machine.
    {
      ...{ name: 'packaging', testDir: 'e2e/packaging', timeout: 600_000, retries: 0 },
      // The installations of Angular and of Svelte 4, and builds by their tools, take a minute each. vue-tsc needs another TypeScript.
      testIgnore: IS_ALL
        ? []
        : filesOf(
            ...['angular', 'angular-20', 'svelte-4', 'vue'].map((name) => `packaging/${name}`),
          ),
    },
    // Installs Next.js, Nuxt and SvelteKit from the registry, which takes minutes.
    ...(IS_ALL ? [{ name: 'servers', testDir: 'e2e/servers', timeout: 600_000, retries: 0 }] : []),
    // Each engine runs these stories. The timeout is long, because some browsers start slowly.
    ...engineNames.map((engineName) => ({
      name: engineName,
      testDir: 'e2e/engines',
      timeout: 240_000,
      use: { engineName },
      testIgnore: IS_ALL ? [] : [...LEFT_OUT[engineName]],
      // WebKit often ends a shared worker with the process of a closing tab, although another tab is connected.
      ...(engineName === 'webkit' && { grepInvert: /With the shared worker/ }),
    })),
    { name: 'page', ...(!IS_ALL && { grepInvert: /@thorough/, testIgnore: [...RARE] }) },
    {
      name: 'worker',
      use: { tokens: 'worker' },
      testMatch: IS_ALL ? ALL : BOTH_WAYS,
      grepInvert: /@in-page-only/,
    },
  ],
})

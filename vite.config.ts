import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { authorityPlugin } from './demo-app/authority-plugin.ts'
import { chromiumOptions } from './scripts/browser.mjs'

const repository = fileURLToPath(new URL('.', import.meta.url))

/** Packages run from their source in development and in tests. */
const SOURCE = '@carnet/source'

/** `scripts/serve.mjs` sets the addresses. */
const demoAddresses = () => ({
  authority: process.env.CARNET_AUTHORITY ?? 'http://127.0.0.1:4400',
  browserOrigin: process.env.CARNET_BROWSER_ORIGIN ?? '',
  serverOrigin: process.env.CARNET_SERVER_ORIGIN ?? '',
})

/** The browser of tests that need a page. */
const inChromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: chromiumOptions() }),
  instances: [{ browser: 'chromium' as const }],
})

/** The configuration of the demo and of the Vitest projects (Node and real Chromium). */
export default defineConfig({
  root: process.env.VITEST ? repository : `${repository}demo-app`,
  plugins: [authorityPlugin(demoAddresses)],
  resolve: {
    conditions: [SOURCE, ...defaultClientConditions],
    // The packages do not publish the fakes.
    alias: { '@carnet/core/fakes': `${repository}packages/core/src/testing/fakes.ts` },
  },
  ssr: { resolve: { conditions: [SOURCE, ...defaultServerConditions] } },
  server: { host: 'localhost', port: 5173 },
  build: {
    target: 'es2022',
    sourcemap: true,
    rolldownOptions: {
      input: [`${repository}demo-app/index.html`, `${repository}demo-app/bff.html`],
    },
  },
  test: {
    // `expect.poll` waits for a condition, which takes long on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          // No test changes global state, so the files may share one environment. This saves most of the time.
          isolate: false,
          // Half of the time is waiting for servers. By default, a machine with two cores runs one file at a time.
          maxWorkers: 2,
          // Property tests run with many values, which takes long on a busy machine.
          testTimeout: 20_000,
          include: ['packages/*/src/**/*.test.ts', 'bench/**/*.test.ts', 'scripts/**/*.test.mjs'],
          exclude: [
            '**/*.browser.test.ts',
            '**/*.redis.test.ts',
            '**/*.kerberos.test.ts',
            '**/node_modules/**',
            '**/dist/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'redis',
          environment: 'node',
          // Servers and processes of several files at once would take each other's time.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 30_000,
          include: ['packages/node/src/**/*.redis.test.ts', 'examples/*.redis.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'kerberos',
          environment: 'node',
          // The Kerberos library reads the environment of a process; threads have only a copy of it.
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: ['packages/node/src/**/*.kerberos.test.ts', 'e2e/**/*.kerberos.test.ts'],
          // One KDC and one browser at a time.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        plugins: [svelte({ configFile: false })],
        // If Vite finds one of these dependencies late, it reloads the page during a test.
        optimizeDeps: {
          include: [
            ...['idb', 'oauth4webapi', 'fast-check'],
            ...['react', 'react/jsx-dev-runtime', 'react-dom/client', 'react-dom/server.browser'],
            ...['react-router', '@tanstack/react-router'],
            ...['vue', 'vue/server-renderer', 'vue-router'],
            ...['solid-js', 'solid-js/web', '@solidjs/router'],
            ...['svelte', 'svelte/reactivity', 'svelte/store', '@sveltejs/kit'],
            // The repository itself has another version of Angular.
            ...[
              ...['compiler', 'core', 'core/testing', 'common', 'common/http'],
              ...['common/http/testing', 'platform-browser', 'platform-browser/testing'],
              ...['router', 'router/testing'],
            ].map((name) => `@carnet/angular > @angular/${name}`),
            '@carnet/angular > rxjs',
          ],
        },
        test: {
          name: 'browser',
          include: ['packages/*/src/**/*.browser.test.{ts,tsx}'],
          browser: inChromium(),
        },
      },
      {
        extends: true,
        // The same tests of the binding with React 18.
        resolve: {
          alias: [
            { find: /^react(?=$|\/)/, replacement: 'react-18' },
            { find: /^react-dom(?=$|\/)/, replacement: 'react-dom-18' },
          ],
        },
        test: {
          name: 'react-18',
          include: ['packages/react/src/**/*.browser.test.tsx'],
          browser: inChromium(),
        },
      },
      {
        extends: true,
        // The same tests of the guards with Vue Router 5.
        resolve: { alias: [{ find: /^vue-router$/, replacement: 'vue-router-5' }] },
        optimizeDeps: { include: ['vue', 'vue-router-5'] },
        test: {
          name: 'vue-router-5',
          include: ['packages/vue/src/router.browser.test.ts'],
          browser: inChromium(),
        },
      },
    ],
  },
})

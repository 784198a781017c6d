import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

const browser = fileURLToPath(new URL('../packages/browser/', import.meta.url))

/** Bundles the file that Playwright runs in a page to seed a session. */
export default defineConfig({
  root: browser,
  resolve: { conditions: ['@carnet/source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    emptyOutDir: false,
    outDir: 'dist/testing',
    lib: {
      entry: 'src/testing/seed-session.ts',
      formats: ['iife'],
      name: 'CarnetTesting',
      fileName: () => 'seed-session.iife.js',
    },
  },
})

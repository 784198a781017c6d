import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

const browser = fileURLToPath(new URL('../packages/browser/', import.meta.url))

/** One file that seeds a session in any page: what Playwright evaluates there. */
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

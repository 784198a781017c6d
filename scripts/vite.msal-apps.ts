import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

const root = fileURLToPath(new URL('../e2e/msal/', import.meta.url))
const dist = fileURLToPath(new URL('../e2e/app/dist/', import.meta.url))

/**
 * Builds the apps of `@azure/msal-browser`, as they are (`--mode original`), or on Carnet by an alias (`--mode carnet`). The code of
 * the apps and of the wrappers is the same.
 */
export default defineConfig(({ mode }) => ({
  root,
  base: `/msal-${mode}/`,
  resolve: {
    conditions: ['@carnet/source', ...defaultClientConditions],
    dedupe: ['@azure/msal-browser', 'react'],
    alias:
      mode === 'carnet'
        ? [
            { find: /^@azure\/msal-browser$/, replacement: '@carnet/msal' },
            {
              find: /^@azure\/msal-browser\/redirect-bridge$/,
              replacement: '@carnet/msal/redirect-bridge',
            },
          ]
        : [],
  },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    target: 'es2022',
    outDir: `${dist}msal-${mode}`,
    emptyOutDir: true,
    // The apps contain whole frameworks.
    chunkSizeWarningLimit: 3000,
    rollupOptions: {
      input: ['compared', 'react', 'angular', 'redirect'].map((name) => `${root}${name}.html`),
    },
  },
}))

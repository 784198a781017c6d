import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

const root = fileURLToPath(new URL('../e2e/app/', import.meta.url))

/** Builds the pages of the stories: pages with the bundled library, and redirect pages. */
export default defineConfig({
  root,
  resolve: { conditions: ['@carnet/source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    rollupOptions: {
      input: ['index', 'strict', 'callback', 'functions', 'msal', 'msal-redirect', 'earlier'].map(
        (name) => `${root}${name}.html`,
      ),
    },
  },
})

import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

const root = fileURLToPath(new URL('../e2e/app/', import.meta.url))

/** The pages of the stories: the library as an app bundles it, and a bare redirect page. */
export default defineConfig({
  root,
  resolve: { conditions: ['@carnet/source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    rollupOptions: {
      input: ['index', 'strict', 'callback', 'msal', 'msal-redirect'].map(
        (name) => `${root}${name}.html`,
      ),
    },
  },
})

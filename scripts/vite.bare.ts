import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

/** The bare page of the stories: the library as an app bundles it. */
export default defineConfig({
  root: fileURLToPath(new URL('../e2e/app/', import.meta.url)),
  resolve: { conditions: ['@carnet/source', ...defaultClientConditions] },
  build: { target: 'es2022' },
})

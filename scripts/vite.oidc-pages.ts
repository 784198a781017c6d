import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

const root = fileURLToPath(new URL('../e2e/oidc-app/', import.meta.url))

/** Builds the same app with oidc-client-ts (`--mode original`) or with its replacement (`--mode carnet`). */
export default defineConfig(({ mode }) => ({
  root,
  resolve: {
    conditions: ['@carnet/source', ...defaultClientConditions],
    alias: mode === 'carnet' ? { 'oidc-client-ts': '@carnet/oidc-client' } : {},
  },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    target: 'es2022',
    outDir: `dist/${mode}`,
    rollupOptions: {
      input: ['index', 'callback', 'react'].map((name) => `${root}${name}.html`),
    },
  },
}))

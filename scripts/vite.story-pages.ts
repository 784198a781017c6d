import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

const root = fileURLToPath(new URL('../e2e/app/', import.meta.url))

/** Builds the pages of the stories: pages with the bundled library, and redirect pages. */
export default defineConfig({
  root,
  resolve: {
    conditions: ['@carnet/source', ...defaultClientConditions],
    // `@carnet/angular` is tested with the Angular of the repository here, and with its own in the example.
    dedupe: ['@angular/common', '@angular/core', '@angular/router'],
  },
  build: {
    target: 'es2022',
    // One page contains Angular with its compiler.
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: [
        'index',
        'strict',
        'callback',
        'functions',
        'msal',
        'msal-redirect',
        'earlier',
        'angular',
      ].map((name) => `${root}${name}.html`),
    },
  },
})

/** Builds the packages (ESM, types, source maps), checks them with publint, and builds the demo and the pages of the stories. */
import { readdirSync, rmSync } from 'node:fs'
import { BINDING_APPS } from './binding-apps.mjs'
import { repository, run, tool } from './run.mjs'

/** The compiler of Angular needs an older TypeScript, which only its package has. */
const ANGULAR_COMPILER =
  'packages/angular/node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js'

const packages = readdirSync(`${repository}/packages`).map((name) => `packages/${name}`)

// An old build may contain files whose source was deleted, and they would be published.
for (const path of packages) rmSync(`${repository}/${path}/dist`, { recursive: true, force: true })

const steps = [
  () => tool('tsc', ['-b', 'tsconfig.build.json']),
  () => run('node', ['scripts/bundle-browser.mjs']),
  () => run('node', [ANGULAR_COMPILER, '-p', 'packages/angular/tsconfig.json']),
  () => tool('vite', ['build', '--logLevel', 'warn', '--config', 'scripts/vite.testing.ts']),
  () => tool('vite', ['build', '--logLevel', 'warn']),
  () => tool('vite', ['build', '--logLevel', 'warn', '--config', 'scripts/vite.story-pages.ts']),
  // The same apps with the originals, and with the adapters under their names.
  ...['oidc-pages', 'msal-apps'].flatMap((apps) =>
    ['original', 'carnet'].map(
      (mode) => () =>
        tool('vite', [
          ...['build', '--logLevel', 'warn', '--config', `scripts/vite.${apps}.ts`],
          ...['--mode', mode],
        ]),
    ),
  ),
  ...BINDING_APPS.map((name) => () => {
    // The builder of the Angular CLI.
    if (name === 'angular')
      return run('npm', ['--prefix', `examples/${name}-app`, 'run', 'develop'])
    const config = ['--config', 'scripts/vite.binding-apps.ts', '--mode', name]
    return tool('vite', ['build', '--logLevel', 'warn', ...config])
  }),
  () => run('node', ['scripts/script-tag.mjs']),
  ...packages.map((path) => () => tool('publint', ['--strict', '--pack', 'false', path])),
]

process.exit(steps.every((step) => step()) ? 0 : 1)

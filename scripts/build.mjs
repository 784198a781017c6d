/** Builds the packages (ESM, types, source maps), checks them with publint, and builds the demo and the pages of the stories. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { BINDING_APPS, folderOfApp, folderOfExample } from './binding-apps.mjs'
import { repository, run, start, tool } from './run.mjs'

/** The compiler of Angular needs an older TypeScript, which only its package has. */
const ANGULAR_COMPILER =
  'packages/angular/node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js'

const packages = readdirSync(`${repository}/packages`).map((name) => `packages/${name}`)

// An old build may contain files whose source was deleted, and they would be published.
for (const path of packages) rmSync(`${repository}/${path}/dist`, { recursive: true, force: true })

const vite = (...args) => ['npx', ['--no-install', 'vite', 'build', '--logLevel', 'warn', ...args]]
const withConfig = (name, ...args) => vite('--config', `scripts/vite.${name}.ts`, ...args)

/** Each step needs the results of the steps before it. */
const inOrder = [
  () => tool('tsc', ['-b', 'tsconfig.build.json']),
  () => run('node', ['scripts/bundle-browser.mjs']),
  () => run('node', [ANGULAR_COMPILER, '-p', 'packages/angular/tsconfig.json']),
  () => tool('vite', ['build', '--logLevel', 'warn', '--config', 'scripts/vite.testing.ts']),
]

/** The apps need the packages, but not each other. */
const apps = [
  vite(),
  withConfig('story-pages'),
  // The same apps with the originals, and with the adapters under their names.
  ...['oidc-pages', 'msal-apps'].flatMap((name) =>
    ['original', 'carnet'].map((mode) => withConfig(name, '--mode', mode)),
  ),
  withConfig('binding-apps', '--mode', 'routers'),
  ...BINDING_APPS.flatMap((name) =>
    [folderOfApp(name), folderOfExample(name)].map((folder) =>
      name === 'angular' // The builder of the Angular CLI.
        ? ['npm', ['--prefix', folder, 'run', 'develop']]
        : withConfig('binding-apps', '--mode', name, folder),
    ),
  ),
]

const checks = [
  ...packages.map((path) => [
    'npx',
    ['--no-install', 'publint', '--strict', '--pack', 'false', path],
  ]),
  ['node', ['scripts/angular-documents.mjs']],
]

const isBuilt =
  inOrder.every((step) => step()) &&
  (await sideBySide(apps)) &&
  run('node', ['scripts/script-tag.mjs']) &&
  (await sideBySide(checks))
process.exit(isBuilt ? 0 : 1)

/** Runs commands, as many at once as the machine has cores. Returns true if all succeeded. */
async function sideBySide(commands) {
  const logs = `${repository}/.cache/build`
  mkdirSync(logs, { recursive: true })
  const rest = commands.entries()
  let isGood = true
  async function runNext() {
    for (const [index, [command, args]] of rest) {
      const ended = start(command, args, `${logs}/${index}.log`)
      if (!(await ended())) isGood = false
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, runNext))
  return isGood
}

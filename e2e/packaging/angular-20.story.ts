import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from '@playwright/test'
import { appOfReadmeWorks, exampleWorks } from './angular-apps.ts'
import { emptyFolder, packAll, run, type Tarball } from './pack.ts'

/** The oldest Angular of the peers, with its tools. A fresh app of Angular 20 has zone.js. */
const OF_ANGULAR_20 = [
  ...[
    'common',
    'compiler',
    'core',
    'platform-browser',
    'router',
    'compiler-cli',
    'build',
    'cli',
  ].map((name) => `@angular/${name}@20.0.0`),
  ...['rxjs@7.8.2', 'typescript@5.8.3', 'zone.js@0.15.1'],
]

// One installation serves all stories.
test.describe.configure({ mode: 'default' })

let tarballs: Tarball[]
let folder: string

test.beforeAll(async () => {
  tarballs = await packAll('npm', ['angular', 'browser', 'core'])
  folder = emptyFolder()
  const packages = [...tarballs.map(({ file }) => file), ...OF_ANGULAR_20]
  // The registry of the other stories has only the versions of this repository.
  await run('npm', ['install', '--no-audit', '--no-fund', ...packages], folder)
})

test.afterAll(() => {
  for (const path of [folder, dirname(tarballs[0]?.file ?? '')])
    rmSync(path, { recursive: true, force: true })
})

test('The app of the README signs in and calls an API with Angular 20.0 and zone.js', async ({
  page,
}) => {
  await appOfReadmeWorks(page, folder)
  // The builder skips the declarations of packages.
  const path = join(folder, 'tsconfig.json')
  const { compilerOptions, ...config } = JSON.parse(readFileSync(path, 'utf8'))
  const strict = { ...compilerOptions, skipLibCheck: false, noEmit: true }
  writeFileSync(path, JSON.stringify({ ...config, compilerOptions: strict }))
  await run(process.execPath, ['node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js'], folder)
})

test('The example signs in and shows a token with Angular 20.0 and zone.js', ({ page }) =>
  exampleWorks(page, folder))

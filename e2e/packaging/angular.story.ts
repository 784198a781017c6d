import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startEntraProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { build as esbuild } from 'esbuild'
import { withBoth } from '../steps/both-libraries.ts'
import { aDay } from '../steps/msal-angular-day.ts'
import { serve } from '../world.ts'
import { appOfReadmeWorks, exampleWorks } from './angular-apps.ts'
import { angularPackages, buildByCli, writeWorkspace } from './angular-cli.ts'
import { emptyFolder, installInto, packAll, repository, type Tarball } from './pack.ts'

// One installation serves all stories.
test.describe.configure({ mode: 'default' })

let tarballs: Tarball[]
let folder: string

test.beforeAll(async () => {
  tarballs = await packAll('npm', ['angular', 'browser', 'core', 'msal'])
  const others = ['@azure/msal-angular@6.2.1', '@azure/msal-browser@5.29.0']
  folder = await installInto(emptyFolder(), tarballs, [...angularPackages(), ...others])
})

test.afterAll(() => {
  for (const path of [folder, dirname(tarballs[0]?.file ?? '')])
    rmSync(path, { recursive: true, force: true })
})

test('The app of the README signs in and calls an API, built by the Angular CLI', ({ page }) =>
  appOfReadmeWorks(page, folder))

test('An app that ships the file of the worker as the documents say sends no token request itself', async ({
  page,
}) => {
  const guide = readFileSync(join(repository, 'docs/frameworks.md'), 'utf8')
  const [asset = '', option = ''] = [/`(\{ "glob": .*?\})`/, /`(tokenWorker: .*?)` to/].map(
    (code) => code.exec(guide)?.[1],
  )
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'fetch' && request.method() === 'POST') sent.push(request.url())
  })
  const options = `tokens: 'worker', ${option},`
  await appOfReadmeWorks(page, folder, { options, assets: [JSON.parse(asset)] })
  expect(sent).toEqual([])
})

test('The example builds for production, signs in and shows a token', ({ page }) =>
  exampleWorks(page, folder))

/** Builds the app of msal-angular. Only the import of the app differs, because the builder of Angular has no alias for packages. */
async function buildMsalApp(mode: string, library: string): Promise<void> {
  const name = `msal-${mode}`
  const source = (file: string) =>
    readFileSync(join(repository, 'e2e/msal/src', file), 'utf8').replaceAll(
      '@azure/msal-browser',
      library,
    )
  const sources = {
    'main.ts': source('angular-app.ts'),
    'configuration.ts': source('configuration.ts'),
    'redirect.ts': source('redirect.ts'),
  }
  const page = { file: 'angular.html', root: '<div id="root"></div>' }
  writeWorkspace(folder, name, sources, page)
  await buildByCli(folder, name)
  const built = join(folder, 'built', name)
  await esbuild({
    absWorkingDir: folder,
    entryPoints: [`${name}/redirect.ts`],
    ...{ outdir: built, bundle: true, format: 'esm', splitting: true, logLevel: 'silent' },
  })
  const html = '<!doctype html><script type="module" src="redirect.js"></script>'
  writeFileSync(join(built, 'redirect.html'), html)
}

test('An app of msal-angular that the Angular CLI builds shows and sends the same on Carnet', async ({
  browser,
}) => {
  await buildMsalApp('original', '@azure/msal-browser')
  await buildMsalApp('carnet', '@carnet/msal')
  const served = await serve(folder, () => '', 'built')
  const redirectUris = ['original', 'carnet'].flatMap((library) =>
    ['angular', 'redirect'].map((page) => `${served.url}msal-${library}/${page}.html`),
  )
  const idp = await startEntraProvider({ tls: true, clients: [{ clientId: 'spa', redirectUris }] })
  const world = { idp, bareUrl: served.url }
  const days = await withBoth(browser, (page, library) => aDay(page, world, library))
  expect(days.carnet).toEqual(days.original)
  expect(days.original).toHaveLength(4)
  await Promise.all([served.close(), idp.close()])
})

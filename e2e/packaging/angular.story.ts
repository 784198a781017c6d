import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startEntraProvider, startIdentityProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { build as esbuild } from 'esbuild'
import { withBoth } from '../steps/both-libraries.ts'
import { aDay } from '../steps/msal-angular-day.ts'
import { allowAtProvider, signInAtProvider } from '../steps/provider-pages.ts'
import { serve } from '../world.ts'
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

/** The first code of the README. */
function codeOfReadme(authority: string): string {
  const readme = readFileSync(join(repository, 'packages/angular/README.md'), 'utf8')
  const [, code = ''] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? []
  return code.replace('https://login.example.com', authority)
}

test('The app of the README signs in and calls an API, built by the Angular CLI', async ({
  page,
}) => {
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  const served = await serve(folder, () => '', 'built/fresh')
  const clients = [{ clientId: 'spa', redirectUris: [served.url] }]
  const idp = await startIdentityProvider({ clients })
  writeWorkspace(folder, 'fresh', { 'main.ts': codeOfReadme(idp.issuer) })
  expect(await buildByCli(folder, 'fresh')).toEqual([])
  await page.goto(served.url)
  await expect(page.getByText('Nobody is signed in.')).toBeVisible()
  await page.getByRole('link', { name: 'Mail' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await expect(page.getByText('alice@example.com: alice')).toBeVisible()
  expect(page.url()).toBe(`${served.url}mail`)
  await page.getByRole('button', { name: 'Sign alice@example.com out' }).click()
  await expect(page.getByText('Nobody is signed in.')).toBeVisible()
  expect(problems).toEqual([])
  await Promise.all([served.close(), idp.close()])
})

test('The example builds for production, and starts signed out', async ({ page }) => {
  const sources = readSources(join(repository, 'examples/angular-app/src'))
  const served = await serve(folder, () => '', 'built/example')
  const clients = [{ clientId: 'spa', redirectUris: [served.url] }]
  const idp = await startIdentityProvider({ clients })
  writeWorkspace(folder, 'example', sources)
  const html = sources['index.html']?.replace('%CARNET_AUTHORITY%', idp.issuer) ?? ''
  writeFileSync(join(folder, 'example/index.html'), html)
  expect(await buildByCli(folder, 'example')).toEqual([])
  await page.goto(served.url)
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Profile' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await expect(page.getByText('Profile of alice@example.com')).toBeVisible()
  await Promise.all([served.close(), idp.close()])
})

const readSources = (path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
  )

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

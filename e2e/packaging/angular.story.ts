import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startIdentityProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { allowAtProvider, signInAtProvider } from '../steps/provider-pages.ts'
import { serve } from '../world.ts'
import { angularPackages, buildByCli, writeWorkspace } from './angular-cli.ts'
import { emptyFolder, installInto, packAll, repository, type Tarball } from './pack.ts'

const PACKED = ['@carnet/angular', '@carnet/browser', '@carnet/core', '@carnet/msal']

let tarballs: Tarball[]
let folder: string

test.beforeAll(async () => {
  tarballs = await packAll('npm')
  const packed = tarballs.filter(({ name }) => PACKED.includes(name))
  const others = ['@azure/msal-angular@6.2.1', '@azure/msal-browser@5.29.0']
  folder = await installInto(emptyFolder(), packed, [...angularPackages(), ...others])
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

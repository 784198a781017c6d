import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startIdentityProvider } from '@carnet/idp'
import { expect, type Page } from '@playwright/test'
import { allowAtProvider, signInAtProvider } from '../steps/provider-pages.ts'
import { serve } from '../world.ts'
import { buildByCli, writeWorkspace } from './angular-cli.ts'
import { repository } from './pack.ts'

/** Builds and serves an app, with a provider for it. */
async function start(
  folder: string,
  name: string,
  sources: (authority: string) => Readonly<Record<string, string>>,
  assets: readonly unknown[] = [],
) {
  const served = await serve(folder, () => '', `built/${name}`)
  const idp = await startIdentityProvider({
    clients: [{ clientId: 'spa', redirectUris: [served.url] }],
  })
  const { 'index.html': html, ...code } = sources(idp.issuer)
  writeWorkspace(folder, name, code, { assets })
  if (html) writeFileSync(join(folder, name, 'index.html'), html)
  expect(await buildByCli(folder, name)).toEqual([])
  return { url: served.url, end: () => Promise.all([served.close(), idp.close()]) }
}

/** Lists the errors of the page. */
function problemsOf(page: Page): readonly string[] {
  const problems: string[] = []
  page.on('pageerror', ({ message }) => problems.push(message))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  return problems
}

/**
 * The first code of the README: it signs in at a guard, and calls an API by `HttpClient`.
 *
 * @param options More options of the client, as code.
 */
export async function appOfReadmeWorks(
  page: Page,
  folder: string,
  { options = '', assets = [] }: { options?: string; assets?: readonly unknown[] } = {},
): Promise<void> {
  const problems = problemsOf(page)
  const readme = readFileSync(join(repository, 'packages/angular/README.md'), 'utf8')
  const [, code = ''] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? []
  const sources = (authority: string) => ({
    'main.ts': code
      .replace('https://login.example.com', authority)
      .replace("clientId: 'spa',", `clientId: 'spa', ${options}`),
  })
  const { url, end } = await start(folder, 'fresh', sources, assets)
  await page.goto(url)
  await expect(page.getByText('Nobody is signed in.')).toBeVisible()
  await page.getByRole('link', { name: 'Mail' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await expect(page.getByText('alice@example.com: alice')).toBeVisible()
  expect(page.url()).toBe(`${url}mail`)
  await page.getByRole('button', { name: 'Sign alice@example.com out' }).click()
  await expect(page.getByText('Nobody is signed in.')).toBeVisible()
  expect(problems).toEqual([])
  await end()
}

/** The example: it signs in at a guard, and shows a token of `injectToken`. */
export async function exampleWorks(page: Page, folder: string): Promise<void> {
  const path = join(repository, 'examples/angular-app/src')
  const { url, end } = await start(folder, 'example', (authority) =>
    Object.fromEntries(
      readdirSync(path).map((name) => [
        name,
        readFileSync(join(path, name), 'utf8').replace('%CARNET_AUTHORITY%', authority),
      ]),
    ),
  )
  await page.goto(url)
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Profile' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await expect(page.getByText('Profile of alice@example.com')).toBeVisible()
  await page.getByRole('link', { name: 'Token' }).click()
  await expect(page.getByText(/^Token until 2/)).toBeVisible()
  await end()
}

import { join } from 'node:path'
import { startIdentityProvider } from '@carnet/idp'
import { expect, type Page, test } from '@playwright/test'
import { preview } from 'vite'
import { folderOfApp } from '../../../scripts/binding-apps.mjs'
import { run } from '../../packaging/pack.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'

const folder = folderOfApp('angular')

/** Notes each message of the console, and each error. */
function listenTo(page: Page): string[] {
  const reported: string[] = []
  page.on('pageerror', ({ message }) => reported.push(`error ${message}`))
  page.on('console', (message) => {
    // The messages of the provider's pages do not count.
    if (message.location().url.startsWith('http://localhost'))
      reported.push(`${message.type()} ${message.text()}`)
  })
  return reported
}

test('angular: prerendered pages show no session, and hydrate without a warning', {
  tag: '@thorough',
}, async ({ page, request }) => {
  test.setTimeout(120_000) // The builder of Angular compiles and renders the pages first.
  await run('npm', ['--prefix', folder, 'run', 'prerender'], folder)
  const server = await preview({
    ...{ root: folder, configFile: false, logLevel: 'error', appType: 'mpa' },
    build: { outDir: join(folder, 'prerendered/dist/browser') },
    preview: { host: 'localhost', port: 0 },
  })
  const url = server.resolvedUrls?.local[0] ?? ''
  const clients = [{ clientId: 'spa', redirectUris: [url] }]
  const idp = await startIdentityProvider({ clients, settings: { consent: 'skip' } })
  await page.addInitScript((issuer) => Object.assign(window, { issuer }), idp.issuer)
  const reported = listenTo(page)

  for (const path of ['', 'mail/']) {
    const html = await (await request.get(url + path)).text()
    expect(html).toContain('Loading')
    expect(html).not.toMatch(/Started|Signed in|Sign in|token</)
  }
  expect(await (await request.get(`${url}private/`)).text()).toContain('Wait')

  await page.goto(url)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  // The response comes to the prerendered first page, and the user to another one.
  await page.goto(`${url}private/?tab=1#part`)
  await signInAtProvider(page, 'Alice Adams')
  await expect(page.getByText('Only for alice@example.com')).toBeVisible()
  // The router of Angular removes the slash.
  expect(page.url()).toBe(`${url}private?tab=1#part`)
  for (const path of ['', 'mail/']) {
    await page.goto(url + path)
    await expect(page.getByText('A token')).toBeVisible()
    expect(await page.locator('p').allTextContents()).toEqual([
      ...['Started', 'Signed in as alice@example.com', 'A token'],
    ])
  }
  // Angular replays a click on a part that is not hydrated yet.
  await idp.control.endSessions({})
  await page.getByRole('button', { name: 'Use another account' }).click()
  await signInAtProvider(page, 'Bob Brown')
  await expect(page.getByText('Signed in as bob@example.com')).toBeVisible()

  const hydrated = reported.filter((text) => /hydrated [1-9]\d* component/.test(text))
  expect(hydrated.length).toBeGreaterThanOrEqual(3)
  expect(reported.filter((text) => !/^(log|info|debug) /.test(text))).toEqual([])
  await Promise.all([server.close(), idp.close()])
})

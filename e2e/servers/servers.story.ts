import { rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { type IdentityProvider, startIdentityProvider } from '@carnet/idp'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { freePort } from '../../scripts/free-port.mjs'
import { packAll, type Tarball } from '../packaging/pack.ts'
import { allowAtProvider, cancelAtProvider, signInAtProvider } from '../steps/provider-pages.ts'
import { APPS, buildApp, type RunningServer, type ServerApp, startServer } from './server-apps.ts'

let tarballs: Tarball[]

test.beforeAll(async () => {
  tarballs = await packAll('npm', ['core', 'browser', 'react', 'vue', 'svelte'])
})

test.afterAll(() => {
  for (const { file } of tarballs) rmSync(dirname(file), { recursive: true, force: true })
})

/** React reports each error that a boundary catches. */
const CAUGHT_BY_REACT =
  /^AuthError: The provider answered the authorization request with "access_denied"/

/** Collects the warnings and errors of the pages, also of a hydration that React had to repeat. */
function listenTo(context: BrowserContext): string[] {
  const reported: string[] = []
  context.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) reported.push(message.text())
  })
  context.on('weberror', (error) => reported.push(`${error.error()}`))
  return reported
}

interface Served {
  readonly url: string
  readonly idp: IdentityProvider
  readonly server: RunningServer
}

/** Installs, builds and starts an app, and stops it at the end of the story. */
async function serveApp(
  name: ServerApp,
  lateParts: string,
  story: (served: Served) => Promise<void>,
): Promise<void> {
  const url = new URL(`http://localhost:${await freePort()}/`)
  const clients = [{ clientId: 'spa', redirectUris: [url.href] }]
  const idp = await startIdentityProvider({ clients })
  const env = { [APPS[name].authority]: idp.issuer, LATE_PARTS: lateParts }
  const folder = await buildApp(name, tarballs, env)
  const server = await startServer(folder, url, env)
  try {
    await story({ url: url.href, idp, server })
  } finally {
    await Promise.all([server.close(), idp.close()])
  }
  rmSync(folder, { recursive: true, force: true })
}

/** The user follows a link to a guarded page, signs in, and reloads. */
async function visitsGuardedPage(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  // A load in advance starts no sign-in.
  await page.getByRole('link', { name: 'Profile' }).hover()
  await expect(page.getByText('Loading')).toBeHidden()
  await page.getByRole('link', { name: 'Profile' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await expect(page.getByText('Profile of alice@example.com')).toBeVisible()
  expect(page.url()).toBe(`${url}profile`)
  await page.reload()
  await expect(page.getByText('Profile of alice@example.com')).toBeVisible()
}

/** A new user opens a deep link, signs in at once, and goes back. */
async function opensDeepLink(page: Page, url: string, idp: IdentityProvider): Promise<void> {
  await idp.control.changeSettings({ consent: 'skip', signInAs: 'bob' })
  await idp.control.resetStats()
  // The guard may leave the page while it loads.
  await page.goto(`${url}profile?x=1#part`).catch(() => undefined)
  await expect(page.getByText('Profile of bob@example.com')).toBeVisible()
  expect(page.url()).toBe(`${url}profile?x=1#part`)
  await page.getByRole('link', { name: 'Home' }).click()
  await expect(page.getByText('Signed in as bob@example.com')).toBeVisible()
  await page.goBack()
  await expect(page.getByText('Profile of bob@example.com')).toBeVisible()
  expect(await idp.control.stats()).toMatchObject({ counts: { authorization: 1 } })
}

/** A server whose answers wait until the story sends them. */
async function holdAnswers() {
  const waiting: ServerResponse[] = []
  const server = createServer((_, response) => void waiting.push(response))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}/`,
    send() {
      for (const response of waiting.splice(0)) response.end('late')
    },
    close: () => void server.close(),
  }
}

/** The last part of a page arrives when the rest is hydrated and shows the session. */
async function readsStreamedPage(page: Page, url: string, who: string, send: () => void) {
  await page.goto(`${url}late`, { waitUntil: 'commit' })
  await expect(page.getByRole('heading', { name: who })).toBeVisible()
  await expect(page.getByText('waits')).toBeVisible()
  send()
  await expect(page.getByText(`late, ${who}`)).toBeVisible()
}

/** An error boundary of Next.js shows why nobody could sign in, and its button starts another sign-in. */
async function cancelsSignIn(page: Page, { url, idp }: Served): Promise<void> {
  await idp.control.changeSettings({ signInAs: null })
  await page.goto(`${url}profile`).catch(() => undefined)
  await cancelAtProvider(page)
  await expect(page.getByRole('alert').filter({ hasText: 'access_denied' })).toBeVisible()
  await idp.control.changeSettings({ signInAs: 'alice' })
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('Profile of alice@example.com')).toBeVisible()
}

/** The error page of SvelteKit shows why nobody could sign in. A later visit starts another sign-in. */
async function cancelsInSvelteKit(page: Page, { url, idp }: Served): Promise<void> {
  await idp.control.changeSettings({ signInAs: null })
  await page.goto(`${url}profile`).catch(() => undefined)
  await cancelAtProvider(page)
  await expect(page.getByRole('alert')).toHaveText('access_denied')
  await expect(page.getByRole('heading', { name: '401' })).toBeVisible()
  await page.getByRole('link', { name: 'Home' }).click()
  await idp.control.changeSettings({ signInAs: 'alice' })
  await page.getByRole('link', { name: 'Profile' }).click()
  await expect(page.getByText('Profile of alice@example.com')).toBeVisible()
  const tab = await page.context().newPage()
  await tab.goto(url)
  await page.getByRole('link', { name: 'Home' }).click()
  await tab.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
}

/** The steps of a user who cancels the sign-in. */
const CANCELS = { next: cancelsSignIn, nuxt: undefined, sveltekit: cancelsInSvelteKit }

/** A hook in a server component fails, and the log of the server says why. */
async function explainsMisuse({ url, server }: Served): Promise<void> {
  expect((await fetch(`${url}misuse`)).status).toBe(500)
  expect(server.log()).toContain(
    "useAuth of @carnet/react works in client components only. Move the component into a file that begins with 'use client'.",
  )
}

for (const name of Object.keys(APPS) as ServerApp[]) {
  test(`An app of ${name} builds, starts signed out, and reads no global of browsers on its server`, async ({
    page,
    browser,
  }) => {
    const late = await holdAnswers()
    await serveApp(name, late.url, async (served) => {
      const { url, idp, server } = served
      for (const path of ['', 'profile?x=1']) {
        const html = await (await fetch(url + path)).text()
        // Next.js sends the tree of its server components as a script, too.
        const shown = html.replace(/<script.*?<\/script>/gs, '')
        expect(shown).not.toMatch(/Sign in|Signed in/)
        if (path) expect(shown).toContain('Loading')
      }
      const other = await browser.newContext()
      const reported = [page.context(), other].map(listenTo)
      if (name === 'next') await readsStreamedPage(page, url, 'signed out', late.send)
      await visitsGuardedPage(page, url)
      if (name === 'next') await readsStreamedPage(page, url, 'signed in', late.send)
      await opensDeepLink(await other.newPage(), url, idp)
      await other.close()
      const third = await browser.newContext()
      reported.push(listenTo(third))
      await CANCELS[name]?.(await third.newPage(), served)
      await third.close()
      const isExpected = (text: string) => name === 'next' && CAUGHT_BY_REACT.test(text)
      expect(reported.flat().filter((text) => !isExpected(text))).toEqual([])
      if (name === 'next') await explainsMisuse(served)
      expect(server.readers()).toEqual([])
    })
    late.close()
  })
}

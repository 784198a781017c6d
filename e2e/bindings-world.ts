import { type IdentityProvider, startIdentityProvider } from '@carnet/idp'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { folderOfApp, folderOfExample } from '../scripts/binding-apps.mjs'
import { signInAtProvider } from './steps/provider-pages.ts'
import { serve } from './world.ts'

/** A user of an example app in one tab. */
export function createVisitor(page: Page, idp: IdentityProvider, url: string) {
  const visitor = {
    page,
    idp,
    url,
    /** Opens a path of the app, below its base path, or `about:blank`. */
    opens: (path: string): Promise<unknown> =>
      page.goto(path.startsWith('/') ? url + path.slice(1) : path),
    /** Opens a page that may go to the provider at once, which ends the navigation. */
    enters: (path: string) => visitor.opens(path).catch(() => undefined),
    follows: (name: string) => page.getByRole('link', { name, exact: true }).click(),
    clicks: (name: string) => page.getByRole('button', { name, exact: true }).click(),
    sees: (text: string | RegExp) => expect(page.getByText(text).first()).toBeVisible(),
    seesButton: (name: string) =>
      expect(page.getByRole('button', { name, exact: true })).toBeVisible(),
    seesAlert: (code: string | RegExp) => expect(page.getByRole('alert').first()).toHaveText(code),

    /** Clicks a button that opens a popup. */
    async opensPopup(name: string): Promise<Page> {
      const opening = page.waitForEvent('popup')
      await visitor.clicks(name)
      return opening
    },

    /** Signs in a second user in a popup. */
    async addsAccount(name: string): Promise<void> {
      await idp.control.changeSettings({ signInAs: null })
      const popup = await visitor.opensPopup('Add an account')
      await popup.getByRole('button', { name: 'Use another account' }).click()
      await signInAtProvider(popup, name)
    },

    /** Signs in by redirect, as Alice, and starts to count requests and renders. */
    async signsIn(): Promise<void> {
      await visitor.opens('/')
      await visitor.clicks('Sign in')
      await visitor.sees('Signed in as alice@example.com')
      await idp.control.resetStats()
    },

    /** The endpoints of the provider that got a request. */
    async requests(): Promise<string[]> {
      const { counts } = await idp.control.stats()
      return Object.entries(counts).flatMap(([endpoint, count]) => (count > 0 ? endpoint : []))
    },

    /** The renders of the components that the app counts; empty if the framework has no renders. */
    renders: () =>
      page.evaluate(() => ({ ...(window as { renders?: Record<string, number> }).renders })),

    /** Renews the token of the page, as the background renewal does. */
    renews: () =>
      page.evaluate(async () => {
        const { auth } = window as unknown as {
          auth: Promise<import('@carnet/browser').AuthClient>
        }
        const scopes = ['calendar.read']
        await (await auth).acquireTokenSilent({ scopes, forceRefresh: true })
      }),

    /** The time at which the shown token expires. */
    async tokenUntil(): Promise<string> {
      await visitor.sees(/Token until/)
      const text = await page
        .getByText(/Token until/)
        .first()
        .textContent()
      return (text ?? '').replace(/.*Token until /, '')
    },

    /** Opens the app in another tab of the browser; without a path, the tab is blank. */
    async anotherTab(path: string | null = '/') {
      const other = createVisitor(await page.context().newPage(), idp, url)
      if (path !== null) await other.opens(path)
      return other
    },
  }
  return visitor
}

export type Visitor = ReturnType<typeof createVisitor>

/** Messages of the browser itself: of a request that the story lets fail, and of every hidden iframe. */
const OF_BROWSER = /^Failed to load resource|^An iframe which has both allow-scripts/

/** Collects warnings, errors and unhandled rejections of the app. */
function listenTo(context: BrowserContext, urls: readonly string[]): string[] {
  const reported: string[] = []
  context.on('console', (message) => {
    const isOurs = urls.some((url) => message.page()?.url().startsWith(url))
    if (OF_BROWSER.test(message.text())) return
    if (isOurs && ['warning', 'error'].includes(message.type())) reported.push(message.text())
  })
  context.on('weberror', (error) => reported.push(`uncaught: ${error.error()}`))
  return reported
}

/** The stories of the app of one binding. `example` is a user of the app in the documents. A warning or an error in the console fails a story. */
export const storiesOf = (binding: string, base = '') =>
  test.extend<
    { user: Visitor; example: Visitor; mayReport: (text: RegExp) => void },
    { served: { idp: IdentityProvider; url: string; exampleUrl: string } }
  >({
    served: [
      async ({}, use) => {
        let authority = ''
        const app = await serve(folderOfApp(binding), () => authority)
        const url = app.url + base
        const example = base ? app : await serve(folderOfExample(binding), () => authority)
        const clients = [{ clientId: 'spa', redirectUris: [url, example.url] }]
        const idp = await startIdentityProvider({ clients })
        authority = idp.issuer
        await use({ idp, url, exampleUrl: example.url })
        await Promise.all([app.close(), example.close(), idp.close()])
      },
      { scope: 'worker' },
    ],

    /** Allows a message of the framework about an error that the story causes on purpose. */
    mayReport: async ({ context, served }, use) => {
      const reported = listenTo(context, [served.url, served.exampleUrl])
      const allowed: RegExp[] = []
      await use((text) => void allowed.push(text))
      const isAllowed = (text: string) => allowed.some((one) => one.test(text))
      expect(reported.filter((text) => !isAllowed(text))).toEqual([])
    },

    user: async ({ page, served: { idp, url }, mayReport: _ }, use) => {
      await idp.control.reset()
      await idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
      await use(createVisitor(page, idp, url))
    },

    example: ({ user: { page, idp }, served }, use) =>
      use(createVisitor(page, idp, served.exampleUrl)),
  })

export { expect }

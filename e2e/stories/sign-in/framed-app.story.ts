import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from '@playwright/test'
import type { App, AppOptions } from '../../steps/app.ts'
import { createApp } from '../../steps/app.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, inPageOnly, story } from '../../world.ts'

const SCOPES = ['calendar.read']

/** The app in an iframe of a page of the same origin, as micro frontends use it, or of another site. */
async function inFrame({ page, world, defaults }: App, hostUrl = ''): Promise<App> {
  const html = `<!doctype html><title>Host</title><iframe src="${world.bareUrl}"></iframe>`
  if (hostUrl === '') await page.setContent(html)
  else await page.goto(`${hostUrl}?html=${encodeURIComponent(html)}`)
  await expect.poll(() => page.frames()[1]?.url()).toBe(world.bareUrl)
  const frame = page.frames()[1] as Frame
  await frame.waitForFunction(() => 'carnet' in window)
  return createApp(asPage(frame, page), world, defaults)
}

/** The verbs of an app in an iframe. Popups belong to the page around the iframe. */
const asPage = (frame: Frame, page: Page): Page =>
  Object.assign(Object.create(page), {
    evaluate: frame.evaluate.bind(frame),
    waitForEvent: page.waitForEvent.bind(page),
    url: frame.url.bind(frame),
  })

/** A server that responds with the parameters of its address. `localhost` and `127.0.0.1` are two sites. */
async function otherSite() {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    response.setHeader('content-type', 'text/html').end(searchParams.get('html'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${port}/`, close }
}

for (const whose of ['its own origin', 'another site'])
  story.describe(`in an iframe of ${whose}`, () => {
    let host: Awaited<ReturnType<typeof otherSite>> | undefined
    story.beforeEach(async () => {
      host = whose === 'another site' ? await otherSite() : undefined
    })
    story.afterEach(() => host?.close())

    story('A redirect is refused before it navigates', async ({ app }) => {
      const framed = await inFrame(app, host?.url)
      expect((await framed.starts()).error).toBeUndefined()
      await app.idp.control.resetStats()
      const before = framed.page.url()
      const calls = [
        ['signIn', {}],
        ['signIn', { interaction: 'redirect', scopes: SCOPES }],
        ['acquireTokenRedirect', { scopes: SCOPES }],
        ['acquireToken', { scopes: SCOPES }],
      ] as const
      for (const [verb, request] of calls)
        expect((await framed.calls(verb, request)).error, verb).toMatchObject({
          name: 'AuthError',
          code: 'redirect_in_iframe',
          hint: expect.stringMatching(/popup|redirect_in_iframe/),
        })
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(framed.page.url()).toBe(before)
      expect((await app.requests()).authorization ?? 0).toBe(0)
    })

    story('The popup signs in, and silent renewal works', async ({ app }) => {
      await app.idp.control.changeSettings({ consent: 'skip' })
      const framed = await inFrame(app, host?.url)
      await framed.starts()
      const { popup, outcome } = await framed.opensPopupBy('signIn', {
        interaction: 'popup',
        scopes: SCOPES,
      })
      await signInAtProvider(popup, 'Alice Adams')
      expect((await outcome).answer?.uniqueId).toBe('alice')
      expect((await framed.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)

      // A sign-out by redirect is refused before it removes the account.
      expect((await framed.calls('signOut')).error).toMatchObject({ code: 'redirect_in_iframe' })
      expect((await framed.asks(SCOPES)).answer?.fromCache).toBe(true)
      expect((await framed.calls('signOut', { interaction: 'none' })).error).toBeUndefined()
    })
  })

story(
  'In an iframe, the error of a redirect names the reason for the interaction',
  async ({ app }) => {
    const framed = await inFrame(app)
    await framed.starts()
    const cause = await framed.page.evaluate(
      (scopes) => window.auth.acquireToken({ scopes }).catch((error) => window.seen(error.cause)),
      SCOPES,
    )
    expect(cause).toMatchObject({ code: 'interaction_required', reason: 'no_account' })
  },
)

story('An app may allow redirects in iframes', inPageOnly, async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  const framed = await inFrame(app)
  const options: AppOptions = { interaction: { allowRedirectInIframe: true } }
  await framed.starts(options)
  await framed.leavesBy('signIn', { scopes: SCOPES })
  await expect.poll(() => framed.page.url()).toContain('state=')
  await expect
    .poll(() => framed.page.evaluate(() => 'carnet' in window).catch(() => false))
    .toBe(true)
  expect((await framed.starts(options)).answer?.username).toBe('alice@example.com')
})

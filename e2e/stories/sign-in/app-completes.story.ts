import type { App } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

/** Starts a client that leaves the response in the URL. */
const startsAndLeaves = ({ page }: App) =>
  page.evaluate(async () => {
    window.auth?.close()
    const { authority } = window
    window.auth = await window.carnet.createAuthClient({
      clientId: 'spa',
      authority,
      response: 'leave',
    })
    const { redirectResult, redirectError, accounts } = window.auth
    return [location.hash !== '', redirectResult, redirectError, accounts.length]
  })

/** Completes a response, and returns the parts of the outcome that an app looks at. */
const completes = ({ page }: App, address?: string) =>
  page.evaluate(async (given) => {
    try {
      const result = await window.auth.completeRedirect(given)
      if (!result) return null
      const { state, isNewAccount, returnTo } = result
      return { state, isNewAccount, returnTo }
    } catch (error) {
      const { code, state } = error as { code: string; state: string }
      return { code, state }
    }
  }, address)

/** Leaves for the provider, which answers at once, and comes back with a response. */
async function comesBack({ page, leavesBy, world }: App, request: object) {
  await leavesBy('signIn', request)
  await page.waitForURL(({ href }) => href.startsWith(world.bareUrl) && /state=/.test(href))
}

story('an app completes the response of a redirect when it wants', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  await app.starts()
  await comesBack(app, { state: 'cart', returnTo: '/?page=2#top' })
  expect(await startsAndLeaves(app)).toEqual([true, null, null, 0])
  const answers = app.page.evaluate(async () => {
    const both = [window.auth.completeRedirect(), window.auth.completeRedirect()]
    const [first, second] = await Promise.all(both)
    return [first === second, location.href, window.auth.accounts.length]
  })
  expect(await answers).toEqual([true, `${app.world.bareUrl}?page=2#top`, 1])
  expect(await completes(app)).toBeNull()

  // The response is given as text, and the URL of the page stays. The account is not new.
  await comesBack(app, { state: 'again', returnTo: '/?page=3' })
  const { hash } = new URL(app.page.url())
  await app.page.evaluate(() => history.replaceState(null, '', '/?route=own'))
  await startsAndLeaves(app)
  const returnTo = `${app.world.bareUrl}?page=3`
  expect(await completes(app, hash)).toEqual({ state: 'again', isNewAccount: false, returnTo })
  expect(app.page.url()).toBe(`${app.world.bareUrl}?route=own`)
  // The same response has the same result, and another response has none.
  expect(await completes(app, hash)).toMatchObject({ state: 'again' })
  expect(await completes(app, '#code=x&state=of-another-library')).toBeNull()
})

story(
  'a failed completion keeps the client, and names the state of the request',
  async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
    await app.starts()
    await comesBack(app, { state: 'first' })
    const { hash } = new URL(app.page.url())
    await startsAndLeaves(app)
    const refusal = hash.replace(/code=[^&]*/, 'error=access_denied')
    const refused = { code: 'access_denied', state: 'first' }
    expect(await completes(app, refusal)).toEqual(refused)
    expect(await completes(app, refusal)).toEqual(refused)
    expect(await app.page.evaluate(() => window.auth.snapshot().error?.code)).toBe('access_denied')
  },
)

story(
  'an app keeps the page, and completes the response that it gets elsewhere',
  async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
    const kept = await app.page.evaluate(async () => {
      const urls: [string, string][] = []
      window.auth = await window.carnet.createAuthClient({
        clientId: 'spa',
        authority: window.authority,
        response: 'leave',
        interaction: {
          leave(url, { kind }) {
            urls.push([kind, url])
            return false
          },
        },
      })
      const redirectUri = '/callback.html'
      const asking = window.auth.signIn({ redirectUri, state: 'kept', returnTo: false })
      const error = await asking.catch((failure) => failure.code)
      const { interaction, error: shown } = window.auth.snapshot()
      return { error, interaction, shown, urls }
    })
    const [[kind, url] = []] = kept.urls
    expect(kept).toMatchObject({ error: 'navigation_stopped', interaction: null, shown: null })
    expect([kind, new URL(url ?? '').searchParams.get('redirect_uri')]).toEqual([
      'signIn',
      `${app.world.bareUrl}callback.html`,
    ])
    // The browser of a native app would follow the URL; here a request without redirects does.
    const { page } = app
    let at = new URL(url ?? '')
    while (!at.href.startsWith(app.world.bareUrl)) {
      const answer = await page.request.get(at.href, { maxRedirects: 0 })
      at = new URL(answer.headers().location ?? app.world.bareUrl, at)
    }
    expect(await completes(app, at.hash)).toMatchObject({ state: 'kept', isNewAccount: true })
    const gone = await page.evaluate(async () => {
      await window.auth.signOut()
      return [window.auth.accounts.length, location.pathname]
    })
    expect(gone).toEqual([0, '/'])
  },
)

story('each kind of interaction has its own redirect URI', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  await app.starts({
    silent: { redirectUri: '/deep/callback' },
    interaction: { popupRedirectUri: '/callback.html' },
  })
  const uris: (string | null)[] = []
  app.page.context().on('request', (request) => {
    const { searchParams } = new URL(request.url())
    if (searchParams.has('redirect_uri')) uris.push(searchParams.get('redirect_uri'))
  })
  const popup = await app.page.evaluate(() =>
    window.auth.signIn({ interaction: 'popup' }).then(({ account }) => account.username),
  )
  expect(popup).toBe('alice@example.com')
  const silent = await app.asks(['calendar.read'], { sources: ['iframe'] })
  expect(silent.error).toBeUndefined()
  expect(uris).toEqual(['callback.html', 'deep/callback'].map((path) => app.world.bareUrl + path))
})

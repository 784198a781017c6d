import { granted } from '../../steps/granted.ts'
import { allowAtProvider, cancelAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

story('Alice signs in with one authorization request and one token request', async ({ app }) => {
  await app.starts()
  await expect.poll(async () => (await app.requests()).discovery).toBe(1) // The idle page fetches the document.

  await app.leavesBy('signIn', { scopes: ['calendar.read'], state: 'invoice 7' })
  await signInAtProvider(app.page, 'Alice Adams')
  await allowAtProvider(app.page)
  await app.returnsTo()
  const { answer } = await app.starts()

  expect(answer?.username).toBe('alice@example.com')
  const result = await app.page.evaluate(() => window.auth.redirectResult)
  expect(result).toMatchObject({
    fromCache: false,
    tokenType: 'Bearer',
    scopes: granted('calendar.read'),
    declinedScopes: [],
    state: 'invoice 7',
    uniqueId: 'alice',
    account: { name: 'Alice Adams', homeAccountId: 'alice' },
  })
  expect(await app.requests()).toMatchObject({
    discovery: 1,
    authorization: 1,
    token: 1,
    authorization_code: 1,
  })
})

story('The redirect returns to the page that started it, with a clean address', async ({ app }) => {
  const start = `${app.page.url()}invoices/7?tab=lines#/rows/3`
  await app.page.goto(start)
  await app.signsIn()
  expect(app.page.url()).toBe(start)
})

story('The response leaves the address before the first `await`', async ({ app }) => {
  await app.starts()
  await app.leavesBy('signIn', {})
  await signInAtProvider(app.page, 'Alice Adams')
  await allowAtProvider(app.page)
  await app.returnsTo()
  const [before, after] = await app.page.evaluate(() => {
    const arrived = location.href
    const starting = window.carnet.createAuthClient({
      clientId: 'spa',
      authority: window.authority,
    })
    const then = location.href
    return starting.then(() => [arrived, then])
  })
  expect(before).toMatch(/#.*code=/)
  expect(after).not.toMatch(/code|state/)
})

story(
  'A signed-out page discovers the provider before the first click, and the page of the response preconnects to it',
  async ({ app }) => {
    const connections = () =>
      app.page.evaluate(() => {
        const links = document.querySelectorAll<HTMLLinkElement>('link[rel=preconnect]')
        // The token request sends no cookies, so only an anonymous connection is useful.
        return [...links].map(({ href, crossOrigin }) => ({ href, crossOrigin }))
      })
    const { origin } = new URL(app.idp.issuer)
    const one = { href: `${origin}/`, crossOrigin: 'anonymous' }
    await app.starts()
    expect(await connections()).toEqual([one])
    await expect.poll(async () => (await app.requests()).discovery).toBe(1)

    await app.signsIn()
    expect(await connections()).toEqual([one])
    await app.page.reload()
    await app.starts()
    expect(await connections()).toEqual([])
  },
)

story('An app can set `returnTo`, on its own origin only', async ({ app }) => {
  await app.starts()
  const { error } = await app.calls('signIn', { returnTo: 'https://evil.example/' })
  expect(error).toMatchObject({ code: 'invalid_request' })
  expect(error?.message).toContain('`returnTo` must be on this origin')

  await app.signsIn('Alice Adams', { returnTo: '/welcome?first=1#top' })
  expect(new URL(app.page.url()).pathname).toBe('/welcome')
  expect(new URL(app.page.url()).search).toBe('?first=1')
})

story('The response may be in the query, beside parameters of the app', async ({ app }) => {
  const options = { responseMode: 'query', redirectUri: '/deep/callback' } as const
  const { answer } = await app.signsIn('Bob Brown', {}, options)
  expect(answer?.username).toBe('bob@example.com')
  expect(app.page.url()).not.toMatch(/code|state|iss/)
})

story('Bob cancels at the provider, sees the error, and can try again', async ({ app }) => {
  await app.starts()
  await app.leavesBy('signIn', {})
  await cancelAtProvider(app.page)
  await app.returnsTo()

  const { error } = await app.starts()
  expect(error).toMatchObject({ code: 'access_denied', oauth: { error: 'access_denied' } })
  expect(error?.hint).not.toBe('')
  expect(app.page.url()).not.toContain('error')

  const { answer } = await app.signsIn('Bob Brown')
  expect(answer?.username).toBe('bob@example.com')
})

story('A reload during a sign-in loses nothing: the next page finishes it', async ({ app }) => {
  await app.idp.control.changeSettings({ latencyMs: { token: 2000 } })
  await app.starts()
  await app.leavesBy('signIn', {})
  await signInAtProvider(app.page, 'Alice Adams')
  await allowAtProvider(app.page)
  await app.returnsTo()
  await app.page.evaluate(() => {
    void window.carnet.createAuthClient({ clientId: 'spa', authority: window.authority })
  })
  await expect.poll(async () => (await app.requests()).token).toBe(1)
  await app.page.reload()
  await app.idp.control.changeSettings({ latencyMs: 0 })

  expect((await app.starts()).answer?.username).toBe('alice@example.com')
  expect(await app.requests()).toMatchObject({ token: 1, authorization_code: 1 })
})

story('After the back button at the provider, the app can sign in', async ({ app }) => {
  await app.starts()
  await app.leavesBy('signIn', {})
  await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  await app.page.goBack()
  await app.returnsTo()

  const { answer } = await app.signsIn('Alice Adams')
  expect(answer?.username).toBe('alice@example.com')
})

story('An app can set `maxAge`, and the ID token must prove it', async ({ app }) => {
  await app.isSignedIn({ maxAgeMs: 300_000 })
  expect(await app.page.evaluate(() => window.auth.activeAccount?.idTokenClaims.auth_time)).toEqual(
    expect.any(Number),
  )
  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'idToken', claims: { auth_time: 1_000_000 } },
  })
  await app.leavesBy('signIn', { maxAgeMs: 300_000 })
  await app.page.waitForURL(/#.*code=/)
  expect((await app.starts()).error).toMatchObject({ code: 'invalid_id_token' })
})

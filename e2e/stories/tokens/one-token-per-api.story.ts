import type { App } from '../../steps/app.ts'
import { granted } from '../../steps/granted.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, inPageOnly, story } from '../../world.ts'

const HOUR_MS = 3_600_000

const audienceOf = (accessToken = '') =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).aud

/**
 * Signs Alice in for the calendar without an API name, so the provider uses its default API. Background renewal is off,
 * so that each story sees the requests of a call.
 */
async function aliceWithCalendar(app: App): Promise<void> {
  const options = { renewal: { enabled: false } }
  await app.signsIn('Alice Adams', { scopes: ['calendar.read'] }, options)
}

/** Requests a token for an API by its `resource` (RFC 8707), silently and then by popup. */
async function asksInWindow(app: App, scopes: readonly string[], resource: string) {
  const request = { scopes, resource, interaction: 'popup' }
  const { popup, outcome } = await app.opensPopupBy('acquireToken', request)
  await allowAtProvider(popup)
  return outcome
}

story('A token for an API that the sign-in did not name needs a popup', async ({ app, world }) => {
  await aliceWithCalendar(app)
  const resource = `${world.idp.issuer}/mail`
  for (let call = 0; call < 2; call++)
    expect((await app.asks(['mail.read'], { resource })).error).toMatchObject({
      code: 'interaction_required',
      reason: 'consent',
    })
  // The grant does not name that API. A refresh for it could end the session.
  expect((await app.requests()).refresh_token ?? 0).toBe(0)

  const { answer } = await asksInWindow(app, ['mail.read'], resource)
  expect(audienceOf(answer?.accessToken)).toBe(resource)
  expect((await app.asks(['mail.read'], { resource })).answer?.fromCache).toBe(true)
})

story(
  'Hours later each API is renewed by its own refresh token, without the user',
  async ({ app, world }) => {
    await aliceWithCalendar(app)
    const resource = `${world.idp.issuer}/mail`
    await asksInWindow(app, ['mail.read'], resource)
    await app.idp.control.resetStats()
    for (let hour = 1; hour <= 2; hour++) {
      await app.jumps(HOUR_MS)
      const forMail = await app.asks(['mail.read'], { resource })
      const general = await app.asks(['calendar.read'])
      expect(forMail.answer).toMatchObject({ fromCache: false, scopes: granted('mail.read') })
      expect(general.answer).toMatchObject({ fromCache: false, scopes: granted('calendar.read') })
      expect(audienceOf(forMail.answer?.accessToken)).toBe(resource)
      expect(audienceOf(general.answer?.accessToken)).toBe(`${world.idp.issuer}/api`)
    }
    expect(await app.requests()).toMatchObject({ refresh_token: 4, authorization: 0 })
  },
)

/** The embedded provider rotates the refresh token before it refuses a resource. A later refresh is then a replay. */
async function sessionLives(app: App): Promise<void> {
  for (let call = 0; call < 2; call++)
    expect((await app.asks(['calendar.read'], { forceRefresh: true })).answer?.fromCache).toBe(
      false,
    )
}

story.describe('where iframes work', () => {
  story.use({ cookies: 'allowed' })

  story(
    'The hidden iframe requests an API that the sign-in did not name, and the session stays',
    async ({ app, world }) => {
      await app.isSignedIn({ scopes: ['calendar.read'] })
      await app.idp.control.resetStats()
      const resource = `${world.idp.issuer}/mail`
      const { answer } = await app.asks(['mail.read'], { resource })
      expect(audienceOf(answer?.accessToken)).toBe(resource)
      expect((await app.requests()).refresh_token ?? 0).toBe(0)
      await sessionLives(app)
    },
  )
})

story(
  'Without iframes, a silent call does not risk the session for another API',
  async ({ app, world }) => {
    const options = { silent: { iframe: false } }
    await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', options)
    const resource = `${world.idp.issuer}/mail`
    const { error } = await app.asks(['mail.read'], { resource })
    expect(error).toMatchObject({ code: 'interaction_required', reason: 'consent' })
    await sessionLives(app)
  },
)

story(
  'A refresh may request another API if the provider does not rotate refresh tokens',
  inPageOnly,
  async ({ app, world }) => {
    await app.idp.control.changeSettings({ rotateRefreshTokens: false })
    const options = { silent: { iframe: false } }
    await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', options)
    const resource = `${world.idp.issuer}/mail`
    await sessionLives(app)
    await app.idp.control.resetStats()
    expect((await app.asks(['mail.read'], { resource })).error).toMatchObject({ reason: 'consent' })
    expect((await app.requests()).refresh_token).toBe(1)
    await sessionLives(app)
  },
)

story.describe('where iframes find no session', () => {
  story.use({ cookies: 'blocked' })

  story('A sign-out revokes all refresh tokens of the account', async ({ app, world }) => {
    await aliceWithCalendar(app)
    const resource = `${world.idp.issuer}/mail`
    await asksInWindow(app, ['mail.read'], resource)
    expect(
      (await app.calls('signOut', { interaction: 'none', revoke: true })).error,
    ).toBeUndefined()
    expect((await app.requests()).revocation).toBe(2)

    const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
    if ((await popup.title()) === 'Sign in') await signInAtProvider(popup, 'Alice Adams')
    expect((await outcome).answer?.account.username).toBe('alice@example.com')
    // No earlier refresh token is stored.
    expect((await app.asks(['mail.read'], { resource })).error).toMatchObject({
      reason: 'consent',
    })
  })
})

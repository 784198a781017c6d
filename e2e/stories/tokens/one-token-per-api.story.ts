import type { App } from '../../steps/app.ts'
import { granted } from '../../steps/granted.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, inPageOnly, story } from '../../world.ts'

const HOUR_MS = 3_600_000

const audienceOf = (accessToken = '') =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).aud

/**
 * Alice signs in for the calendar without naming an API: the provider takes the one that stands for all.
 * Nothing is renewed ahead, so that each story sees what a call costs.
 */
async function aliceWithCalendar(app: App): Promise<void> {
  const options = { renewal: { enabled: false } }
  await app.signsIn('Alice Adams', { scopes: ['calendar.read'] }, options)
}

/** The app asks for a token for an API by its name (RFC 8707), in the click that needs it. */
async function asksInWindow(app: App, scopes: readonly string[], resource: string) {
  const request = { scopes, resource, interaction: 'popup' }
  const { popup, outcome } = await app.opensWindowBy('acquireToken', request)
  await allowAtProvider(popup)
  return outcome
}

story(
  'A token for an API that the sign-in did not name: silence says that the user is needed, a window brings it',
  async ({ app, world }) => {
    await aliceWithCalendar(app)
    const resource = `${world.idp.issuer}/mail`
    for (let call = 0; call < 2; call++)
      expect((await app.asks(['mail.read'], { resource })).error).toMatchObject({
        code: 'interaction_required',
        reason: 'consent',
      })
    // The grant does not name that API: to ask for it with the refresh token could end the session.
    expect((await app.requests()).refresh_token ?? 0).toBe(0)

    const { answer } = await asksInWindow(app, ['mail.read'], resource)
    expect(audienceOf(answer?.accessToken)).toBe(resource)
    expect((await app.asks(['mail.read'], { resource })).answer?.fromCache).toBe(true)
  },
)

story(
  'Hours later each API is renewed by what was granted for it, and nobody is asked',
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

/** The embedded provider rotates the refresh token before it refuses a resource: what follows is a replay. */
async function sessionLives(app: App): Promise<void> {
  for (let call = 0; call < 2; call++)
    expect((await app.asks(['calendar.read'], { forceRefresh: true })).answer?.fromCache).toBe(
      false,
    )
}

story.describe('where frames work', () => {
  story.use({ cookies: 'allowed' })

  story(
    'An API that the sign-in did not name is asked for in the frame, and the session lives',
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
  'Without frames, silence does not risk the session for an API that the sign-in did not name',
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
  'A provider that is known not to rotate may be asked for another API',
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

story.describe('where frames know nobody', () => {
  story.use({ cookies: 'blocked' })

  story(
    'A sign-out ends every refresh token of the account at the provider',
    async ({ app, world }) => {
      await aliceWithCalendar(app)
      const resource = `${world.idp.issuer}/mail`
      await asksInWindow(app, ['mail.read'], resource)
      expect(
        (await app.calls('signOut', { interaction: 'none', revoke: true })).error,
      ).toBeUndefined()
      expect((await app.requests()).revocation).toBe(2)

      const { popup, outcome } = await app.opensWindowBy('signIn', { interaction: 'popup' })
      if ((await popup.title()) === 'Sign in') await signInAtProvider(popup, 'Alice Adams')
      expect((await outcome).answer?.account.username).toBe('alice@example.com')
      // Nothing is left of what was held before.
      expect((await app.asks(['mail.read'], { resource })).error).toMatchObject({
        reason: 'consent',
      })
    },
  )
})

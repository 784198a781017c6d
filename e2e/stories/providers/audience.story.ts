import type { App } from '../../steps/app.ts'
import { granted } from '../../steps/granted.ts'
import { allowAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

/** Background renewal is off, so that each story sees the requests of a call. */
const AUTH0 = { authorityProfile: 'auth0', renewal: { enabled: false } } as const
const WITHOUT_IFRAME = { ...AUTH0, silent: { iframe: false } }

const CALENDAR = ['calendar.read']
const MAIL = ['mail.read']

/** The audience of an access token; `undefined` for an opaque token. */
const audienceOf = (accessToken = '') => {
  const [, claims] = accessToken.split('.')
  return claims && JSON.parse(Buffer.from(claims, 'base64url').toString()).aud
}

const apisOf = ({ idp }: App) => ({
  calendar: `${idp.issuer}/calendar`,
  mail: `${idp.issuer}/mail`,
})

/** Requests a token for the mail API by popup. */
async function asksForMailInWindow(app: App) {
  const request = { scopes: MAIL, resource: apisOf(app).mail, interaction: 'popup' }
  const { popup, outcome } = await app.opensPopupBy('acquireToken', request)
  await allowAtProvider(popup)
  return outcome
}

story.beforeEach(async ({ app }) => {
  await app.idp.control.changeSettings({ apiParameter: 'audience' })
})

story(
  'An app names its API by `audience`: signed in, answered from the cache, renewed',
  async ({ app }) => {
    const resource = apisOf(app).calendar
    const { answer: started } = await app.signsIn(
      'Alice Adams',
      { scopes: CALENDAR, resource },
      AUTH0,
    )
    expect(started?.username).toBe('alice@example.com')
    await app.idp.control.resetStats()

    const cached = await app.asks(CALENDAR, { resource })
    expect(cached.answer).toMatchObject({ fromCache: true, scopes: granted('calendar.read') })
    expect(audienceOf(cached.answer?.accessToken)).toBe(resource)
    const { refresh_token: before = 0, authorization } = await app.requests()
    expect([before, authorization]).toEqual([0, 0])

    await app.jumps(HOUR_MS)
    const renewed = await app.asks(CALENDAR, { resource })
    expect(renewed.answer).toMatchObject({ fromCache: false, scopes: granted('calendar.read') })
    expect(audienceOf(renewed.answer?.accessToken)).toBe(resource)
    expect(await app.requests()).toMatchObject({ refresh_token: 1, authorization: 0 })
  },
)

story('A second audience gets tokens and a refresh token of its own', async ({ app }) => {
  const { calendar, mail } = apisOf(app)
  await app.signsIn('Alice Adams', { scopes: CALENDAR, resource: calendar }, WITHOUT_IFRAME)
  expect((await app.asks(MAIL, { resource: mail })).error).toMatchObject({
    code: 'interaction_required',
  })
  const { answer } = await asksForMailInWindow(app)
  expect(audienceOf(answer?.accessToken)).toBe(mail)
  expect((await app.asks(CALENDAR, { resource: calendar })).answer?.fromCache).toBe(true)

  await app.idp.control.resetStats()
  for (let hour = 1; hour <= 2; hour++) {
    await app.jumps(HOUR_MS)
    const forMail = await app.asks(MAIL, { resource: mail })
    const forCalendar = await app.asks(CALENDAR, { resource: calendar })
    expect(audienceOf(forMail.answer?.accessToken)).toBe(mail)
    expect(audienceOf(forCalendar.answer?.accessToken)).toBe(calendar)
  }
  expect(await app.requests()).toMatchObject({ refresh_token: 4, authorization: 0 })
})

story(
  'The provider ignores the audience of a refresh request: no token of one API passes for another',
  async ({ app }) => {
    const { calendar, mail } = apisOf(app)
    await app.idp.control.changeSettings({ rotateRefreshTokens: false })
    await app.signsIn('Alice Adams', { scopes: CALENDAR, resource: calendar }, WITHOUT_IFRAME)
    // This refresh tells Carnet that the provider does not rotate refresh tokens.
    await app.asks(CALENDAR, { resource: calendar, forceRefresh: true })
    const { answer, error } = await app.asks(MAIL, { resource: mail })
    expect(answer).toBeUndefined()
    expect(error).toMatchObject({ code: 'interaction_required' })
  },
)

story('Without an audience, the token is opaque and for user information', async ({ app }) => {
  await app.signsIn('Alice Adams', { scopes: ['email'] }, AUTH0)
  const { answer } = await app.asks(['openid'])
  expect(answer?.accessToken).toBeTruthy()
  expect(audienceOf(answer?.accessToken)).toBeUndefined()
  const info = await app.calls<{ sub: string }>('userInfo')
  expect(info.answer).toMatchObject({ sub: 'alice', email: 'alice@example.com' })
})

story.describe('where iframes work', () => {
  story.use({ cookies: 'allowed' })

  story('The hidden iframe gets a token for a second audience', async ({ app }) => {
    const { calendar, mail } = apisOf(app)
    await app.isSignedIn({ scopes: CALENDAR, resource: calendar }, 'Alice Adams', AUTH0)
    const { answer } = await app.asks(MAIL, { resource: mail })
    expect(audienceOf(answer?.accessToken)).toBe(mail)
  })
})

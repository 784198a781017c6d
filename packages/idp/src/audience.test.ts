import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startApp } from './testing/app.ts'

const scope = 'openid calendar.read mail.read'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp({ settings: { consent: 'skip', apiParameter: 'audience' } })
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

const isOpaque = (accessToken = '') => accessToken !== '' && !accessToken.includes('.')

test('`audience` names the API of the access token, and limits its scopes', async () => {
  const audience = `${app.issuer}/calendar`
  const tokens = await app.signIn({ scope, audience })
  expect(decodeJwt(tokens.access_token ?? '').aud).toBe(audience)
  expect(tokens.scope).toBe('openid calendar.read')
  expect((await app.api('calendar/events', tokens.access_token)).status).toBe(200)
})

test('an `audience` without scopes of its API is the audience too', async () => {
  const audience = `${app.issuer}/mail`
  const tokens = await app.signIn({ scope: 'openid', audience })
  expect(decodeJwt(tokens.access_token ?? '').aud).toBe(audience)
})

test.each([{}, { resource: 'calendar' }])(
  'without `audience` the token is opaque and for the userinfo endpoint only: %o',
  async ({ resource }: { resource?: string }) => {
    const tokens = await app.signIn({ scope, resource: resource && `${app.issuer}/${resource}` })
    expect(isOpaque(tokens.access_token)).toBe(true)
    expect(tokens.scope).toBe('openid')
    expect((await app.api('calendar/events', tokens.access_token)).status).toBe(401)
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    expect((await fetch(`${app.issuer}/me`, { headers })).status).toBe(200)
  },
)

test.each(['audience', 'resource'])(
  'a refresh ignores `%s`, and returns a token for the API of the sign-in',
  async (name) => {
    const audience = `${app.issuer}/calendar`
    const { refresh_token } = await app.signIn({ scope, audience })
    const { status, body } = await app.refresh(refresh_token, { [name]: `${app.issuer}/mail` })
    expect(status).toBe(200)
    expect(decodeJwt(body.access_token ?? '').aud).toBe(audience)
  },
)

test('an unknown `audience` is refused', async () => {
  const audience = 'https://other.test/'
  const { url } = await app.browser().visit(app.authorizationUrl({ scope, audience }))
  expect(new URL(url).searchParams.get('error')).toBe('invalid_target')
})

test('`audience` has no effect at a provider that names APIs by `resource`', async () => {
  await app.control.changeSettings({ apiParameter: 'resource' })
  const tokens = await app.signIn({ scope, audience: `${app.issuer}/calendar` })
  expect(decodeJwt(tokens.access_token ?? '').aud).toBe(`${app.issuer}/api`)
})

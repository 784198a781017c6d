import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf } from '../../testing/app.ts'
import { claimsOf, startEntraApp } from '../../testing/entra-app.ts'

let app: Awaited<ReturnType<typeof startEntraApp>>
beforeAll(async () => {
  app = await startEntraApp({ settings: { consent: 'skip' } })
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

const scope = 'openid offline_access User.Read Calendars.ReadWrite Mail.Read'

test('the API returns the profile, the calendar and the mail', async () => {
  const { access_token } = await app.signIn({ scope })
  const me = await app.callGraph('/me', access_token)
  expect(me.headers.get('access-control-allow-origin')).toBe('*')
  expect(await me.json()).toMatchObject({
    id: claimsOf(access_token).oid,
    displayName: 'Alice Adams',
    userPrincipalName: 'alice@contoso.example',
  })

  const body = JSON.stringify({ subject: 'Tea', start: { dateTime: '2030-01-01T10:00:00Z' } })
  expect((await app.callGraph('/me/events', access_token, { method: 'POST', body })).status).toBe(
    201,
  )
  const events = (await (await app.callGraph('/me/events', access_token)).json()) as {
    value: { subject: string }[]
  }
  expect(events.value.map(({ subject }) => subject)).toContain('Tea')
  const messages = (await (await app.callGraph('/me/messages', access_token)).json()) as {
    value: object[]
  }
  expect(messages.value).toHaveLength(3)
})

test('tokens are refused if the scope, the resource or the signature is wrong, or the token is missing', async () => {
  const { access_token = '' } = await app.signIn()
  expect((await app.callGraph('/me/messages', access_token)).status).toBe(403)
  const api = await app.signIn({ scope: `openid ${app.api}/api.read` })
  expect((await app.callGraph('/me', api.access_token)).status).toBe(401)
  expect((await app.callGraph('/me', `${access_token.slice(0, -8)}AAAAAAAA`)).status).toBe(401)

  const response = await app.callGraph('/me')
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="", authorization_uri=/)
  expect(await response.json()).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } })
})

test('a token for the claims of the challenge meets the challenge', async () => {
  const { access_token, refresh_token } = await app.signIn()
  const challenge = JSON.stringify({
    access_token: { nbf: { essential: true, value: String(Math.floor(Date.now() / 1000)) } },
  })
  await app.control.changeSettings({ claimsChallenge: challenge })

  const refused = await app.callGraph('/me', access_token)
  expect(refused.status).toBe(401)
  const header = refused.headers.get('www-authenticate') ?? ''
  expect(header).toContain('error="insufficient_claims"')
  const [, encoded = ''] = /claims="([^"]+)"/.exec(header) ?? []
  const claims = Buffer.from(encoded, 'base64').toString()
  expect(claims).toBe(challenge)

  const withoutClaims = await app.refresh(refresh_token)
  expect((await app.callGraph('/me', withoutClaims.body.access_token)).status).toBe(401)
  const withClaims = await app.refresh(refresh_token, { claims })
  expect((await app.callGraph('/me', withClaims.body.access_token)).status).toBe(200)
})

test('the user meets an authentication context on a page', async () => {
  const agent = app.browser()
  const { refresh_token } = await app.signIn({}, { agent })
  const claims = JSON.stringify({
    access_token: { acrs: { essential: true, value: 'c1' }, xms_cc: { values: ['cp1'] } },
  })
  const refused = (await app.refresh(refresh_token, { claims })).body
  expect(refused).toMatchObject({ error: 'interaction_required', claims })

  const page = await app.walk({ claims }, { agent })
  const answer = answerOf(await agent.press(page, { action: 'approve' }))
  const { access_token } = (await app.redeem(answer.code)).body
  expect(claimsOf(access_token)).toMatchObject({ acrs: ['c1'], xms_cc: ['cp1'] })
})

test('userinfo returns the sub of the ID token', async () => {
  const { access_token, id_token } = await app.signIn()
  const response = await fetch(`${app.origin}/graph/oidc/userinfo`, {
    headers: { authorization: `Bearer ${access_token}` },
  })
  expect(await response.json()).toMatchObject({ sub: claimsOf(id_token).sub, name: 'Alice Adams' })
})

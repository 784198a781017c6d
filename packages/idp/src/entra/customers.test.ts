import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf } from '../testing/app.ts'
import { claimsOf, clientInfoOf, startEntraApp } from '../testing/entra-app.ts'

const POLICY = 'contoso.onmicrosoft.com/B2C_1_signin'

let app: Awaited<ReturnType<typeof startEntraApp>>
beforeAll(async () => {
  app = await startEntraApp()
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

/** Fetches a discovery document under another host name of the provider. */
const discover = (host: string, tenant: string) =>
  new Promise<Record<string, unknown>>((resolve, reject) => {
    const path = `/${tenant}/v2.0/.well-known/openid-configuration`
    const { hostname, port } = new URL(app.origin)
    request({ hostname, port, path, headers: { host } }, async (response) => {
      resolve(JSON.parse((await response.toArray()).join('')))
    })
      .on('error', reject)
      .end()
  })

test('a policy has its own endpoints and lists only the scope `openid`', async () => {
  const body = await discover('contoso.b2clogin.com', POLICY)
  const base = `https://contoso.b2clogin.com/${app.tenants.home.id}`
  expect(body).toMatchObject({
    issuer: `${base}/v2.0/`,
    token_endpoint: `${base}/b2c_1_signin/oauth2/v2.0/token`,
    scopes_supported: ['openid'],
  })
})

test('the issuer of a customer directory has the tenant in its host name', async () => {
  const { id } = app.tenants.home
  const body = await discover('contoso.ciamlogin.com', 'contoso.onmicrosoft.com')
  expect(body).toMatchObject({
    issuer: `https://${id}.ciamlogin.com/${id}/v2.0`,
    authorization_endpoint: `https://contoso.ciamlogin.com/${id}/oauth2/v2.0/authorize`,
  })
})

test('a sign-in by policy gets an access token only for scopes of an API', async () => {
  const { id } = app.tenants.home
  for (const [scope, audience] of [
    ['openid offline_access', undefined],
    ['openid offline_access spa', 'spa'],
    [`openid offline_access ${app.api}/api.read`, app.api],
  ] as const) {
    const { code } = answerOf(await app.walk({ scope }, { tenant: POLICY }))
    const { body } = await app.redeem(code, { scope }, POLICY)
    const claims = claimsOf(body.id_token)
    expect(claims).toMatchObject({ iss: `${app.origin}/${id}/v2.0/`, tfp: 'B2C_1_signin' })
    expect(claims).not.toHaveProperty('tid')
    expect(clientInfoOf(body)).toEqual({ uid: `${claims.oid}-b2c_1_signin`, utid: id })
    expect(body.access_token && claimsOf(body.access_token).aud).toBe(audience)
    expect(body.refresh_token).toBeDefined()
  }
})

test('a refresh token of a policy does not work for other policies', async () => {
  const scope = 'openid offline_access spa'
  const { code } = answerOf(await app.walk({ scope }, { tenant: POLICY }))
  const { body } = await app.redeem(code, { scope }, POLICY)
  expect((await app.refresh(body.refresh_token, { scope })).status).toBe(400)
  expect((await app.refresh(body.refresh_token, { scope }, POLICY)).status).toBe(200)
})

test('a redirect URI of another type than spa gets no tokens', async () => {
  await app.control.changeSettings({ redirectUriType: 'web' })
  const { code } = answerOf(await app.walk())
  const { body, status } = await app.redeem(code)
  expect([status, body.error_codes]).toEqual([400, [9002326]])
})

import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEntraApp } from '../testing/entra-app.ts'

let app: Awaited<ReturnType<typeof startEntraApp>>
beforeAll(async () => {
  app = await startEntraApp({ settings: { consent: 'skip' } })
})
afterAll(() => app.close())

const discover = async (tenant: string) => {
  const url = `${app.origin}/${tenant}/v2.0/.well-known/openid-configuration`
  const response = await fetch(url, { headers: { origin: 'http://anywhere.test' } })
  return {
    status: response.status,
    origin: response.headers.get('access-control-allow-origin'),
    body: (await response.json()) as Record<string, string>,
  }
}

test.each([
  ['common', 'common', '{tenantid}'],
  ['organizations', 'organizations', '{tenantid}'],
  ['consumers', 'consumers', '9188040d-6c67-4c5b-b112-36a304b66dad'],
  ['11111111-AAAA-4aaa-8aaa-000000000001', undefined, undefined],
  ['contoso.example', undefined, undefined],
])(
  'discovery finds the tenant %s',
  async (tenant, path = app.tenants.home.id, id = app.tenants.home.id) => {
    const { body, origin } = await discover(tenant)
    expect(origin).toBe('*')
    expect(body).toMatchObject({
      issuer: `${app.origin}/${id}/v2.0`,
      authorization_endpoint: `${app.origin}/${path}/oauth2/v2.0/authorize`,
      token_endpoint: `${app.origin}/${path}/oauth2/v2.0/token`,
      end_session_endpoint: `${app.origin}/${path}/oauth2/v2.0/logout`,
      jwks_uri: `${app.origin}/${path}/discovery/v2.0/keys`,
    })
    expect(body).not.toHaveProperty('authorization_response_iss_parameter_supported')
    expect(body).not.toHaveProperty('code_challenge_methods_supported')
  },
)

test('an unknown tenant gets an error in the format of Entra', async () => {
  const { body, status } = await discover('nowhere.example')
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] })
})

test('instance discovery lists the provider as its only alias', async () => {
  const endpoint = `${app.origin}/common/oauth2/v2.0/authorize`
  const url = `${app.origin}/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}`
  const { host } = new URL(app.origin)
  expect(await (await fetch(url)).json()).toMatchObject({
    tenant_discovery_endpoint: `${app.origin}/common/v2.0/.well-known/openid-configuration`,
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  })
})

test('the keys verify the tokens and name their issuer', async () => {
  const { id_token = '' } = await app.signIn()
  const { body } = await discover('common')
  const keys = createRemoteJWKSet(new URL(body.jwks_uri ?? ''))
  const { payload } = await jwtVerify(id_token, keys, { issuer: app.issuer, audience: 'spa' })
  expect(payload.tid).toBe(app.tenants.home.id)
})

test('preflight requests with any header are allowed', async () => {
  const response = await fetch(`${app.authority('common')}/oauth2/v2.0/token`, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://localhost:5173',
      'access-control-request-headers': 'x-anchormailbox, client-request-id, x-client-sku',
    },
  })
  expect(response.headers.get('access-control-allow-headers')).toContain('x-anchormailbox')
})

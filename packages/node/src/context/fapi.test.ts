import { createClientCertificate, startIdentityProvider } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { privateKey } from '../credentials/certificate.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { tlsCertificate } from '../credentials/tls-certificate.ts'
import { CALLBACK, createAgent, request } from '../testing/web-app.ts'

let own: Awaited<ReturnType<typeof createClientCertificate>>
let idp: Awaited<ReturnType<typeof startIdentityProvider>>
beforeAll(async () => {
  own = await createClientCertificate()
  const method = 'self_signed_tls_client_auth' as const
  idp = await startIdentityProvider({
    tls: true,
    mutualTls: true,
    settings: { consent: 'skip', signInAs: 'alice' },
    clients: [
      {
        clientId: 'bank',
        redirectUris: [CALLBACK],
        credentials: { certificates: [own.cert], method },
      },
    ],
  })
  // The provider has a self-signed certificate.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
})
beforeEach(() => idp.control.reset())
afterAll(async () => {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  await idp.close()
})

const scopes = ['calendar.read']
const create = (more = {}) =>
  createConfidentialClient({
    clientId: 'bank',
    authority: idp.issuer,
    credential: tlsCertificate(own),
    security: 'fapi2',
    ...more,
  })
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

async function answered(app: Awaited<ReturnType<typeof create>>) {
  const { url, cookies } = await app.signIn.begin({ redirectUri: CALLBACK, scopes })
  const answer = await createAgent({ origin: idp.issuer }).authorize(url)
  return { url, answer, cookies }
}

test('requests are pushed, and tokens are bound to the certificate', async () => {
  const app = await create()
  const { url, answer, cookies } = await answered(app)
  expect([...new URL(url).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
  await idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'idToken', claims: {}, alg: 'ES256' },
  })
  const { account, result } = await app.signIn.finish(request(answer, cookies))
  expect(account.username).toBe('alice@example.com')
  expect(claimsOf(result.accessToken).cnf).toEqual({ 'x5t#S256': expect.any(String) })
  const { accessToken } = await app.acquireTokenForApp({ scopes })
  expect(claimsOf(accessToken).cnf).toEqual({ 'x5t#S256': expect.any(String) })
})

test('an ID token with RS256, and a response without issuer, are refused', async () => {
  const app = await create()
  const { answer, cookies } = await answered(app)
  await expect(app.signIn.finish(request(answer, cookies))).rejects.toMatchObject({
    code: 'invalid_id_token',
  })
  const other = await answered(app)
  const bare = new URL(other.answer)
  bare.searchParams.delete('iss')
  await expect(app.signIn.finish(request(bare.href, other.cookies))).rejects.toMatchObject({
    code: 'issuer_identification_failed',
  })
})

test.each([
  ['pushed_authorization_request_endpoint'],
  ['authorization_response_iss_parameter_supported'],
  ['tls_client_certificate_bound_access_tokens'],
])('a provider without `%s` is refused before any secret is sent', async (member) => {
  await idp.control.changeSettings({ discovery: { [member]: null } })
  const app = await create()
  for (const call of [
    () => app.acquireTokenForApp({ scopes }),
    () => app.signIn.begin({ redirectUri: CALLBACK, scopes }),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'unsupported_by_provider' })
  expect((await idp.control.stats()).counts.token).toBe(0)
})

test('a weaker credential, or an unknown profile, is no option', async () => {
  const weak = [
    { credential: clientSecret('secret') },
    { credential: [tlsCertificate(own), clientSecret('secret')] },
    { credential: privateKey({ key: own.key }) },
    { security: 'fapi1' },
  ]
  for (const options of weak)
    await expect(create(options)).rejects.toMatchObject({ code: 'invalid_options' })
})

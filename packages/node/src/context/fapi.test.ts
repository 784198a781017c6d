import { constants, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { createClientCertificate, startIdentityProvider } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { certificate, privateKey } from '../credentials/certificate.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { federated } from '../credentials/federated.ts'
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
      {
        clientId: 'tls-bank',
        redirectUris: [CALLBACK],
        credentials: { certificates: [own.cert], method, bindsTokens: false },
      },
      {
        clientId: 'signing-bank',
        redirectUris: [CALLBACK],
        credentials: { certificates: [own.cert], method: 'private_key_jwt' },
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
/** The key is in a KMS: the app sees signatures only. */
const inKms = (algorithm: 'PS256' | 'RS256' = 'PS256') =>
  certificate({
    cert: own.cert,
    algorithm,
    sign: (bytes) => {
      const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants
      return signBytes('sha256', bytes, { key: own.key, padding, saltLength })
    },
  })
const createSigning = (more = {}) =>
  create({ clientId: 'signing-bank', credential: inKms(), ...more })
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

test('with a key in a KMS, requests are pushed with proofs, and tokens are bound to a key', async () => {
  await idp.control.changeSettings({ authorizationServerNonces: 'required', apiNonces: 'required' })
  const app = await createSigning()
  const { url, answer, cookies } = await answered(app)
  expect([...new URL(url).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
  await idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'idToken', claims: {}, alg: 'ES256' },
  })
  const { account, result } = await app.signIn.finish(request(answer, cookies))
  expect(result.tokenType).toBe('DPoP')
  expect(claimsOf(result.accessToken).cnf).toEqual({ jkt: expect.any(String) })
  expect((await app.fetch(result, `${idp.issuer}/api/echo`)).status).toBe(200)
  const anew = await app
    .forUser(account)
    .acquireTokenSilent({ scopes: ['calendar.write'] })
    .catch((error) => error)
  expect(anew).toMatchObject({ code: 'interaction_required' })
})

test('a code is refused to another key, and a stolen token without its key', async () => {
  const [one, two] = [await createSigning(), await createSigning()]
  const { accessToken } = await one.acquireTokenForApp({ scopes })
  const stolen = await two.acquireTokenForApp({ scopes })
  const url = `${idp.issuer}/api/echo`
  const { dpop = '' } = await two.authorize(stolen, { method: 'GET', url })
  const headers = { authorization: `DPoP ${accessToken}`, dpop }
  expect((await fetch(url, { headers })).status).toBe(401)
})

test.each([
  ['dpop_signing_alg_values_supported', null],
  ['dpop_signing_alg_values_supported', ['RS256']],
  ['token_endpoint_auth_methods_supported', ['client_secret_basic']],
  ['pushed_authorization_request_endpoint', null],
  ['authorization_response_iss_parameter_supported', null],
])('with a key, a provider with `%s` %j is refused before any request', async (member, value) => {
  await idp.control.changeSettings({ discovery: { [member]: value } })
  const app = await createSigning()
  for (const call of [
    () => app.acquireTokenForApp({ scopes }),
    () => app.signIn.begin({ redirectUri: CALLBACK, scopes }),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'unsupported_by_provider' })
  expect((await idp.control.stats()).counts).toMatchObject({ token: 0, par: 0 })
})

test('a provider that answers with bearer tokens, or with a weak ID token, is refused', async () => {
  const app = await createSigning()
  const first = await answered(app)
  // The embedded provider signs ID tokens with RS256.
  await expect(app.signIn.finish(request(first.answer, first.cookies))).rejects.toMatchObject({
    code: 'invalid_id_token',
  })
  await idp.control.changeSettings({ dpop: 'off' })
  await expect(app.acquireTokenForApp({ scopes })).rejects.toMatchObject({ code: 'dpop_refused' })
})

test('a certificate in the handshake may be joined by a key for the tokens', async () => {
  const app = await create({ clientId: 'tls-bank', dpop: true })
  const { tokenType, accessToken } = await app.acquireTokenForApp({ scopes })
  expect(tokenType).toBe('DPoP')
  expect(claimsOf(accessToken).cnf).toMatchObject({ jkt: expect.any(String) })
})

test('a weaker credential, or an unknown profile, is no option', async () => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
  const weak = [
    { credential: clientSecret('secret') },
    { credential: [tlsCertificate(own), clientSecret('secret')] },
    { credential: federated({ assertion: () => 'a.b.c' }) },
    { credential: inKms('RS256') },
    { credential: privateKey({ key: own.key, algorithm: 'RS256' }) },
    { credential: privateKey({ key: p384 }) },
    { credential: { kind: 'key', authenticate: () => undefined } },
    { credential: privateKey({ key: own.key }), dpop: false },
    { security: 'fapi1' },
  ]
  for (const options of weak)
    await expect(create(options)).rejects.toMatchObject({ code: 'invalid_options' })
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  expect(() => privateKey({ key: short })).toThrow('at least 2048')
})

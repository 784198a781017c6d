import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createClientCertificate } from '../server/client-certificate.ts'
import { claimsOf } from '../testing/entra-app.ts'
import { createMsalClient } from '../testing/msal-node.ts'
import { API_APP_ID } from './scopes/resources.ts'
import { type EntraProvider, startEntraProvider } from './start-entra-provider.ts'

const GRAPH = 'https://graph.microsoft.com/.default'
const JOB = 'job'
const SECRET = 's3cret-of-the-job'

let idp: EntraProvider
let certificate: Awaited<ReturnType<typeof createClientCertificate>>
beforeAll(async () => {
  certificate = await createClientCertificate()
  const credentials = { secrets: [SECRET], certificates: [certificate.cert] }
  idp = await startEntraProvider({
    tls: true,
    settings: { consent: 'skip' },
    clients: [
      { clientId: 'spa', redirectUris: ['http://localhost:5173/'] },
      { clientId: JOB, redirectUris: [], credentials },
      { clientId: API_APP_ID, redirectUris: [], credentials },
    ],
  })
})
beforeEach(() => idp.control.reset())
afterAll(() => idp.close())

const thumbprintSha256 = () =>
  new X509Certificate(certificate.cert).fingerprint256.replaceAll(':', '')

test('the real MSAL for Node gets a token for itself, by secret and by certificate', async () => {
  await idp.control.changeSettings({ refreshIn: 600 })
  const bySecret = createMsalClient(idp, JOB, { clientSecret: SECRET })
  const result = await bySecret.acquireTokenByClientCredential({ scopes: [GRAPH] })
  const claims = claimsOf(result?.accessToken)
  expect(claims).toMatchObject({ azp: JOB, idtyp: 'app', azpacr: '1', tid: idp.tenants.home.id })
  expect(claims.oid).toBe(claims.sub)
  expect(result?.refreshOn?.getTime()).toBeLessThan(Date.now() + 601_000)

  const byCertificate = createMsalClient(idp, JOB, {
    clientCertificate: { thumbprintSha256: thumbprintSha256(), privateKey: certificate.key },
  })
  const proven = await byCertificate.acquireTokenByClientCredential({ scopes: [GRAPH] })
  expect(claimsOf(proven?.accessToken).azpacr).toBe('2')
})

test('the real MSAL for Node gets a token on behalf of a user', async () => {
  const oboAssertion = await idp.accessTokenFor('alice')
  const api = createMsalClient(idp, API_APP_ID, { clientSecret: SECRET })
  const result = await api.acquireTokenOnBehalfOf({ oboAssertion, scopes: ['User.Read'] })
  const claims = claimsOf(result?.accessToken)
  expect(claims).toMatchObject({ azp: API_APP_ID, name: 'Alice Adams', azpacr: '1' })
  expect(String(claims.scp).split(' ')).toContain('User.Read')
  expect(result?.account?.username).toBe('alice@contoso.example')
})

test.each([
  ['a wrong secret', { clientSecret: 'wrong' }, 7000215],
  [
    'an unknown certificate',
    async () => {
      const other = await createClientCertificate()
      const thumbprint = new X509Certificate(other.cert).fingerprint256.replaceAll(':', '')
      return { clientCertificate: { thumbprintSha256: thumbprint, privateKey: other.key } }
    },
    700027,
  ],
  [
    'a key that does not fit the certificate',
    async () => ({
      clientCertificate: {
        thumbprintSha256: thumbprintSha256(),
        privateKey: (await createClientCertificate()).key,
      },
    }),
    700027,
  ],
])('%s is refused', async (_name, auth, code) => {
  const client = createMsalClient(idp, JOB, typeof auth === 'function' ? await auth() : auth)
  await expect(client.acquireTokenByClientCredential({ scopes: [GRAPH] })).rejects.toMatchObject({
    errorCode: 'invalid_client',
    errorMessage: expect.stringContaining(`AADSTS${code}`),
  })
})

async function post(fields: Record<string, string>, tenant = 'home') {
  const client = createMsalClient(idp, JOB, { clientSecret: SECRET })
  const network = (client as unknown as { config: { system: { networkClient: Network } } }).config
  const body = new URLSearchParams({ client_id: JOB, client_secret: SECRET, ...fields }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const url = `${idp.authority(tenant)}/oauth2/v2.0/token`
  return network.system.networkClient.sendPostRequestAsync<Body>(url, { headers, body })
}
interface Body {
  readonly error?: string
  readonly error_codes?: number[]
  readonly refresh_token?: string
}
interface Network {
  sendPostRequestAsync<T>(
    url: string,
    options: { headers: Record<string, string>; body: string },
  ): Promise<{ status: number; body: T }>
}

const onBehalfOf = async (fields: Record<string, string> = {}) => ({
  client_id: API_APP_ID,
  grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  requested_token_use: 'on_behalf_of',
  assertion: await idp.accessTokenFor('alice'),
  scope: 'User.Read offline_access',
  ...fields,
})

test('requests for an app need a tenant and one `.default` scope', async () => {
  const fields = { grant_type: 'client_credentials', scope: GRAPH }
  expect((await post(fields, 'common')).body.error_codes).toEqual([50059])
  expect((await post({ ...fields, scope: 'User.Read' })).body.error_codes).toEqual([1002012])
  const many = `${GRAPH} ${idp.api}/.default`
  expect((await post({ ...fields, scope: many })).status).toBe(400)
})

test('an assertion must be a valid token of a user for the client', async () => {
  const refused = async (fields: Record<string, string>) =>
    (await post(await onBehalfOf(fields))).body.error_codes
  expect(await refused({ assertion: 'no.jwt' })).toEqual([50013])
  const forGraph = await idp.accessTokenFor('alice', { scope: 'User.Read' })
  expect(await refused({ assertion: forGraph })).toEqual([500131])
  const forged = `${(await idp.accessTokenFor('alice')).slice(0, -8)}AAAAAAAA`
  expect(await refused({ assertion: forged })).toEqual([50013])
  await idp.control.changeSettings({ mfaRequired: true })
  const { body } = await post(await onBehalfOf())
  expect(body).toMatchObject({ error: 'interaction_required', claims: expect.any(String) })
})

test('the replay of a rotated refresh token ends the grant, after the grace', async () => {
  await idp.control.changeSettings({ refreshTokenReuse: 'ends' })
  const { refresh_token: first = '' } = (await post(await onBehalfOf())).body
  const refresh = (token: string) =>
    post({ client_id: API_APP_ID, grant_type: 'refresh_token', refresh_token: token })
  const { refresh_token: second = '' } = (await refresh(first)).body
  await idp.control.changeSettings({ refreshTokenGrace: 60 })
  expect((await refresh(first)).status).toBe(200)
  await idp.control.changeSettings({ refreshTokenGrace: 0 })
  expect((await refresh(first)).body.error).toBe('invalid_grant')
  expect((await refresh(second)).body.error_codes).toEqual([50173])
})

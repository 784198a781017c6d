import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { createClientCertificate, type IdentityProvider, startIdentityProvider } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { memoryStore } from '../stores/memory-store.ts'
import { claimsOf } from './federated.ts'
import { tlsCertificate } from './tls-certificate.ts'

type Certificate = Awaited<ReturnType<typeof createClientCertificate>>
let own: Certificate
let other: Certificate
let idp: IdentityProvider
const method = 'self_signed_tls_client_auth' as const
const register = (...certificates: Certificate[]) => {
  const credentials = { certificates: certificates.map(({ cert }) => cert), method }
  return idp.addClient({ clientId: 'job', redirectUris: [], credentials })
}

beforeAll(async () => {
  ;[own, other] = await Promise.all([createClientCertificate(), createClientCertificate()])
  idp = await startIdentityProvider({ tls: true, mutualTls: true, clients: [] })
  // The provider has a self-signed certificate.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
})
beforeEach(async () => {
  await idp.control.reset()
  register(own)
})
afterAll(async () => {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  await idp.close()
})

const create = (certificate: Certificate, more = {}) =>
  createConfidentialClient({
    clientId: 'job',
    authority: idp.issuer,
    credential: tlsCertificate(certificate),
    ...more,
  })
const scopes = ['calendar.read']
const discovered = async (): Promise<Record<string, unknown>> =>
  (await fetch(`${idp.issuer}/.well-known/openid-configuration`)).json()

test('the certificate of the handshake authenticates the app, and binds its token', async () => {
  const app = await create(own)
  const { accessToken } = await app.acquireTokenForApp({ scopes })
  const { cnf } = claimsOf(accessToken) ?? {}
  expect(cnf).toEqual({ 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) })
  expect((await app.acquireTokenForApp({ scopes })).accessToken).toBe(accessToken)
})

test('a certificate that the provider does not know is refused', async () => {
  register(other)
  await expect((await create(own)).acquireTokenForApp({ scopes })).rejects.toMatchObject({
    code: 'client_authentication_failed',
  })
})

test('token requests go to the alias for certificates (RFC 8705 section 5)', async () => {
  const found = await discovered()
  const endpoints = { token_endpoint: `${idp.issuer}/nowhere` }
  const metadata = { ...found, ...endpoints, mtls_endpoint_aliases: found }
  const { accessToken } = await (await create(own, { metadata })).acquireTokenForApp({ scopes })
  expect(claimsOf(accessToken)?.cnf).toBeDefined()
})

test('tokens of one certificate never serve another one', async () => {
  const cache = { store: memoryStore(), keys: keyring(newSealKey()) }
  const first = await (await create(own, { cache })).acquireTokenForApp({ scopes })
  const same = await (await create(own, { cache })).acquireTokenForApp({ scopes })
  expect(same).toMatchObject({ accessToken: first.accessToken, fromCache: true })
  register(own, other)
  const next = await (await create(other, { cache })).acquireTokenForApp({ scopes })
  expect(next.fromCache).toBe(false)
  expect(claimsOf(next.accessToken)?.cnf).not.toEqual(claimsOf(first.accessToken)?.cnf)
})

test('`fetch` of the credential presents the certificate to an API, and follows no redirect', async () => {
  const api = createServer({ ...other, requestCert: true, rejectUnauthorized: false })
  api.on('request', (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerX509Certificate() ?? {}
    if (request.url === '/moved') response.writeHead(302, { location: '/' }).end()
    else if (request.url === '/empty') response.writeHead(204).end()
    else request.pipe(response.writeHead(200, { 'x-subject': subject ?? 'none' }))
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const url = `https://127.0.0.1:${(api.address() as AddressInfo).port}`
  try {
    const { fetch: call } = tlsCertificate(own)
    const answer = await call(url, { method: 'POST', body: 'text' })
    expect(answer.headers.get('x-subject')).toContain('client')
    expect(await answer.text()).toBe('text')
    expect((await call(`${url}/moved`)).status).toBe(302)
    expect((await call(`${url}/empty`)).status).toBe(204)
    await expect(call(url, { signal: AbortSignal.abort() })).rejects.toThrow('abort')
    await expect(call('http://127.0.0.1')).rejects.toThrow('https')
  } finally {
    api.close()
  }
})

test('the app may send the requests itself, with a key in an HSM', async () => {
  const { fetch: present } = tlsCertificate(own)
  const urls: string[] = []
  const send: typeof fetch = (url, init) => {
    urls.push(String(url))
    return present(url, init)
  }
  const app = await create(own, { credential: tlsCertificate({ cert: own.cert, fetch: send }) })
  await app.acquireTokenForApp({ scopes })
  expect(urls).toEqual([`${idp.issuer}/token`])
})

test.each<[string, () => object]>([
  ['a foreign key', () => ({ cert: own.cert, key: other.key })],
  ['no key', () => ({ cert: own.cert })],
  ['no certificate', () => ({ cert: 'text', key: own.key })],
])('%s makes the credential unusable', (_name, options) => {
  expect(() => tlsCertificate(options() as never)).toThrow(
    expect.objectContaining({ code: 'credential_unusable' }),
  )
})

test('an expired certificate and a token endpoint without TLS are refused before the network', async () => {
  const expired = await createClientCertificate({ notAfter: new Date(Date.now() - 1000) })
  const app = await create(expired)
  await expect(app.acquireTokenForApp({ scopes })).rejects.toMatchObject({
    code: 'credential_unusable',
    message: expect.stringContaining('has expired'),
  })
  const metadata = { ...(await discovered()), token_endpoint: 'http://127.0.0.1:1/token' }
  await expect((await create(own, { metadata })).acquireTokenForApp({ scopes })).rejects.toThrow(
    'https',
  )
})

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
} from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClientCertificate } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { API, createTestClock, GRAPH, SECRET, startEntraService } from '../testing/service.ts'
import { certificate, privateKey } from './certificate.ts'
import { clientSecret } from './client-secret.ts'
import type { Credential } from './credential.ts'
import { claimsOf, federated } from './federated.ts'

let entra: Awaited<ReturnType<typeof startEntraService>>
const folder = mkdtempSync(join(tmpdir(), 'carnet-credentials-'))
const platform = generateKeyPairSync('ec', { namedCurve: 'P-256' })
beforeAll(async () => {
  entra = await startEntraService()
})
beforeEach(() => entra.idp.control.reset())
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await entra.idp.close()
})

const call = async (credential: Credential | Credential[], more = {}) => {
  const app = await entra.create({ credential, ...more })
  return app.acquireTokenForApp({ scopes: [GRAPH] })
}

/** Registers the service with these credentials. */
const register = (credentials: object) =>
  entra.idp.addClient({ clientId: API, redirectUris: [], credentials })
const registerAll = () => register({ secrets: [SECRET], certificates: [entra.certificate.cert] })

/** The header and the claims of the assertions that a credential creates. */
async function assertionsOf(credential: Credential, times = 1) {
  const seen: Record<string, unknown>[] = []
  for (let index = 0; index < times; index += 1) {
    const body = new URLSearchParams()
    await credential.authenticate({
      body,
      headers: new Headers(),
      metadata: {
        issuer: 'https://idp.example',
        token_endpoint: 'https://idp.example/token',
      } as never,
      clientId: 'job',
      dialect: { name: 'oidc' },
      nowMs: Date.now(),
    })
    const jwt = body.get('client_assertion') ?? ''
    const header = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString())
    seen.push({ ...header, ...claimsOf(jwt) })
  }
  return seen
}

test('a certificate authenticates, with a computed thumbprint', async () => {
  const { cert, key } = entra.certificate
  expect(claimsOf((await call(certificate({ cert, key }))).accessToken)?.azpacr).toBe('2')
  const [first, second] = await assertionsOf(certificate({ cert, key, sendChain: true }), 2)
  expect(first).toMatchObject({
    alg: 'PS256',
    'x5t#S256': expect.stringMatching(/^[\w-]{43}$/),
    x5c: [expect.stringMatching(/^MII/)],
    iss: 'job',
    sub: 'job',
    aud: 'https://idp.example',
  })
  expect(Number(first?.exp) - Number(first?.iat)).toBe(300)
  expect(first?.jti).not.toBe(second?.jti)
})

test('a key in a KMS signs through `sign`', async () => {
  const { cert, key } = entra.certificate
  const remote = createPrivateKey(key)
  const sign = async (bytes: Uint8Array) => signBytes('sha256', bytes, remote)
  const result = await call(certificate({ cert, sign, algorithm: 'RS256' }))
  expect(result.accessToken).toMatch(/^ey/)
})

test.each(['ES256', 'ES384', 'EdDSA'])(
  'a key of the kind %s has its algorithm',
  async (algorithm) => {
    const { privateKey: key } =
      algorithm === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('ec', { namedCurve: algorithm === 'ES256' ? 'P-256' : 'P-384' })
    const [seen] = await assertionsOf(privateKey({ key, keyId: 'k1' }))
    expect(seen).toMatchObject({ alg: algorithm, kid: 'k1' })
  },
)

test('a malformed, foreign or expired certificate is refused before any request', async () => {
  const { cert, key } = entra.certificate
  const other = await createClientCertificate()
  const unusable = expect.objectContaining({
    code: 'credential_unusable',
    hint: expect.any(String),
  })
  expect(() => certificate({ cert, key: other.key })).toThrow(unusable)
  expect(() => certificate({ cert: 'no certificate', key })).toThrow(unusable)
  expect(() => certificate({ cert, key: 'no key' })).toThrow(unusable)
  expect(() => clientSecret('')).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  const expired = await createClientCertificate({ notAfter: new Date(Date.now() - 1000) })
  await expect(call(certificate(expired))).rejects.toMatchObject({ code: 'credential_unusable' })
  const failing = () => Promise.reject(new Error('the vault is closed'))
  const remote = certificate({ cert, sign: failing, algorithm: 'PS256' })
  await expect(call(remote)).rejects.toMatchObject({ code: 'credential_unusable' })
  const empty = certificate({ cert, sign: () => new Uint8Array(), algorithm: 'PS256' })
  await expect(call(empty)).rejects.toMatchObject({ code: 'credential_unusable' })
  expect(await entra.requests()).toBe(0)
})

test('a wrong secret has its own code, and does not appear in the error', async () => {
  const error = await call(clientSecret('wr0ng-s3cret')).catch((reason) => reason)
  expect(error).toMatchObject({
    code: 'client_authentication_failed',
    oauth: { error: 'invalid_client', codes: [7000215] },
  })
  expect(JSON.stringify(error) + String(error.cause)).not.toContain('wr0ng-s3cret')
})

test('of several credentials the next is used when one is refused, and stays first', async () => {
  const credentials = [clientSecret('removed'), clientSecret(SECRET)]
  const app = await entra.create({ credential: credentials })
  await app.acquireTokenForApp({ scopes: [GRAPH] })
  expect(await entra.requests()).toBe(2)
  await app.acquireTokenForApp({ scopes: [GRAPH], forceRefresh: true })
  expect(await entra.requests()).toBe(3)
  await expect(call([clientSecret('a'), clientSecret('another wrong one')])).rejects.toMatchObject({
    code: 'client_authentication_failed',
  })
  const expired = await createClientCertificate({ notAfter: new Date(Date.now() - 1000) })
  expect((await call([certificate(expired), clientSecret(SECRET)])).fromCache).toBe(false)
})

let jti = 0
function platformToken(more: Record<string, unknown> = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const nowSeconds = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'https://cluster.example',
    sub: 'system:serviceaccount:shop:api',
    aud: 'api://AzureADTokenExchange',
    jti: String(++jti),
    exp: nowSeconds + 3600,
    ...more,
  }
  const signed = `${part({ alg: 'ES256', typ: 'JWT' })}.${part(claims)}`
  const options = { key: platform.privateKey, dsaEncoding: 'ieee-p1363' as const }
  return `${signed}.${signBytes('sha256', Buffer.from(signed), options).toString('base64url')}`
}

const trustPlatform = () =>
  register({
    federated: [
      {
        issuer: 'https://cluster.example',
        subject: 'system:serviceaccount:shop:api',
        publicKey: createPublicKey(platform.privateKey as never).export({
          type: 'spki',
          format: 'pem',
        }),
      },
    ],
  })

test('an assertion of a platform is used until a minute before its end, and dropped when refused', async () => {
  trustPlatform()
  try {
    const clock = createTestClock()
    let created = 0
    const assertion = () => {
      created += 1
      // The first one is of another cluster.
      return platformToken(created === 1 ? { iss: 'https://other.example' } : {})
    }
    const app = await entra.create({ credential: federated({ assertion }), clock })
    const ask = () => app.acquireTokenForApp({ scopes: [GRAPH], forceRefresh: true })
    await ask()
    expect(created).toBe(2)
    await ask()
    expect(created).toBe(2)
    await expect(call(federated({ assertion: () => 'opaque' }))).rejects.toMatchObject({
      code: 'credential_unusable',
    })
  } finally {
    registerAll()
  }
})

test('an assertion in a file is read again when the file changes', async () => {
  trustPlatform()
  try {
    const file = join(folder, 'token')
    const app = await entra.create({ credential: federated({ file }) })
    const ask = () => app.acquireTokenForApp({ scopes: [GRAPH], forceRefresh: true })
    await expect(ask()).rejects.toMatchObject({ code: 'credential_unusable' })
    writeFileSync(file, platformToken({ exp: 1 }))
    await expect(ask()).rejects.toMatchObject({ code: 'client_authentication_failed' })
    writeFileSync(file, `${platformToken()}\n`)
    expect((await ask()).accessToken).toMatch(/^ey/)
  } finally {
    registerAll()
  }
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { claimsOf } from '../credentials/federated.ts'
import { startEntraService, startOidcService } from '../testing/service.ts'

let entra: Awaited<ReturnType<typeof startEntraService>>
let oidc: Awaited<ReturnType<typeof startOidcService>>
beforeAll(async () => {
  ;[entra, oidc] = await Promise.all([startEntraService(), startOidcService()])
})
beforeEach(() => Promise.all([entra.idp.control.reset(), oidc.idp.control.reset()]))
afterAll(() => Promise.all([entra.idp.close(), oidc.idp.close()]))

test('an answer from the cache has the account, the ID token and its claims too', async () => {
  const app = await entra.create()
  const assertion = await entra.idp.accessTokenFor('alice')
  const call = () => app.acquireTokenOnBehalfOf({ assertion, scopes: ['User.Read'] })
  const [first, ...others] = await Promise.all(Array.from({ length: 50 }, call))
  const later = await call()
  expect(later.fromCache).toBe(true)
  for (const result of [first, later, ...others]) {
    expect(result?.account).toMatchObject({
      username: 'alice@contoso.example',
      tenantId: entra.idp.tenants.home.id,
    })
    expect(result?.uniqueId).toBe(result?.account?.localAccountId)
    expect(result?.idTokenClaims?.name).toBe('Alice Adams')
    expect(result?.idToken).toMatch(/^ey/)
  }
  expect(await entra.requests()).toBe(1)
})

test('no user receives the token of another user', async () => {
  const app = await entra.create()
  const names = ['alice', 'bob', 'carol']
  const assertions = await Promise.all(names.map((name) => entra.idp.accessTokenFor(name)))
  const calls = Array.from({ length: 60 }, (_, index) => index % names.length)
  const results = await Promise.all(
    calls.map((user) =>
      app.acquireTokenOnBehalfOf({ assertion: assertions[user] ?? '', scopes: ['User.Read'] }),
    ),
  )
  results.forEach((result, index) => {
    const assertion = assertions[calls[index] ?? 0] ?? ''
    expect(claimsOf(result.accessToken)?.oid).toBe(claimsOf(assertion)?.oid)
    expect(result.account?.localAccountId).toBe(claimsOf(assertion)?.oid)
  })
  expect(await entra.requests()).toBe(3)
})

test('a refresh token of on-behalf-of is not asked for and not kept', async () => {
  const app = await entra.create()
  const assertion = await entra.idp.accessTokenFor('alice')
  await app.acquireTokenOnBehalfOf({ assertion, scopes: ['User.Read'] })
  expect((await entra.idp.control.issued()).refreshTokens).toEqual([])
})

test('a claims challenge of the provider becomes an error for the user', async () => {
  const app = await entra.create()
  await entra.idp.control.changeSettings({ mfaRequired: true })
  const assertion = await entra.idp.accessTokenFor('alice')
  const call = app.acquireTokenOnBehalfOf({ assertion, scopes: ['User.Read'] })
  await expect(call).rejects.toMatchObject({
    code: 'interaction_required',
    reason: 'mfa',
    request: { claims: expect.stringContaining('capolids') },
  })
})

test('an assertion that is no JWT is refused before any request', async () => {
  const app = await entra.create()
  const refused = ['', 'opaque', 'a.b.c', `Bearer ${await entra.idp.accessTokenFor('alice')}`]
  for (const assertion of refused)
    await expect(
      app.acquireTokenOnBehalfOf({ assertion, scopes: ['User.Read'] }),
    ).rejects.toMatchObject({ code: 'invalid_request' })
  expect(await entra.requests()).toBe(0)
})

test('at a plain provider, on-behalf-of is a token exchange', async () => {
  const app = await oidc.create()
  const assertion = await oidc.idp.accessTokenFor('alice')
  const resource = `${oidc.idp.issuer}/mail`
  const result = await app.acquireTokenOnBehalfOf({ assertion, scopes: ['mail.read'], resource })
  expect(claimsOf(result.accessToken)).toMatchObject({
    sub: 'alice',
    aud: resource,
    scope: 'mail.read',
  })
})

test('a provider that lists neither grant is not asked', async () => {
  await oidc.idp.control.changeSettings({ discovery: { grant_types_supported: ['implicit'] } })
  const app = await oidc.create()
  const assertion = await oidc.idp.accessTokenFor('alice')
  await expect(
    app.acquireTokenOnBehalfOf({ assertion, scopes: ['mail.read'] }),
  ).rejects.toMatchObject({ code: 'unsupported_by_provider' })
  expect(await oidc.requests()).toBe(0)
})

test('an exchange with an actor has its own token', async () => {
  const app = await oidc.create()
  const subjectToken = await oidc.idp.accessTokenFor('alice')
  const actor = await app.acquireTokenForApp({ scopes: ['mail.read'] })
  const plain = await app.exchange({ subjectToken, scopes: ['mail.read'] })
  const acting = await app.exchange({
    subjectToken,
    scopes: ['mail.read'],
    actorToken: actor.accessToken,
  })
  expect(claimsOf(plain.accessToken)?.act).toBeUndefined()
  expect(claimsOf(acting.accessToken)?.act).toEqual({ sub: entra.options.clientId })
  expect((await app.exchange({ subjectToken, scopes: ['mail.read'] })).accessToken).toBe(
    plain.accessToken,
  )
})

import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { isAuthError } from '../errors/errors.ts'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import { toScopeValues } from '../scopes/scope-values.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createRenewalDeps } from '../testing/renewal.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { renew } from './renew.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice', email: 'a@b.example' })
const read = toTokenQuery(alice, ['read'])
const refusal = (error: string) => () => jsonResponse({ error }, 400)

async function setUp(scopes: { requested?: string; granted?: string } = {}) {
  const { requested = 'openid read', granted = requested } = scopes
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const deps = createRenewalDeps(platform, async () => provider.metadata)
  const { store, cache, accounts } = deps
  const hold = (token: string) =>
    store.write(
      cache.keep({
        owner: accountKey(alice),
        token,
        requestedScopes: toScopeValues(requested),
        grantedScopes: toScopeValues(granted),
        issuedAtMs: platform.now(),
      }),
    )
  const owner = { account: alice, idToken: 'old-id-token', authority: provider.issuer }
  await store.write(accounts.put(owner))
  await hold('refresh-0')
  const heldToken = async () => (await cache.refreshToken(alice))?.token
  return { platform, provider, store, cache, accounts, deps, hold, heldToken }
}

describe('a renewal', () => {
  test('gets an access token, and stores it with the rotated refresh token', async () => {
    const { deps, cache, platform, heldToken } = await setUp()
    const record = await renew(read, deps)
    expect(record.token).toBe('s3cret-access-1')
    expect(record.expiresAtMs).toBe(platform.now() + 3_600_000)
    expect((await cache.find(read, platform.now()))?.token).toBe('s3cret-access-1')
    expect(await heldToken()).toBe('s3cret-refresh-1')
  })

  test('sends the refresh token, the client and the scopes that were granted', async () => {
    const { deps, provider } = await setUp({ requested: 'offline_access openid read write' })
    await renew(read, deps)
    expect(Object.fromEntries(provider.tokenRequests[0] ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-0',
      client_id: 'spa',
      scope: 'offline_access openid read',
    })
  })

  test('keeps the refresh token of a provider that does not rotate, and names the resource', async () => {
    const { deps, provider, heldToken } = await setUp()
    provider.onToken = () => jsonResponse(provider.tokens({ refresh_token: undefined }))
    await renew(read, deps)
    expect(await heldToken()).toBe('refresh-0')
    await renew(toTokenQuery(alice, ['read'], { resource: 'https://api.example' }), deps)
    expect(provider.tokenRequests[1]?.get('resource')).toBe('https://api.example')
  })

  test('protects a refresh token that is never rotated from pruning while it is in use', async () => {
    const { store, deps, platform, provider, heldToken } = await setUp()
    provider.onToken = () => jsonResponse(provider.tokens({ refresh_token: undefined }))
    for (let month = 0; month < 4; month += 1) {
      platform.advance(30 * 24 * 3_600_000)
      await renew(read, deps)
    }
    await store.prune(platform.now())
    expect(await heldToken()).toBe('refresh-0')
  })

  test('without an ID token in the response does not change the account', async () => {
    const { deps, provider, accounts } = await setUp()
    provider.onToken = () => jsonResponse(provider.tokens({ id_token: undefined }))
    await renew(read, deps)
    expect(accounts.record(alice)?.idToken).toBe('old-id-token')
  })

  test('with a smaller ID token keeps the names of the account', async () => {
    const { deps, accounts } = await setUp()
    await renew(read, deps)
    expect(accounts.record(alice)?.idToken).not.toBe('old-id-token')
    expect(accounts.record(alice)?.account.username).toBe('a@b.example')
  })

  test('that grants fewer scopes does not narrow the stored grant', async () => {
    const { deps, provider, cache } = await setUp({ requested: 'openid read write' })
    provider.onToken = () => jsonResponse(provider.tokens({ scope: 'openid read' }))
    expect((await renew(read, deps)).grantedScopes).toEqual(['read'])
    const held = await cache.refreshToken(alice)
    expect(held?.grantedScopes).toEqual(['openid', 'read', 'write'])
  })

  test('does not count a scope as declined if a renewal omits it', async () => {
    const { deps, provider } = await setUp({ requested: 'openid mail read' })
    provider.onToken = () => jsonResponse(provider.tokens({ scope: 'openid read' }))
    const mail = toTokenQuery(alice, ['mail', 'read'])
    expect((await renew(mail, deps)).declinedScopes).toEqual([])
    expect(await deps.ledger.states(mail)).toEqual(['unknown', 'granted'])
    const scopes = provider.tokenRequests.map((request) => request.get('scope'))
    expect(scopes).toEqual([null])
  })
})

test('scope names of a server cannot forge log lines', async () => {
  const { deps, provider, platform } = await setUp()
  const scope = `read \u001b[31mred\nforged ${'x'.repeat(9999)}`
  provider.onToken = () => jsonResponse(provider.tokens({ scope }))
  await renew(read, deps)
  for (const line of platform.logged) expect(line).not.toMatch(/\p{Cc}/u)
  expect(platform.logged.join().length).toBeLessThan(2000)
})

describe('the user is needed', () => {
  test('if all requested scopes were declined, without a request', async () => {
    const { deps, provider, store } = await setUp({ requested: 'read write', granted: 'read' })
    await store.write(await deps.ledger.noteDecline(toTokenQuery(alice, ['write'])))
    const error = await failureOf(renew(toTokenQuery(alice, ['write']), deps))
    expect(isInteractionRequired(error) && error.reason).toBe('consent')
    expect(provider.tokenRequests).toEqual([])
  })

  test('without a refresh token', async () => {
    const { deps, cache } = await setUp()
    await cache.dropRefreshToken(alice, 'refresh-0')
    const error = await failureOf(renew(read, deps))
    expect(isInteractionRequired(error) && error.reason).toBe('no_tokens')
    expect(isInteractionRequired(error) && error.request).toEqual({
      scopes: ['read'],
      resource: undefined,
      account: alice,
      loginHint: 'a@b.example',
    })
  })

  test('if the refresh token is refused; it is deleted, and the account stays', async () => {
    const { deps, provider, accounts, heldToken } = await setUp()
    provider.onToken = refusal('invalid_grant')
    const error = await failureOf(renew(read, deps))
    expect(isInteractionRequired(error) && error.reason).toBe('login')
    expect(error.oauth?.error).toBe('invalid_grant')
    expect(isAuthError(error.cause, 'token_request_failed')).toBe(true)
    expect(await heldToken()).toBeUndefined()
    expect(accounts.list()).toHaveLength(1)
  })

  test.each([
    ['invalid_scope', 'consent'],
    ['consent_required', 'consent'],
    ['login_required', 'login'],
    ['interaction_required', 'interaction'],
  ])('if the response is %s, for the reason %s; the refresh token stays', async (code, reason) => {
    const { deps, provider, heldToken } = await setUp()
    provider.onToken = refusal(code)
    const error = await failureOf(renew(read, deps))
    expect(isInteractionRequired(error) && error.reason).toBe(reason)
    expect(await heldToken()).toBe('refresh-0')
  })

  test.each([
    [400, 'invalid_request', 'login'],
    [401, 'invalid_token', 'login'],
    [401, 'token_inactive', 'login'],
    [403, 'mfa_required', 'mfa'],
  ])('if the refusal is %i %s; the refresh token stays', async (status, code, reason) => {
    const { deps, provider, heldToken } = await setUp()
    provider.onToken = () => jsonResponse({ error: code }, status)
    const error = await failureOf(renew(read, deps))
    expect(isInteractionRequired(error) && error.reason).toBe(reason)
    expect(await heldToken()).toBe('refresh-0')
  })

  test('if a refusal has status 200; the refresh token is deleted', async () => {
    const { deps, provider, heldToken } = await setUp()
    provider.onToken = () => jsonResponse({ error: 'invalid_grant' }, 200)
    const error = await failureOf(renew(read, deps))
    expect(isInteractionRequired(error) && error.reason).toBe('login')
    expect(await heldToken()).toBeUndefined()
  })

  test('if a refusal is a status with an empty body; the refresh token stays', async () => {
    const { deps, provider, heldToken } = await setUp()
    provider.onToken = () => new Response('', { status: 400 })
    const error = await failureOf(renew(read, deps))
    expect(isInteractionRequired(error) && error.reason).toBe('login')
    expect(await heldToken()).toBe('refresh-0')
  })
})

describe('another tab rotated the refresh token during the request', () => {
  test('the newer refresh token is redeemed and stored', async () => {
    const { deps, provider, hold, heldToken } = await setUp()
    provider.onToken = async (request) => {
      if (request.get('refresh_token') === 'refresh-1') return jsonResponse(provider.tokens())
      await hold('refresh-1')
      return refusal('invalid_grant')()
    }
    expect((await renew(read, deps)).token).toBe('s3cret-access-1')
    expect(await heldToken()).toBe('s3cret-refresh-1')
  })

  test('if the newer refresh token is refused too, the user is needed', async () => {
    const { deps, provider, hold, heldToken } = await setUp()
    provider.onToken = async (request) => {
      if (request.get('refresh_token') === 'refresh-0') await hold('refresh-1')
      return refusal('invalid_grant')()
    }
    const error = await failureOf(renew(read, deps))
    expect(error.code).toBe('interaction_required')
    expect(await heldToken()).toBeUndefined()
  })
})

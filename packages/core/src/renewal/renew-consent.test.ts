import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createRenewalDeps } from '../testing/renewal.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { renew } from './renew.ts'

const MINUTE_MS = 60_000
const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })

/** Alice agreed to `granted` and declined `declined`; the refresh token itself knows of neither. */
async function setUp({ granted = [] as string[], declined = [] as string[] } = {}) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const deps = createRenewalDeps(platform, async () => provider.metadata)
  const { store, cache, accounts, ledger } = deps
  const query = toTokenQuery(alice, [...granted, ...declined])
  await store.write([
    ...accounts.put({ account: alice, idToken: 'x', authority: provider.issuer }),
    ...cache.keep({
      owner: accountKey(alice),
      token: 'refresh-0',
      requestedScopes: ['openid'],
      grantedScopes: ['openid'],
      issuedAtMs: platform.now(),
      // A provider that rotates gets no request beyond its grant.
      rotation: 'never',
    }),
    ...(await ledger.noteGrant(toTokenQuery(alice, granted), granted, granted)),
  ])
  await store.write(await ledger.noteDecline(query))
  const get = (...scopes: string[]) => renew(toTokenQuery(alice, scopes), deps)
  const reasonOf = async (call: Promise<unknown>) => {
    const error = await call.catch((caught: unknown) => caught)
    return isInteractionRequired(error) ? error.reason : expect.fail(`Not needed: ${error}`)
  }
  const asked = () => provider.tokenRequests.map((request) => request.get('scope'))
  const states = (...scopes: string[]) => ledger.states(toTokenQuery(alice, scopes))
  return { platform, provider, cache, accounts, ledger, deps, get, reasonOf, asked, states }
}

describe('declined scopes', () => {
  test('are not requested; the token for the other scopes answers the whole query', async () => {
    const { get, asked, cache, platform } = await setUp({ granted: ['read'], declined: ['write'] })
    const record = await get('read', 'write')
    expect(asked()).toEqual(['openid read'])
    const found = await cache.find(toTokenQuery(alice, ['read', 'write']), platform.now())
    expect(found?.token).toBe(record.token)
  })

  test('cause no request if all scopes were declined', async () => {
    const { get, reasonOf, platform } = await setUp({ declined: ['mail', 'write'] })
    expect(await reasonOf(get('mail', 'write'))).toBe('consent')
    expect(platform.requests).toEqual([])
  })

  test('stay declined after a renewal of the other scopes', async () => {
    const { get, states } = await setUp({ granted: ['read'], declined: ['write'] })
    await get('read', 'write')
    expect(await states('read', 'write')).toEqual(['granted', 'declined'])
  })

  test('are in the request for an interactive call', async () => {
    const { get } = await setUp({ declined: ['write'] })
    const error = await get('write').catch((caught: unknown) => caught)
    expect(isInteractionRequired(error) && error.request.scopes).toEqual(['write'])
  })

  test('are not the scopes that a renewal omits, because the user was not asked', async () => {
    const { get, provider, states, asked } = await setUp({ granted: ['read', 'write'] })
    provider.onToken = () => jsonResponse(provider.tokens({ scope: 'openid read' }))
    expect((await get('read', 'write')).declinedScopes).toEqual([])
    expect(await states('read', 'write')).toEqual(['granted', 'unknown'])
    // No response listed the scope, so the whole grant is requested, which no provider refuses.
    await get('read', 'write')
    expect(asked()).toEqual(['openid read write', null])
  })

  test('are not new scopes that a renewal omits: these need the user', async () => {
    const { get, reasonOf, provider, states, cache, platform } = await setUp({ granted: ['read'] })
    provider.onToken = () => jsonResponse(provider.tokens({ scope: 'openid read' }))
    expect(await reasonOf(get('read', 'write'))).toBe('consent')
    expect(await states('read', 'write')).toEqual(['granted', 'refused'])
    const find = (...scopes: string[]) => cache.find(toTokenQuery(alice, scopes), platform.now())
    expect(await find('read', 'write')).toBeUndefined()
    expect(await find('read')).toBeDefined()
    const [held] = await Promise.all([cache.refreshToken(alice), reasonOf(get('write'))])
    expect(held?.requestedScopes).not.toContain('write')
    expect(provider.tokenRequests).toHaveLength(1)
  })
})

describe('scopes that the provider refuses without the user', () => {
  test('are requested once in ten minutes', async () => {
    const { get, reasonOf, provider, platform } = await setUp()
    provider.onToken = () => jsonResponse({ error: 'invalid_scope' }, 400)
    expect(await reasonOf(get('write'))).toBe('consent')
    platform.advance(10 * MINUTE_MS)
    expect(await reasonOf(get('write'))).toBe('consent')
    expect(provider.tokenRequests).toHaveLength(1)
    platform.advance(1)
    expect(await reasonOf(get('write'))).toBe('consent')
    expect(provider.tokenRequests).toHaveLength(2)
  })

  test('are requested again by a forced refresh', async () => {
    const { deps, get, reasonOf, provider } = await setUp({ declined: ['mail'] })
    const good = provider.onToken
    provider.onToken = () => jsonResponse({ error: 'invalid_scope' }, 400)
    await reasonOf(get('write'))
    provider.onToken = good
    const force = (scope: string) =>
      renew(toTokenQuery(alice, [scope], { forceRefresh: true }), deps)
    expect((await force('write')).token).toBe('s3cret-access-1')
    expect(await reasonOf(force('mail'))).toBe('consent') // The user said so.
    expect(provider.tokenRequests).toHaveLength(2)
  })

  test('have the same reason the second time', async () => {
    const { get, reasonOf, provider } = await setUp()
    const refused = { error: 'unauthorized_client', error_codes: [90094] }
    provider.onToken = () => jsonResponse(refused, 400)
    expect(await reasonOf(get('write'))).toBe('admin_consent')
    expect(await reasonOf(get('write'))).toBe('admin_consent')
    expect(provider.tokenRequests).toHaveLength(1)
  })

  test('do not stop the renewal of granted scopes', async () => {
    const { get, reasonOf, provider } = await setUp({ granted: ['read'] })
    const good = provider.onToken
    provider.onToken = () => jsonResponse({ error: 'consent_required' }, 400)
    expect(await reasonOf(get('read', 'write'))).toBe('consent')
    provider.onToken = good
    expect((await get('read')).token).toBe('s3cret-access-1')
    expect(await reasonOf(get('read', 'write'))).toBe('consent')
    expect(provider.tokenRequests).toHaveLength(2)
  })

  test('are not recorded if the refusal is about the session', async () => {
    const { get, reasonOf, provider, states } = await setUp()
    provider.onToken = () => jsonResponse({ error: 'login_required' }, 400)
    expect(await reasonOf(get('write'))).toBe('login')
    expect(await states('write')).toEqual([undefined])
  })
})

test('a renewal of an account that was removed during it records no consent', async () => {
  const { get, provider, accounts, cache, deps, states } = await setUp()
  provider.onToken = async () => {
    const removed = accounts.remove(accountKey(alice))
    await deps.store.write([...removed, ...cache.removal(alice, [])])
    return jsonResponse(provider.tokens())
  }
  const error = await get('read').catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'account_not_found' })
  expect(await states('read')).toEqual([undefined])
})

test('declined scopes stay declined after the provider refused the other scopes', async () => {
  const { get, reasonOf, provider, states, platform } = await setUp({ declined: ['write'] })
  provider.onToken = () => jsonResponse({ error: 'invalid_scope' }, 400)
  expect(await reasonOf(get('read', 'write'))).toBe('consent')
  expect(await states('read', 'write')).toEqual(['refused', 'declined'])
  platform.advance(10 * MINUTE_MS + 1)
  expect(await states('read', 'write')).toEqual([undefined, 'declined'])
})

test('a claims request that needs the user is in the request of the error', async () => {
  const { deps, provider } = await setUp()
  provider.onToken = () => jsonResponse({ error: 'login_required' }, 400)
  const query = toTokenQuery(alice, ['read'], { claims: '{"access_token":{}}' })
  const error = await renew(query, deps).catch((caught: unknown) => caught)
  expect(isInteractionRequired(error) && error.request.claims).toBe('{"access_token":{}}')
})

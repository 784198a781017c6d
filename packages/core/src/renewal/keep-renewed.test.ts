import { describe, expect, test } from 'vitest'
import { type AccountRecord, accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { createAccountRegistry } from '../accounts/account-registry.ts'
import { createConsentLedger } from '../consent/consent-ledger.ts'
import { isAuthError } from '../errors/errors.ts'
import { createHttp } from '../protocol/http.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createTokenCache } from '../tokens/token-cache.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import type { RefreshTokenRecord } from '../tokens/token-record.ts'
import { renew } from './renew.ts'

const SIGNED_IN_S = 1_000
const aliceSince = (authTime: number, name = 'Alice') =>
  accountFromClaims({ iss: 'https://idp.example', sub: 'alice', auth_time: authTime, name })
const alice = aliceSince(SIGNED_IN_S)
const read = toTokenQuery(alice, ['read'])

/** A store and a provider; each tab has a memory of its own. */
async function setUp() {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const store = createMemoryStore()
  const cache = createTokenCache('spa', store)
  const registry = createAccountRegistry('spa', store)

  /** Writes a sign-in, in any tab. */
  async function signIn(token: string, authTime: number, name = 'Alice') {
    const owner: AccountRecord = {
      account: aliceSince(authTime, name),
      idToken: `id-token-since-${authTime}`,
      authority: provider.issuer,
    }
    const held: RefreshTokenRecord = {
      owner: accountKey(alice),
      token,
      requestedScopes: ['read'],
      grantedScopes: ['read'],
      issuedAtMs: platform.now(),
      authTime,
    }
    await store.write([...registry.putChanges(owner), ...cache.keep(held)])
  }

  async function openTab() {
    const accounts = createAccountRegistry('spa', store)
    await accounts.load()
    const ledger = createConsentLedger('spa', store, platform.now)
    const deps = {
      platform,
      clientId: 'spa',
      store,
      cache: createTokenCache('spa', store),
      accounts,
      ledger,
      metadataOf: async () => provider.metadata,
      http: createHttp({ fetch: platform.fetch, timeoutMs: 1000 }),
    }
    return { accounts, renews: () => renew(read, deps), deps }
  }

  const answer = (claims: Record<string, unknown> = {}) =>
    jsonResponse(provider.tokens({ id_token: provider.idToken(claims) }))
  provider.onToken = () => answer()
  await signIn('refresh-0', SIGNED_IN_S)
  const heldToken = async () => (await cache.refreshToken(alice))?.token
  return { platform, provider, store, cache, registry, signIn, openTab, answer, heldToken }
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error) => (isAuthError(error) ? error.code : expect.fail(`Not an AuthError: ${error}`)),
  )

describe('another tab signed in again, and this tab does not know it yet', () => {
  test('its refresh token is redeemed, and its account is renewed', async () => {
    const { openTab, signIn, provider, answer, heldToken } = await setUp()
    const tab = await openTab()
    await signIn('refresh-1', SIGNED_IN_S + 60, 'Alice Newer')
    provider.onToken = () => answer({ auth_time: SIGNED_IN_S + 60 })
    expect((await tab.renews()).token).toBe('s3cret-access-1')
    expect(provider.tokenRequests[0]?.get('refresh_token')).toBe('refresh-1')
    expect(await heldToken()).toBe('s3cret-refresh-1')
    expect(tab.accounts.record(alice)?.account.name).toBe('Alice Newer')
  })

  test('a response without an ID token does not change the account', async () => {
    const { openTab, signIn, provider } = await setUp()
    const tab = await openTab()
    await signIn('refresh-1', SIGNED_IN_S + 60)
    provider.onToken = () => jsonResponse(provider.tokens({ id_token: undefined }))
    await tab.renews()
    const { accounts } = await openTab()
    expect(accounts.record(alice)?.idToken).toBe(`id-token-since-${SIGNED_IN_S + 60}`)
  })

  test('out, its refresh token is not redeemed', async () => {
    const { openTab, store, registry, provider } = await setUp()
    const tab = await openTab()
    await store.write(registry.remove(accountKey(alice)))
    expect(await codeOf(tab.renews())).toBe('account_not_found')
    expect(provider.tokenRequests).toEqual([])
  })
})

describe('the sign-in of a refreshed ID token', () => {
  test.each<[string, Record<string, unknown>, string, null?]>([
    ['an unchanged time', { auth_time: SIGNED_IN_S }, 'no error'],
    ['no time', {}, 'no error'],
    // Refused, but the hidden iframe or the user can get a grant of the newer sign-in.
    ['an earlier time', { auth_time: SIGNED_IN_S - 1 }, 'interaction_required'],
    // Some providers write the time of a later sign-in to the same session.
    ['a later time of the same subject', { auth_time: SIGNED_IN_S + 1 }, 'no error'],
    ['a time of another subject', { auth_time: 1, sub: 'bob' }, 'invalid_id_token', null],
  ])('%s: %j', async (_what, claims, code, kept: string | null = 's3cret-refresh-1') => {
    const { openTab, provider, answer, heldToken } = await setUp()
    provider.onToken = () => answer(claims)
    expect(await codeOf((await openTab()).renews())).toBe(code)
    // The token that was sent is used up, even if the response is refused.
    expect((await heldToken()) ?? null).toBe(kept)
  })
})

test('a newer `auth_time` of another session needs the user; of the same session it is stored', async () => {
  const { openTab, provider, answer } = await setUp()
  provider.onToken = () => answer({ auth_time: SIGNED_IN_S, sid: 's1' })
  await (await openTab()).renews()
  provider.onToken = () => answer({ auth_time: SIGNED_IN_S + 60, sid: 's2' })
  expect(await codeOf((await openTab()).renews())).toBe('interaction_required')
  provider.onToken = () => answer({ auth_time: SIGNED_IN_S + 60, sid: 's1' })
  await (await openTab()).renews()
  provider.onToken = () => answer({ auth_time: SIGNED_IN_S, sid: 's1' })
  expect(await codeOf((await openTab()).renews())).toBe('interaction_required')
})

test('a claim for a right is removed if the refreshed ID token omits it; the name stays', async () => {
  const { openTab, provider, answer } = await setUp()
  provider.onToken = () => answer({ name: 'Alice', roles: ['admin'], email: 'a@idp.example' })
  await (await openTab()).renews()
  provider.onToken = () => answer()
  const tab = await openTab()
  expect(tab.accounts.record(alice)?.account.idTokenClaims.roles).toEqual(['admin'])
  await tab.renews()
  const { account } = (await openTab()).accounts.record(alice) ?? expect.fail('No account.')
  expect(account).toMatchObject({ name: 'Alice', username: 'a@idp.example' })
  expect(account.idTokenClaims).not.toHaveProperty('roles')
  expect(account.idTokenClaims).not.toHaveProperty('email')
  expect(account.idTokenClaims.auth_time).toBe(SIGNED_IN_S)
})

describe('a sign-in during a refresh', () => {
  test('is not undone by the response, which still goes to its caller', async () => {
    const { openTab, signIn, provider, answer, heldToken } = await setUp()
    const tab = await openTab()
    provider.onToken = async () => {
      await signIn('refresh-of-sign-in', SIGNED_IN_S + 60, 'Alice Newer')
      return answer({ auth_time: SIGNED_IN_S })
    }
    expect((await tab.renews()).token).toBe('s3cret-access-1')
    expect(await heldToken()).toBe('refresh-of-sign-in')
    const { accounts } = await openTab()
    expect(accounts.record(alice)?.account.name).toBe('Alice Newer')
  })

  test('is not undone by a refused response', async () => {
    const { openTab, signIn, provider, answer, heldToken } = await setUp()
    for (const claims of [{ aud: 'x' }, { sub: 'bob' }]) {
      provider.onToken = async () => {
        await signIn('refresh-of-sign-in', SIGNED_IN_S + 60)
        return answer(claims)
      }
      expect(await codeOf((await openTab()).renews())).toBe('invalid_id_token')
      expect(await heldToken()).toBe('refresh-of-sign-in')
    }
  })

  test('is not undone by a refusal: its refresh token is redeemed', async () => {
    const { openTab, signIn, provider, answer, heldToken } = await setUp()
    provider.onToken = async (request) => {
      if (request.get('refresh_token') !== 'refresh-0') return answer()
      await signIn('refresh-of-sign-in', SIGNED_IN_S + 60)
      return jsonResponse({ error: 'invalid_grant' }, 400)
    }
    await (await openTab()).renews()
    expect(await heldToken()).toBe('s3cret-refresh-1')
  })
})

test('an account that is removed during the write of its renewal stays removed', async () => {
  const { openTab, store } = await setUp()
  const tab = await openTab()
  const write: typeof store.write = async (changes, onlyIf) => {
    const applied = await store.write(changes, onlyIf)
    if (onlyIf?.collection === 'accounts') await store.write(tab.accounts.remove(accountKey(alice)))
    return applied
  }
  const renewing = renew(read, { ...tab.deps, store: { ...store, write } })
  expect(await codeOf(renewing)).toBe('account_not_found')
  expect(tab.accounts.list()).toEqual([])
})

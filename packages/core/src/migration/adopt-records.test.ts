import { beforeEach, describe, expect, test } from 'vitest'
import type { Account } from '../accounts/account.ts'
import { createAccountRegistry } from '../accounts/account-registry.ts'
import { createConsentLedger } from '../consent/consent-ledger.ts'
import { legacyPartition, partitionOf } from '../dialects/authority-profile.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import type { RecordStore } from '../records/record-store.ts'
import { accountFromClaims, DIALECTS, entraAccountFromClaims } from '../testing/dialects.ts'
import { createTokenCache } from '../tokens/token-cache.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { adoptRecords } from './adopt-records.ts'

const ACME = 'https://login.example.com/t/acme'
const GLOBEX = 'https://login.example.com/t/globex'
const clientId = 'my spa'
const NOW_MS = 1_800_000_000_000
const scopes = ['read']

let store: RecordStore
let locked: string[]
beforeEach(() => {
  store = createMemoryStore()
  locked = []
})

/** The parts of a client over one partition. */
function partOf(partition: string) {
  const accounts = createAccountRegistry(partition, store)
  const cache = createTokenCache(partition, store)
  const ledger = createConsentLedger(partition, store, () => NOW_MS)
  return { accounts, cache, ledger }
}

/** Signs a user in, with an access token, two refresh tokens, a consent, and as the active account. */
async function signIn(partition: string, account: Account, authority: string, token: string) {
  const { accounts, cache, ledger } = partOf(partition)
  const query = toTokenQuery(account, scopes)
  const ids = { owner: `${account.environment}|${account.homeAccountId}|` }
  const held = { ...ids, requestedScopes: scopes, grantedScopes: scopes, issuedAtMs: NOW_MS }
  const bearer = { resource: '', tokenType: 'Bearer' as const }
  const access = { ...held, ...bearer, expiresAtMs: NOW_MS + 3_600_000 }
  const { tenantId } = account
  await store.write([
    ...accounts.put({ account, idToken: `id of ${token}`, authority }),
    ...accounts.activate(account),
    ...cache.keep({ ...access, owner: `${ids.owner}${tenantId}`, token: `access ${token}` }),
    ...cache.keep({ ...held, token: `refresh ${token}` }),
    ...cache.keep({ ...held, token: `api ${token}`, resource: 'https://api.example' }),
    ...(await ledger.noteGrant(query, scopes, scopes)),
  ])
}

const adopt = (authority: string, profile: 'oidc' | 'entra' = 'oidc') =>
  adoptRecords({
    clientId,
    authority,
    dialect: DIALECTS[profile],
    store,
    withLock(name, work) {
      locked.push(name)
      return work()
    },
  })

async function seenBy(partition: string) {
  const { accounts, cache, ledger } = partOf(partition)
  await accounts.load()
  const ofAccounts = accounts.list().map(async (account) => ({
    name: account.localAccountId,
    access: (await cache.find(toTokenQuery(account, scopes), NOW_MS))?.token,
    refresh: (await cache.refreshTokens(account)).map(({ token }) => token).sort(),
    consents: (await ledger.entries(account)).length,
  }))
  return { active: accounts.active()?.localAccountId, accounts: await Promise.all(ofAccounts) }
}

const person = (sub: string, iss: string) => accountFromClaims({ iss, sub })
const whole = (name: string, token: string) => ({
  name,
  access: `access ${token}`,
  refresh: [`api ${token}`, `refresh ${token}`],
  consents: 1,
})
const legacy = legacyPartition(clientId)
const acme = partitionOf(ACME, clientId, 'oidc')
const globex = partitionOf(GLOBEX, clientId, 'oidc')
const NOBODY = { active: undefined, accounts: [] }

describe('records of an early version', () => {
  test('move completely: account, tokens, consents and active account', async () => {
    await signIn(legacy, person('alice', ACME), ACME, '1')
    expect(await adopt(`${ACME}/`)).toBe(1)
    expect(await seenBy(acme)).toEqual({ active: 'alice', accounts: [whole('alice', '1')] })
    expect(await seenBy(legacy)).toEqual(NOBODY)
    expect(await store.find('accounts', legacy)).toEqual([])
  })

  test('move under the refresh lock of an early version', async () => {
    await signIn(legacy, person('alice', ACME), ACME, '1')
    await adopt(ACME)
    expect(locked).toEqual(['carnet.refresh|my spa|login.example.com/t/acme|alice|'])
  })

  test('of another issuer stay until a client of that issuer moves them', async () => {
    await signIn(legacy, person('alice', ACME), ACME, '1')
    await signIn(legacy, person('bob', GLOBEX), GLOBEX, '2')
    expect(await adopt(ACME)).toBe(1)
    expect(await seenBy(acme)).toEqual({ active: undefined, accounts: [whole('alice', '1')] })
    expect(await seenBy(globex)).toEqual(NOBODY)
    expect(await adopt(GLOBEX)).toBe(1)
    expect(await seenBy(globex)).toEqual({ active: 'bob', accounts: [whole('bob', '2')] })
    expect(await store.find('accounts', legacy)).toEqual([])
  })

  test('of the same host with http belong to another issuer', async () => {
    await signIn(legacy, person('alice', 'http://localhost:1'), 'http://localhost:1', '1')
    expect(await adopt('https://localhost:1')).toBe(0)
    expect(await seenBy(partitionOf('https://localhost:1', clientId, 'oidc'))).toEqual(NOBODY)
  })

  test('do not replace a newer sign-in', async () => {
    await signIn(acme, person('alice', ACME), ACME, 'new')
    await signIn(legacy, person('alice', ACME), ACME, 'old')
    await adopt(ACME)
    expect(await seenBy(acme)).toEqual({ active: 'alice', accounts: [whole('alice', 'new')] })
    expect(await seenBy(legacy)).toEqual(NOBODY)
  })

  test('move once, even if two tabs adopt them at once', async () => {
    await signIn(legacy, person('alice', ACME), ACME, '1')
    const moved = await Promise.all([adopt(ACME), adopt(ACME)])
    expect(moved.reduce((a, b) => a + b)).toBe(1)
    expect(await seenBy(acme)).toEqual({ active: 'alice', accounts: [whole('alice', '1')] })
  })

  test('of all tenants move with the refresh token of the home account', async () => {
    const authority = 'https://login.microsoftonline.com/common'
    const host = 'login.microsoftonline.com'
    for (const tid of ['home', 'guest']) {
      const claims = { iss: `https://${host}/${tid}`, sub: `alice at ${tid}`, tid }
      await signIn(legacy, entraAccountFromClaims(claims, host, 'u.home'), authority, tid)
    }
    expect(await adopt('https://login.windows.net/contoso.com', 'entra')).toBe(2)
    const seen = await seenBy(partitionOf(authority, clientId, 'entra'))
    expect(seen.active).toBe('alice at guest')
    expect(seen.accounts.map(({ refresh }) => refresh)).toEqual(
      Array(2).fill(['api guest', 'refresh guest']),
    )
  })

  test.each([null, { account: 7 }, { active: 'nobody' }])(
    'without a valid account (%j) are ignored',
    async (value) => {
      await signIn(legacy, person('alice', ACME), ACME, '1')
      const record = { key: `${legacy}|x|y|z`, tags: [legacy], expiresAtMs: 8e15, value }
      await store.write([{ type: 'put', collection: 'accounts', record }])
      expect(await adopt(ACME)).toBe(1)
      expect((await seenBy(acme)).accounts).toEqual([whole('alice', '1')])
    },
  )
})

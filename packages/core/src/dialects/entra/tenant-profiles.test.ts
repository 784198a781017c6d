import { describe, expect, test } from 'vitest'
import { type Account, accountKey } from '../../accounts/account.ts'
import { createAccountRegistry } from '../../accounts/account-registry.ts'
import { refreshTokenKey } from '../../accounts/refresh-token-key.ts'
import { createMemoryStore } from '../../records/memory-store.ts'
import { accountFromClaims, DIALECTS, entraAccountFromClaims } from '../../testing/dialects.ts'
import { createTokenCache } from '../../tokens/token-cache.ts'
import { isGuest, withTenantProfiles } from './tenant-profiles.ts'

const HOST = 'login.microsoftonline.com'
const HOME_TID = '11111111-aaaa-4aaa-8aaa-000000000001'
const GUEST_TID = '22222222-bbbb-4bbb-8bbb-000000000002'

const aliceIn = (tid: string): Account =>
  entraAccountFromClaims(
    { iss: `https://${HOST}/${tid}/v2.0`, sub: `s-${tid}`, tid, oid: `o-${tid}`, name: 'Alice' },
    HOST,
    `u-1.${HOME_TID}`,
  )
const recordOf = (account: Account) => ({
  account,
  idToken: `id-token-of-${account.tenantId}`,
  authority: `https://${HOST}/${account.tenantId}`,
})
const [home, guest] = [recordOf(aliceIn(HOME_TID)), recordOf(aliceIn(GUEST_TID))]
const bobs = entraAccountFromClaims(
  { iss: `https://${HOST}/${HOME_TID}/v2.0`, sub: 's-bob', tid: HOME_TID, oid: 'u-2' },
  HOST,
  `u-2.${HOME_TID}`,
)

async function setUp() {
  const store = createMemoryStore()
  const cache = createTokenCache('spa', store)
  const registry = createAccountRegistry('spa', store)
  registry.profileBy(withTenantProfiles)
  const refreshToken = {
    owner: refreshTokenKey(home.account),
    token: 'refresh',
    requestedScopes: [],
    grantedScopes: [],
    issuedAtMs: 0,
  }
  await store.write([
    ...registry.put(home),
    ...registry.put(guest),
    ...registry.put(recordOf(bobs)),
    ...cache.keep(refreshToken),
  ])
  /** As the client does: tokens that other accounts need are kept. */
  const signOut = (account: Account) => {
    const removed = registry.remove(accountKey(account))
    return store.write([...removed, ...cache.removal(account, registry.list())])
  }
  return { store, cache, registry, signOut }
}

const tenantsOf = (account: Account | undefined) =>
  account?.tenantProfiles?.map(({ tenantId, isHomeTenant }) => [tenantId, isHomeTenant])
const BOTH = [
  [HOME_TID, true],
  [GUEST_TID, false],
]

describe('one home account in two tenants', () => {
  test('is two accounts, and each account lists both tenants', async () => {
    const { registry } = await setUp()
    expect(registry.list()).toHaveLength(3)
    expect(tenantsOf(registry.record(home.account)?.account)).toEqual(BOTH)
    expect(tenantsOf(registry.record(guest.account)?.account)).toEqual(BOTH)
    expect(registry.byKey(accountKey(guest.account))?.tenantProfiles?.[1]).toEqual({
      tenantId: GUEST_TID,
      localAccountId: `o-${GUEST_TID}`,
      username: `s-${GUEST_TID}`,
      name: 'Alice',
      isHomeTenant: false,
    })
  })

  test('is the same after a reload', async () => {
    const { store } = await setUp()
    const reopened = createAccountRegistry('spa', store)
    reopened.profileBy(withTenantProfiles)
    await reopened.load()
    expect(tenantsOf(reopened.record(guest.account)?.account)).toEqual(BOTH)
  })

  test('shares no profile with another account of the same tenant', async () => {
    const { registry } = await setUp()
    expect(tenantsOf(registry.record(bobs)?.account)).toEqual([[HOME_TID, true]])
  })

  test('is selected by the authority of the request', async () => {
    const { registry } = await setUp()
    const of = (authority: string) =>
      registry.inTenant(home.account, authority, DIALECTS.entra)?.tenantId
    expect(of(`https://${HOST}/${GUEST_TID}/v2.0`)).toBe(GUEST_TID)
    expect(of(`https://${HOST}/${GUEST_TID.toUpperCase()}/`)).toBe(GUEST_TID)
    expect(of(`https://${HOST}/99999999-cccc-4ccc-8ccc-000000000003`)).toBeUndefined()
    expect(of(`https://evil.example/${GUEST_TID}`)).toBeUndefined()
  })

  test.each(['common', 'Organizations', 'consumers/v2.0'])(
    'is selected by %s, which serves every tenant',
    async (alias) => {
      const { registry } = await setUp()
      for (const { account } of [home, guest]) {
        const there = registry.inTenant(account, `https://${HOST}/${alias}`, DIALECTS.entra)
        expect(there?.tenantId).toBe(account.tenantId)
      }
      expect(registry.inTenant(home.account, 'https://other.example/common', DIALECTS.entra)).toBe(
        undefined,
      )
    },
  )

  test('is also found by the name of the tenant that signed it in', async () => {
    const { registry } = await setUp()
    registry.put({ ...guest, authority: `https://${HOST}/Fabrikam.example` })
    const there = registry.inTenant(
      home.account,
      `https://${HOST}/fabrikam.EXAMPLE/`,
      DIALECTS.entra,
    )
    expect(there?.tenantId).toBe(GUEST_TID)
  })
})

describe('sign-out from one tenant', () => {
  test('removes the tenant from the profiles of the other account, also after a reload', async () => {
    const { store, registry, signOut } = await setUp()
    await signOut(guest.account)
    expect(tenantsOf(registry.record(home.account)?.account)).toEqual([[HOME_TID, true]])
    const reopened = createAccountRegistry('spa', store)
    reopened.profileBy(withTenantProfiles)
    await reopened.load()
    expect(tenantsOf(reopened.record(home.account)?.account)).toEqual([[HOME_TID, true]])
  })

  test.each([
    ['home', home.account, guest.account],
    ['guest', guest.account, home.account],
  ])(
    '(%s) keeps the refresh token for the other account; the last sign-out removes it',
    async (_, first, last) => {
      const { cache, signOut } = await setUp()
      await signOut(first)
      expect((await cache.refreshToken(last))?.token).toBe('refresh')
      await signOut(last)
      expect(await cache.refreshToken(last)).toBeUndefined()
    },
  )

  test('does not keep its refresh token for another user of the same tenant', async () => {
    const { cache, signOut } = await setUp()
    await signOut(guest.account)
    await signOut(home.account)
    expect(await cache.refreshToken(home.account)).toBeUndefined()
  })
})

test('only its own issuer serves an account of a plain provider', async () => {
  const { registry } = await setUp()
  const account = accountFromClaims({ iss: 'https://idp.example/a', sub: 'alice' })
  registry.put({ account, idToken: 'x', authority: 'https://idp.example/a' })
  expect(registry.inTenant(account, 'https://idp.example/a/', DIALECTS.oidc)).toBe(account)
  expect(registry.inTenant(account, 'https://idp.example/b', DIALECTS.oidc)).toBeUndefined()
})

test('an account without tenants has no tenant profiles', async () => {
  const { registry } = await setUp()
  const account = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
  registry.put({ account, idToken: 'x', authority: 'https://idp.example' })
  expect(registry.byKey(accountKey(account))).toBe(account)
  expect(account.tenantProfiles).toBeUndefined()
})

test('a guest belongs to another tenant; an account with an unknown home is no guest', () => {
  const nowhere = accountFromClaims({ iss: 'https://idp.example', sub: 'a.b' })
  const homeless = entraAccountFromClaims({ iss: 'x', sub: 's', tid: HOME_TID }, HOST, undefined)
  const accounts = [home.account, guest.account, nowhere, homeless]
  expect(accounts.map(isGuest)).toEqual([false, true, false, false])
})

import {
  accountKey,
  createAccountRegistry,
  createConsentLedger,
  createMemoryStore,
  createTokenCache,
  createTrace,
  refreshTokenKey,
  toTokenQuery,
} from '@carnet/core'
import {
  createFakeEntra,
  createFakePlatform,
  DIALECTS,
  entraAccountFromClaims,
  jsonResponse,
} from '@carnet/core/fakes'
import { createHttp, type Http } from '@carnet/core/keeper'
import { expect, test } from 'vitest'
import type { TabMessage } from '../startup/tabs/tab-message.ts'
import { isRenewalMessage, parseTabMessage } from '../tabs/parse-tab-message.ts'
import { GUEST_TID, alice as person, TID } from '../testing/faceless-client.ts'
import { fakeAnnounce, fakePage, fakeStart } from '../testing/fakes.ts'
import { createNetwork, type Network } from '../testing/network.ts'
import { testConfig } from '../testing/test-config.ts'

const origin = 'https://app.example'
const GUEST_TENANT = `https://login.microsoftonline.com/${GUEST_TID}`
const SCOPES = ['User.Read']

const custodyBy = (http: Http) => {
  const nothing = () => undefined
  const askKey = async () => undefined
  return { http, tokenHttp: http, close: nothing, journal: undefined, attend: nothing, askKey }
}

/** Two tabs of one store: the worker of the second tab holds the refresh token. An older token is cached. */
async function twoTabs(asSaid = (message: TabMessage): unknown => message) {
  const platform = createFakePlatform((request) =>
    request.url.startsWith(GUEST_TENANT)
      ? jsonResponse({ ...entra.metadata, issuer: `${GUEST_TENANT}/v2.0` })
      : entra.respond(request),
  )
  const entra = createFakeEntra({ now: platform.now })
  entra.onDiscovery = () => jsonResponse(entra.metadata)
  const memory = createMemoryStore()
  const store = { ...memory, isDegraded: () => false, withLease: platform.withLock }
  const config = testConfig(
    {
      clientId: 'spa',
      authority: entra.authority,
      clock: platform,
      fetch: platform.fetch,
      tokens: 'worker',
      silent: { iframe: false },
    },
    origin,
  )
  const http = createHttp({ fetch: platform.fetch, timeoutMs: 1000 })
  const added: string[] = []
  const networks: Network[] = []

  async function openTab(holds: boolean) {
    const own = networks.length
    const post = (message: TabMessage) => {
      const heard = parseTabMessage(structuredClone(asSaid(message)))
      if (heard && isRenewalMessage(heard)) networks[1 - own]?.onMessage(heard)
    }
    const cache = createTokenCache('spa', store, undefined, async () => holds)
    const accounts = createAccountRegistry('spa', store)
    await accounts.load()
    const context = {
      config,
      page: fakePage(origin),
      platform,
      store,
      cache,
      accounts,
      ledger: createConsentLedger('spa', store, platform.now),
      announce: fakeAnnounce({ accountAdded: ({ tenantId }) => void added.push(tenantId) }),
      custody: { ...custodyBy(http), holds: async () => holds },
      channel: { post, close: () => undefined },
      trace: createTrace(platform.monotonicMs),
      dpop: undefined,
      ...fakeStart(),
    }
    networks.push(createNetwork(context, accounts.load))
    return context
  }

  const registry = createAccountRegistry('spa', store)
  const cache = createTokenCache('spa', store)
  const alice = entraAccountFromClaims(
    entra.claimsOf(person),
    'login.microsoftonline.com',
    `u-1.${TID}`,
  )
  const ask = (details: Partial<Parameters<typeof toTokenQuery>[2]> = {}) =>
    toTokenQuery(alice, SCOPES, { dialect: DIALECTS.entra, ...details })
  const nowMs = platform.now()
  await store.write([
    ...registry.put({ account: alice, idToken: 'id-token', authority: entra.authority }),
    ...cache.keep({
      owner: refreshTokenKey(alice),
      token: 's3cret-refresh-0',
      requestedScopes: SCOPES,
      grantedScopes: SCOPES,
      issuedAtMs: nowMs,
    }),
    ...cache.keep({
      owner: accountKey(alice),
      resource: ask().resource,
      requestedScopes: ask().scopeKeys,
      grantedScopes: ask().scopeKeys,
      token: 's3cret-old-access',
      tokenType: 'Bearer',
      issuedAtMs: nowMs,
      expiresAtMs: nowMs + 3_600_000,
    }),
  ])
  platform.advance(60_000)
  const asker = await openTab(false)
  await openTab(true)
  const renew: Network['renew'] = (query) => networks[0]?.renew(query) ?? expect.fail('No tab.')
  return { entra, asker, ask, renew, added }
}

const guest = { ...person, tid: GUEST_TID }
const asOlder = (message: TabMessage) => ({ ...message, failed: undefined })
const refuse = () => jsonResponse({ error: 'invalid_grant' }, 400)

test.each([
  ['a new one', { forceRefresh: true }],
  ['one for claims', { claims: '{"access_token":{}}' }],
])('the tab with the refresh token gets %s', async (_what, details) => {
  const { entra, ask, renew } = await twoTabs()
  entra.onToken = () => jsonResponse(entra.tokensFor(person))
  expect((await renew(ask(details))).token).toBe('s3cret-access-1')
  expect(entra.tokenRequests).toHaveLength(1)
})

test('that tab asks the other tenant, and this tab gets the new account', async () => {
  const { entra, asker, ask, renew, added } = await twoTabs()
  entra.onToken = () => jsonResponse(entra.tokensFor(guest))
  const record = await renew(ask({ authority: GUEST_TENANT }))
  expect(record.token).toBe('s3cret-access-1')
  expect(asker.accounts.recordOf(record.owner)?.account.tenantId).toBe(GUEST_TID)
  expect(added).toEqual([GUEST_TID])
})

for (const [who, asSaid] of [
  ['reports the failure', undefined],
  ['is an older Carnet without such reports', asOlder],
] as const)
  test.each([
    ['a new token', { forceRefresh: true }],
    ['a token for claims', { claims: '{"access_token":{}}' }],
    ['a token of another tenant', { authority: GUEST_TENANT }],
  ])(`a tab that fails and ${who} returns no older token for %s`, async (_what, details) => {
    const { entra, ask, renew } = await twoTabs(asSaid)
    entra.onToken = refuse
    await expect(renew(ask(details))).rejects.toMatchObject({ reason: 'no_tokens' })
    expect(entra.tokenRequests).toHaveLength(1)
  })

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostileValue, mutated } from '../../../../scripts/fuzz/hostile.ts'
import { FUZZ_TIMEOUT_MS, fuzzParameters } from '../../../../scripts/fuzz/parameters.ts'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { createAccountRegistry } from '../accounts/account-registry.ts'
import { createConsentLedger } from '../consent/consent-ledger.ts'
import { createMetadataSource } from '../discovery/metadata-source.ts'
import { isAuthError } from '../errors/errors.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import type { StoreChange } from '../records/record-store.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { createFakePlatform, jsonResponse } from '../testing/fakes.ts'
import { createTokenCache } from './token-cache.ts'
import { toTokenQuery } from './token-query.ts'

const ISSUER = 'https://idp.example'
const alice = accountFromClaims({ iss: ISSUER, sub: 'alice', preferred_username: 'alice' })
const query = toTokenQuery(alice, ['read'])
const metadata = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
}

/** The changes by which a client stores a session. */
async function changesOfSession(nowMs: number): Promise<readonly StoreChange[]> {
  const store = createMemoryStore()
  const accounts = createAccountRegistry('spa', store)
  const cache = createTokenCache('spa', store)
  const token = {
    owner: accountKey(alice),
    requestedScopes: ['read'],
    grantedScopes: ['read'],
    token: 's3cret',
    issuedAtMs: nowMs,
  }
  await store.write([
    ...accounts.put({ account: alice, idToken: 'x', authority: ISSUER }),
    ...accounts.activate(alice),
    ...cache.keep(token),
    ...cache.keep({ ...token, resource: '', tokenType: 'Bearer', expiresAtMs: nowMs + 3_600_000 }),
    ...(await createConsentLedger('spa', store, () => nowMs).noteGrant(query, ['read'], ['read'])),
    {
      type: 'put',
      collection: 'metadata',
      record: {
        key: `provider|${ISSUER}`,
        tags: [],
        expiresAtMs: nowMs * 2,
        value: { metadata, fetchedAtMs: nowMs },
      },
    },
  ])
  return store.all()
}

/** A stored value with one wrong part, or any other value. */
const spoilt = (value: unknown): fc.Arbitrary<unknown> => {
  const fields = Object.entries(Object(value))
  const inner = fields.flatMap(([name, part]) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? [mutated({ ...part }).map((other) => ({ ...Object(value), [name]: other }))]
      : [],
  )
  return fc.oneof(hostileValue, mutated({ ...Object(value) }), ...inner)
}

test(
  'a client uses the valid records of any store, and never fails',
  async () => {
    const platform = createFakePlatform(() => jsonResponse(metadata))
    const nowMs = platform.now()
    const changes = await changesOfSession(nowMs)
    const puts = changes.filter((change) => change.type === 'put')
    const values = fc.tuple(...puts.map(({ record }) => spoilt(record.value)))
    await fc.assert(
      fc.asyncProperty(values, async (stored) => {
        const store = createMemoryStore()
        await store.write(
          puts.map((put, index) => ({ ...put, record: { ...put.record, value: stored[index] } })),
        )
        const accounts = createAccountRegistry('spa', store)
        const cache = createTokenCache('spa', store)
        await accounts.load()
        for (const account of accounts.list()) {
          expect(typeof account.homeAccountId).toBe('string')
          expect(accounts.record(account)).toBeDefined()
          accounts.inTenant(account, 'https://login.microsoftonline.com/common', DIALECTS.entra)
        }
        accounts.active()
        const found = await cache.find(query, nowMs)
        if (found) {
          expect([typeof found.token, found.owner]).toEqual(['string', accountKey(alice)])
          expect(Number.isNaN(new Date(found.expiresAtMs).getTime())).toBe(false)
        }
        const refreshToken = await cache.refreshToken(alice)
        expect(['string', 'undefined']).toContain(typeof refreshToken?.token)
        const ledger = createConsentLedger('spa', store, () => nowMs)
        for (const { entries } of await ledger.entries(alice))
          for (const { scope } of Object.values(entries)) expect(typeof scope).toBe('string')
        await ledger.states(query)
        const metadataOf = createMetadataSource({
          platform,
          store,
          fetchJson: async () => metadata,
        })
        expect((await metadataOf(ISSUER)).issuer).toBe(ISSUER)
      }),
      fuzzParameters(),
    )
  },
  FUZZ_TIMEOUT_MS,
)

test(
  'a metadata record that names other endpoints over plain http is not used',
  async () => {
    const platform = createFakePlatform(() => jsonResponse(metadata))
    await fc.assert(
      fc.asyncProperty(mutated(metadata), async (document) => {
        const store = createMemoryStore()
        const value = { metadata: document, fetchedAtMs: platform.now() }
        const record = { key: `provider|${ISSUER}`, tags: [], expiresAtMs: 8e15, value }
        await store.write([{ type: 'put', collection: 'metadata', record }])
        const metadataOf = createMetadataSource({
          platform,
          store,
          fetchJson: async () => metadata,
        })
        try {
          const { token_endpoint: endpoint } = await metadataOf(ISSUER)
          expect(new URL(endpoint).protocol).toBe('https:')
        } catch (error) {
          if (!isAuthError(error)) throw error
        }
      }),
      fuzzParameters(),
    )
  },
  FUZZ_TIMEOUT_MS,
)

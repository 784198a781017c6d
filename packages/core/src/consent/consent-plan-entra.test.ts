import { expect, test } from 'vitest'
import { refreshTokenKey } from '../accounts/refresh-token-key.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { DIALECTS, entraAccountFromClaims } from '../testing/dialects.ts'
import { createTokenCache } from '../tokens/token-cache.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { createConsentLedger } from './consent-ledger.ts'
import { planConsent } from './consent-plan.ts'

const NOW_MS = Date.UTC(2030, 0, 2)
const DAY_MS = 24 * 3_600_000
const claims = { iss: 'https://x', sub: 's', tid: 't' }
const alice = entraAccountFromClaims(claims, 'login.microsoftonline.com', 'u.t')

/** Alice holds a refresh token for Graph and an API; the ledger is younger than her sign-in. */
async function planFor(scope: string, signedInAtMs = NOW_MS) {
  const store = createMemoryStore()
  const cache = createTokenCache('spa', store)
  const grantedScopes = ['User.Read', 'https://graph.microsoft.com/Mail.Read', 'api://1111/Read']
  const held = { owner: refreshTokenKey(alice), token: 'r', requestedScopes: [], grantedScopes }
  await store.write(cache.keep({ ...held, issuedAtMs: signedInAtMs, signedInAtMs }))
  const ledger = createConsentLedger('spa', store, () => NOW_MS)
  const query = toTokenQuery(alice, [scope], { dialect: DIALECTS.entra })
  return (await planConsent(query, { cache, ledger, now: () => NOW_MS })).status
}

test.each(['mail.read', 'https://graph.microsoft.com/user.READ', 'API://1111/read'])(
  '%s was granted, however it is spelt',
  async (scope) => {
    expect(await planFor(scope)).toBe('silent')
  },
)

test('a scope without a grant needs a prompt', async () => {
  expect(await planFor('api://2222/read')).toBe('prompt')
})

test('after 24 hours a single-page app needs a prompt', async () => {
  expect(await planFor('User.Read', NOW_MS - DAY_MS + 1)).toBe('silent')
  expect(await planFor('User.Read', NOW_MS - DAY_MS)).toBe('prompt')
})

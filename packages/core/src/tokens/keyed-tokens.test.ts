import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import {
  type ParametersOfRequest,
  parameterKeys,
  requestParameters,
} from '../parameters/request-parameters.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { createTokenCache } from './token-cache.ts'
import { toTokenQuery } from './token-query.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })

interface Asked extends ParametersOfRequest {
  readonly scopes: string[]
  readonly resource?: string | undefined
}

async function queryOf({ scopes, resource, ...request }: Asked) {
  const parameters = requestParameters(request)
  const keys = await parameterKeys(parameters, DIALECTS.oidc)
  return toTokenQuery(alice, scopes, { resource, parameters, ...keys })
}

/** A cache that holds the token of one request. */
async function holding(asked: Asked) {
  const store = createMemoryStore()
  const cache = createTokenCache('p', store)
  const { parametersKey, grantKey, resource, scopeKeys } = await queryOf(asked)
  const held = { requestedScopes: scopeKeys, grantedScopes: scopeKeys, issuedAtMs: NOW_MS }
  const access = { resource, parametersKey, token: 'a', tokenType: 'Bearer', ...held }
  await store.write([
    ...cache.keep({ owner: accountKey(alice), ...access, expiresAtMs: NOW_MS + 3_600_000 }),
    ...cache.keep({
      owner: accountKey(alice),
      resource: asked.resource,
      grantKey,
      token: 'r',
      ...held,
    }),
  ])
  return { store, cache }
}

const parameters = fc.dictionary(
  fc.constantFrom('audience', 'acr_values', 'organization', 'ui_locales'),
  fc.constantFrom('1', '2'),
)
const request: fc.Arbitrary<Asked> = fc.record({
  scopes: fc.subarray(['read', 'write']),
  resource: fc.constantFrom(undefined, 'https://api.example'),
  extraParameters: parameters,
  tokenParameters: parameters,
  claims: fc.constantFrom(undefined, '{"a":1}', '{"a":2}'),
})

describe('a token of one request', () => {
  test('answers another request exactly if all token-changing parameters are equal', async () => {
    const bound = ({ extraParameters, tokenParameters, claims, resource }: Asked) => {
      const { ui_locales: _, ...binding } = extraParameters ?? {}
      const sorted = (of: object) => Object.entries(of).sort()
      return JSON.stringify([sorted(binding), sorted(tokenParameters ?? {}), claims, resource])
    }
    await fc.assert(
      fc.asyncProperty(request, request, async (stored, asked) => {
        const { cache } = await holding(stored)
        const found = await cache.find(await queryOf(asked), NOW_MS)
        const isCovered = asked.scopes.every((scope) => stored.scopes.includes(scope))
        expect(found !== undefined).toBe(isCovered && bound(stored) === bound(asked))
        // Memory gives the same result as the store.
        expect(cache.peek(await queryOf(asked), NOW_MS)).toEqual(found)
      }),
      { numRuns: 300 },
    )
  })

  test('shares its refresh token only with requests of the same grant', async () => {
    const grantOf = ({ extraParameters, claims }: Asked) => {
      const { ui_locales: _, ...binding } = extraParameters ?? {}
      return JSON.stringify([Object.entries(binding).sort(), claims])
    }
    await fc.assert(
      fc.asyncProperty(request, request, async (stored, asked) => {
        const { cache } = await holding(stored)
        const { grantKey } = await queryOf(asked)
        const held = await cache.refreshToken(alice, asked.resource, grantKey)
        const isForResource = [asked.resource, undefined].includes(stored.resource)
        expect(held !== undefined).toBe(isForResource && grantOf(stored) === grantOf(asked))
      }),
    )
  })

  test('is not read for a plain request', async () => {
    const { store, cache } = await holding({ scopes: ['read'], extraParameters: { audience: 'a' } })
    const found: number[] = []
    const find: typeof store.find = async (collection, tag) => {
      const records = await store.find(collection, tag)
      found.push(records.length)
      return records
    }
    const plain = createTokenCache('p', { ...store, find })
    expect(await plain.find(await queryOf({ scopes: ['read'] }), NOW_MS)).toBeUndefined()
    expect(found).toEqual([0])
    // Signing out takes all of it along.
    await store.write(cache.removal(alice, []))
    expect(await cache.refreshTokens(alice)).toEqual([])
  })

  test('is not used on another shelf, because its tags are not encrypted', async () => {
    const { store, cache } = await holding({ scopes: ['read'], extraParameters: { audience: 'a' } })
    const plain = await queryOf({ scopes: ['read'] })
    const keyed = await queryOf({ scopes: ['read'], extraParameters: { audience: 'a' } })
    const moved = createTokenCache('p', {
      ...store,
      find: (collection, tag) =>
        store.find(collection, tag.replace('Bearer|', `Bearer|+${keyed.parametersKey}`)),
    })
    expect(await cache.find(keyed, NOW_MS)).toBeDefined()
    expect(await moved.find(plain, NOW_MS)).toBeUndefined()
  })
})

test('a challenge supersedes exactly the tokens that would answer without it', async () => {
  const store = createMemoryStore()
  const cache = createTokenCache('p', store)
  const keep = async (asked: Asked, token: string) => {
    const { scopeKeys, parametersKey, resource } = await queryOf(asked)
    const held = { requestedScopes: scopeKeys, grantedScopes: scopeKeys, issuedAtMs: NOW_MS }
    const kept = { owner: accountKey(alice), resource, parametersKey, token, tokenType: 'Bearer' }
    await store.write(cache.keep({ ...kept, ...held, expiresAtMs: NOW_MS + 3_600_000 }))
  }
  const [plain, keyed, other] = [
    { scopes: ['read'] },
    { scopes: ['read'], claims: '{"a":1}' },
    { scopes: ['write'] },
  ]
  for (const asked of [plain, keyed, other]) await keep(asked, JSON.stringify(asked))
  await store.write(cache.superseded(await queryOf(plain)))
  const found = async (asked: Asked) =>
    (await cache.find(await queryOf(asked), NOW_MS)) !== undefined
  expect([await found(plain), await found(keyed), await found(other)]).toEqual([false, true, true])
})

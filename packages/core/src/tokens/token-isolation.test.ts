import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withId } from '../accounts/account.ts'
import { refreshTokenKey } from '../accounts/refresh-token-key.ts'
import { partitionOf } from '../dialects/authority-profile.ts'
import { canonicalDetails, detailsKeyOf } from '../parameters/authorization-details.ts'
import { keyOfTokenSet } from '../records/keys/first-keys.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { appOwner, assertionOwner, sessionOwner } from './other-owners.ts'
import { createTokenCache } from './token-cache.ts'
import { grantOwnerKey, type TokenOwner } from './token-owner.ts'
import type { AccessTokenRecord, TokenQuery, TokenType } from './token-record.ts'

const NOW_MS = Date.UTC(2030, 0, 1)

/** Texts with the separators of keys in them, drawn from few, so that keys would often meet. */
const id = fc.constantFrom('', 'a', 'b', 'a|b', '|', '%', '%7C', 'a%7Cb', '%25', '+', ':', 'a+b')
const issuer = fc.constantFrom('https://idp.example', 'https://idp.example/a', 'https://b.example')
const owner: fc.Arbitrary<TokenOwner> = fc.oneof(
  fc
    .record({ homeAccountId: id, environment: fc.oneof(id, fc.constant('%app')), tenantId: id })
    .map(withId),
  fc.tuple(id, id).map((ids) => appOwner(...ids)),
  id.map(assertionOwner),
  id.map(sessionOwner),
)
const details = fc.constantFrom(
  undefined,
  [{ type: 'payment', actions: ['read'] }],
  [{ type: 'payment', actions: ['write'] }],
  [{ type: 'payment', actions: ['read'] }, { type: 'account' }],
)
/** All by which tokens differ, scopes aside. */
const wanted = fc.record({
  issuer,
  owner,
  details,
  tokenType: fc.constantFrom<TokenType>('Bearer', 'DPoP'),
  resource: fc.constantFrom('', 'a', 'a+b', 'a:b', 'a|b', 'https://api.example'),
  parametersKey: fc.constantFrom(undefined, 'b', 'c'),
})
type Wanted = typeof wanted extends fc.Arbitrary<infer T> ? T : never

const partition = (of: Wanted) => partitionOf(of.issuer, 'spa', 'oidc')

const queryOf = async (of: Wanted): Promise<TokenQuery<TokenOwner>> => ({
  owner: of.owner,
  tokenType: of.tokenType,
  resource: of.resource,
  parametersKey: of.parametersKey,
  detailsKey: await detailsKeyOf(of.details),
  dialect: DIALECTS.oidc,
  scopeKeys: ['read'],
  requestedScopes: ['read'],
})

const tokenOf = async (of: Wanted, token: string): Promise<AccessTokenRecord> => ({
  owner: of.owner.id,
  tokenType: of.tokenType,
  resource: of.resource,
  parametersKey: of.parametersKey,
  detailsKey: await detailsKeyOf(of.details),
  requestedScopes: ['read'],
  grantedScopes: ['read'],
  token,
  issuedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 3_600_000,
})

/** The same text for equal values, made without any key of the library. */
const ownerName = (of: TokenOwner) => JSON.stringify(Object.entries({ ...of, id: '' }).sort())
const name = (of: Wanted) => JSON.stringify({ ...of, owner: ownerName(of.owner) })

test('no query is answered by a token of another owner, type, issuer, resource or details', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wanted, { minLength: 1, maxLength: 12 }), async (all) => {
      const store = createMemoryStore()
      for (const one of all)
        await store.write(
          createTokenCache(partition(one), store).keep(await tokenOf(one, name(one))),
        )
      for (const one of all) {
        const cache = createTokenCache(partition(one), store)
        const query = await queryOf(one)
        expect((await cache.find(query, NOW_MS))?.token).toBe(name(one))
        expect(cache.peek(query, NOW_MS)?.token).toBe(name(one))
      }
    }),
  )
})

test('the same holds in a store that finds every token under every tag', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wanted, { minLength: 2, maxLength: 8 }), async (all) => {
      const store = createMemoryStore()
      for (const one of all)
        await store.write(
          createTokenCache(partition(one), store).keep(await tokenOf(one, name(one))),
        )
      const everything = store.all().map(({ record }) => record)
      for (const one of all) {
        const cache = createTokenCache(partition(one), { ...store, find: async () => everything })
        expect((await cache.find(await queryOf(one), NOW_MS))?.token).toBe(name(one))
      }
    }),
  )
})

test('different owners have different keys, and equal owners have equal keys', () => {
  fc.assert(
    fc.property(owner, owner, (one, other) => {
      const isSame = ownerName(one) === ownerName(other)
      expect(one.id === other.id).toBe(isSame)
    }),
  )
})

test('different shelves have different keys, and no key is a prefix of another', () => {
  const shelf = fc.record({
    owner: owner.map(({ id }) => id),
    tokenType: fc.constantFrom<TokenType>('Bearer', 'DPoP'),
    resource: fc.oneof(id, fc.constantFrom('a:b', 'b')),
    parametersKey: fc.constantFrom(undefined, 'a', 'b'),
    detailsKey: fc.constantFrom(undefined, 'a', 'b'),
  })
  fc.assert(
    fc.property(shelf, shelf, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other)
      expect(`${keyOfTokenSet(one)}|`.startsWith(`${keyOfTokenSet(other)}|`)).toBe(isSame)
    }),
  )
})

test('the owner of a grant is the home account of a user, or another owner itself', () => {
  const ids = { homeAccountId: 'a|b', environment: 'idp.example', tenantId: 'guest' }
  const [guest, home] = [withId(ids), withId({ ...ids, tenantId: 'ho|me' })]
  expect(grantOwnerKey(guest)).toBe(refreshTokenKey(guest))
  expect(grantOwnerKey(home)).toBe(grantOwnerKey(guest))
  expect(home.id).not.toBe(guest.id)
  const app = appOwner('job', 't')
  expect(grantOwnerKey(app)).toBe(app.id)
})

test('no refresh token is used for another owner', async () => {
  await fc.assert(
    fc.asyncProperty(owner, owner, async (one, other) => {
      fc.pre(grantOwnerKey(one) !== grantOwnerKey(other))
      const store = createMemoryStore()
      const cache = createTokenCache('p', store)
      const scopes = { requestedScopes: [], grantedScopes: [] }
      await store.write(
        cache.keep({ owner: grantOwnerKey(one), token: 'r', ...scopes, issuedAtMs: NOW_MS }),
      )
      expect((await cache.refreshToken(one))?.token).toBe('r')
      expect(await cache.refreshToken(other)).toBeUndefined()
      expect(await cache.refreshTokens(other)).toEqual([])
      await store.write(cache.removal(other, []))
      expect((await cache.refreshToken(one))?.token).toBe('r')
    }),
  )
})

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([field, inner]) => [field, shuffled(inner)]),
  )
}

test('authorization details have one key, in any order of names and entries', async () => {
  const entry = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 })
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1 }), async (entries) => {
      const plain = JSON.parse(JSON.stringify(entries))
      const key = await detailsKeyOf(plain)
      expect(key).toMatch(/^[0-9a-f]{32}$/)
      expect(await detailsKeyOf((shuffled(plain) as unknown[]).reverse())).toBe(key)
      expect(await detailsKeyOf(JSON.stringify(plain, null, 2))).toBe(key)
      expect(JSON.parse(canonicalDetails(plain))).toHaveLength(entries.length)
    }),
  )
})

test('different authorization details have different keys', async () => {
  const keys = await Promise.all(
    [
      [{ type: 'a', actions: ['read', 'write'] }],
      [{ type: 'a', actions: ['write', 'read'] }],
      [{ type: 'a', actions: ['read'] }],
      [{ type: 'a' }],
      [{ type: 'a' }, { type: 'a' }],
      'no JSON',
    ].map(detailsKeyOf),
  )
  expect(new Set(keys).size).toBe(keys.length)
  expect(await Promise.all([undefined, '', '[]', []].map(detailsKeyOf))).toEqual(
    Array.from({ length: 4 }),
  )
})

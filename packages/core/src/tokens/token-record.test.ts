import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { queryTag } from '../records/keys/first-keys.ts'
import { accessTokenRecordKey, accessTokenTags } from '../records/keys/record-keys.ts'
import { covers, toScopeValues } from '../scopes/scope-values.ts'
import { toTokenQuery } from './token-query.ts'
import { type AccessTokenRecord, answers, isFresh, pickAccessToken } from './token-record.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const HOUR_MS = 3_600_000
const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })

const record = (fields: Partial<AccessTokenRecord> = {}): AccessTokenRecord => ({
  owner: accountKey(alice),
  resource: '',
  requestedScopes: ['read'],
  grantedScopes: ['read'],
  token: 'token',
  tokenType: 'Bearer',
  issuedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + HOUR_MS,
  ...fields,
})
const query = (scopes: string[], resource?: string) => toTokenQuery(alice, scopes, { resource })

const scopes = fc.subarray(['a', 'b', 'c', 'd', 'e']).map(toScopeValues)
const records = fc
  .array(fc.record({ requested: scopes, granted: scopes, lifeMs: fc.integer({ max: HOUR_MS }) }))
  .map((drawn) =>
    drawn.map(({ requested, granted, lifeMs }) =>
      record({
        requestedScopes: requested,
        grantedScopes: granted,
        issuedAtMs: NOW_MS - 1000,
        expiresAtMs: NOW_MS + lifeMs,
      }),
    ),
  )

describe('the token for a query', () => {
  test('a found token answers the query and is fresh', () => {
    fc.assert(
      fc.property(records, scopes, (held, wanted) => {
        const found = pickAccessToken(held, query([...wanted]), NOW_MS)
        if (!found) return
        expect(covers(found.requestedScopes, wanted) || covers(found.grantedScopes, wanted)).toBe(
          true,
        )
        expect(isFresh(found, NOW_MS)).toBe(true)
      }),
    )
  })

  test('no token is found only if no fresh token answers', () => {
    fc.assert(
      fc.property(records, scopes, (held, wanted) => {
        const some = held.some((item) => isFresh(item, NOW_MS) && answers(item, wanted))
        expect(pickAccessToken(held, query([...wanted]), NOW_MS) !== undefined).toBe(some)
      }),
    )
  })

  test('a broader token answers a narrower request', () => {
    fc.assert(
      fc.property(scopes, scopes, (wide, extra) => {
        const broad = record({
          requestedScopes: toScopeValues([...wide, ...extra]),
          grantedScopes: [],
        })
        expect(pickAccessToken([broad], query([...wide]), NOW_MS)).toBe(broad)
      }),
    )
  })

  test('a token with renamed scopes answers queries with both names', () => {
    const renamed = record({ requestedScopes: ['Read'], grantedScopes: ['https://api/Read'] })
    expect(answers(renamed, ['Read'])).toBe(true)
    expect(answers(renamed, ['https://api/Read'])).toBe(true)
    expect(answers(renamed, ['Write'])).toBe(false)
  })

  test('scopes that are partly requested and partly granted do not match', () => {
    const half = record({ requestedScopes: ['a'], grantedScopes: ['b'] })
    expect(answers(half, ['a', 'b'])).toBe(false)
  })

  test('of two matching tokens, the longer lifetime wins', () => {
    const short = record({ token: 'short', expiresAtMs: NOW_MS + HOUR_MS })
    const long = record({ token: 'long', expiresAtMs: NOW_MS + 2 * HOUR_MS })
    expect(pickAccessToken([short, long], query(['read']), NOW_MS)?.token).toBe('long')
    expect(pickAccessToken([long, short], query(['read']), NOW_MS)?.token).toBe('long')
  })
})

describe('freshness', () => {
  test('a token of one hour is fresh until 30 seconds before its expiry', () => {
    const { issuedAtMs, expiresAtMs } = record()
    expect(isFresh({ issuedAtMs, expiresAtMs }, expiresAtMs - 30_001)).toBe(true)
    expect(isFresh({ issuedAtMs, expiresAtMs }, expiresAtMs - 30_000)).toBe(false)
  })

  test('a token of one minute keeps a tenth of its lifetime in reserve', () => {
    const short = { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 60_000 }
    expect(isFresh(short, NOW_MS)).toBe(true)
    expect(isFresh(short, NOW_MS + 53_999)).toBe(true)
    expect(isFresh(short, NOW_MS + 54_000)).toBe(false)
  })

  test('a token from the future is not fresh, because the clock was set back', () => {
    const later = { issuedAtMs: NOW_MS + HOUR_MS, expiresAtMs: NOW_MS + 2 * HOUR_MS }
    expect(isFresh(later, NOW_MS)).toBe(false)
    expect(isFresh({ ...later, issuedAtMs: NOW_MS + 30_000 }, NOW_MS)).toBe(true)
  })

  test('no token is fresh at or after its expiry', () => {
    fc.assert(
      fc.property(fc.nat(HOUR_MS), fc.nat(HOUR_MS), (lifeMs, lateMs) => {
        const token = { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + lifeMs }
        expect(isFresh(token, token.expiresAtMs + lateMs)).toBe(false)
      }),
    )
  })
})

describe('keys and tags', () => {
  test('a token carries the tag of every query that it answers', () => {
    fc.assert(
      fc.property(scopes, scopes, scopes, (requested, granted, wanted) => {
        const held = record({ requestedScopes: requested, grantedScopes: granted })
        fc.pre(answers(held, wanted))
        expect(accessTokenTags('spa', held)).toContain(queryTag('spa', query([...wanted])))
      }),
    )
  })

  test.each([[[]], [['read']]])(
    'a token with the scopes %j is found by a query without scopes',
    (requestedScopes) => {
      const held = record({ requestedScopes, grantedScopes: [] })
      expect(accessTokenTags('spa', held)).toContain(queryTag('spa', query(['openid'])))
    },
  )

  test('a token of another type has another shelf', () => {
    const bound = record({ tokenType: 'DPoP' })
    expect(accessTokenTags('spa', bound)).not.toContain(queryTag('spa', query(['read'])))
    expect(accessTokenRecordKey('spa', bound)).not.toBe(accessTokenRecordKey('spa', record()))
  })

  test('tokens for other resources and other accounts have other shelves', () => {
    const bob = accountFromClaims({ iss: 'https://idp.example', sub: 'bob' })
    const tags = accessTokenTags('spa', record({ resource: 'https://a.example' }))
    expect(tags).toContain(queryTag('spa', query(['read'], 'https://a.example')))
    expect(tags).not.toContain(queryTag('spa', query(['read'], 'https://b.example')))
    expect(tags).not.toContain(
      queryTag('spa', toTokenQuery(bob, ['read'], { resource: 'https://a.example' })),
    )
  })

  test('the same query has the same key, for any grant', () => {
    const before = record({ grantedScopes: ['read'] })
    const after = record({ grantedScopes: ['read', 'write'], token: 'newer' })
    expect(accessTokenRecordKey('spa', after)).toBe(accessTokenRecordKey('spa', before))
    expect(accessTokenRecordKey('spa', record({ resource: 'x' }))).not.toBe(
      accessTokenRecordKey('spa', before),
    )
    expect(accessTokenRecordKey('spa', record({ requestedScopes: ['b'] }))).not.toBe(
      accessTokenRecordKey('spa', before),
    )
  })

  test('a query omits the OpenID Connect scopes and sorts the other scopes', () => {
    expect(query(['write', 'openid', 'offline_access', 'read']).scopeKeys).toEqual([
      'read',
      'write',
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { isAuthError } from '../errors/errors.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import type { RecordStore } from '../records/record-store.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { createTokenCache } from '../tokens/token-cache.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { createConsentLedger } from './consent-ledger.ts'
import { planConsent, splitByResource } from './consent-plan.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const GRAPH = 'https://graph.microsoft.com'

interface World {
  /** The scopes of the cached tokens. */
  tokens?: string[]
  hasRefreshToken?: boolean
  /** The expiry that the provider stated for the refresh token. */
  endsAtMs?: number
  granted?: string[]
  declined?: string[]
  refused?: string[]
  unknown?: string[]
}

/** A setup without network; `writes` counts the writes after the setup. */
async function setUp(world: World = {}) {
  const {
    tokens = [],
    hasRefreshToken = false,
    endsAtMs: expiresAtMs,
    granted = [],
    declined = [],
    refused = [],
    unknown = [],
  } = world
  const inner = createMemoryStore()
  let writes = 0
  const store: RecordStore = {
    ...inner,
    write(changes, onlyIf) {
      writes += 1
      return inner.write(changes, onlyIf)
    },
    take(collection, key) {
      writes += 1
      return inner.take(collection, key)
    },
  }
  const cache = createTokenCache('spa', store)
  const ledger = createConsentLedger('spa', store, () => NOW_MS)
  const account = accountKey(alice)
  const times = { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 3_600_000 }
  for (const scope of tokens) {
    const scopes = { requestedScopes: [scope], grantedScopes: [scope] }
    const bearer = { resource: '', token: 't', tokenType: 'Bearer' as const }
    const token = { owner: account, ...bearer, ...scopes, ...times }
    await store.write(cache.keep(token))
  }
  if (hasRefreshToken) {
    const scopes = { requestedScopes: granted, grantedScopes: granted }
    await store.write(
      cache.keep({ owner: account, token: 'r', ...scopes, issuedAtMs: NOW_MS, expiresAtMs }),
    )
  }
  await ledger.noteRefusal(toTokenQuery(alice, refused))
  await store.write(await ledger.noteGrant(toTokenQuery(alice, unknown), [], unknown))
  await store.write(await ledger.noteGrant(toTokenQuery(alice, granted), granted, granted))
  await store.write(await ledger.noteDecline(toTokenQuery(alice, declined)))
  const plan = (scopes: string[], resource?: string) =>
    planConsent(toTokenQuery(alice, scopes, { resource }), { cache, ledger, now: () => NOW_MS })
  const before = writes
  return { plan, writes: () => writes - before }
}

describe('the plan for a token', () => {
  test.each<[string, World, string[], string]>([
    ['the cache', { tokens: ['read'] }, ['read'], 'cached'],
    ['the refresh token', { hasRefreshToken: true, granted: ['read'] }, ['read'], 'silent'],
    ['the refresh token alone, for no scopes', { hasRefreshToken: true }, [], 'silent'],
    ['the user, if the ledger is empty', { hasRefreshToken: true }, ['read'], 'prompt'],
    ['the user, without a refresh token', { granted: ['read'] }, ['read'], 'prompt'],
    [
      'the user, after the expiry of the refresh token',
      { hasRefreshToken: true, granted: ['read'], endsAtMs: NOW_MS },
      ['read'],
      'prompt',
    ],
    [
      'the refresh token, if no response listed the scope',
      { hasRefreshToken: true, unknown: ['read'] },
      ['read'],
      'silent',
    ],
    [
      'the refresh token, until it expires',
      { hasRefreshToken: true, granted: ['read'], endsAtMs: NOW_MS + 1 },
      ['read'],
      'silent',
    ],
    [
      'the user, if a scope is new',
      { hasRefreshToken: true, granted: ['read'] },
      ['mail', 'read'],
      'prompt',
    ],
    [
      'the user, after a refused silent request',
      { hasRefreshToken: true, refused: ['read'] },
      ['read'],
      'prompt',
    ],
    [
      'a new decision of the user about a declined scope',
      { hasRefreshToken: true, declined: ['write'] },
      ['write'],
      'declined',
    ],
    [
      'a new decision of the user, even if a token is cached',
      { tokens: ['write'], declined: ['write'] },
      ['write'],
      'declined',
    ],
  ])('is %s', async (_what, world, scopes, status) => {
    const { plan } = await setUp(world)
    expect((await plan(scopes)).status).toBe(status)
  })

  test('for an API outside the grant ignores the general refresh token', async () => {
    const { plan } = await setUp({ hasRefreshToken: true, granted: ['read'] })
    expect((await plan(['read'], 'https://api.example')).status).toBe('prompt')
  })

  test('names the declined scopes and the resource', async () => {
    const { plan } = await setUp({ hasRefreshToken: true, granted: ['read'], declined: ['write'] })
    expect(await plan(['write', 'read', 'openid'])).toEqual({
      resource: '',
      scopes: ['read', 'write'],
      status: 'declined',
      declinedScopes: ['write'],
    })
  })

  test('never changes the store', async () => {
    const scopes = fc.subarray(['a', 'b', 'c', 'd', 'openid'])
    const worlds = fc.record({
      tokens: scopes,
      hasRefreshToken: fc.boolean(),
      granted: scopes,
      declined: scopes,
      refused: scopes,
    })
    await fc.assert(
      fc.asyncProperty(worlds, scopes, async (world, asked) => {
        const { plan, writes } = await setUp(world)
        const first = await plan(asked)
        expect(await plan(asked)).toEqual(first)
        expect(writes()).toBe(0)
      }),
    )
  })
})

describe('scopes of many resources', () => {
  test('become one query per resource on Entra, in the same order', () => {
    const scopes = [
      'api://1111/Read',
      'User.Read',
      'openid',
      'api://1111/Write',
      `${GRAPH}/mail.read`,
    ]
    const split = splitByResource(alice, scopes, DIALECTS.entra)
    expect(split.map(({ resource, requestedScopes }) => [resource, requestedScopes])).toEqual([
      ['api://1111', ['api://1111/Read', 'api://1111/Write']],
      [GRAPH, ['User.Read', `${GRAPH}/mail.read`]],
    ])
  })

  test('become one query if all are OpenID Connect scopes', () => {
    const [question, ...others] = splitByResource(alice, ['openid'], DIALECTS.entra)
    expect([question?.resource, question?.requestedScopes, others]).toEqual([GRAPH, [], []])
  })

  test('become one query at other providers, with the given resource', () => {
    const split = splitByResource(alice, ['b/x', 'a/y'], DIALECTS.oidc, 'https://api.example')
    expect(split).toEqual([
      toTokenQuery(alice, ['b/x', 'a/y'], { resource: 'https://api.example' }),
    ])
  })

  test('throw if a scope is malformed', () => {
    for (const scope of ['a b', 'https://api.example/']) {
      const split = () => splitByResource(alice, [scope], DIALECTS.entra)
      expect(split).toThrow(expect.toSatisfy((error) => isAuthError(error, 'invalid_request')))
    }
  })

  test('keep all scopes, and no query has two resources', () => {
    const scope = fc.constantFrom('User.Read', 'Mail.Read', 'api://1/a', 'api://1/b', 'api://2/a')
    fc.assert(
      fc.property(fc.uniqueArray(scope), (scopes) => {
        const split = splitByResource(alice, scopes, DIALECTS.entra)
        expect(split.flatMap(({ requestedScopes }) => requestedScopes).sort()).toEqual(
          [...scopes].sort(),
        )
        const resources = split.map(({ resource }) => resource)
        expect(new Set(resources).size).toBe(resources.length)
      }),
    )
  })
})

import {
  type Account,
  type AccountRecord,
  createMemoryStore,
  createTokenCache,
  OUTCOME,
  STEP,
  toTokenQuery,
} from '@carnet/core'
import { createAccountList, oidcScopes } from '@carnet/core/base'
import { accountFromClaims } from '@carnet/core/fakes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AcquireTokenRequest } from '../api/requests.ts'
import { checkRequest } from '../checks/check-request.ts'
import { type AnswerFromCache, createCacheAnswers } from './answer-from-cache.ts'
import type { StartContext } from './start-context.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const AUTHORITY = 'https://login.example.com'
const claims = { iss: AUTHORITY, sub: 'alice' }

const recordOf = (account: Account): AccountRecord => ({
  account,
  idToken: 'id token',
  authority: AUTHORITY,
})

/** The answer of the store, and the answer that memory gives without waiting. */
const inSteps = (answer: AnswerFromCache) => ({
  find: async (...asked: Parameters<AnswerFromCache>) => answer(...asked),
  peek(...asked: Parameters<AnswerFromCache>) {
    const answered = answer(...asked)
    return answered instanceof Promise ? undefined : answered
  },
})

/** A page whose cache holds one token of Alice for `calendar.read`. */
async function setUp() {
  const store = createMemoryStore()
  const accounts = createAccountList('spa', store)
  const tokens = createTokenCache('spa', store)
  const alice = accountFromClaims({ ...claims, name: 'Alice' })
  const signIn = (account: Account) => {
    const record = recordOf(account)
    accounts.set([account.environment, account.homeAccountId, ''].join('|'), record)
    accounts.setActive([account.environment, account.homeAccountId, ''].join('|'))
  }
  signIn(alice)
  const query = toTokenQuery(alice, ['calendar.read', 'calendar.write'])
  await store.write(
    tokens.keep({
      owner: `${alice.environment}|alice|`,
      resource: '',
      requestedScopes: query.scopeKeys,
      grantedScopes: ['calendar.read'],
      sentScopes: query.scopeKeys,
      token: 'the token',
      tokenType: 'Bearer',
      issuedAtMs: NOW_MS,
      expiresAtMs: NOW_MS + 3_600_000,
    }),
  )
  const used: Account[] = []
  const context = {
    config: { now: () => NOW_MS, authority: AUTHORITY },
    accounts,
    tokens,
    scopeRules: oidcScopes,
    page: { origin: 'https://app.example' },
  } as unknown as StartContext
  const cached = inSteps(createCacheAnswers(context, ({ owner }) => used.push(owner)))
  return { cached, alice, signIn, used }
}

const scopes = ['calendar.read']

test.each<[string, (setting: { alice: Account }) => object]>([
  ['a signal', () => ({ signal: new AbortController().signal })],
  ['a state', () => ({ state: 'page 3' })],
  ['a place to return to', () => ({ returnTo: '/calendar?day=3' })],
  ['an address to return to', () => ({ returnTo: 'https://app.example/a?b#c' })],
  ['a prompt', () => ({ prompt: 'consent' })],
  ['a login hint', () => ({ loginHint: 'alice@example.com' })],
  ['a session id and a domain hint', () => ({ sid: 's1', domainHint: 'example.com' })],
  ['an interaction', () => ({ interaction: 'popup' })],
  ['scopes for later consent', () => ({ extraScopesToConsent: ['mail.read'] })],
  ['undefined fields', () => ({ claims: undefined, resource: undefined, unknown: undefined })],
  ['the authority of the account', () => ({ authority: AUTHORITY })],
  ['no forced refresh', () => ({ forceRefresh: false })],
  ['the account', ({ alice }) => ({ account: alice })],
  ['a copy of the account', ({ alice }) => ({ account: structuredClone(alice) })],
])('a request with %s is answered from the cache', async (_name, more) => {
  const { cached, alice } = await setUp()
  const request = { scopes, ...more({ alice }) }
  expect(await cached.find(request, 'interactive')).toMatchObject({ accessToken: 'the token' })
  expect(cached.peek(request, 'interactive')).toMatchObject({
    accessToken: 'the token',
    fromCache: true,
  })
})

test.each<[string, object]>([
  ['claims', { claims: '{}' }],
  ['another authority', { authority: 'https://other.example.com' }],
  ['a forced refresh', { forceRefresh: true }],
  ['extra parameters', { extraParameters: { audience: 'https://api.example.com' } }],
  ['a maximum age', { maxAgeMs: 60 }],
  ['an unknown field', { scope: 'calendar.read' }],
  ['a state that is no text', { state: 3 }],
  ['an address that may be on another origin', { returnTo: '//evil.example' }],
  ['an address on another origin', { returnTo: 'https://app.example.evil/' }],
  ['a name of every object', { constructor: 'x' }],
  ['a signal that is none', { signal: {} }],
  ['an account that is none', { account: {} }],
  [
    'an account that is not signed in',
    { account: { ...claims, environment: 'x', homeAccountId: 'y', tenantId: '' } },
  ],
  ['scopes that are none', { scopes: 'calendar.read' }],
  ['an unknown interaction', { interaction: 'iframe' }],
])('the engine handles a request with %s', async (_name, more) => {
  const { cached } = await setUp()
  const request = { scopes, ...more } as { scopes: string[] }
  expect(await cached.find(request, 'interactive')).toBeUndefined()
  expect(cached.peek(request, 'interactive')).toBeUndefined()
})

test('a silent request may not carry the fields of an interaction', async () => {
  const { cached } = await setUp()
  const request = { scopes, prompt: 'consent' }
  expect(await cached.find(request, 'silent')).toBeUndefined()
})

test('the engine handles a request that is no object', async () => {
  const { cached } = await setUp()
  for (const nothing of [undefined, null, 'text'])
    expect(cached.peek(nothing as never, 'silent')).toBeUndefined()
})

test('an aborted signal rejects although the token is cached', async () => {
  const { cached } = await setUp()
  const request = { scopes, signal: AbortSignal.abort('enough') }
  await expect(cached.find(request, 'silent')).rejects.toMatchObject({
    code: 'aborted',
    cause: 'enough',
  })
})

test('a request with an older account object is answered, and the renewer gets the newer object', async () => {
  const { cached, alice, signIn, used } = await setUp()
  await cached.find({ scopes, account: alice }, 'silent')
  const renewed = accountFromClaims({ ...claims, name: 'Alice Adams' })
  signIn(renewed)
  const result = await cached.find({ scopes, account: alice }, 'silent')
  expect(result?.account).toBe(renewed)
  expect(used.at(-1)).toBe(renewed)
})

test('equal requests get the same frozen result until something changes', async () => {
  const { cached, signIn } = await setUp()
  await cached.find({ scopes }, 'silent')
  const first = cached.peek({ scopes, signal: new AbortController().signal }, 'silent')
  expect(cached.peek({ scopes }, 'silent')).toBe(first)
  signIn(accountFromClaims({ ...claims, name: 'Alice Adams' }))
  expect(cached.peek({ scopes }, 'silent')).not.toBe(first)
})

test('memory answers in one step, the store in two, with any `correlationId`', async () => {
  const { cached } = await setUp()
  const fromStore = [
    { step: STEP.memory, outcome: OUTCOME.miss, ms: 0 },
    { step: STEP.store, outcome: OUTCOME.hit, ms: expect.any(Number) },
  ]
  const fromMemory = [{ step: STEP.memory, outcome: OUTCOME.hit, ms: 0 }]
  const request = { scopes, correlationId: 'c-1' }
  expect((await cached.find(request, 'silent'))?.trace).toMatchObject(fromStore)
  expect(cached.peek(request, 'silent')?.trace).toMatchObject(fromMemory)
  const first = cached.peek({ scopes }, 'silent')
  expect(first?.trace).toMatchObject(fromMemory)
  expect(cached.peek({ scopes }, 'silent')).toBe(first)
})

test('a trace contains no token, scope, claim or URL', async () => {
  const { cached, alice } = await setUp()
  const stored = await cached.find({ scopes }, 'silent')
  const held = cached.peek({ scopes }, 'silent')
  const told = JSON.stringify([stored?.trace, held?.trace])
  for (const secret of ['the token', 'id token', 'calendar', AUTHORITY, alice.localAccountId])
    expect(told).not.toContain(secret)
})

test('a prompt asks the user again for a scope that the user declined', async () => {
  const { cached } = await setUp()
  const request = { scopes: ['calendar.write'] }
  expect((await cached.find(request, 'silent'))?.declinedScopes).toEqual(['calendar.write'])
  expect(
    await cached.find({ ...request, prompt: 'consent' } as never, 'interactive'),
  ).toBeUndefined()
})

test('an invalid request is never answered from the cache', async () => {
  const { cached, alice } = await setUp()
  const value = fc.oneof(
    fc.constantFrom<unknown>('popup', 'none', '/a', '//a', 'https://app.example', AUTHORITY, alice),
    fc.constantFrom<unknown>(undefined, null, true, false, ' ', '\ud800', [], ['a b'], scopes),
    fc.string({ unit: 'binary' }),
    fc.webPath().map((path) => `/${path}`),
  )
  const names =
    'account authority resource correlationId forceRefresh signal state prompt loginHint sid domainHint extraScopesToConsent interaction returnTo'
  const entry = fc.tuple(fc.constantFrom(...names.split(' ')), value)
  const fields = fc.array(entry, { minLength: 1, maxLength: 2 }).map(Object.fromEntries)
  await fc.assert(
    fc.asyncProperty(fields, async (more) => {
      const request = { scopes, ...more } as AcquireTokenRequest
      const found = await cached.find(request, 'interactive')
      if (found) checkRequest.acquire(request, 'https://app.example')
    }),
    { numRuns: 2000 },
  )
})

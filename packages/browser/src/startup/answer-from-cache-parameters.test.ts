import {
  createAccountRegistry,
  createMemoryStore,
  createTokenCache,
  parameterKeys,
  toTokenQuery,
} from '@carnet/core'
import { oidcScopes } from '@carnet/core/base'
import { accountFromClaims, DIALECTS } from '@carnet/core/fakes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AnswerFromCache, createCacheAnswers } from './answer-from-cache.ts'
import type { StartContext } from './start-context.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const authorization = fc.dictionary(
  fc.constantFrom('audience', 'acr_values'),
  fc.constantFrom('1', '2'),
)

/** The answer of the store, and the answer that memory gives without waiting. */
const inSteps = (answer: AnswerFromCache) => ({
  find: async (...asked: Parameters<AnswerFromCache>) => answer(...asked),
  peek(...asked: Parameters<AnswerFromCache>) {
    const answered = answer(...asked)
    return answered instanceof Promise ? undefined : answered
  },
})

/** Alice signed in with some parameters, and holds a token for each of several. */
async function setUp(
  signedInWith: Record<string, string>,
  held: readonly Record<string, string>[],
) {
  const store = createMemoryStore()
  const cache = createTokenCache('p', store)
  const accounts = createAccountRegistry('p', store)
  const keysOf = (parameters: Record<string, string>) =>
    parameterKeys({ authorization: parameters, token: {} }, DIALECTS.oidc)
  const terms = { oidcScopes: [], parameters: { authorization: signedInWith, token: {} } }
  accounts.put({
    account: alice,
    idToken: 'id',
    authority: 'https://idp.example',
    signedInWith: { ...terms, ...(await keysOf(signedInWith)) },
  })
  accounts.activate(alice)
  for (const parameters of held) {
    const { parametersKey } = await keysOf(parameters)
    const { scopeKeys } = toTokenQuery(alice, ['read'])
    const access = {
      resource: '',
      parametersKey,
      token: JSON.stringify(parameters),
      tokenType: 'Bearer',
    }
    const times = { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 3_600_000 }
    const record = { ...access, ...times, requestedScopes: scopeKeys, grantedScopes: scopeKeys }
    await store.write(cache.keep({ owner: 'idp.example|alice|', ...record }))
  }
  const config = { now: () => NOW_MS }
  const page = { origin: 'https://app.example' }
  const context = { config, accounts, tokens: cache, scopeRules: oidcScopes, page }
  return inSteps(createCacheAnswers(context as unknown as StartContext, () => undefined))
}

test('a plain request gets only the token for the parameters of the sign-in', async () => {
  const text = (parameters: object) => JSON.stringify(Object.entries(parameters).sort())
  await fc.assert(
    fc.asyncProperty(authorization, fc.array(authorization), async (signedInWith, held) => {
      const answers = await setUp(signedInWith, held)
      const request = { scopes: ['read'] }
      const expected = held.some((parameters) => text(parameters) === text(signedInWith))
      const found = await answers.find(request, 'silent')
      expect(found !== undefined).toBe(expected)
      if (found) expect(text(JSON.parse(found.accessToken))).toBe(text(signedInWith))
      expect(answers.peek(request, 'silent')?.accessToken).toBe(found?.accessToken)
    }),
  )
})

test.each<[string, object]>([
  ['extraParameters', { audience: '1' }],
  ['extraParameters', {}],
  ['tokenParameters', { tenant: 't' }],
  ['claims', { id_token: {} }],
  ['maxAgeMs', {}],
  ['prompt', {}],
])('the engine handles a request with `%s`', async (name, value) => {
  const answers = await setUp({}, [{}])
  const request = { scopes: ['read'], [name]: value }
  expect(answers.peek(request, 'silent')).toBeUndefined()
  expect(await answers.find(request, 'silent')).toBeUndefined()
  expect(await answers.find({ scopes: ['read'] }, 'silent')).toBeDefined()
})

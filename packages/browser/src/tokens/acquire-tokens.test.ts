import {
  type Account,
  type AccountRegistry,
  AuthError,
  InteractionRequiredError,
} from '@carnet/core'
import { accountFromClaims, DIALECTS, entraAccountFromClaims } from '@carnet/core/fakes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AcquireTokenRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Context } from '../context/context.ts'
import { acquireTokens } from './acquire-tokens.ts'
import { withAnswerTo } from './with-answer-to.ts'

const alice = entraAccountFromClaims(
  { iss: 'https://x', sub: 's', tid: 't' },
  'login.microsoftonline.com',
  'u.t',
)
const GRAPH = 'User.Read'
const API = 'api://1111/read'
const OTHER = 'api://2222/read'

const signedIn = { active: () => alice } as unknown as AccountRegistry

interface World {
  /** Scopes that need the user until an interaction asked for them. */
  needing?: readonly string[]
  /** Scopes whose silent request fails for another reason. */
  failing?: readonly string[]
  profile?: 'entra' | 'oidc'
  active?: Account | null
}

/** Fake silent and interactive requests, which record their arguments. Tokens are named after their scopes. */
function setUp({ needing = [], failing = [], profile = 'entra', active = alice }: World = {}) {
  const asked: { silent: string[]; interact: AcquireTokenRequest[] } = { silent: [], interact: [] }
  const agreed = new Set<string>()
  const result = (scopes: readonly string[], how: string) =>
    ({ accessToken: `${scopes.join(' ')} by ${how}` }) as AuthenticationResult
  const ask = {
    async silent({ scopes }: AcquireTokenRequest) {
      asked.silent.push(scopes.join(' '))
      if (scopes.some((scope) => failing.includes(scope)))
        throw new AuthError('network_error', 'There is no network.')
      if (scopes.some((scope) => needing.includes(scope) && !agreed.has(scope)))
        throw new InteractionRequiredError('consent', `Ask for ${scopes}.`, { scopes })
      return result(scopes, 'silence')
    },
    async interact(request: AcquireTokenRequest) {
      asked.interact.push(request)
      for (const scope of [...request.scopes, ...(request.extraScopesToConsent ?? [])])
        agreed.add(scope)
      return result(request.scopes, 'the user')
    },
  }
  const context = {
    config: { dialect: DIALECTS[profile] },
    accounts: { active: () => active ?? undefined },
  } as unknown as Context
  const get = async (request: AcquireTokenRequest) =>
    (await acquireTokens(request, context, ask)).map(({ accessToken }) => accessToken)
  return { asked, get }
}

describe('tokens of many resources', () => {
  test('come silently if possible, one per resource, in the order of the scopes', async () => {
    const { get, asked } = setUp()
    expect(await get({ scopes: [API, GRAPH, 'api://1111/write'] })).toEqual([
      `${API} api://1111/write by silence`,
      `${GRAPH} by silence`,
    ])
    expect(asked.interact).toEqual([])
  })

  test('need one interaction: for a token of the first resource, and consent to the others', async () => {
    const { get, asked } = setUp({ needing: [API, OTHER] })
    expect(await get({ scopes: [GRAPH, API, OTHER], prompt: 'consent' })).toEqual([
      `${GRAPH} by silence`,
      `${API} by the user`,
      `${OTHER} by silence`,
    ])
    expect(asked.interact).toMatchObject([
      { account: alice, scopes: [API], extraScopesToConsent: [OTHER], prompt: 'consent' },
    ])
    expect(asked.silent).toEqual([GRAPH, API, OTHER, OTHER])
  })

  test('keep the consent scopes of the request', async () => {
    const { get, asked } = setUp({ needing: [API, OTHER] })
    await get({ scopes: [API, OTHER], extraScopesToConsent: ['Mail.Read'] })
    expect(asked.interact[0]?.extraScopesToConsent).toEqual(['Mail.Read', OTHER])
  })

  test('start no interaction if the request allows none, and reject', async () => {
    const { get, asked } = setUp({ needing: [API, OTHER] })
    const failure = await get({ scopes: [GRAPH, API, OTHER], interaction: 'none' }).catch(
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(InteractionRequiredError)
    expect((failure as InteractionRequiredError).request.scopes).toEqual([API])
    expect(asked.interact).toEqual([])
  })

  test('start no interaction after another error', async () => {
    const { get, asked } = setUp({ needing: [GRAPH], failing: [API] })
    await expect(get({ scopes: [GRAPH, API] })).rejects.toMatchObject({ code: 'network_error' })
    expect(asked.interact).toEqual([])
  })

  test('are one token on a plain provider', async () => {
    const active = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
    const { get } = setUp({ profile: 'oidc', active })
    expect(await get({ scopes: ['a/x', 'b/y'] })).toEqual(['a/x b/y by silence'])
  })

  test('belong to the account of the request', async () => {
    const { get } = setUp({ active: null })
    expect(await get({ scopes: [API, GRAPH], account: alice })).toHaveLength(2)
  })

  test('never need two interactions, and are always one per resource, in order', async () => {
    const all = ['User.Read', 'api://1/a', 'api://2/a', 'api://3/a']
    const some = fc.shuffledSubarray(all)
    const wanted = fc.shuffledSubarray(all, { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(wanted, some, async (scopes, needing) => {
        const { get, asked } = setUp({ needing })
        const tokens = await get({ scopes })
        expect(tokens.map((token) => token.split(' ')[0])).toEqual(scopes)
        expect(asked.interact).toHaveLength(scopes.some((item) => needing.includes(item)) ? 1 : 0)
      }),
    )
  })
})

describe('.default of a resource', () => {
  const DEFAULT = 'api://3333/.default'

  test('needs a separate consent: the others are requested, and it needs the user', async () => {
    const { get, asked } = setUp({ needing: [DEFAULT, API, OTHER] })
    const failure = await get({ scopes: [DEFAULT, API, OTHER] }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InteractionRequiredError)
    expect((failure as InteractionRequiredError).request.scopes).toEqual([DEFAULT])
    expect(asked.interact).toMatchObject([{ scopes: [API], extraScopesToConsent: [OTHER] }])
  })

  test('is requested if only it needs the user', async () => {
    const { get, asked } = setUp({ needing: [DEFAULT] })
    expect(await get({ scopes: [API, DEFAULT] })).toEqual([
      `${API} by silence`,
      `${DEFAULT} by the user`,
    ])
    expect(asked.interact).toMatchObject([{ scopes: [DEFAULT], extraScopesToConsent: [] }])
  })

  test('is refused together with consent scopes, before any request', async () => {
    const { get, asked } = setUp()
    const asking = get({ scopes: [API, DEFAULT], extraScopesToConsent: ['Mail.Read'] })
    await expect(asking).rejects.toMatchObject({ code: 'invalid_request' })
    expect(asked.silent).toEqual([])
  })
})

test('OpenID Connect scopes alone are one query', async () => {
  const { get } = setUp()
  expect(await get({ scopes: ['openid', 'email'] })).toEqual(['openid email by silence'])
})

test('the OpenID Connect scopes are requested with every resource', async () => {
  const { get } = setUp()
  expect(await get({ scopes: [API, 'email', GRAPH] })).toEqual([
    `${API} email by silence`,
    `${GRAPH} email by silence`,
  ])
})

describe('an interaction for many resources', () => {
  test('is for the first resource, also if no user is signed in', async () => {
    const { get, asked } = setUp({ active: null, needing: [API, GRAPH] })
    await get({ scopes: [API, GRAPH] })
    expect(asked.interact).toEqual([{ scopes: [API], extraScopesToConsent: [GRAPH] }])
  })

  test('repeats the claims and the hint of the silent error', async () => {
    const hint = { scopes: [API], claims: '{"access_token":{}}', loginHint: 'alice' }
    const failure = new InteractionRequiredError('claims', 'More is needed.', hint)
    const asked: AcquireTokenRequest[] = []
    const context = {
      config: { dialect: DIALECTS.entra },
      accounts: { active: () => alice },
    } as unknown as Context
    await acquireTokens({ scopes: [API] }, context, {
      silent: () => Promise.reject(failure),
      interact: async (request) => {
        asked.push(request)
        return {} as AuthenticationResult
      },
    })
    expect(asked).toMatchObject([{ claims: '{"access_token":{}}', loginHint: 'alice' }])
  })
})

test('fields of the error are passed on, even if the app sets `undefined`', () => {
  const error = new InteractionRequiredError('claims', 'Challenged.', {
    scopes: [API],
    claims: '{"a":1}',
    loginHint: 'alice',
  })
  const asked = withAnswerTo(
    error,
    { scopes: [API], claims: undefined, loginHint: 'bob' },
    signedIn,
  )
  expect(asked).toEqual({ scopes: [API], claims: '{"a":1}', loginHint: 'bob' })
})

describe('the account of the interaction', () => {
  const authority = 'https://login.microsoftonline.com/t'
  const hint = { scopes: [API], account: alice, authority, loginHint: 'alice' }
  const error = new InteractionRequiredError('login', 'Needed.', hint)

  test('is the account of the silent error, if it is known', () => {
    expect(withAnswerTo(error, { scopes: [API] }, signedIn)).toEqual(hint)
  })

  test.each([{ loginHint: 'bob' }, { sid: '1' }, { domainHint: 'x' }])(
    'is the account in the request of the app (%o)',
    (whom) => {
      const asked = withAnswerTo(error, { scopes: [API], ...whom }, signedIn)
      expect(asked).toEqual({ scopes: [API], authority, ...whom })
    },
  )

  test('is any account if the user must choose', () => {
    const request = { scopes: [API], prompt: 'select_account' }
    expect(withAnswerTo(error, request, signedIn).account).toBeUndefined()
  })
})

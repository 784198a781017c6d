import { isAuthError } from '@carnet/core'
import { describe, expect, test } from 'vitest'
import { checkRequest } from './check-request.ts'

const origin = 'https://app.example'
const account = { homeAccountId: 'alice', environment: 'idp.example', tenantId: '' }

function problemOf(check: () => void): string | undefined {
  try {
    check()
  } catch (error) {
    if (isAuthError(error, 'invalid_request')) return error.message
    throw error
  }
  return undefined
}
const silent = (request: unknown) => problemOf(() => checkRequest.silent(request))
const interactive = (request: unknown) => problemOf(() => checkRequest.interactive(request, origin))
const acquire = (request: unknown) => problemOf(() => checkRequest.acquire(request, origin))
const signOut = (request: unknown) => problemOf(() => checkRequest.signOut(request, origin))

test('complete requests are valid', () => {
  const { signal } = new AbortController()
  const token = { scopes: ['read'], account, resource: 'https://api', signal, correlationId: 'c' }
  const more = {
    prompt: 'login',
    loginHint: 'alice',
    sid: 's',
    domainHint: 'd',
    claims: '{}',
    extraScopesToConsent: ['mail'],
    extraParameters: { ui_locales: 'de' },
    state: 'x',
    returnTo: '/inbox',
  }
  const keyed = {
    extraParameters: { audience: 'a' },
    tokenParameters: { tenant: 't' },
    maxAgeMs: 60,
  }
  expect(silent({ ...token, ...keyed, forceRefresh: true })).toBeUndefined()
  expect(interactive({ ...token, ...more, interaction: 'redirect' })).toBeUndefined()
  expect(acquire({ ...token, ...more, interaction: 'none' })).toBeUndefined()
  expect(signOut({ account, interaction: 'none', postLogoutRedirectUri: '/' })).toBeUndefined()
  expect(signOut({ postLogoutRedirectUri: 'https://www.example/bye' })).toBeUndefined()
  const least = { postLogoutRedirectUri: null, logoutHint: null, idTokenHint: false }
  const extraParameters = { logout_uri: 'https://app.example/', redirect_uri: '/', scope: 'a' }
  expect(signOut({ ...least, method: 'post', extraParameters })).toBeUndefined()
})

test('a token request names its scopes; a sign-in need not', () => {
  expect(silent({})).toContain('`scopes` is required')
  expect(acquire({})).toContain('`scopes` is required')
  expect(interactive({})).toBeUndefined()
  expect(signOut({})).toBeUndefined()
})

describe('wrong fields', () => {
  test.each([
    ['client_id', ', which Carnet sets itself'],
    ['state', ', which Carnet sets itself'],
    ['id_token_hint', ': use the field `idTokenHint`'],
    ['logout_hint', ': use the field `logoutHint`'],
    ['post_logout_redirect_uri', ': use the field `postLogoutRedirectUri`'],
  ])('of a sign-out: `%s` is no extra parameter', (name, advice) => {
    expect(signOut({ extraParameters: { [name]: 'x' } })).toContain(`holds \`${name}\`${advice}`)
  })

  test.each([
    { extraParameters: ['logout_uri'] },
    { extraParameters: { logout_uri: 7 } },
    { extraParameters: null },
    { idTokenHint: 'yes' },
    { method: 'PUT' },
    { logoutHint: '' },
  ])('of a sign-out: %j', (request) => {
    expect(signOut(request)).toContain(`\`${Object.keys(request)[0]}\``)
  })

  test('are all in one error', () => {
    const problem = interactive({
      scopes: 'read',
      account: 'alice',
      signal: {},
      prompt: 7,
      returnTo: 'https://evil.example/',
      interaction: 'telepathy',
      scope: ['read'],
    })
    for (const name of ['scopes', 'account', 'signal', 'prompt', 'returnTo', 'interaction'])
      expect(problem).toContain(`\`${name}\``)
    expect(problem).toContain('`scope` is not known')
  })

  test.each([undefined, null, 'read', ['read']])('%j is no request', (request) => {
    expect(silent(request)).toBe('The request must be an object.')
  })

  test('fields of an interaction are unknown to a silent request', () => {
    expect(silent({ scopes: [], prompt: 'none' })).toContain('`prompt` is not known')
    expect(interactive({ forceRefresh: true })).toContain('`forceRefresh` is not known')
  })
})

describe('parameters', () => {
  test.each([
    'client_id',
    'redirect_uri',
    'response_type',
    'response_mode',
    'scope',
    'state',
    'nonce',
    'code_challenge',
    'code_challenge_method',
    'request',
    'request_uri',
    'prompt',
    'max_age',
    'login_hint',
    'sid',
    'domain_hint',
    'claims',
    'resource',
    'client_info',
    'X-AnchorMailbox',
  ])('the parameter %s cannot be replaced', (name) => {
    expect(interactive({ extraParameters: { [name]: 'x' } })).toContain(`\`${name}\``)
  })

  test.each([
    'grant_type',
    'client_id',
    'code',
    'code_verifier',
    'refresh_token',
    'scope',
    'resource',
  ])('the parameter %s of a token request cannot be replaced', (name) => {
    const request = { scopes: [], tokenParameters: { [name]: 'x' } }
    expect(silent(request)).toContain(`holds \`${name}\`, which Carnet sets itself`)
  })

  test.each([{ tenant: 7 }, 'tenant=t', null, { claims: '{}' }])(
    'token parameters of %j are invalid',
    (tokenParameters) => {
      expect(silent({ scopes: [], tokenParameters })).toContain('`tokenParameters`')
    },
  )

  test('the error for a parameter names its own field', () => {
    const problem = interactive({ extraParameters: { login_hint: 'alice', max_age: '7' } })
    expect(problem).toContain('`loginHint`')
    expect(interactive({ extraParameters: { scope: 'a' } })).toContain('`scopes`')
  })

  test.each([{ ui_locales: 7 }, { x: null }, 'a=b', null])('%j are no parameters', (parameters) => {
    expect(interactive({ extraParameters: parameters })).toContain('`extraParameters`')
  })

  test.each([null, 'alice', {}, { ...account, tenantId: undefined }])(
    '%j is no account',
    (wrong) => {
      expect(silent({ scopes: [], account: wrong })).toContain('`account`')
      expect(problemOf(() => checkRequest.account(wrong))).toContain('auth.accounts')
    },
  )
})

test.each(['[]', '7', 'null', '"text"', '{', ''])(
  'the claims %j are no claims request',
  (claims) => {
    expect(silent({ scopes: [], claims })).toContain('`claims`')
  },
)

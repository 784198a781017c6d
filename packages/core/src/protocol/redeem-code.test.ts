import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAuthError } from '../errors/errors.ts'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import { allTextOf } from '../testing/all-text-of.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createHttp } from './http.ts'
import { redeemCode } from './redeem-code.ts'

const pending = {
  state: 'state-1',
  codeVerifier: 's3cret-verifier-of-at-least-forty-three-characters',
  nonce: 's3cret-nonce',
  redirectUri: 'https://app.example/',
  scopes: ['openid', 'read'],
  tokenScopes: ['openid', 'read'],
}
const good = { code: 's3cret-code', state: 'state-1' }

function setUp(extra: object = {}) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const answer = (claims: object = {}, fields: object = {}) =>
    jsonResponse(
      provider.tokens({
        id_token: provider.idToken({ nonce: pending.nonce, ...claims }),
        ...fields,
      }),
    )
  provider.onToken = () => answer()
  const redeem = (response: Record<string, string>, resource?: string) =>
    redeemCode(
      new URLSearchParams(response),
      { ...pending, resource },
      {
        metadata: { ...provider.metadata, ...extra },
        authority: provider.issuer,
        dialect: DIALECTS.oidc,
        clientId: 'spa',
        http: createHttp({ fetch: platform.fetch, timeoutMs: 1000 }),
        now: platform.now,
        trueTimeMs: platform.trueTimeMs,
      },
    )
  return { platform, provider, redeem, answer }
}

describe('a good response', () => {
  test('is redeemed with the verifier and the redirect URI of its request', async () => {
    const { provider, redeem } = setUp()
    const grant = await redeem(good, 'https://api.example')
    expect(grant.accessToken).toBe('s3cret-access-1')
    expect(grant.idTokenClaims?.sub).toBe('alice')
    expect(Object.fromEntries(provider.tokenRequests[0] ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 's3cret-code',
      code_verifier: pending.codeVerifier,
      redirect_uri: 'https://app.example/',
      client_id: 'spa',
      resource: 'https://api.example',
    })
  })

  test('grants the requested scopes if the response has no `scope`', async () => {
    const { provider, redeem, answer } = setUp()
    expect((await redeem(good)).grantedScopes).toEqual(['openid', 'read'])
    provider.onToken = () => answer({}, { scope: 'read openid extra' })
    expect((await redeem(good)).grantedScopes).toEqual(['extra', 'openid', 'read'])
  })

  test('has the scheme in the spelling of RFC 6750, for any spelling of the server', async () => {
    const { provider, redeem, answer } = setUp()
    provider.onToken = () => answer({}, { token_type: 'bEaReR' })
    expect((await redeem(good)).tokenType).toBe('Bearer')
  })
})

describe('the lifetime of a token', () => {
  const lifeOf = async (fields: object) => {
    const { platform, provider, redeem, answer } = setUp()
    provider.onToken = () => {
      platform.advance(5000) // The response is slow: a lifetime counts from the request.
      return answer({}, fields)
    }
    const sentAtMs = platform.now()
    const { issuedAtMs, expiresAtMs, refreshAtMs } = await redeem(good)
    expect(issuedAtMs).toBe(sentAtMs)
    return [expiresAtMs - sentAtMs, refreshAtMs === undefined ? undefined : refreshAtMs - sentAtMs]
  }
  const TEN_YEARS_MS = 10 * 365 * 24 * 3_600_000

  test.each([
    [{ expires_in: 60 }, 60_000, undefined],
    [{ expires_in: '60' }, 60_000, undefined],
    [{ expires_in: 0 }, 0, undefined],
    [{ expires_in: undefined }, 300_000, undefined],
    [{ expires_in: 1e300 }, TEN_YEARS_MS, undefined],
    [{ expires_in: 60, refresh_in: 30 }, 60_000, 30_000],
    [{ expires_in: 60, refresh_in: 'soon' }, 60_000, undefined],
    [{ expires_in: 60, refresh_in: -5 }, 60_000, undefined],
  ])('if the server sends %j', async (fields, expiresInMs, refreshInMs) => {
    expect(await lifeOf(fields)).toEqual([expiresInMs, refreshInMs])
  })
})

describe('an ID token', () => {
  test.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for another client', { aud: 'other' }],
    ['for several clients, without `azp`', { aud: ['spa', 'other'] }],
    ['with another `azp`', { aud: ['spa', 'other'], azp: 'other' }],
    ['with another nonce', { nonce: 'other' }],
    ['without a nonce', { nonce: undefined }],
    ['that expired', { iat: 1, exp: 2 }],
    ['without `exp`', { exp: undefined }],
    ['without `iat`', { iat: undefined }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a subject that is no string', { sub: 7 }],
    ['with a subject of 256 characters', { sub: 'x'.repeat(256) }],
  ])('%s is discarded, and the error contains no part of it', async (_what, claims) => {
    const { provider, redeem, answer } = setUp()
    provider.onToken = () => answer(claims)
    const error = await failureOf(redeem(good))
    expect(error.code).toBe('invalid_id_token')
    expect(error.hint).toContain('ID token')
    expect(allTextOf(error)).not.toContain('s3cret')
  })

  test('is required: without it, the response is invalid', async () => {
    const { provider, redeem, answer } = setUp()
    provider.onToken = () => answer({}, { id_token: undefined })
    expect((await failureOf(redeem(good))).code).toMatch(/^invalid_(id_token|response)$/)
  })

  test('may be dated five minutes ahead or back: clocks are set by hand', async () => {
    const { platform, provider, redeem, answer } = setUp()
    const nowSeconds = platform.now() / 1000
    for (const iat of [nowSeconds + 290, nowSeconds - 290]) {
      provider.onToken = () => answer({ iat, exp: iat + 3600 })
      expect((await redeem(good)).idTokenClaims?.sub).toBe('alice')
    }
    provider.onToken = () => answer({ iat: nowSeconds, exp: nowSeconds - 61 })
    expect((await failureOf(redeem(good))).code).toBe('invalid_id_token')
    provider.onToken = () => answer({ iat: nowSeconds - 900, exp: nowSeconds - 310 })
    expect((await failureOf(redeem(good))).code).toBe('invalid_id_token')
  })
})

describe('the issuer of a response (RFC 9207)', () => {
  const required = { authorization_response_iss_parameter_supported: true }

  test.each([
    ['another issuer', { ...good, iss: 'https://evil.example' }, {}],
    ['the issuer with an additional slash', { ...good, iss: 'https://idp.example/' }, {}],
    ['no issuer, although the metadata announces `iss`', good, required],
    [
      'another issuer, with an error',
      { error: 'x', state: 'state-1', iss: 'https://e.example' },
      {},
    ],
  ])('%s: the code is not redeemed', async (_what, response, metadata) => {
    const { redeem, platform } = setUp(metadata)
    expect((await failureOf(redeem(response))).code).toBe('issuer_identification_failed')
    expect(platform.requests).toEqual([])
  })

  test('the requested issuer: the code is redeemed', async () => {
    const { redeem } = setUp(required)
    expect((await redeem({ ...good, iss: 'https://idp.example' })).accessToken).toBeDefined()
  })
})

describe('an error in the response', () => {
  test.each([
    ['access_denied', 'access_denied', undefined],
    ['login_required', 'interaction_required', 'login'],
    ['consent_required', 'interaction_required', 'consent'],
    ['account_selection_required', 'interaction_required', 'account_selection'],
    ['interaction_required', 'interaction_required', 'interaction'],
    ['temporarily_unavailable', 'server_error', undefined],
    ['server_error', 'server_error', undefined],
    ['invalid_scope', 'authorization_failed', undefined],
    ['unauthorized_client', 'authorization_failed', undefined],
    ['toString', 'authorization_failed', undefined],
  ])('%s becomes %s', async (oauthError, code, reason) => {
    const { redeem, platform } = setUp()
    const response = { error: oauthError, error_description: 'a\nb', state: 'state-1' }
    const error = await failureOf(redeem(response))
    expect(error.code).toBe(code)
    expect(error.oauth).toEqual({ error: oauthError, description: 'a b' })
    expect(isInteractionRequired(error) ? error.reason : undefined).toBe(reason)
    expect(platform.requests).toEqual([])
  })
})

test.each([
  ['another state', { ...good, state: 'other' }],
  ['no state', { code: 's3cret-code' }],
  ['no code', { state: 'state-1' }],
  ['an empty code', { code: '', state: 'state-1' }],
  ['tokens of the implicit flow', { ...good, access_token: 's3cret', id_token: 's3cret' }],
])('a response with %s is refused before any request', async (_what, response) => {
  const { redeem, platform } = setUp()
  const error = await failureOf(redeem(response as Record<string, string>))
  expect(error.code).toBe('invalid_response')
  expect(allTextOf(error)).not.toContain('s3cret')
  expect(platform.requests).toEqual([])
})

test('a code in the error description of the provider does not reach the error', async () => {
  const { provider, redeem } = setUp()
  const error_description = 'Invalid authorization code: s3cret-code'
  provider.onToken = () => jsonResponse({ error: 'invalid_grant', error_description }, 400)
  const error = await failureOf(redeem(good))
  expect([error.code, error.oauth?.error]).toEqual(['token_request_failed', 'invalid_grant'])
  expect(allTextOf(error)).not.toContain('s3cret')
})

test('every response of a token endpoint gives a TokenGrant or an AuthError', async () => {
  const field = fc.constantFrom('access_token', 'token_type', 'expires_in', 'scope', 'id_token')
  await fc.assert(
    fc.asyncProperty(fc.dictionary(field, fc.jsonValue()), async (fields) => {
      const { provider, redeem, answer } = setUp()
      provider.onToken = () => answer({}, fields)
      const outcome = await redeem(good).catch((error: unknown) => error)
      expect(isAuthError(outcome) || typeof outcome === 'object').toBe(true)
      if (outcome instanceof Error) expect(isAuthError(outcome)).toBe(true)
    }),
  )
})

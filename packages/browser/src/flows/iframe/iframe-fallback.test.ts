import { AuthError, type InteractionReason, InteractionRequiredError } from '@carnet/core'
import { describe, expect, test } from 'vitest'
import { errorAfterIframe } from './iframe-fallback.ts'

const refusalFor = (reason: InteractionReason) =>
  new InteractionRequiredError(
    reason,
    'The refresh token was refused.',
    { scopes: ['read'], loginHint: 'alice' },
    { oauth: { error: 'invalid_grant' }, correlationId: 'c-1' },
  )

/** The error after a refusal for `reason`, and a failure of the iframe. */
const told = (reason: InteractionReason, failure: unknown) =>
  errorAfterIframe(refusalFor(reason), failure)

describe('after a refused refresh token, any failure of the iframe needs the user', () => {
  test.each([
    'authorization_failed',
    'access_denied',
    'issuer_identification_failed',
    'invalid_response',
    'invalid_id_token',
    'token_request_failed',
    'server_error',
    'network_error',
    'timeout',
    'offline',
    'intermediary_answered',
    'discovery_failed',
    'transaction_not_found',
  ] as const)('(%s) with the reason of the refusal', (code) => {
    const answer = new AuthError(code, 'It does not know of silence.')
    const refusal = refusalFor('login')
    const error = told('login', answer)
    expect(error).toBeInstanceOf(InteractionRequiredError)
    expect(error).toMatchObject({
      reason: 'login',
      message: refusal.message,
      request: refusal.request,
      oauth: { error: 'invalid_grant' },
      correlationId: 'c-1',
      cause: answer,
    })
  })

  test.each([
    'iframe_timeout',
    'iframe_refused',
    'redirect_page_unusable',
    'blocked_by_csp',
  ] as const)('(%s) with the iframe as the reason', (code) => {
    for (const reason of ['login', 'no_tokens'] as const) {
      const failure = new AuthError(code, 'No.')
      const { request } = refusalFor(reason)
      expect(told(reason, failure)).toMatchObject({
        code: 'interaction_required',
        reason: 'iframe_failed',
        message: 'No.',
        request,
        cause: failure,
      })
    }
  })

  test.each(['consent', 'refresh_token_expired'] as const)(
    'with the reason %s, for any error of the iframe',
    (reason) => {
      for (const failure of [new AuthError('iframe_timeout', 'No answer.'), refusalFor('login')])
        expect(told(reason, failure)).toMatchObject({ reason, cause: failure })
    },
  )
})

test('an interaction reason of the iframe is passed on unchanged', () => {
  const answer = refusalFor('mfa')
  expect(told('login', answer)).toBe(answer)
})

describe('without a refresh token', () => {
  test.each([
    'network_error',
    'server_error',
    'timeout',
    'offline',
    'intermediary_answered',
  ] as const)('%s passes', (code) => {
    const failure = new AuthError(code, 'For now.')
    expect(told('no_tokens', failure)).toBe(failure)
  })

  test('an unusable response of the iframe needs the user', () => {
    const failure = new AuthError('invalid_id_token', 'No.')
    expect(told('no_tokens', failure)).toMatchObject({ reason: 'no_tokens', cause: failure })
  })
})

test.each(['aborted', 'client_closed', 'account_not_found', 'part_not_loaded'] as const)(
  '%s does not concern the session',
  (code) => {
    const failure = new AuthError(code, 'Over.')
    expect(told('login', failure)).toBe(failure)
  },
)

test('a programming error is not hidden', () => {
  const mistake = new TypeError('x is not a function')
  expect(told('login', mistake)).toBe(mistake)
})

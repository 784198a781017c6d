import { describe, expect, test } from 'vitest'
import { DIALECTS } from '../testing/dialects.ts'
import { interactionReason } from './error-reason.ts'

const error = 'invalid_grant'

test.each([
  ['login_required', 'login'],
  ['invalid_grant', 'login'],
  ['consent_required', 'consent'],
  ['invalid_scope', 'consent'],
  ['invalid_target', 'consent'],
  ['account_selection_required', 'account_selection'],
  ['interaction_required', 'interaction'],
  ['invalid_client', undefined],
  ['constructor', undefined],
  ['__proto__', undefined],
])('%s needs the user, for the reason %s', (code, reason) => {
  expect(interactionReason({ error: code })).toBe(reason)
  for (const dialect of Object.values(DIALECTS))
    expect(dialect.errorReason({ error: code }, 'authorization')).toBe(reason)
})

describe('the additional fields of Entra', () => {
  test.each([
    [65001, 'consent'],
    [65004, 'consent'],
    [90094, 'admin_consent'],
    [90095, 'admin_consent'],
    [50072, 'mfa'],
    [50074, 'mfa'],
    [50076, 'mfa'],
    [50079, 'mfa'],
    [700082, 'refresh_token_expired'],
    [700084, 'refresh_token_expired'],
  ])('AADSTS%i means %s, regardless of the other fields', (code, reason) => {
    expect(interactionReason({ error, codes: [code] })).toBe(reason)
    expect(interactionReason({ error: 'interaction_required', codes: [7, code] })).toBe(reason)
    const more = { claims: '{}', suberror: 'bad_token' }
    expect(interactionReason({ error, codes: [code], ...more })).toBe(reason)
  })

  test.each([
    ['consent_required', 'consent'],
    ['basic_action', 'interaction'],
    ['additional_action', 'interaction'],
    ['message_only', 'interaction'],
    ['user_password_expired', 'login'],
    ['bad_token', 'login'],
  ])('the suberror %s means %s', (suberror, reason) => {
    expect(interactionReason({ error, suberror })).toBe(reason)
    const other = reason === 'interaction' ? 'consent_required' : 'interaction_required'
    expect(interactionReason({ error: other, suberror })).toBe(reason)
  })

  test.each(['', 'client_mismatch', 'constructor', '__proto__'])(
    'the suberror %j does not change the meaning of the error',
    (suberror) => {
      expect(interactionReason({ error, suberror })).toBe('login')
    },
  )

  test('a claims request has priority over a suberror, and a number over both', () => {
    expect(interactionReason({ error, claims: '{}' })).toBe('claims')
    expect(interactionReason({ error, claims: '{}', suberror: 'basic_action' })).toBe('claims')
    expect(interactionReason({ error, claims: '{}', codes: [50076] })).toBe('mfa')
    expect(interactionReason({ error, claims: '{}', codes: [7] })).toBe('claims')
  })

  test('the first known number decides', () => {
    expect(interactionReason({ error, codes: [1, 65001, 50076] })).toBe('consent')
  })

  test('a number decides for any `error`', () => {
    for (const code of ['unauthorized_client', 'access_denied', 'toString'])
      expect(interactionReason({ error: code, codes: [90094] })).toBe('admin_consent')
  })

  test('no other field turns an error into an interaction that cannot help', () => {
    const more = { codes: [7], suberror: 'consent_required', claims: '{}' }
    for (const code of ['invalid_client', 'invalid_request', 'server_error', 'toString'])
      expect(interactionReason({ error: code, ...more })).toBeUndefined()
  })
})

describe('the refusal of a refresh token', () => {
  test.each([
    ['token_inactive', 'login', 'login'],
    ['invalid_token', 'login', 'login'],
    ['mfa_required', 'mfa', 'mfa'],
    ['invalid_request', 'login', undefined],
    ['invalid_scope', 'consent', 'consent'],
    ['invalid_grant', 'login', 'login'],
    ['invalid_client', undefined, undefined],
    ['unauthorized_client', 'login', undefined],
    ['unsupported_grant_type', 'login', undefined],
    ['constructor', undefined, undefined],
    ['__proto__', undefined, undefined],
  ])('%s means %s at a plain provider, %s at Entra', (code, plain, entra) => {
    expect(DIALECTS.oidc.errorReason({ error: code }, 'refresh')).toBe(plain)
    expect(DIALECTS.entra.errorReason({ error: code }, 'refresh')).toBe(entra)
  })

  test('an error that refuses only refresh tokens has no meaning in an authorization response', () => {
    for (const code of ['token_inactive', 'invalid_token', 'mfa_required', 'invalid_request'])
      expect(interactionReason({ error: code })).toBeUndefined()
  })

  test('the number of Entra has priority over the error', () => {
    expect(DIALECTS.entra.errorReason({ error: 'invalid_token', codes: [50076] }, 'refresh')).toBe(
      'mfa',
    )
  })
})

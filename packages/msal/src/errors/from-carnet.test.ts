import * as msal from '@azure/msal-browser'
import {
  AuthError,
  type AuthErrorCode,
  type InteractionReason,
  InteractionRequiredError,
} from '@carnet/browser'
import { expect, test } from 'vitest'
import { toMsalError } from './to-msal-error.ts'

type OAuth = NonNullable<AuthError['oauth']>

async function convert(error: unknown): Promise<msal.AuthError> {
  const converted = await toMsalError(error, 'id')
  if (!(converted instanceof msal.AuthError)) throw new Error('It is no error of the original.')
  expect(converted.correlationId).toBe('id')
  expect((converted as Error).cause).toBe(error)
  return converted
}

const refusal = (error: string, more: Partial<OAuth> = {}): OAuth => ({ error, ...more })

test.each<[AuthErrorCode, string, string, string?]>([
  ['user_cancelled', 'BrowserAuthError', 'user_cancelled'],
  ['popup_blocked', 'BrowserAuthError', 'popup_window_error'],
  ['iframe_timeout', 'BrowserAuthError', 'timed_out', 'redirect_bridge_timeout'],
  ['network_error', 'BrowserAuthError', 'post_request_failed'],
  ['offline', 'BrowserAuthError', 'no_network_connectivity'],
  ['no_cached_token', 'ClientAuthError', 'token_refresh_required'],
  ['discovery_failed', 'ClientAuthError', 'endpoints_resolution_error'],
  ['issuer_mismatch', 'ClientConfigurationError', 'issuer_validation_failed'],
  ['invalid_id_token', 'ClientAuthError', 'token_parsing_error'],
  ['account_not_found', 'ClientAuthError', 'no_account_found'],
  ['end_session_unsupported', 'ClientAuthError', 'end_session_endpoint_not_supported'],
  ['storage_unavailable', 'BrowserConfigurationAuthError', 'storage_not_supported'],
  ['invalid_options', 'BrowserConfigurationAuthError', 'invalid_options'],
  ['redirect_loop', 'AuthError', 'redirect_loop'],
])('%s is %s %s', async (code, name, errorCode, subError = '') => {
  expect(await convert(new AuthError(code, 'It failed.'))).toMatchObject({
    name,
    errorCode,
    subError,
  })
})

test.each<[AuthErrorCode, OAuth]>([
  ['access_denied', refusal('access_denied')],
  ['authorization_failed', refusal('invalid_scope')],
  ['token_request_failed', refusal('invalid_client')],
  ['server_error', refusal('temporarily_unavailable')],
])('%s with an error of the provider is a ServerError', async (code, oauth) => {
  const error = new AuthError(code, 'It failed.', { oauth: { ...oauth, codes: [70011] } })
  error.status = 400
  const converted = await convert(error)
  expect(converted).toBeInstanceOf(msal.ServerError)
  expect(converted).toMatchObject({ errorCode: oauth.error, errorNo: 70011 })
})

test('the number of an error of a redirect is a text, as in the original', async () => {
  const oauth = { ...refusal('access_denied'), codes: [65004] }
  const converted = await convert(new AuthError('access_denied', 'It failed.', { oauth }))
  expect(converted).toMatchObject({ errorCode: 'access_denied', errorNo: '65004' })
})

test.each<[InteractionReason, string]>([
  ['no_tokens', 'no_tokens_found'],
  ['login', 'login_required'],
  ['third_party_cookies', 'login_required'],
  ['consent', 'consent_required'],
  ['refresh_token_expired', 'refresh_token_expired'],
  ['mfa', 'interaction_required'],
])('the reason %s has the code %s', async (reason, errorCode) => {
  const converted = await convert(new InteractionRequiredError(reason, 'Ask.', { scopes: [] }))
  expect(converted).toBeInstanceOf(msal.InteractionRequiredAuthError)
  expect(converted.errorCode).toBe(errorCode)
})

test('a claims challenge keeps its members', async () => {
  const oauth = refusal('interaction_required', {
    claims: '{"access_token":{}}',
    suberror: 'basic_action',
    traceId: 'trace',
    timestamp: 'now',
    codes: [50076],
  })
  const error = new InteractionRequiredError('mfa', 'Ask.', { scopes: [] }, { oauth })
  expect(await convert(error)).toMatchObject({
    errorCode: 'interaction_required',
    subError: 'basic_action',
    claims: oauth.claims,
    traceId: 'trace',
    timestamp: 'now',
    errorNo: '50076',
  })
})

test('a mistake of the app is no interaction, and an ended grant is one', async () => {
  const of = (error: string) =>
    convert(
      new InteractionRequiredError('login', 'Ask.', { scopes: [] }, { oauth: refusal(error) }),
    )
  expect(await of('invalid_scope')).toBeInstanceOf(msal.ServerError)
  expect(await of('invalid_grant')).toBeInstanceOf(msal.InteractionRequiredAuthError)
})

test('other errors stay as they are', async () => {
  const error = new TypeError('of the app')
  expect(await toMsalError(error, 'id')).toBe(error)
})

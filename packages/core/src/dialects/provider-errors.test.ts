import { describe, expect, test } from 'vitest'
import { isAuthError } from '../errors/errors.ts'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import { readOAuthError, tokenEndpointError } from '../protocol/oauth-error.ts'
import { redeemCode } from '../protocol/redeem-code.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { isAuthenticationExpired } from './provider-errors.ts'

/** Error bodies as providers send them: provider, status, `error`, `error_description`, and the reason they mean. */
const REFUSALS: readonly [string, number, string, string | undefined, string][] = [
  ['Keycloak', 400, 'invalid_grant', 'Token is not active', 'login'],
  ['Keycloak', 400, 'invalid_grant', 'Session not active', 'login'],
  ['Keycloak', 400, 'invalid_grant', 'Offline user session not found', 'login'],
  ['Keycloak', 400, 'invalid_grant', "Session doesn't have required client", 'login'],
  ['Okta', 400, 'invalid_grant', 'The refresh token is invalid or expired.', 'login'],
  ['Okta', 400, 'access_denied', 'Policy evaluation failed for this request.', 'interaction'],
  ['PingFederate', 400, 'invalid_grant', 'unknown, invalid, or expired refresh token', 'login'],
  ['PingAM', 400, 'invalid_grant', 'grant is invalid', 'login'],
  ['PingAM', 401, 'expired_token', 'The token has expired.', 'login'],
  ['Cognito', 400, 'invalid_grant', 'Refresh Token has expired', 'login'],
  ['Cognito', 400, 'NotAuthorizedException', 'Refresh Token has been revoked', 'login'],
  ['AD FS', 401, 'invalid_grant', 'MSIS9615: The refresh token received has expired.', 'login'],
  ['AD FS', 400, 'invalid_grant', 'MSIS9612: The code received is invalid.', 'login'],
  ['Salesforce', 400, 'invalid_grant', 'expired access/refresh token', 'login'],
  ['Salesforce', 400, 'inactive_user', 'user is inactive', 'login'],
  ['Salesforce', 400, 'inactive_org', 'organization is not active', 'login'],
  ['Auth0', 403, 'invalid_grant', 'Unknown or invalid refresh token.', 'login'],
  ['Auth0', 403, 'mfa_required', 'Multifactor authentication required', 'mfa'],
  ['Auth0', 403, 'unauthorized_client', "Grant type 'refresh_token' not allowed.", 'login'],
  ['Zitadel', 400, 'invalid_request', 'Errors.OIDCSession.RefreshTokenInvalid', 'login'],
  ['Zitadel', 400, 'invalid_grant', 'Errors.User.RefreshToken.Invalid', 'login'],
  ['Zitadel', 500, 'server_error', 'Errors.User.RefreshToken.Invalid', 'login'],
  ['Hydra', 401, 'token_inactive', 'Token is inactive.', 'login'],
  ['Hydra', 400, 'invalid_grant', 'The refresh token has not been found: not_found', 'login'],
  ['a gateway', 401, 'session_expired', undefined, 'login'],
  ['a gateway', 401, 'authentication_expired', undefined, 'login'],
  ['a gateway', 401, 'login_required', undefined, 'login'],
]

describe('the refusal of a refresh token', () => {
  test.each(REFUSALS)('by %s, %i %s (%s), means %s', (_who, status, error, description, reason) => {
    const body = JSON.stringify({ error, error_description: description })
    const failure = tokenEndpointError({ status, body, headers: new Headers() })
    expect(failure.code).toBe('token_request_failed')
    expect(failure.oauth && DIALECTS.oidc.errorReason(failure.oauth, 'refresh')).toBe(reason)
  })

  test.each([
    [500, 'server_error', 'Something broke.'],
    [500, 'server_error', 'authentication_expired'],
    [503, 'temporarily_unavailable', 'authentication_expired'],
    [400, 'server_error', undefined],
  ])('is undefined for a failure of the server: %i %s (%s)', (status, error, description) => {
    const body = JSON.stringify({ error, error_description: description })
    expect(tokenEndpointError({ status, body, headers: new Headers() }).code).toBe('server_error')
  })
})

describe('an authorization response', () => {
  test.each([
    ['Keycloak', 'temporarily_unavailable', 'authentication_expired', 'login'],
    ['Keycloak', 'login_required', undefined, 'login'],
    ['Okta', 'login_required', 'The client specified not to prompt.', 'login'],
    ['a gateway', 'session_expired', undefined, 'login'],
    ['a gateway', 'authentication_expired', undefined, 'login'],
    ['anybody', 'temporarily_unavailable', undefined, undefined],
    ['anybody', 'temporarily_unavailable', 'not authentication_expired', undefined],
    ['anybody', 'access_denied', 'Policy evaluation failed for this request.', undefined],
    ['anybody', 'token_inactive', undefined, undefined],
    ['anybody', 'constructor', undefined, undefined],
  ])('of %s with %s (%s) means %s', async (_who, error, description, reason) => {
    const response = new URLSearchParams({ error, state: 's' })
    if (description !== undefined) response.set('error_description', description)
    const oauth = readOAuthError(Object.fromEntries(response))
    expect(oauth && DIALECTS.oidc.errorReason(oauth, 'authorization')).toBe(reason)
    const failure = await completed(response)
    expect(isInteractionRequired(failure) ? failure.reason : undefined).toBe(reason)
    expect(isAuthError(failure)).toBe(true)
  })

  test.each([
    [{ error: 'temporarily_unavailable', description: 'authentication_expired' }, true],
    [{ error: 'authentication_expired' }, true],
    [{ error: 'temporarily_unavailable' }, false],
    [{ error: 'login_required', description: 'authentication_expired' }, false],
  ])('%j means that the sign-in page expired: %s', (oauth, is) => {
    expect(isAuthenticationExpired(oauth)).toBe(is)
  })
})

const issuer = 'https://idp.example'

const completed = (response: URLSearchParams): Promise<unknown> =>
  redeemCode(
    response,
    {
      state: 's',
      codeVerifier: 'v',
      nonce: 'n',
      redirectUri: 'https://app.example/',
      scopes: [],
      tokenScopes: [],
    },
    {
      metadata: {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
      },
      authority: issuer,
      dialect: DIALECTS.oidc,
      clientId: 'spa',
      http: () => expect.fail('Nothing is to be redeemed.'),
      now: Date.now,
      trueTimeMs: async () => undefined,
    },
  ).catch((error: unknown) => error)

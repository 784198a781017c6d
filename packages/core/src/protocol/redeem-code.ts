import * as oauth from 'oauth4webapi'
import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import { AuthError, type OAuthErrorDetails } from '../errors/errors.ts'
import { type InteractionHint, InteractionRequiredError } from '../errors/interaction-required.ts'
import { forTokenRequest } from '../parameters/request-parameters.ts'
import type { ScopeValues } from '../scopes/scope-values.ts'
import { maxAgeSeconds } from '../tokens/sign-in-age.ts'
import { type ClientAuthentication, clientAuthOf } from './client-authentication.ts'
import { oauthClient, oauthServer, type ProtocolDeps, present, viaHttp } from './deps.ts'
import { readOAuthError } from './oauth-error.ts'
import { requestTokens, type TokenResponse } from './token-response.ts'

/** The stored data of an authorization request until its response arrives. */
export interface PendingAuthorization {
  readonly state: string
  readonly codeVerifier: string
  readonly nonce: string
  readonly redirectUri: string
  readonly scopes: ScopeValues
  /** The part of `scopes` for the token; the other scopes are for consent only. */
  readonly tokenScopes: ScopeValues
  readonly resource?: string | undefined
  /** Further parameters of the token request, by their wire names. */
  readonly tokenParameters?: Readonly<Record<string, string>> | undefined
  /** Entra's routing hint of the authorization request; the token request repeats it. */
  readonly anchorMailbox?: string | undefined
  /** The `request` of an `InteractionRequiredError`. Default: the same scopes and resource. */
  readonly hint?: InteractionHint | undefined
  /** The greatest allowed age of the sign-in (`max_age`), in milliseconds, if the request had one. */
  readonly maxAgeMs?: number | undefined
}

/**
 * Validates an authorization response and redeems its code (RFC 6749 sections 4.1.2 and 4.1.3, RFC 9207, OpenID Connect Core
 * section 3.1.3).
 *
 * @param authenticate Adds the credential of a confidential client. Default: a public client.
 * @throws InteractionRequiredError if the provider asks for another interaction.
 * @throws AuthError for all other error responses, and for invalid responses.
 */
export async function redeemCode(
  response: URLSearchParams,
  pending: PendingAuthorization,
  deps: ProtocolDeps,
  authenticate?: ClientAuthentication,
): Promise<TokenResponse> {
  const { http, dialect } = deps
  const { scopes, tokenScopes, resource, anchorMailbox } = pending
  const server = oauthServer(deps)
  const client = oauthClient(deps)
  const callback = validate(response, pending, deps, client)
  const additionalParameters: Record<string, string> = {
    ...forTokenRequest({ authorization: {}, token: pending.tokenParameters ?? {} }),
    ...present(dialect.codeParameters({ tokenScopes, resource, routingHint: anchorMailbox })),
  }
  const secrets = [response.get('code') ?? '', pending.codeVerifier]
  const grant = await requestTokens(
    dialect.codeScopes(scopes, tokenScopes),
    secrets,
    deps,
    (heard) =>
      oauth.authorizationCodeGrantRequest(
        server,
        client,
        authenticate ? clientAuthOf(authenticate, deps.metadata, secrets) : oauth.None(),
        callback,
        pending.redirectUri,
        pending.codeVerifier,
        { ...viaHttp(http, heard), additionalParameters },
      ),
    (answer, checkedClient) =>
      oauth.processAuthorizationCodeResponse(server, checkedClient, answer, {
        expectedNonce: pending.nonce,
        requireIdToken: true,
        ...(pending.maxAgeMs === undefined ? {} : { maxAge: maxAgeSeconds(pending.maxAgeMs) }),
      }),
    undefined,
    pending.maxAgeMs !== undefined,
  )
  // OpenID Connect Session Management 1.0 section 2: it is a parameter of the authorization response.
  const sessionState = response.get('session_state')
  return sessionState === null
    ? grant
    : { ...grant, members: { session_state: sessionState, ...grant.members } }
}

function validate(
  response: URLSearchParams,
  pending: PendingAuthorization,
  deps: ProtocolDeps,
  client: oauth.Client,
): URLSearchParams {
  const { metadata, dialect } = deps
  const iss = response.get('iss')
  const issMissing =
    metadata.authorization_response_iss_parameter_supported === true && iss === null
  const isOther =
    response.getAll('iss').length > 1 ||
    (iss !== null && !dialect.isResponseIssuer(iss, metadata.issuer))
  if (issMissing || isOther) {
    throw new AuthError(
      'issuer_identification_failed',
      issMissing
        ? 'The response names no issuer.'
        : 'The response names another issuer than the request.',
    )
  }
  const oauthError = readOAuthError(Object.fromEntries(response))
  if (oauthError) throw authorizationError(oauthError, pending, dialect)
  try {
    if (!response.get('code')) throw new TypeError('no code')
    const checked = new URLSearchParams(response)
    if (iss !== null) checked.set('iss', metadata.issuer) // `iss` was checked above; it may come from a template.
    return oauth.validateAuthResponse(oauthServer(deps), client, checked, pending.state)
  } catch {
    throw new AuthError('invalid_response', 'The authorization response is not valid.')
  }
}

function authorizationError(
  oauthError: OAuthErrorDetails,
  { scopes, resource, hint = { scopes, resource } }: PendingAuthorization,
  dialect: ProviderDialect,
): AuthError {
  const message = `The provider answered the authorization request with "${oauthError.error}".`
  const details = { oauth: oauthError }
  const reason = dialect.errorReason(oauthError, 'authorization')
  // Entra sends `access_denied` for other reasons too, with a number. Only a declined consent means `access_denied` here.
  if (oauthError.error === 'access_denied' && (reason === undefined || reason === 'consent'))
    return new AuthError('access_denied', message, details)
  const isOfServer = ['temporarily_unavailable', 'server_error'].includes(oauthError.error)
  if (isOfServer && reason === undefined) return new AuthError('server_error', message, details)
  // The user cannot consent to a scope or resource that the provider does not know.
  return reason && !['invalid_scope', 'invalid_target'].includes(oauthError.error)
    ? new InteractionRequiredError(
        reason,
        message,
        { ...hint, claims: oauthError.claims ?? hint.claims },
        details,
      )
    : new AuthError('authorization_failed', message, details)
}

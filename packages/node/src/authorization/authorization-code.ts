import { AuthError, type ProviderDialect, toScopeValues } from '@carnet/core'
import {
  assertSupported,
  authorizationUrl,
  createAuthorizationSecrets,
  maxAgeSeconds,
  type PendingAuthorization,
  type ProviderMetadata,
  redeemCode,
  type VerifyIdToken,
} from '@carnet/core/network'
import { pushRequest } from '@carnet/core/par'
import { sessionOwner } from '@carnet/core/services'
import { createSignatureCheck } from '@carnet/core/signature'
import type { AuthorizationRequest } from '../api/authorization.ts'
import { assertFapiAlgorithm } from '../context/fapi.ts'
import type { ClientParts } from '../tokens/client-parts.ts'
import { assertKey } from '../tokens/held-keys.ts'
import { toResult } from '../tokens/result.ts'
import {
  claimsParameter,
  detailsOf,
  IDENTITY_SCOPES,
  OFFLINE_ACCESS,
} from '../tokens/token-requests.ts'
import { checkAuthorization } from './check-authorization.ts'

/** The half of an authorization request that waits for the response. */
export interface WaitingAuthorization
  extends Pick<
    PendingAuthorization,
    'state' | 'codeVerifier' | 'nonce' | 'redirectUri' | 'scopes' | 'resource' | 'maxAgeMs'
  > {
  /** The scopes of the app, without the scopes for the ID token and the refresh token. */
  readonly appScopes: readonly string[]
  readonly claims?: string | undefined
  readonly correlationId?: string | undefined
  /** The thumbprint of the key that the code is bound to (RFC 9449 section 10). */
  readonly jkt?: string | undefined
}

/** Creates the check of the signatures of ID tokens. Its keys are fetched once. */
export function createIdTokenCheck({
  config,
  fetchJson,
  platform,
}: ClientParts['runtime']): VerifyIdToken {
  const check = createSignatureCheck({ fetchJson, now: platform.now })
  return async (idToken, metadata) => {
    if (config.isFapi) assertFapiAlgorithm(idToken)
    await check(idToken, metadata)
  }
}

export type AuthorizationCode = ReturnType<typeof createAuthorizationCode>

/** Creates the two halves of the authorization code flow (RFC 6749 section 4.1, OpenID Connect Core section 3.1). */
export function createAuthorizationCode(parts: ClientParts, verifyIdToken: VerifyIdToken) {
  const { kind, runtime, queries, users, renewals } = parts
  const { config } = runtime
  const { dialect } = config

  /** Creates an authorization request with PKCE, `state` and `nonce`. The request was checked. */
  async function prepare(
    request: AuthorizationRequest,
    state: string,
    responseMode: 'query' | 'form_post' = 'query',
  ): Promise<{ readonly url: string; readonly waiting: WaitingAuthorization }> {
    checkAuthorization(request)
    const { scopes, resource, maxAgeMs, redirectUri, claims, correlationId } = request
    // Throws for scopes that no single token can have, before the user leaves the page.
    queries.of(sessionOwner('sign-in'), { scopes, resource, claims, signal: request.signal })
    dialect.assertAskable(scopes, [])
    const metadata = await runtime.metadata()
    assertSupported(metadata, request)
    const key = runtime.dpop?.bindsCodes ? await runtime.dpop.current(metadata) : undefined
    const waiting: WaitingAuthorization = {
      ...createAuthorizationSecrets(),
      state,
      redirectUri,
      scopes: scopesOf(scopes, metadata, dialect),
      appScopes: scopes,
      resource,
      maxAgeMs,
      claims,
      correlationId,
      jkt: key?.jkt,
    }
    const whole = await authorizationUrl(metadata, {
      ...waiting,
      clientId: config.clientId,
      responseMode,
      parameters: { ...parametersOf(request, parts), dpop_jkt: key?.jkt },
    })
    const isPushed =
      config.isFapi || (request.pushed ?? metadata.require_pushed_authorization_requests === true)
    const url = isPushed
      ? await runtime.withClient((deps, authenticate) => pushRequest(whole, deps, authenticate), {
          jkt: key?.jkt,
          isProven: key !== undefined,
        })
      : whole
    return { url, waiting }
  }

  /** Validates a response, redeems its code without a look into the cache, and stores the tokens of the user. */
  async function redeem(response: URLSearchParams, waiting: WaitingAuthorization) {
    const { appScopes, claims, resource, scopes, correlationId, jkt } = waiting
    const hint = { scopes: appScopes, resource, claims }
    await assertKey(runtime, jkt, hint)
    const pending = {
      ...waiting,
      tokenScopes: scopes,
      resource: dialect.indicatorOf(resource),
      hint,
    }
    const grant = await runtime.withClient(
      (deps, authenticate) =>
        redeemCode(response, pending, { ...deps, verifyIdToken }, authenticate),
      { jkt },
    )
    const details = detailsOf(grant, config)
    const { account } = details
    if (!account) throw new AuthError('invalid_id_token', 'The token response has no ID token.')
    const query = queries.of(users.ownerOf(account), { scopes: appScopes, resource })
    const record = await renewals.keepFirst(query, grant)
    if (kind === 'public') await users.add(account)
    const result = toResult(config, record, details, { fromCache: false, correlationId })
    return { account, result }
  }

  return { prepare, redeem }
}

const scopesOf = (
  wanted: readonly string[],
  metadata: ProviderMetadata,
  dialect: ProviderDialect,
) => {
  const defaults = dialect.supportedDefaults(metadata, [...IDENTITY_SCOPES, OFFLINE_ACCESS])
  return toScopeValues(['openid', ...defaults, ...wanted])
}

function parametersOf(
  request: AuthorizationRequest,
  { runtime: { config } }: ClientParts,
): Readonly<Record<string, string | undefined>> {
  const { loginHint, domainHint, prompt, maxAgeMs, claims, resource } = request
  const { dialect } = config
  return {
    ...request.extraParameters,
    prompt,
    login_hint: loginHint,
    domain_hint: domainHint,
    max_age: maxAgeSeconds(maxAgeMs)?.toString(),
    ...claimsParameter(claims, config),
    ...dialect.authorizationParameters({
      resource: dialect.indicatorOf(resource),
      routingHint: dialect.routingHint(undefined, loginHint),
    }),
  }
}

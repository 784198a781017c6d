import { AuthError, type ProviderDialect, stopWaitingOn, toScopeValues } from '@carnet/core'
import {
  assertSupported,
  authorizationUrl,
  createAuthorizationSecrets,
  maxAgeSeconds,
  type ProviderMetadata,
  redeemCode,
  type VerifyIdToken,
} from '@carnet/core/network'
import { pushRequest } from '@carnet/core/par'
import { sessionOwner } from '@carnet/core/services'
import { createSignatureCheck } from '@carnet/core/signature'
import type { SignIn, SignInBegun, SignInFinished, SignInRequest } from '../api/web-app.ts'
import type { ClientParts } from '../tokens/client-parts.ts'
import { toResult } from '../tokens/result.ts'
import {
  claimsParameter,
  detailsOf,
  IDENTITY_SCOPES,
  OFFLINE_ACCESS,
} from '../tokens/token-requests.ts'
import { checkSignIn, localPath } from './check-sign-in.ts'
import { redirectTo } from './cookies.ts'
import { readResponse } from './read-response.ts'
import { createWebTransactions, TRANSACTION_MS, type WebTransaction } from './transactions.ts'

/** Creates the check of the signatures of ID tokens. Its keys are fetched once. */
export const createIdTokenCheck = ({
  fetchJson,
  platform,
}: ClientParts['runtime']): VerifyIdToken => createSignatureCheck({ fetchJson, now: platform.now })

/** Creates the sign-in of users to a web app: the authorization code flow of a confidential client. */
export function createSignIn(parts: ClientParts, verifyIdToken: VerifyIdToken): SignIn {
  const { runtime, queries, users, renewals } = parts
  const { config, platform } = runtime
  const { dialect } = config
  const transactions = createWebTransactions(runtime)

  async function begin(request: SignInRequest): Promise<SignInBegun> {
    checkSignIn(request)
    // Throws for scopes that no single token can have, before the user leaves the page.
    queries.of(sessionOwner('sign-in'), request)
    dialect.assertAskable(request.scopes, [])
    const metadata = await runtime.metadata()
    assertSupported(metadata, request)
    const { responseMode = 'query', scopes, redirectUri } = request
    const transaction: WebTransaction = {
      ...createAuthorizationSecrets(),
      state: transactions.newState(),
      redirectUri,
      scopes: scopesOf(scopes, metadata, dialect),
      appScopes: scopes,
      resource: request.resource,
      maxAgeMs: request.maxAgeMs,
      returnTo: localPath(request.returnTo ?? '/', redirectUri),
      claims: request.claims,
      correlationId: request.correlationId,
      expiresAtMs: platform.now() + TRANSACTION_MS,
    }
    const whole = await authorizationUrl(metadata, {
      ...transaction,
      clientId: config.clientId,
      responseMode,
      parameters: parametersOf(request, parts),
    })
    const isPushed = request.pushed ?? metadata.require_pushed_authorization_requests === true
    const url = isPushed
      ? await runtime.withClient((deps, authenticate) => pushRequest(whole, deps, authenticate))
      : whole
    const saved = await transactions.save(
      transaction,
      responseMode === 'form_post',
      request.request,
    )
    return { url, ...saved, response: redirectTo(url, saved.cookies) }
  }

  async function finish(request: Request): Promise<SignInFinished> {
    const { state, response } = await readResponse(request)
    const { transaction, cookies } = await transactions.take(state, request)
    const { appScopes, claims, resource, scopes, returnTo, correlationId } = transaction
    const pending = {
      ...transaction,
      tokenScopes: scopes,
      resource: dialect.indicatorOf(resource),
      hint: { scopes: appScopes, resource, claims },
    }
    const grant = await runtime.withClient((deps, authenticate) =>
      redeemCode(response, pending, { ...deps, verifyIdToken }, authenticate),
    )
    const details = detailsOf(grant, config)
    const { account } = details
    if (!account) throw new AuthError('invalid_id_token', 'The token response has no ID token.')
    const query = queries.of(users.ownerOf(account), { scopes: appScopes, resource })
    const record = await renewals.keepFirst(query, grant)
    const result = toResult(config, record, details, { fromCache: false, correlationId })
    return { account, returnTo, result, cookies }
  }

  return {
    begin: (request) => stopWaitingOn(request?.signal, begin(request)),
    finish,
  }
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
  request: SignInRequest,
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

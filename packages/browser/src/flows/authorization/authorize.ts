import {
  type Account,
  AuthError,
  type AuthorityProfile,
  accountKey,
  assertAskable,
  difference,
  loginHintOf,
  type RequestParameters,
  servesAccount,
  toScopeValues,
} from '@carnet/core'
import {
  type AuthorizationRequest,
  anchorMailbox,
  assertSupported,
  authorizationUrl,
  createAuthorizationSecrets,
  type MetadataSource,
  maxAgeSeconds,
  type ProviderMetadata,
  responseModeOf,
  supportedDefaults,
} from '@carnet/core/network'
import type { InteractiveRequest } from '../../api/requests.ts'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Runtime } from '../../context/runtime.ts'
import type { ResponseKind } from '../../startup/response.ts'
import { claimsParameter } from './claims.ts'
import { KINDS } from './kinds.ts'
import type { RefusedScopes } from './refused-scopes.ts'
import { createState } from './state.ts'
import { LONGEST_URL, termsOf } from './terms.ts'
import type { Transaction, Transactions } from './transactions.ts'

/** An authorization request that waits for the user. */
export interface StartedAuthorization {
  readonly url: string
  readonly transaction: Transaction
}

/** A request on its way: with its id, and the account whose grant it adds to. */
export type StartRequest = InteractiveRequest & {
  readonly correlationId: string
  readonly addsTo?: Account | undefined
  /** The part of the `state` beside the random id, see `createLoopBreaker`. */
  readonly trail?: string | undefined
  /** The request parameters of a question that a hidden frame asks, with those of the sign-in. */
  readonly parameters?: RequestParameters | undefined
  /** True where the provider has refused the hint. */
  readonly omitsIdTokenHint?: boolean | undefined
}

/** The same request once more, and the error that led to that. */
export interface Again {
  readonly result?: undefined
  readonly again: StartedAuthorization
  readonly failure: AuthError
  /** Notes a redirect. Call it when the page leaves. */
  readonly leave: () => void
}

export type Outcome = { readonly result: AuthenticationResult; readonly again?: undefined } | Again

/** The two ends of an authorization request, whoever takes the user from one to the other. */
export interface Flow {
  start(request: StartRequest, kind: ResponseKind): Promise<StartedAuthorization>
  /**
   * Redeems the code of a response that came to this page, which first goes back to where the user started; or
   * to another page, while this one waited and `held` the transaction. `read` resolves when it is known who is signed in.
   */
  complete(
    response: URLSearchParams,
    how?: { held?: Transaction; read?: Promise<void> },
  ): Promise<AuthenticationResult>
  /** The same, except that the caller sends the user off if the request is to be made once more. */
  outcome(
    response: URLSearchParams,
    how?: { held?: Transaction; read?: Promise<void> },
  ): Promise<Outcome>
  /**
   * Makes the second request in a hidden frame, for a window that has closed. Without an answer it remembers what was
   * refused, and throws the error of the first request.
   */
  withoutWindow(outcome: Again): Promise<Outcome>
  forgetTransaction(state: string): Promise<void>
}

/** Writes the transaction down and says where to send the user; where the page is left, only then. */
export async function startAuthorization(
  request: StartRequest,
  kind: ResponseKind,
  runtime: Runtime,
  {
    metadataOf,
    transactions,
    refused,
  }: { metadataOf: MetadataSource; transactions: Transactions; refused: RefusedScopes },
): Promise<StartedAuthorization> {
  const { config, platform, page } = runtime
  const { profile } = config
  const authority = authorityOf(request, runtime)
  // What one issuer knows of an account is nothing to tell another.
  const addsTo =
    request.addsTo && servesAccount(authority, request.addsTo, profile) ? request.addsTo : undefined
  // What cannot be answered is refused before anybody leaves, and before a code is spent on it.
  assertAskable(request.scopes ?? [], request.extraScopesToConsent ?? [], profile)
  const metadata = await metadataOf(authority)
  assertSupported(metadata, request)
  const responseMode = responseModeOf(metadata, config.chosenResponseMode)
  const { defaultScopes } = config
  // The documents of Azure AD B2C do not list the scopes that it knows.
  const known = profile === 'oidc' ? supportedDefaults(metadata, defaultScopes) : defaultScopes
  const defaults = difference(known, await refused.recall(authority, metadata))
  const oidcScopes = ['openid', ...defaults]
  // On Entra the scopes name the resource, and the parameter is refused.
  const resource = profile === 'oidc' ? request.resource : undefined
  const { repeated, ...terms } = await termsOf({ ...request, addsTo }, kind, runtime)
  const { claims, ...parameters } = terms.parameters.authorization
  const tokenScopes = toScopeValues([...oidcScopes, ...terms.oidcScopes, ...(request.scopes ?? [])])
  const extraScopes = [...(request.extraScopesToConsent ?? []), ...repeated]
  const ofTheApp = [...(request.scopes ?? []), ...(request.extraScopesToConsent ?? [])]
  const who = request.account ?? addsTo
  const anchored = request.loginHint === undefined ? who : request.account
  const anchor =
    profile === 'entra' ? anchorMailbox(anchored?.homeAccountId, request.loginHint) : undefined
  const transaction: Transaction = {
    ...createAuthorizationSecrets(),
    state: createState(config.mark, kind, platform.randomId() + (request.trail ?? '')),
    kind,
    account: request.account && accountKey(request.account),
    sid: request.sid,
    authority,
    redirectUri: config.redirectUri,
    scopes: toScopeValues([...tokenScopes, ...extraScopes]),
    tokenScopes,
    resource,
    anchorMailbox: anchor,
    responseMode,
    // Entra never refuses one of its default scopes.
    added:
      profile === 'oidc'
        ? difference(toScopeValues([...defaults, ...terms.oidcScopes, ...repeated]), ofTheApp)
        : [],
    parameters: {
      ...(KINDS[kind].isSilent ? idTokenHint(request, authority, runtime) : {}),
      ...withoutEmpty({ ...request.extraParameters, ...parameters }),
      prompt: request.prompt,
      max_age: maxAgeSeconds(request.maxAgeMs)?.toString(),
      ...hintsOf(request, who, profile),
      domain_hint: request.domainHint,
      claims: claimsParameter(claims, config.clientCapabilities),
      resource,
      client_info: profile === 'entra' ? '1' : undefined,
      'X-AnchorMailbox': anchor,
    },
    terms,
    repeats: addsTo && { account: accountKey(addsTo), scopes: repeated },
    maxAgeMs: request.maxAgeMs,
    appState: request.state,
    returnTo: new URL(request.returnTo ?? page.href(), page.href()).href,
    correlationId: request.correlationId,
    startedAtMs: platform.now(),
  }
  return sendOff(transaction, metadata, runtime, transactions)
}

/** Writes the transaction down, and says where to send the user. */
export async function sendOff(
  transaction: Transaction,
  metadata: ProviderMetadata,
  { config }: Runtime,
  transactions: Transactions,
): Promise<StartedAuthorization> {
  const { kind, parameters = {}, responseMode = config.responseMode } = transaction
  const { clientId } = config
  const authorization = { ...transaction, clientId, responseMode, parameters }
  const url = await boundedUrl(metadata, authorization, kind)
  const saving = transactions.save(transaction)
  // A page that waits remembers the transaction itself; a page that leaves cannot.
  if (KINDS[kind].waits)
    saving.catch(() => undefined) // Closed meanwhile: whoever waits hears of that.
  else if (!(await saving))
    throw new AuthError(
      'storage_unavailable',
      'The sign-in could not be written down before leaving.',
    )
  return { url, transaction }
}

/** The one that the request names, else that of the account: a guest is asked in the tenant that knows the guest. */
function authorityOf(
  { authority, account, addsTo }: StartRequest,
  { config, accounts }: Runtime,
): string {
  const isOurs = addsTo && servesAccount(config.authority, addsTo, config.profile)
  const whose = account ?? (isOurs ? addsTo : undefined)
  return authority ?? (whose && accounts.record(whose)?.authority) ?? config.authority
}

/** The ID token by which the provider knows whose session it is (OpenID Connect Core section 3.1.2.1). */
function idTokenHint(
  { account, omitsIdTokenHint }: StartRequest,
  authority: string,
  { config: { profile }, accounts }: Runtime,
): { readonly id_token_hint?: string | undefined } {
  // Entra goes by `login_hint` and `sid`; at Azure AD B2C the parameter is an input of a policy.
  const isOfUse = !omitsIdTokenHint && profile === 'oidc'
  if (!account || !isOfUse || !servesAccount(authority, account, profile)) return {}
  return { id_token_hint: accounts.record(account)?.idToken }
}

/** The URL, without the hint for a hidden frame where that makes it too long. */
async function boundedUrl(
  metadata: ProviderMetadata,
  request: AuthorizationRequest,
  kind: ResponseKind,
): Promise<string> {
  const url = await authorizationUrl(metadata, request)
  if (!KINDS[kind].isSilent || url.length <= LONGEST_URL) return url
  const { id_token_hint: _, ...parameters } = request.parameters
  return authorizationUrl(metadata, { ...request, parameters })
}

/** A parameter without a value is one that is not sent (RFC 6749 section 3.1). */
const withoutEmpty = (parameters: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))

/**
 * Whom the provider should expect: the account's own hint, else its session, else what the app or the account
 * says. A session id speaks of a session, so only silence uses it.
 */
function hintsOf(
  { loginHint, sid, prompt }: StartRequest,
  account: Account | undefined,
  profile: AuthorityProfile,
): { login_hint?: string | undefined; sid?: string | undefined } {
  const claims = account?.idTokenClaims
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const ownSid = profile === 'entra' && prompt === 'none' ? text(claims?.sid) : undefined
  const hint = loginHint ?? text(claims?.login_hint)
  if (hint !== undefined) return { login_hint: hint, sid }
  return (sid ?? ownSid) ? { sid: sid ?? ownSid } : { login_hint: account && loginHintOf(account) }
}

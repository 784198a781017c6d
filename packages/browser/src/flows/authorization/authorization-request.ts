import {
  type Account,
  AuthError,
  accountKey,
  difference,
  NEUTRAL_PARAMETERS,
  type RequestParameters,
  toScopeValues,
} from '@carnet/core'
import {
  type AuthorizationRequest,
  assertSupported,
  authorizationUrl,
  createAuthorizationSecrets,
  type MetadataSource,
  maxAgeSeconds,
  type ProviderMetadata,
  responseModeOf,
} from '@carnet/core/network'
import type { InteractiveRequest } from '../../api/requests.ts'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import { loaded } from '../../startup/page/loaded.ts'
import type { ResponseKind } from '../../startup/response.ts'
import { claimsParameter } from './claims.ts'
import { hintsOf } from './hints.ts'
import { keyFor } from './key-for.ts'
import { KINDS } from './kinds.ts'
import { redirectUriOf } from './redirect-uri-of.ts'
import type { RefusedScopes } from './refused-scopes.ts'
import { createState } from './state.ts'
import { LONGEST_URL, termsOf } from './terms.ts'
import type { Transaction, Transactions } from './transactions.ts'

/** An authorization request that is stored and ready to send. */
export interface StartedAuthorization {
  readonly url: string
  readonly transaction: Transaction
}

/** A request with its id, and with the account whose grant it extends. */
export type StartRequest = InteractiveRequest & {
  readonly correlationId: string
  readonly addsTo?: Account | undefined
  /** The part of the `state` after the random id; see `createLoopBreaker`. */
  readonly trail?: string | undefined
  /** For a hidden iframe: the request parameters of the query, including the parameters of the sign-in. */
  readonly parameters?: RequestParameters | undefined
  /** The timeout of the hidden iframe. Default: the timeout of the client. */
  readonly iframeTimeoutMs?: number | undefined
  /** True if the provider has refused `id_token_hint`. */
  readonly omitsIdTokenHint?: boolean | undefined
}

/** A second attempt of the same request, and the error of the first attempt. */
export interface Again {
  readonly result?: undefined
  readonly again: StartedAuthorization
  readonly failure: AuthError
  /** Counts a redirect. Call it when the page leaves. */
  readonly leave: () => void
}

export type Outcome = { readonly result: AuthenticationResult; readonly again?: undefined } | Again

/** The circumstances of a completion. */
export interface CompletionHow {
  /** The transaction, if the page waited for the response. */
  readonly held?: Transaction
  /** Resolves when the accounts are read. */
  readonly read?: Promise<void>
  /** True if the URL of the page stays as it is. */
  readonly keepsAddress?: boolean
}

/** Starts and completes authorization requests, for redirects, popups and iframes. */
export interface Flow {
  start(request: StartRequest, kind: ResponseKind): Promise<StartedAuthorization>
  /**
   * Redeems the code of a response. For a response of this page, it first restores the URL where the user started. For a
   * response of another page, this page waited and `held` the transaction. `read` resolves when the accounts are read.
   */
  complete(response: URLSearchParams, how?: CompletionHow): Promise<AuthenticationResult>
  /** The same, but the caller sends a second attempt. */
  outcome(response: URLSearchParams, how?: CompletionHow): Promise<Outcome>
  /**
   * Makes the second attempt in a hidden iframe, because the popup has closed. Without a response it stores the refused
   * scopes, and throws the error of the first attempt.
   */
  withoutWindow(outcome: Again): Promise<Outcome>
  forgetTransaction(state: string): Promise<void>
}

/** Creates an authorization request, and stores its transaction. For a redirect, it waits until the transaction is stored. */
export async function startAuthorization(
  request: StartRequest,
  kind: ResponseKind,
  context: Context,
  {
    metadataOf,
    transactions,
    refused,
  }: { metadataOf: MetadataSource; transactions: Transactions; refused: RefusedScopes },
): Promise<StartedAuthorization> {
  const { config, platform, page } = context
  const { dialect } = config
  const authority = authorityOf(request, context)
  // Do not send data of an account to another issuer.
  const addsTo =
    request.addsTo && dialect.servesAccount(authority, request.addsTo) ? request.addsTo : undefined
  // Refuse impossible requests before the user leaves the page.
  dialect.assertAskable(request.scopes ?? [], request.extraScopesToConsent ?? [])
  const metadata = await metadataOf(authority)
  assertSupported(metadata, request)
  const responseMode = responseModeOf(metadata, config.chosenResponseMode)
  const { defaultScopes } = config
  const known = dialect.supportedDefaults(metadata, defaultScopes)
  const defaults = difference(known, await refused.recall(authority, metadata))
  const oidcScopes = ['openid', ...defaults]
  const resource = dialect.indicatorOf(request.resource)
  const { repeated, ...terms } = await termsOf({ ...request, addsTo }, kind, context)
  const { claims, ...parameters } = terms.parameters.authorization
  const tokenScopes = toScopeValues([...oidcScopes, ...terms.oidcScopes, ...(request.scopes ?? [])])
  const extraScopes = [...(request.extraScopesToConsent ?? []), ...repeated]
  const ofTheApp = [...(request.scopes ?? []), ...(request.extraScopesToConsent ?? [])]
  const who = request.account ?? addsTo
  const anchored = request.loginHint === undefined ? who : request.account
  const routingHint = dialect.routingHint(anchored?.homeAccountId, request.loginHint)
  const jkt = await keyFor(who, metadata, !KINDS[kind].waits, context)
  const transaction: Transaction = {
    ...createAuthorizationSecrets(),
    ...(request.nonce !== undefined && { nonce: request.nonce, hasOwnNonce: true }),
    state: createState(config.mark, kind, platform.randomId() + (request.trail ?? '')),
    kind,
    account: request.account && accountKey(request.account),
    sid: request.sid,
    jkt,
    authority,
    redirectUri: redirectUriOf(request, kind, context),
    scopes: toScopeValues([...tokenScopes, ...extraScopes]),
    tokenScopes,
    resource,
    anchorMailbox: routingHint,
    responseMode,
    added: dialect.refusesDefaultScopes
      ? difference(toScopeValues([...defaults, ...terms.oidcScopes, ...repeated]), ofTheApp)
      : [],
    parameters: {
      ...(KINDS[kind].isSilent ? idTokenHint(request, authority, context) : {}),
      ...withoutEmpty({
        ...neutralParameters(config.extraParameters),
        ...request.extraParameters,
        ...parameters,
      }),
      prompt: request.prompt,
      max_age: maxAgeSeconds(request.maxAgeMs)?.toString(),
      ...hintsOf(request, who, dialect),
      domain_hint: request.domainHint,
      claims: claimsParameter(claims, config),
      dpop_jkt: jkt,
      ...dialect.authorizationParameters({ resource, routingHint }),
    },
    terms,
    repeats: addsTo && { account: accountKey(addsTo), scopes: repeated },
    maxAgeMs: request.maxAgeMs,
    appState: request.state,
    returnTo: new URL(request.returnTo || page.href(), page.href()).href,
    staysAtRedirectUri: request.returnTo === false || undefined,
    activates: request.activates,
    correlationId: request.correlationId,
    startedAtMs: platform.now(),
  }
  return sendOff(transaction, metadata, context, transactions)
}

/** Stores the transaction, and returns the URL of the authorization request. */
export async function sendOff(
  transaction: Transaction,
  metadata: ProviderMetadata,
  context: Context,
  transactions: Transactions,
): Promise<StartedAuthorization> {
  const { config } = context
  const { kind, parameters = {}, responseMode = config.responseMode } = transaction
  const { clientId } = config
  const authorization = { ...transaction, clientId, responseMode, parameters }
  const isPushed =
    config.par === 'always' || metadata.require_pushed_authorization_requests === true
  const url = isPushed
    ? await (await loaded(import('./pushed-url.ts'))).pushedUrl(
        metadata,
        authorization,
        transaction.authority,
        context,
      )
    : await boundedUrl(metadata, authorization, kind)
  const saving = transactions.save(transaction)
  // A page that waits keeps the transaction in memory; a page that leaves cannot.
  if (KINDS[kind].waits)
    saving.catch(() => undefined) // The client was closed: the waiting caller gets the error.
  else if (!(await saving))
    throw new AuthError(
      'storage_unavailable',
      'The sign-in was not started: its transaction could not be stored.',
    )
  return { url, transaction }
}

/** The authority of the request, else of the account: a guest signs in at the tenant of the guest account. */
function authorityOf(
  { authority, account, addsTo }: StartRequest,
  { config, accounts }: Context,
): string {
  const isOurs = addsTo && config.dialect.servesAccount(config.authority, addsTo)
  const whose = account ?? (isOurs ? addsTo : undefined)
  return authority ?? (whose && accounts.record(whose)?.authority) ?? config.authority
}

/** The `id_token_hint`, which names the session to the provider (OpenID Connect Core section 3.1.2.1). */
function idTokenHint(
  { account, omitsIdTokenHint }: StartRequest,
  authority: string,
  { config: { dialect }, accounts }: Context,
): { readonly id_token_hint?: string | undefined } {
  const isOfUse = !omitsIdTokenHint && dialect.usesIdTokenHint
  if (!account || !isOfUse || !dialect.servesAccount(authority, account)) return {}
  return { id_token_hint: accounts.record(account)?.idToken }
}

/** The URL of the request. For a hidden iframe it omits `id_token_hint` if the URL would be too long. */
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

/** The parameters that change no token: they are no part of the terms. */
const neutralParameters = (parameters: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => NEUTRAL_PARAMETERS.has(name)))

/** Removes empty parameters: an empty value counts as omitted (RFC 6749 section 3.1). */
const withoutEmpty = (parameters: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))

import {
  type AccessTokenRecord,
  type InteractionRequiredError,
  indicatorOf,
  type TokenQuery,
} from '@carnet/core'
import type { Context } from '../context/context.ts'
import type { StartRequest } from '../flows/authorization/authorization-request.ts'
import { errorAfterIframe, isAboutConsent } from '../flows/iframe/iframe-fallback.ts'
import type { SilentIframe } from '../flows/iframe/silent-iframe.ts'

interface IframeDeps {
  /** Rejects with a transient error while the page is offline. */
  readonly assertOnline: (query: TokenQuery) => Promise<void>
  /** Sends a request in a hidden iframe. */
  readonly askInFrame: SilentIframe['ask']
  /** The timeout of the iframe. Default: the timeout of the client. */
  readonly timeoutMs?: number | undefined
}

/** Announces the new account that a token of another tenant brings for the same user. */
export async function announcingNewAccount(
  { accounts, announce }: Context,
  renewing: () => Promise<AccessTokenRecord>,
): Promise<AccessTokenRecord> {
  const before = new Set(accounts.records().keys())
  const record = await renewing()
  const account = before.has(record.owner) ? undefined : accounts.byKey(record.owner)
  if (account) announce.accountAdded(account)
  return record
}

/** Renews with the session of the provider, in a hidden iframe. Throws `refusal` if the iframe brings no token for the query. */
export async function renewInIframe(
  query: TokenQuery,
  refusal: InteractionRequiredError,
  { accounts, cache, ledger, platform }: Context,
  { assertOnline, askInFrame, timeoutMs }: IframeDeps,
): Promise<AccessTokenRecord> {
  const { owner: account, requestedScopes, authority, claims, parameters, maxAgeMs } = query
  const request: StartRequest = {
    account,
    addsTo: account,
    scopes: requestedScopes,
    resource: indicatorOf(query),
    authority: authority ?? accounts.record(account)?.authority,
    claims,
    parameters,
    maxAgeMs,
    iframeTimeoutMs: timeoutMs,
    correlationId: platform.randomId(),
  }
  try {
    await assertOnline(query)
    // In another tenant, the same user has another account.
    const { account: answered } = await askInFrame(request, new AbortController().signal)
    const renewed = await cache.find({ ...query, owner: answered }, platform.now())
    if (renewed) return renewed
  } catch (error) {
    // Do not request scopes silently again if the user or an administrator must consent.
    if (isAboutConsent(error)) await ledger.noteRefusal(query, error.reason)
    throw errorAfterIframe(refusal, error)
  }
  throw refusal
}

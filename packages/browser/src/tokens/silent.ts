import {
  type AccessTokenRecord,
  type Account,
  type AcquireOptions,
  AuthError,
  type CallTrace,
  createAcquireTokenSilent,
  declinedOf,
  InteractionRequiredError,
  isTransient,
  keepTrace,
  notSignedIn,
  refreshLockName,
  type SilentAnswer,
  stopWaitingOn,
  type TokenQuery,
} from '@carnet/core'
import type { SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Context } from '../context/context.ts'
import { toResult } from '../startup/result.ts'
import type { FromSources } from './from-sources.ts'
import { queryOf } from './query-of.ts'
import type { Renewer } from './renewer.ts'

/** Acquires a token without the user: cache, single flight, lock, renewal. */
export type Acquire = (query: TokenQuery, options?: AcquireOptions) => Promise<SilentAnswer>

/** Creates the silent acquisition of this client. */
export function createAcquire(
  { config, platform, cache, accounts, announce, events }: Context,
  provider: { renew(query: TokenQuery, trace?: CallTrace): Promise<AccessTokenRecord> },
): Acquire {
  return createAcquireTokenSilent<Account>({
    platform,
    lockOf: (account) => refreshLockName(config.group, account),
    cache,
    renew: async (query, trace) => {
      const { owner, resource, requestedScopes } = query
      events.emit('renewalStarted', { account: owner, resource, scopes: requestedScopes })
      const record = await provider.renew(query, trace)
      // In another tenant, the same user has another account.
      const account = accounts.byKey(record.owner) ?? owner
      announce.tokens({ ...query, owner: account }, record, 'renewal') // Once for all callers that share the renewal.
      return record
    },
  })
}

/** `acquireTokenSilent` of a client: the account, the answer, the events. */
export function createSilent(
  { config, platform, accounts, announce, trace }: Context,
  {
    acquire,
    renewer,
    settled,
    fromSources,
  }: {
    acquire: Acquire
    renewer: Renewer
    settled: () => Promise<void>
    /** Acquires a token for a request that names its sources; see `namesSources`. */
    fromSources: FromSources
  },
) {
  return async function silent(request: SilentRequest): Promise<AuthenticationResult> {
    const call = trace.begin()
    const correlationId = request.correlationId ?? platform.randomId()
    await settled()
    const owner = request.account ?? accounts.active()
    if (!owner) {
      config.dialect.readScopes(request.scopes) // To sign in would not mend these.
      throw noAccount(request, correlationId)
    }
    const known = accounts.record(owner)
    if (!known) throw notSignedIn(correlationId)

    const { account } = known
    let query: TokenQuery | undefined
    try {
      query = await queryOf(account, request, { config, accounts })
      // A claims challenge needs a new token, and a new tenant has no token in the cache.
      const isNeverCached = query.claims !== undefined || query.authority !== undefined
      const issuedAfterMs = query.forceRefresh || isNeverCached ? platform.now() : undefined
      const acquiring = namesSources(request)
        ? fromSources(query, request, call)
        : acquire(query, { issuedAfterMs, trace: call })
      const { record, fromCache } = await stopWaitingOn(request.signal, acquiring)
      const current = accounts.recordOf(record.owner)
      if (!current) throw new AuthError('account_not_found', 'The account was removed meanwhile.')
      const declined = declinedOf(record, query)
      const how = { fromCache, correlationId, trace: call.steps }
      const result = toResult(record, current, declined, how)
      // A token whose scopes were all declined is not worth a renewal.
      const isOfUse =
        query.requestedScopes.length === 0 || declined.length < query.requestedScopes.length
      if (isOfUse) renewer.used(query, record)
      return result
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      error.correlationId ??= correlationId
      keepTrace(error, call.steps)
      // A look at the cache renews nothing. Its event would make a listener that looks again loop.
      if (query && error.code !== 'aborted' && error.code !== 'no_cached_token') {
        const planned = isTransient(error) ? renewer.nextTryAtMs(query) : undefined
        announce.renewalFailed(account, error, error.retryAtMs ?? planned)
      }
      throw error
    }
  }
}

/** True if the request limits the sources of its token, or the lifetime of a cached token. */
const namesSources = ({ sources, minLifetimeMs, iframeTimeoutMs }: SilentRequest) =>
  (sources ?? minLifetimeMs ?? iframeTimeoutMs) !== undefined

const noAccount = (request: SilentRequest, correlationId: string) =>
  new InteractionRequiredError(
    'no_account',
    'No user is signed in, or no account is active.',
    {
      scopes: request.scopes,
      resource: request.resource,
      claims: request.claims,
      extraParameters: request.extraParameters,
      tokenParameters: request.tokenParameters,
      maxAgeMs: request.maxAgeMs,
    },
    { correlationId },
  )

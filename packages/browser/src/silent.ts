import {
  type Account,
  AuthError,
  createAcquireTokenSilent,
  InteractionRequiredError,
  stopWaitingOn,
  type TokenQuery,
  tenantOf,
  toTokenQuery,
} from '@carnet/core'
import type { Events } from './announce.ts'
import type { Network } from './network.ts'
import type { SilentRequest } from './requests.ts'
import { type AuthenticationResult, toResult } from './result.ts'
import type { Runtime } from './runtime.ts'

/** `acquireTokenSilent` of a client: the account, the answer, the events. */
export function createSilent(
  { config, platform, cache, accounts, announce }: Runtime,
  events: Events,
  network: () => Promise<Network>,
) {
  const acquire = createAcquireTokenSilent({
    platform,
    clientId: config.clientId,
    cache,
    renew: async (query) => {
      const record = await (await network()).renew(query)
      announce.tokens(query.account, record, 'renewal') // Once, however many callers share it.
      return record
    },
  })

  return async function silent(request: SilentRequest): Promise<AuthenticationResult> {
    const correlationId = request.correlationId ?? platform.randomId()
    const owner = request.account ?? accounts.active()
    if (!owner) throw noAccount(request, correlationId)
    const known = accounts.record(owner)
    if (!known)
      throw new AuthError('account_not_found', 'The account is not signed in here.', {
        correlationId,
      })

    const { account } = known
    try {
      const query = queryOf(account, request)
      const forceRefresh = request.forceRefresh || isNeverCached(query)
      const acquiring = acquire(query, { forceRefresh })
      const { record, fromCache } = await stopWaitingOn(request.signal, acquiring)
      const current = accounts.recordOf(record.account)
      if (!current) throw new AuthError('account_not_found', 'The account was removed meanwhile.')
      return toResult(record, current, query, { fromCache, correlationId })
    } catch (error) {
      throw report(error, account, correlationId)
    }
  }

  function queryOf(account: Account, request: SilentRequest): TokenQuery {
    const { scopes, resource, authority, claims } = request
    return toTokenQuery(accounts.inTenant(account, authority), scopes, {
      profile: config.profile,
      resource,
      authority,
      claims,
    })
  }

  /** A challenge wants a new token; and a tenant that has not signed the account in yet has none. */
  function isNeverCached({ account, authority, claims }: TokenQuery): boolean {
    if (claims !== undefined) return true
    if (authority === undefined || config.profile === 'oidc') return false
    return (
      account.tenantId !== tenantOf(authority) && accounts.record(account)?.authority !== authority
    )
  }

  function report(error: unknown, account: Account, correlationId: string): unknown {
    if (!(error instanceof AuthError)) return error
    error.correlationId ??= correlationId
    if (error.code !== 'aborted') events.emit('renewalFailed', { account, error })
    return error
  }
}

const noAccount = ({ scopes, resource }: SilentRequest, correlationId: string) =>
  new InteractionRequiredError(
    'no_account',
    'Nobody is signed in, or no account was made active.',
    { scopes, resource },
    { correlationId },
  )

import {
  type Account,
  AuthError,
  type Forecast,
  forecastOf,
  InteractionRequiredError,
  isAuthError,
} from '@carnet/core'
import { endSessionPlan } from '@carnet/core/network'
import type { SessionOwner } from '@carnet/core/services'
import type { ServiceRequest } from '../api/requests.ts'
import type { UserForecast, UserSignOutRequest, UserTokens } from '../api/web-app.ts'
import type { ClientParts } from '../tokens/client-parts.ts'
import { dropDetails, readDetails } from '../tokens/owner-details.ts'

/** Entra ends a refresh token of a web app that was not used for this long. */
const ENTRA_UNUSED_MS = 90 * 24 * 3_600_000

/** Creates the function that gives the tokens of one user. */
export function createForUser(parts: ClientParts) {
  const { runtime, acquire, queries, users, renewals } = parts
  const { config, cache, store, memory, platform } = runtime

  async function acquireTokenSilent(owner: SessionOwner, request: ServiceRequest) {
    try {
      return await acquire(queries.of(owner, request), renewals.refresh, request)
    } catch (error) {
      if (!isAuthError(error, 'session_not_found')) throw error
      const details = await readDetails(runtime, owner.id)
      const { scopes, resource, claims } = request
      throw new InteractionRequiredError(
        details?.account ? 'login' : 'no_account',
        details?.account
          ? 'The cache has no refresh token of the user: the user must sign in again.'
          : 'The cache has no tokens of the user.',
        { scopes, resource, claims },
        { correlationId: error.correlationId },
      )
    }
  }

  async function forecast(owner: SessionOwner): Promise<UserForecast> {
    const [refresh, endMs] = await Promise.all([
      cache.refreshToken(owner),
      cache.lastEndMs(owner, platform.now()),
    ])
    const known: Forecast = forecastOf(refresh, endMs, { sessionEnd: () => undefined })
    if (!refresh || known.cause !== 'unknown' || config.dialect.name !== 'entra')
      return known as UserForecast
    return {
      ...known,
      silentUntil: new Date(refresh.issuedAtMs + ENTRA_UNUSED_MS),
      cause: 'entra_90d',
    }
  }

  async function signOut(owner: SessionOwner, request: UserSignOutRequest = {}) {
    const planned = await signOutUrl(owner, request)
    await store.write([...cache.removal(owner, []), dropDetails(runtime, owner.id)])
    memory.forget(owner.id)
    return planned
  }

  async function signOutUrl(owner: SessionOwner, request: UserSignOutRequest = {}) {
    const { postLogoutRedirectUri, state } = request
    const details = await readDetails(runtime, owner.id)
    const claims = details?.account?.idTokenClaims
    const hint = claims?.login_hint
    // Without the metadata, the tokens can be deleted still.
    const metadata = await runtime.metadata().catch(() => undefined)
    const plan =
      metadata &&
      endSessionPlan(metadata, {
        clientId: config.clientId,
        idTokenHint: details?.idToken ?? undefined,
        logoutHint: typeof hint === 'string' ? hint : undefined,
        accountHint: details?.account?.username,
        postLogoutRedirectUri,
        state,
        extraParameters: {},
        method: 'get',
      })
    return { url: plan?.url }
  }

  return function forUser(user: Account | string): UserTokens {
    const owner = users.ownerOf(typeof user === 'string' ? idsOf(user) : user)
    return {
      acquireTokenSilent: (request) => acquireTokenSilent(owner, request),
      account: async () => (await readDetails(runtime, owner.id))?.account ?? undefined,
      forecast: () => forecast(owner),
      signOut: (request) => signOut(owner, request),
      signOutUrl: (request) => signOutUrl(owner, request),
    }
  }
}

/** The ids in the `id` of an account. */
function idsOf(id: string): Pick<Account, 'environment' | 'homeAccountId'> {
  const [environment, homeAccountId] = id
    .split('|')
    .map((part) => part.replace(/%7C/g, '|').replace(/%25/g, '%'))
  if (environment === undefined || homeAccountId === undefined)
    throw new AuthError('invalid_request', '`forUser` takes an account, or its `id`.')
  return { environment, homeAccountId }
}

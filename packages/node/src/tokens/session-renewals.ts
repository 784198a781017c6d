import { AuthError, isInteractionRequired, type RefreshTokenRecord } from '@carnet/core'
import { accessTokenOf, refreshTokenOf, type TokenResponse } from '@carnet/core/network'
import { type GrantRequest, interactionReason, refreshedToken } from '@carnet/core/services'
import { NO_DETAILS, type OwnerDetails } from '../cache/owner-details.ts'
import type { Runtime } from '../context/runtime.ts'
import { hashOf, onBehalfOfRequest } from './assertions.ts'
import { assertKey } from './held-keys.ts'
import { keepDetails, readDetails } from './owner-details.ts'
import type { Renew, ServiceQuery } from './service-query.ts'
import {
  claimsParameter,
  detailsOf,
  IDENTITY_SCOPES,
  OFFLINE_ACCESS,
  orInteraction,
  resourceParameter,
} from './token-requests.ts'

/** The details of a session live as long as an unused refresh token at Entra. */
const DETAILS_MS = 90 * 24 * 3_600_000

/** Creates the two ways to a token of a session: by an assertion, and by its refresh token. */
export function createSessionRenewals(runtime: Runtime) {
  const { cache, store } = runtime
  const keep = createKeep(runtime)
  const held = ({ owner }: ServiceQuery) => cache.refreshToken(owner)

  const begin =
    (assertion: string): Renew =>
    async (query) => {
      const request = await onBehalfOfRequest(query, assertion, runtime, true)
      const grant = await runtime.send(request).catch((error) => {
        throw orInteraction(error, query)
      })
      const refresh = refreshTokenOf(grant, query.owner, scopesOf(query))
      if (!refresh)
        throw new AuthError(
          'no_refresh_token',
          'The provider issued no refresh token for the session.',
        )
      return keepFirst(query, grant, hashOf(runtime, assertion))
    }

  /** Stores the first token response of a session. The details of an earlier one may be about another user. */
  const keepFirst = (query: ServiceQuery, grant: TokenResponse, assertion?: string) =>
    keep(query, grant, refreshTokenOf(grant, query.owner, scopesOf(query)), {
      ...NO_DETAILS,
      assertion,
    })

  /** A response that fails its checks may hold the only valid refresh token. */
  async function keepRotated(
    { refresh_token: rotated }: Readonly<Record<string, unknown>>,
    token: RefreshTokenRecord,
  ): Promise<void> {
    if (typeof rotated !== 'string' || rotated === '' || rotated === token.token) return
    await store.write(cache.keep({ ...token, token: rotated }), cache.nameOf(token))
  }

  /** The refresh token of a public client is bound to its key (RFC 9449 section 5), and useless without it. */
  async function assertKeyOf(query: ServiceQuery, { jkt, token }: RefreshTokenRecord) {
    if (!runtime.config.isPublic) return
    const { requestedScopes: scopes, claims } = query
    await assertKey(runtime, jkt, { scopes, claims }).catch(async (error) => {
      if (isInteractionRequired(error)) await cache.dropRefreshToken(query.owner, token)
      throw error
    })
  }

  const refresh: Renew = async (query) => {
    for (let attempt = 1; ; attempt += 1) {
      const token = await held(query)
      if (!token) throw notFound()
      await assertKeyOf(query, token)
      // Read before the request: nothing may delay the write of a rotated token.
      const details = (await readDetails(runtime, query.owner.id)) ?? NO_DETAILS
      try {
        const grant = await runtime.send(refreshRequest(query, token, runtime), {
          jkt: token.jkt,
          earlierOffsetMs: token.clockOffsetMs ?? 0,
          onRefused: (answer) => keepRotated(answer, token),
        })
        return await keep(query, grant, refreshedToken(token, grant, []), details, token)
      } catch (error) {
        if (!isRefused(error)) throw error
        // Another machine may have rotated the token after this one read it: read once more.
        const current = await held(query)
        if (attempt === 1 && current && current.token !== token.token) continue
        if (isOver(error)) await cache.dropRefreshToken(query.owner, token.token)
        throw orInteraction(error, query)
      }
    }
  }

  return { begin, refresh, keepFirst }
}

/** Stores a token response. With `replaced`, only if no other machine has replaced or deleted that refresh token. */
function createKeep(runtime: Runtime) {
  const { config, cache, store, memory, platform } = runtime

  return async function keep(
    query: ServiceQuery,
    grant: TokenResponse,
    refresh: RefreshTokenRecord | undefined,
    before: OwnerDetails,
    replaced?: RefreshTokenRecord,
  ) {
    const { owner } = query
    const record = accessTokenOf(grant, query, query.requestedScopes)
    const own = detailsOf(grant, config)
    if (replaced && isOtherUser(own, before))
      throw new AuthError('invalid_id_token', 'The refreshed ID token is about another user.')
    const details = { ...(own.account ? own : before), assertion: before.assertion }
    const changes = [
      // The tokens of an earlier assertion may be about another user.
      ...(replaced ? [] : cache.removal(owner, [])),
      ...cache.keep(record),
      ...(refresh ? cache.keep(refresh) : []),
      keepDetails(runtime, owner.id, details, platform.now() + DETAILS_MS),
    ]
    const isKept = await store.write(changes, replaced && cache.nameOf(replaced))
    if (!isKept) {
      if (!(await cache.refreshToken(owner))) throw notFound()
      platform.log(
        'warn',
        'Another machine renewed the session at the same time; its refresh token counts.',
      )
    }
    if (!replaced) memory.forget(owner.id)
    memory.remember(query, record)
    memory.noteDetails(owner.id, details)
    return record
  }
}

/** True if a refreshed ID token names another subject than the first one (OpenID Connect Core section 12.2). */
const isOtherUser = ({ account }: OwnerDetails, { account: first }: OwnerDetails): boolean =>
  account !== null &&
  first !== null &&
  (account.homeAccountId !== first.homeAccountId || account.environment !== first.environment)

/** The request that redeems the refresh token of a session (RFC 6749 section 6). */
function refreshRequest(
  query: ServiceQuery,
  { token }: RefreshTokenRecord,
  { config }: Pick<Runtime, 'config'>,
): GrantRequest {
  const isEntra = config.dialect.name === 'entra'
  return {
    grantType: 'refresh_token',
    parameters: {
      refresh_token: token,
      ...(query.requestedScopes.length > 0 && {
        scope: (isEntra ? scopesOf(query) : query.requestedScopes).join(' '),
      }),
      ...resourceParameter(query),
      ...(isEntra && { client_info: '1' }),
      ...claimsParameter(query.claims, config),
    },
    assumedScopes: query.requestedScopes,
  }
}

const notFound = () => new AuthError('session_not_found', 'No long-running session has this key.')

const scopesOf = ({ requestedScopes }: ServiceQuery): string[] => [
  ...requestedScopes,
  ...IDENTITY_SCOPES,
  OFFLINE_ACCESS,
]

const isRefused = (error: unknown): error is AuthError =>
  error instanceof AuthError && error.code === 'token_request_failed'

/** True if the refresh token itself is dead (RFC 6749 section 5.2), not only the scopes or claims of the request refused. */
function isOver({ oauth }: AuthError): boolean {
  const reason = oauth && interactionReason(oauth)
  return (
    oauth?.error === 'invalid_grant' && (reason === 'login' || reason === 'refresh_token_expired')
  )
}

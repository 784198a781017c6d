import { AuthError, type OAuthErrorDetails, resourceScopes } from '@carnet/core'
import { isAuthenticationExpired } from '@carnet/core/network'
import type { Transaction } from './transactions.ts'

/**
 * The reason of a second attempt: scopes of an earlier grant were refused, other added scopes were refused, or the sign-in page
 * expired.
 */
export type AttemptReason = 'repeated' | 'scopes' | 'expired'

/** The second attempt of an authorization request, in the same interaction. */
export interface SecondAttempt {
  readonly reason: AttemptReason
  /** The scopes to leave out. Carnet added them; the app did not ask for them. */
  readonly without: readonly string[]
}

/**
 * Decides whether an authorization request is sent once more after an error:
 *
 * - without scopes that Carnet added and the provider refused (`invalid_scope`, RFC 6749 sections 4.1.2.1 and 5.2);
 * - unchanged after `authentication_expired`, because Keycloak asks for an immediate retry.
 *
 * Each reason counts once per interaction, so that the attempts always end.
 */
export function secondAttempt(
  error: unknown,
  { added = [], attempts = [], parameters }: Transaction,
): SecondAttempt | undefined {
  // A transaction of an earlier version has no parameters.
  if (!(error instanceof AuthError) || !error.oauth || !parameters) return undefined
  if (isAuthenticationExpired(error.oauth))
    return attempts.includes('expired') ? undefined : { reason: 'expired', without: [] }
  const isRefusal = error.code === 'authorization_failed' || error.code === 'token_request_failed'
  const without = isRefusal ? refusedScopes(error.oauth, added) : []
  const reason = resourceScopes(without).length > 0 ? 'repeated' : 'scopes'
  return without.length > 0 && !attempts.includes(reason) ? { reason, without } : undefined
}

/** Keycloak answers `not_allowed` with "Offline tokens not allowed for the user or client". */
const ABOUT_OFFLINE = /\boffline[ _](?:access|tokens?|sessions?)\b/i

/**
 * The added scopes that a refusal means: the scopes that its description names, else the scopes of an earlier grant, else the
 * default scopes. Errors other than `invalid_scope` count only if their description names `offline_access`.
 */
function refusedScopes(
  { error, description = '' }: OAuthErrorDetails,
  added: readonly string[],
): readonly string[] {
  const words = description.split(/[\s,;:="'`()[\]]+/).map((word) => word.replace(/\.$/, ''))
  const isOffline = (scope: string) => scope === 'offline_access' && ABOUT_OFFLINE.test(description)
  if (error !== 'invalid_scope') return added.filter(isOffline)
  const named = added.filter((scope) => words.includes(scope) || isOffline(scope))
  return [named, resourceScopes(added), added].find((scopes) => scopes.length > 0) ?? []
}

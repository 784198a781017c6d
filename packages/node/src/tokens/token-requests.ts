import { type AuthError, InteractionRequiredError } from '@carnet/core'
import type { TokenResponse } from '@carnet/core/network'
import { interactionReason } from '@carnet/core/services'
import type { OwnerDetails } from '../cache/owner-details.ts'
import type { Config } from '../context/config.ts'
import type { ServiceQuery } from './service-query.ts'

/** The OpenID Connect scopes that bring an ID token, so that the result has an account. */
export const IDENTITY_SCOPES: readonly string[] = ['openid', 'profile']
export const OFFLINE_ACCESS = 'offline_access'

/** The `claims` parameter: the request of the caller, with the capabilities of the client. */
export function claimsParameter(
  claims: string | undefined,
  { capabilities }: Pick<Config, 'capabilities'>,
): { claims?: string } {
  if (capabilities.length === 0) return claims === undefined ? {} : { claims }
  const asked = JSON.parse(claims ?? '{}') as { access_token?: object }
  const access = { ...asked.access_token, xms_cc: { values: capabilities } }
  return { claims: JSON.stringify({ ...asked, access_token: access }) }
}

/** The parameter that names the resource of a query: `resource` (RFC 8707), or the name that the dialect gives it. */
export function resourceParameter({ dialect, resource }: ServiceQuery): Record<string, string> {
  if (dialect.indicatorOf(resource) === undefined) return {}
  const named = dialect.refreshParameters({ resource, homeAccountId: '' })
  return Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** The user of a token response, as its ID token names the user. */
export function detailsOf(
  { idToken, idTokenClaims, homeAccountId }: TokenResponse,
  { authority, dialect }: Pick<Config, 'authority' | 'dialect'>,
): OwnerDetails {
  if (!idTokenClaims) return { account: null, idToken: null }
  const account = dialect.accountOf(idTokenClaims, authority, homeAccountId)
  return { account, idToken: idToken ?? null }
}

/** An error of the token endpoint that only the user can solve becomes an `InteractionRequiredError`. */
export function orInteraction(error: unknown, query: ServiceQuery): unknown {
  const { oauth, code } = (error ?? {}) as Partial<AuthError>
  const reason = code === 'token_request_failed' && oauth ? interactionReason(oauth) : undefined
  if (!reason || !oauth) return error
  const { message } = error as AuthError
  const request = { scopes: query.requestedScopes, claims: oauth.claims ?? query.claims }
  return new InteractionRequiredError(reason, message, request, { cause: error, oauth })
}

import type { AuthenticationResult as MsalResult } from '@azure/msal-browser'
import type { AuthenticationResult } from '@carnet/browser'
import type { Accounts } from '../accounts/accounts.ts'

/** The fields of a result that the call decides. */
export interface ResultFields {
  readonly correlationId: string
  readonly state: string | undefined
}

/** The granted scopes as the provider sent them, else as Carnet knows them, with the scopes of every sign-in. */
function scopesOf({ response, scopes }: AuthenticationResult): string[] {
  const sent = response?.scope
  return typeof sent === 'string'
    ? sent.split(' ').filter(Boolean)
    : [...new Set([...scopes, 'openid', 'profile'])]
}

/** The expiry in an outage of the provider (`ext_expires_in`); without it, the expiry. */
function extendedExpiry({ response, expiresOn }: AuthenticationResult): Date {
  const [lifetime, extended] = [Number(response?.expires_in), Number(response?.ext_expires_in)]
  const more = extended - lifetime
  return more > 0 ? new Date(expiresOn.getTime() + more * 1000) : expiresOn
}

/** Converts a result. The constants are those of a result without a broker. */
export function toResult(
  result: AuthenticationResult,
  accounts: Accounts,
  { correlationId, state }: ResultFields,
): MsalResult {
  const account = accounts.infoOf(result.account)
  const { tid } = result.idTokenClaims
  return {
    authority: canonical(result.authority),
    uniqueId: account.localAccountId,
    tenantId: typeof tid === 'string' ? tid : '',
    account,
    idToken: result.idToken,
    idTokenClaims: { ...result.idTokenClaims },
    ...tokenOf(result),
    fromCache: result.fromCache,
    ...(result.refreshOn && { refreshOn: result.refreshOn }),
    correlationId,
    requestId: '',
    familyId: '',
    ...(state !== undefined && { state }),
    cloudGraphHostName: '',
    msGraphHost: '',
    fromPlatformBroker: false,
  }
}

/** The access token with its fields. Azure AD B2C issues none if no scope of an API was requested. */
function tokenOf(result: AuthenticationResult) {
  const { accessToken, expiresOn, tokenType } = result
  if (!accessToken) return { accessToken, scopes: [], expiresOn: null, tokenType: '' }
  const extExpiresOn = extendedExpiry(result)
  return { accessToken, scopes: scopesOf(result), expiresOn, extExpiresOn, tokenType }
}

/** The authority in lower case, with a slash at the end. */
const canonical = (authority: string) => authority.toLowerCase().replace(/\/?$/, '/')

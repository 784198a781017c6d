import type { AuthenticationResult as MsalResult } from '@azure/msal-browser'
import type { AuthenticationResult } from '@carnet/browser'
import type { Accounts } from '../accounts/accounts.ts'

/** The fields of a result that the call decides. */
export interface ResultFields {
  readonly correlationId: string
  readonly state: string | undefined
}

const OIDC = ['openid', 'profile']

/** Converts a result. The constants are those of a result without a broker. */
export function toResult(
  result: AuthenticationResult,
  accounts: Accounts,
  { correlationId, state }: ResultFields,
): MsalResult {
  const account = accounts.infoOf(result.account)
  return {
    authority: canonical(result.authority),
    uniqueId: account.localAccountId,
    tenantId: account.tenantId,
    scopes: [...new Set([...result.scopes, ...OIDC])],
    account,
    idToken: result.idToken,
    idTokenClaims: { ...result.idTokenClaims },
    accessToken: result.accessToken,
    fromCache: result.fromCache,
    expiresOn: result.expiresOn,
    extExpiresOn: result.expiresOn,
    ...(result.refreshOn && { refreshOn: result.refreshOn }),
    correlationId,
    requestId: '',
    familyId: '',
    tokenType: result.tokenType,
    ...(state !== undefined && { state }),
    cloudGraphHostName: '',
    msGraphHost: '',
    fromPlatformBroker: false,
  }
}

/** The authority with a slash at the end. */
const canonical = (authority: string) => authority.replace(/\/?$/, '/')

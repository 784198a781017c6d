import type { SilentRequest as MsalRequest } from '@azure/msal-browser'
import type { Account, SilentRequest, TokenSource } from '@carnet/browser'
import { CacheLookupPolicy } from '../names/constants.ts'
import { scopesOf, toCommon } from './common.ts'

/** The sources that a policy allows. The default policy allows all. */
const SOURCES: Readonly<Record<number, readonly TokenSource[]>> = {
  [CacheLookupPolicy.AccessToken]: ['cache'],
  [CacheLookupPolicy.AccessTokenAndRefreshToken]: ['cache', 'refresh'],
  [CacheLookupPolicy.RefreshToken]: ['refresh'],
  [CacheLookupPolicy.RefreshTokenAndNetwork]: ['refresh', 'iframe'],
  [CacheLookupPolicy.Skip]: ['iframe'],
}

/** Converts a request for a token without the user. */
export function toSilent(
  request: MsalRequest,
  correlationId: string,
  account: Account,
): SilentRequest {
  const sources = SOURCES[request.cacheLookupPolicy ?? CacheLookupPolicy.Default]
  return {
    ...toCommon(request, correlationId),
    scopes: scopesOf(request),
    account,
    ...(sources && { sources }),
    ...(request.forceRefresh && { forceRefresh: true }),
  }
}

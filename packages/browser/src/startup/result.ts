import type { AccessTokenRecord, AccountRecord } from '@carnet/core/base'
import type { AuthenticationResult } from '../api/result.ts'

/** What most callers never look at is made when they do. A date can be changed by whom it is given: each has their own. */
export function toResult(
  record: AccessTokenRecord,
  { account, idToken, authority }: AccountRecord,
  declinedScopes: readonly string[],
  how: { fromCache: boolean; correlationId?: string | undefined; state?: string | undefined },
): AuthenticationResult {
  let { correlationId } = how
  return Object.freeze({
    accessToken: record.token,
    tokenType: record.tokenType,
    get expiresOn() {
      return new Date(record.expiresAtMs)
    },
    get refreshOn() {
      return record.refreshAtMs === undefined ? undefined : new Date(record.refreshAtMs)
    },
    scopes: record.grantedTexts ?? record.grantedScopes,
    declinedScopes,
    idToken,
    idTokenClaims: account.idTokenClaims,
    account,
    tenantId: account.tenantId,
    uniqueId: account.localAccountId,
    authority,
    fromCache: how.fromCache,
    get correlationId() {
      correlationId ??= crypto.randomUUID()
      return correlationId
    },
    state: how.state,
  })
}

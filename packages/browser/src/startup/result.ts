import type { Steps } from '@carnet/core'
import type { AccessTokenRecord, AccountRecord } from '@carnet/core/base'
import type { AuthenticationResult } from '../api/result.ts'

/** Creates a result. Rare fields are computed on access. Each read returns a new `Date`, because a caller may change it. */
export function toResult(
  record: AccessTokenRecord,
  { account, idToken, authority }: AccountRecord,
  declinedScopes: readonly string[],
  how: {
    fromCache: boolean
    correlationId?: string | undefined
    state?: string | undefined
    trace: Steps
  },
): AuthenticationResult {
  let { correlationId } = how
  const result = {
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
    response: record.response,
    fromCache: how.fromCache,
    get correlationId() {
      correlationId ??= crypto.randomUUID()
      return correlationId
    },
    state: how.state,
  }
  return withTrace(result, how.trace)
}

/** Freezes a result with the trace of its call. The trace is not enumerable, so that logs and JSON leave it out. */
export const withTrace = (
  result: Omit<AuthenticationResult, 'trace'>,
  trace: Steps,
): AuthenticationResult =>
  Object.freeze(Object.defineProperty(result, 'trace', { get: trace }) as AuthenticationResult)

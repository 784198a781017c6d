import type { IdTokenClaims } from '@carnet/core'
import type { AccessTokenRecord, Account, AccountRecord } from '@carnet/core/base'

/** A token and what is known about it. */
export interface AuthenticationResult {
  /** Opaque: for the API, not for the app to look into. */
  readonly accessToken: string
  /** As it stands in the `Authorization` header: `Bearer`. */
  readonly tokenType: string
  readonly expiresOn: Date
  /** When the provider would like the token renewed, where it says so. */
  readonly refreshOn: Date | undefined
  /** What was granted. */
  readonly scopes: readonly string[]
  /** What was asked and not granted. */
  readonly declinedScopes: readonly string[]
  readonly idToken: string
  readonly idTokenClaims: IdTokenClaims
  readonly account: Account
  readonly tenantId: string
  /** The id of the account within its tenant. */
  readonly uniqueId: string
  readonly authority: string
  /** True where no request was made for this answer. */
  readonly fromCache: boolean
  readonly correlationId: string
  /** The `state` of the request. */
  readonly state: string | undefined
}

/** What most callers never look at is made when they do: an answer from memory must cost next to nothing. */
export function toResult(
  record: AccessTokenRecord,
  { account, idToken, authority }: AccountRecord,
  declinedScopes: readonly string[],
  how: { fromCache: boolean; correlationId?: string | undefined; state?: string | undefined },
): AuthenticationResult {
  const { expiresAtMs, refreshAtMs } = record
  let { correlationId } = how
  let expiresOn: Date | undefined
  let refreshOn: Date | undefined
  return {
    accessToken: record.token,
    tokenType: record.tokenType,
    get expiresOn() {
      expiresOn ??= new Date(expiresAtMs)
      return expiresOn
    },
    get refreshOn() {
      if (refreshAtMs !== undefined) refreshOn ??= new Date(refreshAtMs)
      return refreshOn
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
  }
}

import { randomUUID } from 'node:crypto'
import type { AccessTokenRecord, Steps } from '@carnet/core'
import { traceOfMemory } from '@carnet/core/base'
import type { AuthenticationResult } from '../api/result.ts'
import type { OwnerDetails } from '../cache/owner-details.ts'
import type { Config } from '../context/config.ts'

interface How {
  readonly fromCache: boolean
  readonly correlationId?: string | undefined
  /** Default: the trace of an answer from memory. */
  readonly trace?: Steps | undefined
}

/** Creates a result. Rare fields are computed on access. */
export function toResult(
  { authority, tenant }: Pick<Config, 'authority' | 'tenant'>,
  record: AccessTokenRecord,
  { account, idToken }: OwnerDetails,
  how: How,
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
    account,
    idToken,
    idTokenClaims: account?.idTokenClaims ?? null,
    tenantId: account?.tenantId || tenant,
    uniqueId: account?.localAccountId ?? '',
    authority,
    fromCache: how.fromCache,
    get correlationId() {
      correlationId ??= randomUUID()
      return correlationId
    },
  }
  // Not enumerable, so that logs and JSON leave it out.
  const traced = Object.defineProperty(result, 'trace', { get: how.trace ?? traceOfMemory })
  return Object.freeze(traced) as AuthenticationResult
}

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

/** The thumbprint of the key that the token of a result is bound to. */
export const jktOf = (result: AuthenticationResult): string | undefined => Result.jktOf(result)

/** Creates a result. */
export const toResult = (
  config: Pick<Config, 'authority' | 'tenant'>,
  record: AccessTokenRecord,
  details: OwnerDetails,
  how: How,
): AuthenticationResult => new Result(config, record, details, how)

/** A result. The trace is a getter of the class, so that logs and JSON leave it out. */
class Result implements AuthenticationResult {
  readonly accessToken
  readonly tokenType
  readonly expiresOn
  readonly refreshOn
  readonly scopes
  readonly account
  readonly idToken
  readonly idTokenClaims
  readonly tenantId
  readonly uniqueId
  readonly authority
  readonly fromCache
  readonly correlationId
  readonly #trace: Steps
  readonly #jkt: string | undefined

  constructor(
    { authority, tenant }: Pick<Config, 'authority' | 'tenant'>,
    record: AccessTokenRecord,
    { account, idToken }: OwnerDetails,
    { fromCache, correlationId, trace }: How,
  ) {
    const { refreshAtMs } = record
    this.accessToken = record.token
    this.tokenType = record.tokenType
    this.expiresOn = new Date(record.expiresAtMs)
    this.refreshOn = refreshAtMs === undefined ? undefined : new Date(refreshAtMs)
    this.scopes = record.grantedTexts ?? record.grantedScopes
    this.account = account
    this.idToken = idToken
    this.idTokenClaims = account?.idTokenClaims ?? null
    this.tenantId = account?.tenantId || tenant
    this.uniqueId = account?.localAccountId ?? ''
    this.authority = authority
    this.fromCache = fromCache
    this.correlationId = correlationId ?? randomUUID()
    this.#trace = trace ?? traceOfMemory
    this.#jkt = record.jkt
    Object.freeze(this)
  }

  static jktOf(result: AuthenticationResult): string | undefined {
    return #jkt in result ? result.#jkt : undefined
  }

  get trace(): ReturnType<Steps> {
    return this.#trace()
  }
}

import { asObject } from '../json.ts'
import type { AccessTokenRecord, RefreshTokenRecord } from './token-record.ts'

const isText = (value: unknown): value is string => typeof value === 'string'
/** The last millisecond that a `Date` can be of. */
const LAST_MS = 8.64e15
const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= LAST_MS
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
const isOptionalInstant = (value: unknown) => value === undefined || isInstant(value)

/** Reads a stored access token; `undefined` where the record is not one. */
export function parseAccessTokenRecord(value: unknown): AccessTokenRecord | undefined {
  const record = asObject(value)
  return record &&
    [record.account, record.resource, record.token, record.tokenType].every(isText) &&
    isTexts(record.requestedScopes) &&
    isTexts(record.grantedScopes) &&
    isInstant(record.issuedAtMs) &&
    isInstant(record.expiresAtMs) &&
    isOptionalInstant(record.receivedAtMs) &&
    isOptionalInstant(record.clockOffsetMs) &&
    isOptionalInstant(record.refreshAtMs) &&
    isOptionalInstant(record.extendedExpiresAtMs) &&
    (record.sentScopes === undefined || isTexts(record.sentScopes)) &&
    (record.grantedTexts === undefined || isTexts(record.grantedTexts))
    ? (record as unknown as AccessTokenRecord)
    : undefined
}

/** Reads a stored refresh token; `undefined` where the record is not one. */
export function parseRefreshTokenRecord(value: unknown): RefreshTokenRecord | undefined {
  const record = asObject(value)
  return record &&
    [record.account, record.token].every(isText) &&
    isTexts(record.requestedScopes) &&
    isTexts(record.grantedScopes) &&
    isInstant(record.issuedAtMs) &&
    (record.resource === undefined || isText(record.resource)) &&
    isOptionalInstant(record.signedInAtMs) &&
    isOptionalInstant(record.authTime) &&
    isOptionalInstant(record.clockOffsetMs) &&
    (record.id === undefined || isText(record.id)) &&
    isOptionalInstant(record.expiresAtMs)
    ? (record as unknown as RefreshTokenRecord)
    : undefined
}

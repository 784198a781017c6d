import { asObject } from '../json.ts'
import { type Fields, hasFields } from './record-fields.ts'
import type { RefreshTokenRecord } from './token-record.ts'

const FIELDS: Fields = {
  texts: 'account token id? resource? grantKey? rotation?',
  lists: 'requestedScopes grantedScopes',
  instants: 'issuedAtMs signedInAtMs? authTime? clockOffsetMs? expiresAtMs?',
}

/** Reads a stored refresh token; `undefined` where the record is not one. */
export function parseRefreshTokenRecord(value: unknown): RefreshTokenRecord | undefined {
  const record = asObject(value)
  return record && hasFields(record, FIELDS) ? (record as unknown as RefreshTokenRecord) : undefined
}

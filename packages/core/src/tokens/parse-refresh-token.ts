import { asObject } from '../json.ts'
import { hasFields } from './record-fields.ts'
import type { RefreshTokenRecord } from './token-record.ts'

const FIELDS = {
  account: 'text',
  token: 'text',
  requestedScopes: 'texts',
  grantedScopes: 'texts',
  issuedAtMs: 'instant',
  'id?': 'text',
  'resource?': 'text',
  'signedInAtMs?': 'instant',
  'authTime?': 'instant',
  'clockOffsetMs?': 'instant',
  'expiresAtMs?': 'instant',
} as const

/** Reads a stored refresh token; `undefined` where the record is not one. */
export function parseRefreshTokenRecord(value: unknown): RefreshTokenRecord | undefined {
  const record = asObject(value)
  return record && hasFields(record, FIELDS) ? (record as unknown as RefreshTokenRecord) : undefined
}

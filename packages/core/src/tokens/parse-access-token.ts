import { asObject } from '../json.ts'
import { hasFields } from './record-fields.ts'
import type { AccessTokenRecord } from './token-record.ts'

const FIELDS = {
  account: 'text',
  resource: 'text',
  token: 'text',
  tokenType: 'text',
  requestedScopes: 'texts',
  grantedScopes: 'texts',
  'grantedTexts?': 'texts',
  'sentScopes?': 'texts',
  issuedAtMs: 'instant',
  expiresAtMs: 'instant',
  'receivedAtMs?': 'instant',
  'clockOffsetMs?': 'instant',
  'refreshAtMs?': 'instant',
  'extendedExpiresAtMs?': 'instant',
} as const

/** Reads a stored access token; `undefined` where the record is not one. */
export function parseAccessTokenRecord(value: unknown): AccessTokenRecord | undefined {
  const record = asObject(value)
  return record && hasFields(record, FIELDS) ? (record as unknown as AccessTokenRecord) : undefined
}

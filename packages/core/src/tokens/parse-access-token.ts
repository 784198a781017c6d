import { asObject } from '../json.ts'
import { type Fields, hasFields } from './record-fields.ts'
import type { AccessTokenRecord } from './token-record.ts'

const FIELDS: Fields = {
  texts: 'account resource token tokenType parametersKey?',
  lists: 'requestedScopes grantedScopes grantedTexts? sentScopes? declinedScopes?',
  instants:
    'issuedAtMs expiresAtMs receivedAtMs? authTime? clockOffsetMs? refreshAtMs? extendedExpiresAtMs?',
}

/** Reads a stored access token; `undefined` where the record is not one. */
export function parseAccessTokenRecord(value: unknown): AccessTokenRecord | undefined {
  const record = asObject(value)
  return record && hasFields(record, FIELDS) ? (record as unknown as AccessTokenRecord) : undefined
}

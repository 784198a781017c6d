import { formatOf } from '../records/format.ts'
import { instant, optional, shape, text, texts } from '../records/shape.ts'
import type { AccessTokenRecord } from './token-record.ts'

/** The format of a stored access token. In version 1 the field `owner` had the name `account`. */
export const accessTokenFormat = formatOf<AccessTokenRecord>(
  2,
  // Carnet passes `response` on, and reads nothing in it.
  shape<AccessTokenRecord, 'response'>({
    owner: text,
    resource: text,
    parametersKey: optional(text),
    detailsKey: optional(text),
    requestedScopes: texts,
    grantedScopes: texts,
    grantedTexts: optional(texts),
    sentScopes: optional(texts),
    declinedScopes: optional(texts),
    token: text,
    tokenType: text,
    askedType: optional(text),
    jkt: optional(text),
    issuedAtMs: instant,
    receivedAtMs: optional(instant),
    authTime: optional(instant),
    expiresAtMs: instant,
    refreshAtMs: optional(instant),
    clockOffsetMs: optional(instant),
    extendedExpiresAtMs: optional(instant),
  }),
  ({ account, ...same }) => ({ ...same, owner: account }),
)

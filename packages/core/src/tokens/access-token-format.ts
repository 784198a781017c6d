import { formatOf } from '../records/format.ts'
import { asObject, instant, of, optional, shape, text, texts } from '../records/shape.ts'
import type { AccessTokenRecord } from './token-record.ts'

/** The format of a stored access token. In version 1 the field `owner` had the name `account`. */
export const accessTokenFormat = formatOf<AccessTokenRecord>(
  2,
  shape<AccessTokenRecord>({
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
    response: optional(of(asObject)),
  }),
  ({ account, ...same }) => ({ ...same, owner: account }),
)

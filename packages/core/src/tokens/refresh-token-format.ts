import { formatOf } from '../records/format.ts'
import { instant, optional, shape, text, texts } from '../records/shape.ts'
import { oneOf } from '../records/shapes.ts'
import type { RefreshTokenRecord } from './token-record.ts'

/** The format of a stored refresh token. In version 1 the field `owner` had the name `account`. */
export const refreshTokenFormat = formatOf<RefreshTokenRecord>(
  2,
  shape<RefreshTokenRecord>({
    id: optional(text),
    owner: text,
    resource: optional(text),
    grantKey: optional(text),
    token: text,
    jkt: optional(text),
    rotation: oneOf(undefined, 'never', 'each time'),
    requestedScopes: texts,
    grantedScopes: texts,
    issuedAtMs: instant,
    signedInAtMs: optional(instant),
    authTime: optional(instant),
    clockOffsetMs: optional(instant),
    expiresAtMs: optional(instant),
  }),
  ({ account, ...same }) => ({ ...same, owner: account }),
)

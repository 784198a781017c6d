import { decodeBase64Url } from './base64url.ts'
import { parseJsonObject } from './json.ts'

/** The object in a part of a JWT (base64url of JSON), or `undefined`. The function verifies no signature. */
export const parseJwtPart = (part: string): Record<string, unknown> | undefined =>
  parseJsonObject(new TextDecoder().decode(decodeBase64Url(part)))

/** The claims of an ID token that was not validated, as far as they can be read. */
export const unverifiedClaims = (idToken: unknown): Record<string, unknown> =>
  (typeof idToken === 'string' ? parseJwtPart(idToken.split('.')[1] ?? '') : undefined) ?? {}

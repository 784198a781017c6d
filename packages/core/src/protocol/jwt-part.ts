import { parseJsonObject } from '../json.ts'

/** The object that stands as base64url in a part of a JWT, or `undefined`. Nobody has verified it. */
export function parseJwtPart(part: string): Record<string, unknown> | undefined {
  try {
    const base64 = part.replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    return parseJsonObject(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

/** The claims of an ID token that was not validated, as far as they can be read. */
export const unverifiedClaims = (idToken: unknown): Record<string, unknown> =>
  (typeof idToken === 'string' ? parseJwtPart(idToken.split('.')[1] ?? '') : undefined) ?? {}

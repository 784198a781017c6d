import { parseJwtPart } from '../../encoding/jwt-part.ts'

/**
 * Reads Entra's `client_info`: who the account is at home, whichever tenant signed it in. `undefined` where
 * it is missing or malformed.
 */
export function homeAccountIdOf(clientInfo: unknown): string | undefined {
  if (typeof clientInfo !== 'string' || clientInfo.length > 4000) return undefined
  const { uid, utid } = parseJwtPart(clientInfo) ?? {}
  return typeof uid === 'string' && typeof utid === 'string' && uid !== '' && utid !== ''
    ? `${uid}.${utid}`
    : undefined
}

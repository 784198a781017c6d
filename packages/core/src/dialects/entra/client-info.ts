import { parseJwtPart } from '../../encoding/jwt-part.ts'

/**
 * Reads the id of the home account from Entra's `client_info`. The id is the same for all tenants of the user.
 * `undefined` if `client_info` is missing or malformed.
 */
export function homeAccountIdOf(clientInfo: unknown): string | undefined {
  if (typeof clientInfo !== 'string' || clientInfo.length > 4000) return undefined
  const { uid, utid } = parseJwtPart(clientInfo) ?? {}
  return typeof uid === 'string' && typeof utid === 'string' && uid !== '' && utid !== ''
    ? `${uid}.${utid}`
    : undefined
}

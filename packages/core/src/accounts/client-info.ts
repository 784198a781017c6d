import { asObject, parseJsonObject } from '../json.ts'

/**
 * Reads Entra's `client_info`: who the account is at home, whichever tenant signed it in. `undefined` where
 * it is missing or malformed.
 */
export function homeAccountIdOf(clientInfo: unknown): string | undefined {
  if (typeof clientInfo !== 'string' || clientInfo.length > 4000) return undefined
  try {
    const base64 = clientInfo.replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    const info = asObject(parseJsonObject(new TextDecoder().decode(bytes)))
    const { uid, utid } = info ?? {}
    return typeof uid === 'string' && typeof utid === 'string' && uid !== '' && utid !== ''
      ? `${uid}.${utid}`
      : undefined
  } catch {
    return undefined
  }
}

/** The greatest length of a claims request: longer requests do not fit into an authorization URL. */
const LONGEST_CLAIMS = 8192

/**
 * Decodes the `claims` of a challenge: base64, base64url, or the JSON itself. No specification names the encoding.
 *
 * @returns JSON of an object; `undefined` for anything else.
 */
export function decodeClaims(value: string | undefined): string | undefined {
  if (value === undefined || value.length > 2 * LONGEST_CLAIMS) return undefined
  const text = value.trimStart().startsWith('{') ? value : textOf(value)
  if (text === undefined || text.length > LONGEST_CLAIMS) return undefined
  try {
    const claims: unknown = JSON.parse(text)
    const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims)
    return isObject ? JSON.stringify(claims) : undefined
  } catch {
    return undefined
  }
}

function textOf(encoded: string): string | undefined {
  try {
    const plain = atob(encoded.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, ''))
    const bytes = Uint8Array.from(plain, (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

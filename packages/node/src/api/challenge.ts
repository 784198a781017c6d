import { isInteractionRequired } from '@carnet/core'

/** The answer of an API to a request that its user must repeat. Pass it to `new Response(null, challenge)`. */
export interface Challenge {
  readonly status: 401
  readonly headers: Readonly<Record<string, string>>
}

/** The greatest length of a header that every server and client accepts. */
const LONGEST_CLAIMS = 6000

/**
 * Creates the API's own 401 answer from an error of `acquireTokenOnBehalfOf` (RFC 6750 section 3). A claims challenge of the
 * provider becomes `insufficient_claims`, which `auth.fetch` of `@carnet/browser` and MSAL answer with a new token. Other errors
 * of the user become `invalid_token`.
 *
 * @param realm The realm of the API. Default: none.
 * @returns `undefined` for errors that no user can solve: answer with 500 or 503.
 */
export function toChallenge(error: unknown, realm?: string): Challenge | undefined {
  if (!isInteractionRequired(error)) return undefined
  const { claims } = error.request
  const encoded = claims === undefined ? '' : Buffer.from(claims).toString('base64')
  const isClaims = encoded !== '' && encoded.length <= LONGEST_CLAIMS
  const parameters: Record<string, string> = {
    ...(realm !== undefined && { realm }),
    error: isClaims ? 'insufficient_claims' : 'invalid_token',
    error_description: descriptions[error.reason] ?? 'The user must sign in again',
    ...(isClaims && { claims: encoded }),
  }
  const listed = Object.entries(parameters).map(([name, value]) => `${name}="${quotable(value)}"`)
  return {
    status: 401,
    headers: {
      'www-authenticate': `Bearer ${listed.join(', ')}`,
      // Scripts of other origins can read the header only if it is exposed.
      'access-control-expose-headers': 'WWW-Authenticate',
      'cache-control': 'no-store',
    },
  }
}

const descriptions: Readonly<Record<string, string>> = {
  consent: 'The user must consent',
  admin_consent: 'An administrator must consent',
  mfa: 'The user must present another factor',
  claims: 'The token lacks required claims',
}

/** Removes characters that cannot stand in a quoted string of a header (RFC 9110 section 5.6.4). */
const quotable = (text: string) => text.replace(/[^\x20-\x7e]|["\\]/g, '')

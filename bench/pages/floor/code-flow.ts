import { authority, CLIENT_ID, SCOPES } from '../setting.ts'

const base64url = (bytes: ArrayBuffer | Uint8Array) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

export const createVerifier = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)))

/** The authorization request (RFC 6749 §4.1.1) with PKCE (RFC 7636). The endpoints are fixed. */
export async function authorizationUrl(verifier: string, redirectPath: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const parameters = {
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: location.origin + redirectPath,
    scope: SCOPES.join(' '),
    code_challenge: base64url(digest),
    code_challenge_method: 'S256',
  }
  return `${authority}/auth?${new URLSearchParams(parameters)}`
}

/** The token request (RFC 6749 §4.1.3). */
export async function redeem(
  code: string,
  redirectPath: string,
  verifier: string,
): Promise<string> {
  const response = await fetch(`${authority}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: CLIENT_ID,
      code,
      redirect_uri: location.origin + redirectPath,
      code_verifier: verifier,
    }),
  })
  return (await response.json()).access_token
}

import { isAuthError } from '@carnet/core'

/**
 * The answer to a logout token that was not accepted (OpenID Connect Back-Channel Logout 1.0 section 2.8): 400 for a wrong token,
 * 503 if it could not be checked.
 */
export function refusedLogout(error: unknown): Response {
  const isWrong = isAuthError(error, 'invalid_id_token') || isAuthError(error, 'unusable_response')
  const body = isWrong
    ? { error: 'invalid_request', error_description: error.message }
    : { error: 'temporarily_unavailable' }
  return Response.json(body, {
    status: isWrong ? 400 : 503,
    headers: { 'cache-control': 'no-store' },
  })
}

/** The empty page in the frame of the provider. Only the provider may frame it. */
export function logoutPage(authority: string, cookies: readonly string[]): Response {
  const headers = new Headers({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; frame-ancestors ${new URL(authority).origin}`,
  })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response('<!doctype html><title>Signed out</title>', { headers })
}

/** A JSON response. */
export const jsonResponse = (body: unknown, status = 200): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  })

export type FakeProvider = ReturnType<typeof createFakeProvider>

/**
 * A fake OpenID Provider without signatures. It answers discovery and token requests. A test replaces `onDiscovery` or
 * `onToken` to simulate faults. Its secrets start with `s3cret-`.
 */
export function createFakeProvider({
  now,
  issuer = 'https://idp.example',
  clientId = 'spa',
}: {
  now: () => number
  issuer?: string
  clientId?: string
}) {
  const origin = issuer.replace(/\/$/, '')
  const tokenRequests: URLSearchParams[] = []
  let grants = 0

  const metadata = {
    issuer,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    end_session_endpoint: `${origin}/logout`,
  }

  /** An ID token with a fake signature. A claim with the value `undefined` is left out. */
  function idToken(claims: Record<string, unknown> = {}): string {
    const iat = Math.floor(now() / 1000)
    const all = { iss: issuer, aud: clientId, sub: 'alice', iat, exp: iat + 3600, ...claims }
    return `${base64url({ alg: 'RS256' })}.${base64url(all)}.s3cret-signature`
  }

  /** The body of a valid token response, with new tokens each time. A field with the value `undefined` is left out. */
  function tokens(fields: Record<string, unknown> = {}): Record<string, unknown> {
    grants += 1
    return {
      access_token: `s3cret-access-${grants}`,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: `s3cret-refresh-${grants}`,
      id_token: idToken(),
      ...fields,
    }
  }

  const provider = {
    issuer,
    clientId,
    metadata,
    /** The bodies of the received token requests. */
    tokenRequests,
    idToken,
    tokens,
    onDiscovery: (): Response | Promise<Response> => jsonResponse(provider.metadata),
    onToken: (_parameters: URLSearchParams): Response | Promise<Response> => jsonResponse(tokens()),
    async respond(request: Request): Promise<Response> {
      if (request.url === `${origin}/.well-known/openid-configuration`)
        return provider.onDiscovery()
      if (request.url !== metadata.token_endpoint) return new Response('not found', { status: 404 })
      const parameters = new URLSearchParams(await request.text())
      tokenRequests.push(parameters)
      return provider.onToken(parameters)
    },
  }
  return provider
}

/** JSON in base64url, as in a JWT. */
export function base64url(value: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

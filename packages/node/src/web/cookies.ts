/** How a cookie is set. */
export interface CookieTerms {
  /** False only for development over http on this machine: then the cookie has neither `__Host-` nor `Secure`. */
  readonly isSecure: boolean
  /** `None` reaches the app with a POST from another site. */
  readonly sameSite: 'Lax' | 'None'
  /** Seconds. Default: until the browser ends. */
  readonly maxAgeSeconds?: number | undefined
}

/** `__Host-` binds a cookie to this host, to https and to the path `/`: no other host can set it (RFC 6265bis section 4.1.3.2). */
export const cookieName = (name: string, isSecure: boolean): string =>
  `${isSecure ? '__Host-' : ''}${name}`

/** The `Set-Cookie` value. No script can read the cookie. */
export function setCookie(name: string, value: string, terms: CookieTerms): string {
  const { isSecure, sameSite, maxAgeSeconds } = terms
  return [
    `${name}=${value}`,
    'Path=/',
    'HttpOnly',
    ...(isSecure ? ['Secure'] : []),
    `SameSite=${sameSite}`,
    ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${maxAgeSeconds}`]),
  ].join('; ')
}

/** The `Set-Cookie` value that deletes a cookie. */
export const dropCookie = (name: string): string =>
  setCookie(name, '', { isSecure: name.startsWith('__Host-'), sameSite: 'Lax', maxAgeSeconds: 0 })

/** The cookies of a request, by their names. The first of two cookies with the same name counts. */
export function readCookies({ headers }: Pick<Request, 'headers'>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const end = pair.indexOf('=')
    const name = pair.slice(0, Math.max(0, end)).trim()
    if (name !== '' && !found.has(name)) found.set(name, pair.slice(end + 1).trim())
  }
  return found
}

/** A redirect after which the browser sends a GET. No cache keeps it. */
export function redirectTo(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({
    location,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

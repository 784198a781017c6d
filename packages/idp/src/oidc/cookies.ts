/** Lets the provider's cookies into an iframe of another site, where the browser allows any. */
export const crossSite = { httpOnly: true, sameSite: 'none', secure: true } as const

/** The part of Koa's cookies that writes. */
interface CookieWriter {
  secure: boolean
  set(name: string, value?: string | null, options?: object): unknown
}

/**
 * Makes cookies work over http, in every browser: each cookie is set once with `Secure` and once without.
 *
 * `SameSite=None` is necessary for an iframe of another site. Chromium and Firefox accept it only with `Secure`, which
 * they allow on loopback without TLS. WebKit refuses `Secure` without TLS, and accepts `SameSite=None` alone. So each
 * browser keeps one cookie, under one name.
 *
 * @param isTls Whether the issuer has TLS: then the cookie with `Secure` is enough.
 */
export function setForEveryBrowser(cookies: CookieWriter, isTls: boolean): void {
  // Koa refuses to set Secure cookies without TLS, unless it is told that the connection is secure.
  cookies.secure = true
  if (isTls) return
  const set = cookies.set.bind(cookies)
  cookies.set = (name, value, options) => {
    set(name, value, options)
    // `overwrite` would remove the first of the two from the response.
    return set(name, value, { ...options, secure: false, overwrite: false })
  }
}

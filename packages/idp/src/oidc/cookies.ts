/** Makes cookies available in cross-site iframes, if the browser allows third-party cookies. */
export const crossSite = { httpOnly: true, sameSite: 'none', secure: true } as const

/** The writing part of Koa's cookies. */
interface CookieWriter {
  secure: boolean
  set(name: string, value?: string | null, options?: object): unknown
}

/**
 * Makes cookies work over http in every browser. It sets each cookie with `Secure` and without `Secure`.
 *
 * A cross-site iframe needs `SameSite=None`. Chromium and Firefox accept it only with `Secure`, which
 * they allow on loopback without TLS. WebKit refuses `Secure` without TLS, and accepts `SameSite=None` alone. So each
 * browser keeps one cookie, under one name.
 *
 * @param isTls True if the issuer uses TLS: then the cookie with `Secure` is enough.
 */
export function setForEveryBrowser(cookies: CookieWriter, isTls: boolean): void {
  // Koa sets Secure cookies without TLS only with this flag.
  cookies.secure = true
  if (isTls) return
  const set = cookies.set.bind(cookies)
  cookies.set = (name, value, options) => {
    set(name, value, options)
    // `overwrite` would remove the first cookie from the response.
    return set(name, value, { ...options, secure: false, overwrite: false })
  }
}

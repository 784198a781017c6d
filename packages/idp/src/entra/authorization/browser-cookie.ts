import type { Entra } from '../state/entra.ts'

/** The name of the cookie that identifies a browser. It contains the port, because cookies are shared between ports. */
export const browserCookieOf = ({ origin }: Pick<Entra, 'origin'>): string =>
  `idp_browser_${new URL(origin).port}`

/** Makes the cookie available in a cross-site iframe, also over http; `setForEveryBrowser` explains the two cookies. */
export const setBrowserCookie = ({ origin }: Pick<Entra, 'origin'>, browserId: string) => {
  const cookie = `${browserCookieOf({ origin })}=${browserId}; Path=/; HttpOnly; SameSite=None`
  const secure = `${cookie}; Secure`
  return { 'Set-Cookie': origin.startsWith('https:') ? [secure] : [secure, cookie] }
}

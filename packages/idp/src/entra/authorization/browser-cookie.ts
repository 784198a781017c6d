import type { Entra } from '../state/entra.ts'

/** The cookie that tells browsers apart; named by port, as cookies know none. */
export const browserCookieOf = ({ origin }: Pick<Entra, 'origin'>): string =>
  `idp_browser_${new URL(origin).port}`

/** Lets the cookie into an iframe of another site, also over http; see `setForEveryBrowser` for the reason. */
export const setBrowserCookie = ({ origin }: Pick<Entra, 'origin'>, browserId: string) => {
  const cookie = `${browserCookieOf({ origin })}=${browserId}; Path=/; HttpOnly; SameSite=None`
  const secure = `${cookie}; Secure`
  return { 'Set-Cookie': origin.startsWith('https:') ? [secure] : [secure, cookie] }
}

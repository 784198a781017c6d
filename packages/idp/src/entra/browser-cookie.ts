import type { Entra } from './entra.ts'

/** The cookie that tells browsers apart; named by port, as cookies know none. */
export const browserCookieOf = ({ origin }: Pick<Entra, 'origin'>): string =>
  `idp_browser_${new URL(origin).port}`

/** SameSite=None lets it into an iframe of another site, and takes Secure. */
export const setBrowserCookie = (entra: Pick<Entra, 'origin'>, browserId: string) => ({
  'Set-Cookie': `${browserCookieOf(entra)}=${browserId}; Path=/; HttpOnly; Secure; SameSite=None`,
})

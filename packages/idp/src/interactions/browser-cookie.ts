import type { Context } from '../vendor/oidc-provider.ts'

/** The cookie that tells browsers apart for the account picker; named by port, as cookies know none. */
export const browserCookieOf = ({ req }: Context): string => `idp_browser_${req.socket.localPort}`

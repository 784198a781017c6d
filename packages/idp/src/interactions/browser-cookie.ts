import type { Context } from '../vendor/oidc-provider.ts'

/** The cookie that identifies a browser for the account picker. It contains the port, because ports share cookies. */
export const browserCookieOf = ({ req }: Context): string => `idp_browser_${req.socket.localPort}`

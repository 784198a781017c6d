/** The provider and the client of all pages. */
export const CLIENT_ID = 'bench'
export const SCOPES = ['openid', 'profile', 'offline_access', 'calendar.read']

/** The requested scopes. */
export const API_SCOPE = 'calendar.read'

/** The issuer. The server writes it into the page. */
export const authority =
  document.querySelector<HTMLMetaElement>('meta[name=authority]')?.content ?? ''

/** The redirect URI of popups and iframes: a page with only the callback code of the library. */
export const CALLBACK = '/callback.html'

const parameters = new URLSearchParams(location.search)

/** True if the page must request and renew no tokens by itself. */
export const isManual = parameters.has('manual')

/** True if the page calls APIs. */
export const callsApis = parameters.has('apis')

/** True if the tokens of the page are bound to a key (RFC 9449). */
export const isBound = parameters.has('dpop')

/** The `prompt` of the sign-in by popup (OpenID Connect Core §3.1.2.1), if the bench sets it. */
export const prompt = parameters.get('prompt') ?? undefined

/** The kind of the automatic sign-in, which starts as soon as the page knows that there is no account. */
export const atOnce = parameters.get('at-once')

/** True if the page signs in by popup. Some libraries must know this at startup. */
export const isForPopups = parameters.has('popup')

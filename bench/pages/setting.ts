/** The provider and the client, as every page knows them. */
export const CLIENT_ID = 'bench'
export const SCOPES = ['openid', 'profile', 'offline_access', 'calendar.read']

/** What a token is asked for. */
export const API_SCOPE = 'calendar.read'

/** The issuer, which the server puts into the page. */
export const authority =
  document.querySelector<HTMLMetaElement>('meta[name=authority]')?.content ?? ''

/** Where windows and hidden frames end: a page with nothing but the library's part for that. */
export const CALLBACK = '/callback.html'

const parameters = new URLSearchParams(location.search)

/** Nothing is asked for and nothing is renewed until the bench says so. */
export const isManual = parameters.has('manual')

/** What a sign-in by popup says of itself (OpenID Connect Core section 3.1.2.1), where the bench wants it. */
export const prompt = parameters.get('prompt') ?? undefined

/** How the page signs in by itself, as soon as it knows that nobody is signed in. */
export const atOnce = parameters.get('at-once')

/** The page signs in by popup, where a library has to know that ahead. */
export const isForPopups = parameters.has('popup')

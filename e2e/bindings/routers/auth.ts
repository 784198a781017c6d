import { createAuthClient } from '@carnet/browser'

const meta = document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')
const authority = meta?.content ?? ''

/** An API that answers with the subject of the token. */
export const echo = `${authority}/api/echo`

/** The base path of the router. */
export const base = `/${location.pathname.split('/')[1]}`

export const auth = createAuthClient({
  ...{ clientId: 'spa', authority, redirectUri: `${base}/`, scopes: ['calendar.read'] },
  postLogoutRedirectUri: `${base}/`,
  resources: { [`${authority}/api/`]: ['calendar.read'] },
})

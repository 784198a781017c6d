import { createAuthClient } from '@carnet/browser'

const meta = document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')
const authority = meta?.content ?? ''

/** The one client of the page: created once, outside Angular. */
export const auth = createAuthClient({
  ...{ clientId: 'spa', authority, redirectUri: '/', scopes: ['calendar.read'] },
  resources: { [`${authority}/api/`]: ['calendar.read'] },
  onChallenge: 'snapshot',
})

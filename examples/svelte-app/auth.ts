import { createAuthClient } from '@carnet/browser'

const { authority = '' } = document.documentElement.dataset

/** The one client of the page, created outside Svelte. */
export const auth = createAuthClient({
  clientId: 'spa',
  authority,
  scopes: ['calendar.read'],
  resources: { [`${authority}/api/`]: ['calendar.read'] },
  onChallenge: 'snapshot',
})

import { createAuthClient } from '@carnet/browser'

const authority = process.env.NEXT_PUBLIC_AUTHORITY ?? ''

/** The one client of the page. The server has none. */
export const auth =
  typeof window === 'undefined'
    ? undefined
    : createAuthClient({ clientId: 'spa', authority, redirectUri: '/' })

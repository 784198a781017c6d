import { createAuthClient } from '@carnet/browser'
import { browser } from '$app/environment'
import { env } from '$env/dynamic/public'

/** The one client of the page. The server has none, and sets the authority: PUBLIC_AUTHORITY. */
export const auth = browser
  ? createAuthClient({ clientId: 'spa', authority: env.PUBLIC_AUTHORITY, redirectUri: '/' })
  : undefined

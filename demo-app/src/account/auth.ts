import { type AuthClient, createAuthClient } from '@carnet/browser'

import { wantsBoundTokens } from './token-binding.ts'

/** The client, an error for the user, or both. */
export interface Connection {
  readonly auth?: AuthClient
  readonly error?: unknown
}

/**
 * Creates the client of the page. If the authorization response failed, for example because the user cancelled, the
 * client still works, and the page shows the error.
 *
 * @param network Replaces the global `fetch`, so that the demo can go offline.
 */
export async function connect(authority: string, network: typeof fetch): Promise<Connection> {
  try {
    const auth = await createAuthClient({
      clientId: CLIENT_ID,
      authority,
      redirectUri: '/',
      fetch: network,
      dpop: wantsBoundTokens() && 'prefer',
      resources: { [`${authority}/api/`]: ['calendar.read'] },
      // The dialog of the page follows the snapshot.
      onChallenge: 'snapshot',
    })
    return { auth, error: auth.redirectError ?? undefined }
  } catch (error) {
    return { error }
  }
}

export const CLIENT_ID = 'spa'

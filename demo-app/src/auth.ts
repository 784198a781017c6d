import { type AuthClient, createAuthClient } from '@carnet/browser'

/** The client, the error that the user should hear of, or both. */
export interface Connection {
  readonly auth?: AuthClient
  readonly error?: unknown
}

/**
 * Creates the client of the page. If the response in the address failed, for example because the user cancelled at the
 * provider, the client works all the same, and the error is kept for the page to show.
 *
 * @param network Replaces the global `fetch`: the demo can go offline.
 */
export async function connect(authority: string, network: typeof fetch): Promise<Connection> {
  try {
    const auth = await createAuthClient({
      clientId: CLIENT_ID,
      authority,
      redirectUri: '/',
      fetch: network,
    })
    return { auth, error: auth.redirectError ?? undefined }
  } catch (error) {
    return { error }
  }
}

export const CLIENT_ID = 'spa'

/** The issuer that this page was told to use. */
export function readAuthority(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="carnet-authority"]')
  return meta?.content.replace(/\/$/, '') ?? ''
}

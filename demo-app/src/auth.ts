import { type AuthClient, createAuthClient } from '@carnet/browser'

/** The client, the error that the user should hear of, or both. */
export interface Connection {
  readonly auth?: AuthClient
  readonly error?: unknown
}

/**
 * Creates the client of the page. Where the response in the address could not be completed, because
 * the user cancelled at the provider for example, the address is clean afterwards: the error is kept
 * for the page to show, and the second attempt starts without the response.
 *
 * @param network Stands in for the global `fetch`: the demo can go offline.
 */
export async function connect(authority: string, network: typeof fetch): Promise<Connection> {
  const open = () =>
    createAuthClient({ clientId: CLIENT_ID, authority, redirectUri: '/', fetch: network })
  try {
    return { auth: await open() }
  } catch (error) {
    return open().then(
      (auth) => ({ auth, error }),
      (secondError: unknown) => ({ error: secondError }),
    )
  }
}

export const CLIENT_ID = 'spa'

/** The issuer that this page was told to use. */
export function readAuthority(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="carnet-authority"]')
  return meta?.content.replace(/\/$/, '') ?? ''
}

import { type AuthClient, createAuthClient } from '@carnet/browser'

/** A client that has started before hydration begins: its session then differs from that of the server. */
export const startedClient = (): Promise<AuthClient> =>
  createAuthClient({ clientId: 'spa', authority: 'https://login.example.com' })

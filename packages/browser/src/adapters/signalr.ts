import type { AuthClient } from '../api/auth-client.ts'

/** The part of a SignalR connection that a restart needs. */
export interface RestartableConnection {
  readonly state: string
  stop(): Promise<void>
  start(): Promise<void>
}

/**
 * Options for `HubConnectionBuilder.withUrl(url, signalROptions(auth, url))`. SignalR asks for the token at each connection.
 *
 * @param url The URL of the hub, which needs a key in the map `resources`.
 */
export const signalROptions = (auth: Pick<AuthClient, 'tokenFor'>, url: string) => ({
  accessTokenFactory: async (): Promise<string> => (await auth.tokenFor(url)).accessToken,
})

/**
 * Restarts a connected hub after each renewal in this tab. A socket keeps the token of its start, so a server that checks the
 * expiry would end it.
 *
 * @param onError Gets the error of a restart.
 * @returns A function that ends the restarts.
 */
export function restartOnRenewal(
  auth: Pick<AuthClient, 'on'>,
  connection: RestartableConnection,
  onError: (error: unknown) => void = (error) => reportError(error),
): () => void {
  let restarting: Promise<void> | undefined
  return auth.on('tokenRenewed', () => {
    if (connection.state !== 'Connected' || restarting !== undefined) return
    restarting = connection
      .stop()
      .then(() => connection.start())
      .catch(onError)
      .finally(() => {
        restarting = undefined
      })
  })
}

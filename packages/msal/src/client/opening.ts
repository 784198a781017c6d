import type { AuthClient } from '@carnet/browser'
import { BrowserAuthError } from '../errors/browser-auth-error.ts'

/** Holds the client of Carnet. Outside of a browser there is none. */
export function createOpening() {
  let client: AuthClient | undefined
  let running: Promise<void> | undefined
  let isInitialized = false

  function assertInitialized(): void {
    if (!isInitialized) throw new BrowserAuthError('uninitialized_public_client_application', '')
  }
  return {
    client: (): AuthClient | undefined => client,
    assertInitialized,

    assertOpen(): AuthClient {
      if (typeof window === 'undefined') throw new BrowserAuthError('non_browser_environment', '')
      assertInitialized()
      return client as AuthClient
    },

    open(create: () => Promise<AuthClient>, end: () => void): Promise<void> {
      const isBrowser = typeof window !== 'undefined'
      running ??= (isBrowser ? create() : Promise.resolve(undefined)).then(
        (created) => {
          client = created
          isInitialized = true
          end()
        },
        (error) => {
          running = undefined
          throw error
        },
      )
      return running
    },
  }
}

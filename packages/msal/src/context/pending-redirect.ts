/** The redirect that this tab began: its correlation id, in `sessionStorage` until the user is back. */
export function createPendingRedirect(clientId: string) {
  const key = `carnet.msal.${clientId}.redirect`
  const storage = (): Storage | undefined => {
    try {
      return sessionStorage
    } catch {
      return undefined // The browser refuses storage.
    }
  }
  return {
    note(correlationId: string): void {
      try {
        storage()?.setItem(key, correlationId)
      } catch {
        // The storage is full: the events of the response then have no id of the request.
      }
    },
    /** The correlation id of the redirect, if the tab began one. */
    id: (): string | undefined => storage()?.getItem(key) ?? undefined,
    forget: (): void => storage()?.removeItem(key),
  }
}

export type PendingRedirect = ReturnType<typeof createPendingRedirect>

/** The page of this tab that began a redirect, for a redirect page that must go back to it. */
const KEY = 'carnet.msal.start-page'

export function noteStartPage(): void {
  try {
    sessionStorage.setItem(KEY, location.href.split('#')[0] ?? '')
  } catch {
    // The browser refuses storage: a redirect page then goes to the root of the origin.
  }
}

export function startPage(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined
  } catch {
    return undefined
  }
}

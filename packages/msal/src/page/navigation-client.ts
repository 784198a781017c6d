import type { INavigationClient, NavigationOptions } from '@azure/msal-browser'

/** Navigates by page loads. Apps with a router extend it, and pass theirs to `setNavigationClient`. */
export class NavigationClient implements INavigationClient {
  /** Navigates within the app. Returns false if the page is not loaded anew. */
  navigateInternal(url: string, options: NavigationOptions): Promise<boolean> {
    return navigate(url, options)
  }

  /** Navigates to the provider. Returns false if the page is not left. */
  navigateExternal(url: string, options: NavigationOptions): Promise<boolean> {
    return navigate(url, options)
  }
}

function navigate(url: string, { timeout, noHistory }: NavigationOptions): Promise<boolean> {
  if (noHistory) location.replace(url)
  else location.assign(url)
  // The page is unloaded before, so that the promise settles only if the navigation was stopped.
  return new Promise((resolve) => setTimeout(() => resolve(true), timeout))
}

/** True for a navigation client of the app, which must be asked. */
export const isOwn = (client: INavigationClient, method: keyof INavigationClient): boolean =>
  client[method] !== NavigationClient.prototype[method]

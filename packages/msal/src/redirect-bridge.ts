/** The redirect page of `@azure/msal-browser` 5: `broadcastResponseToMainFrame` passes the response to the page that waits. */
import { startPage } from './page/start-page.ts'

/**
 * Passes the response of a popup or a hidden iframe to the page that waits. After a redirect it goes on to the page that
 * signed in, or to the URL of `<meta name="carnet-app">`.
 */
export async function broadcastResponseToMainFrame(): Promise<void> {
  if (!document.querySelector('meta[name=carnet-app]')) {
    const meta = document.createElement('meta')
    meta.name = 'carnet-app'
    meta.content = startPage() ?? '/'
    document.head.append(meta)
  }
  await import('@carnet/browser/callback')
}

/**
 * The script of a minimal redirect page: `<script type="module">import '@carnet/browser/callback'</script>`. It passes the
 * response of a popup or a hidden iframe to the page that waits, and the response of a redirect to the app. It also handles
 * front-channel logout. `<meta name="carnet-app" content="/app/">` names the URL of the app (default `/`), and
 * `<meta name="carnet-cache" content="carnet">` the name of its cache.
 */

import { passOn } from './flows/relay/pass-on.ts'
import { noteSignedOut } from './flows/relay/posted-sign-outs.ts'
import { goOn } from './flows/response/note-awaited.ts'

const meta = (name: string) =>
  document.querySelector<HTMLMetaElement>(`meta[name=carnet-${name}]`)?.content

/** Navigates to the app, which must be on this origin. */
function goToApp(fragment: string): void {
  const app = new URL(meta('app') ?? '/', location.origin)
  app.hash = fragment
  if (app.origin === location.origin) location.replace(app)
}

async function receive(): Promise<void> {
  const { search, pathname, href } = location
  const received = await passOn(href, () => history.replaceState(null, '', pathname))
  if (!received) return
  const [response, kind, receipt] = received
  if (response && kind?.waits) {
    if (kind.isSilent && window.parent !== window) return
    if (receipt?.next !== undefined) goOn(receipt.next)
    else if (receipt) close()
    else goToApp(kind.isSignOut ? '' : response.toString())
  } else if (response && kind?.isSignOut) {
    noteSignedOut(response.get('state') ?? '')
    goToApp('')
  } else if (response) {
    goToApp(response.toString())
  } else if (/[?&]sid=/.test(search)) {
    const { logOut } = await import('./flows/sign-out/callback-logout.ts')
    await logOut(href, meta('cache') ?? 'carnet')
  } else goToApp('')
}

// Outside a page, this module does nothing.
if (typeof document !== 'undefined') void receive()

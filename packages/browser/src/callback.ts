/**
 * The script of a minimal redirect page: `<script type="module">import '@carnet/browser/callback'</script>`. It passes the
 * response of a popup or a hidden iframe to the page that waits, and the response of a redirect to the app. It also handles
 * front-channel logout. `<meta name="carnet-app" content="/app/">` names the URL of the app (default `/`), and
 * `<meta name="carnet-cache" content="carnet">` the name of its cache.
 */

import { AWAITED } from '@carnet/core/base'
import { KINDS } from './flows/authorization/kinds.ts'
import { kindOfState } from './flows/authorization/state.ts'
import { postedSignOuts } from './flows/relay/posted-sign-outs.ts'
import { handOver } from './flows/relay/relay.ts'
import { goOn } from './flows/response/note-awaited.ts'
import { FRAME_NAME } from './startup/page/frame-name.ts'

const meta = (name: string) =>
  document.querySelector<HTMLMetaElement>(`meta[name=carnet-${name}]`)?.content

/** Navigates to the app, which must be on this origin. */
function goToApp(fragment: string): void {
  const app = new URL(meta('app') ?? '/', location.origin)
  app.hash = fragment
  if (app.origin === location.origin) location.replace(app)
}

const has = (parameters: URLSearchParams | undefined, ...names: string[]) =>
  names.some((name) => parameters?.has(name))

function awaitedState(): string | undefined {
  try {
    return sessionStorage.getItem(AWAITED) ?? undefined
  } catch {
    return undefined // The browser refuses `sessionStorage`.
  }
}

async function receive(): Promise<void> {
  const { hash, search, pathname, href } = location
  const parts = [hash, search].map((text) => new URLSearchParams(text.slice(1)))
  let response = parts.find((part) => has(part, 'state', 'code', 'error'))
  // The page that created the hidden iframe reads a response without `state` from the URL of the iframe.
  if (!response?.get('state') && window.name === FRAME_NAME) return
  history.replaceState(null, '', pathname)
  const awaited = window.parent === window ? awaitedState() : undefined
  const isAwaited = (start: string) =>
    response?.get('state')?.startsWith(start) && has(response, 'code', 'error')
  if (awaited && !isAwaited(awaited)) {
    const { unusableOf } = await import('./flows/response/callback-unusable.ts')
    response = unusableOf(parts, response, awaited)
  }
  const state = response?.get('state') ?? ''
  const kind = kindOfState(state)

  const { waits, isSilent, isSignOut } = (kind && KINDS[kind]) ?? {}
  if (response && waits) {
    const receipt = await handOver(state, response)
    if (isSilent && window.parent !== window) return
    if (receipt?.next !== undefined) goOn(receipt.next)
    else if (receipt) close()
    else goToApp(isSignOut ? '' : response.toString())
  } else if (response && isSignOut) {
    postedSignOuts.noteReturn(state)
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

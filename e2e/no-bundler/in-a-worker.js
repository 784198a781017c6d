/** A worker by mistake: it tries to create a client, and tells the page that asks what came of it. */
import { createAuthClient, isAuthError } from './carnet.esm.min.js'

async function tell(port) {
  const error = await createAuthClient({ clientId: 'spa', authority: 'https://idp.example' }).then(
    () => undefined,
    (reason) => reason,
  )
  port.postMessage({ isOurs: isAuthError(error), code: error?.code, hint: error?.hint })
}

addEventListener('connect', ({ ports: [port] }) => tell(port))
addEventListener('message', ({ ports: [port] }) => tell(port))

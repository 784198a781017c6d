/** Serves the demo, its backend and the embedded provider. If a port is in use, it selects another port. */
import { randomBytes } from 'node:crypto'
import { startIdentityProvider } from '@carnet/idp'
import { createServer } from 'vite'

const PROVIDER_PORT = 4400
const BACKEND_PORT = 5174

const demo = await createServer()
await demo.listen()
const url = demo.resolvedUrls?.local[0]
if (!url) throw new Error('The demo could not be served on localhost.')

const client = { clientId: 'spa', redirectUris: [url], postLogoutRedirectUris: [url] }
const provider = await startIdentityProvider({ port: PROVIDER_PORT, clients: [client] }).catch(() =>
  startIdentityProvider({ port: 0, clients: [client] }),
)

// The backend runs from source too.
const { startBackend } = await demo.ssrLoadModule('/backend/start-backend.ts')
const web = { clientId: 'web-app', secret: randomBytes(32).toString('base64url') }
const backend = await startBackend({
  ...web,
  port: BACKEND_PORT,
  authority: provider.issuer,
  pages: demo.middlewares,
})
// Hot reload of its page.
backend.server.on('upgrade', (...request) => demo.httpServer?.emit('upgrade', ...request))
await provider.control.addClient({
  clientId: web.clientId,
  credentials: { secrets: [web.secret] },
  redirectUris: [`${backend.origin}/callback`],
  postLogoutRedirectUris: [`${backend.origin}/`],
  backchannelLogoutUri: `${backend.origin}/backchannel-logout`,
})

process.env.CARNET_AUTHORITY = provider.issuer
process.env.CARNET_BROWSER_ORIGIN = new URL(url).origin
process.env.CARNET_SERVER_ORIGIN = backend.origin

console.log(`
  Carnet: ${url}
  The same app without tokens in the browser: ${backend.origin}/

  Sign in as alice, bob or carol (password: password). The provider listens on port ${provider.port}.
  Stop with Ctrl+C.
`)

const stop = async () => {
  await Promise.all([demo.close(), backend.close(), provider.close()])
  process.exit(0)
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

/** Serves the demo and the embedded provider. If a port is in use, it selects another port. */
import { startIdentityProvider } from '@carnet/idp'
import { createServer } from 'vite'

const PROVIDER_PORT = 4400

const demo = await createServer()
await demo.listen()
const url = demo.resolvedUrls?.local[0]
if (!url) throw new Error('The demo could not be served on localhost.')

const client = { clientId: 'spa', redirectUris: [url], postLogoutRedirectUris: [url] }
const provider = await startIdentityProvider({ port: PROVIDER_PORT, clients: [client] }).catch(() =>
  startIdentityProvider({ port: 0, clients: [client] }),
)
process.env.CARNET_AUTHORITY = provider.issuer

console.log(`
  Carnet: ${url}

  Sign in as alice, bob or carol (password: password). The provider listens on port ${provider.port}.
  Stop with Ctrl+C.
`)

const stop = async () => {
  await Promise.all([demo.close(), provider.close()])
  process.exit(0)
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type IdentityProvider, startIdentityProvider } from '@carnet/idp'
import { test } from '@playwright/test'
import { preview } from 'vite'
import { authorityPlugin } from '../demo-app/authority-plugin.ts'
import { startBackend } from '../demo-app/backend/start-backend.ts'

interface BffWorld {
  readonly idp: IdentityProvider
  /** The origin of the app whose tokens are on its server. */
  readonly origin: string
  /** Another origin of the same site. */
  readonly otherOrigin: string
  /** The cookies of the last request to each path. */
  readonly cookies: ReadonlyMap<string, string>
  /** Moves the clock of the server. */
  advance(ms: number): void
}

const CLIENT_ID = 'web-app'

/** The demo with its backend: two origins and a provider. */
export const bffStory = test.extend<object, { world: BffWorld }>({
  world: [
    async ({}, use) => {
      const addresses = { authority: '', browserOrigin: '', serverOrigin: '' }
      const pages = await preview({
        root: fileURLToPath(new URL('../demo-app/', import.meta.url)),
        configFile: false,
        logLevel: 'error',
        preview: { host: 'localhost', port: 0 },
        plugins: [authorityPlugin(() => addresses)],
      })
      const url = pages.resolvedUrls?.local[0] ?? ''
      const idp = await startIdentityProvider({
        clients: [{ clientId: 'spa', redirectUris: [url] }],
      })
      let offsetMs = 0
      const secret = randomBytes(32).toString('base64url')
      const backend = await startBackend({
        port: 0,
        authority: idp.issuer,
        clientId: CLIENT_ID,
        secret,
        clock: { now: () => Date.now() + offsetMs },
        pages: pages.middlewares,
      })
      const { origin } = backend
      const cookies = new Map<string, string>()
      backend.server.on('request', ({ url: path = '', headers }) =>
        cookies.set(path, headers.cookie ?? ''),
      )
      await idp.control.addClient({
        clientId: CLIENT_ID,
        credentials: { secrets: [secret] },
        redirectUris: [`${origin}/callback`],
        postLogoutRedirectUris: [`${origin}/`],
        backchannelLogoutUri: `${origin}/backchannel-logout`,
      })
      const otherOrigin = new URL(url).origin
      Object.assign(addresses, {
        authority: idp.issuer,
        browserOrigin: otherOrigin,
        serverOrigin: origin,
      })
      const advance = (ms: number) => {
        offsetMs += ms
      }
      await use({ idp, origin, otherOrigin, cookies, advance })
      await Promise.all([backend.close(), pages.close(), idp.close()])
    },
    { scope: 'worker' },
  ],
})

export { expect } from '@playwright/test'

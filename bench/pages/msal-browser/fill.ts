import { loadExternalTokens, PublicClientApplication } from '@azure/msal-browser'
import { ACCESS_TOKEN, claimsOf, LIFETIME_SECONDS, scopesOf, unsignedJwt } from '../fill.ts'
import { API_SCOPE, authority, CLIENT_ID } from '../setting.ts'
import { configuration } from './configuration.ts'

window.fill = async (count) => {
  const scopes = scopesOf(count)
  await loadFirst(API_SCOPE)
  const storage = await openStorage()
  const [key = ''] = storage.getTokenKeys().accessToken
  const entity = storage.getAccessTokenCredential(key, '')
  // Write the requested token after each other token, because full storage drops the oldest token.
  const written = new Set<string>()
  for (const target of scopes) {
    await storage.setAccessTokenCredential({ ...entity, target }, '', false)
    written.add(target).add(API_SCOPE)
    const held = storage.getTokenKeys().accessToken.length
    if (held < written.size) return held
  }
  return count
}

/** Fills the cache with the public API. A thousand tokens would take hours, because each call reads the whole cache. */
async function loadFirst(scope: string): Promise<void> {
  const metadata = await fetch(`${authority}/.well-known/openid-configuration`)
  await loadExternalTokens(
    {
      ...configuration,
      auth: { ...configuration.auth, authorityMetadata: await metadata.text() },
    },
    { scopes: [scope] },
    {
      access_token: ACCESS_TOKEN,
      id_token: unsignedJwt(claimsOf(authority, CLIENT_ID)),
      refresh_token: 'unused',
      expires_in: LIFETIME_SECONDS,
      token_type: 'Bearer',
      scope,
    },
    {},
  )
}

interface Entity {
  readonly target?: string
}

/** The private parts of the library that write one more token. */
interface TokenStorage {
  getTokenKeys(): { accessToken: string[] }
  getAccessTokenCredential(key: string, correlationId: string): Entity
  setAccessTokenCredential(entity: Entity, correlationId: string, kmsi: boolean): Promise<void>
}

async function openStorage(): Promise<TokenStorage> {
  const client = new PublicClientApplication(configuration)
  await client.initialize()
  // The property is private only in the types.
  const { controller } = client as unknown as { controller: { browserStorage: TokenStorage } }
  return controller.browserStorage
}

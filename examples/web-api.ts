/**
 * A web API that calls Microsoft Graph on behalf of its user. All its machines share Redis.
 * `node web-api.js` needs CLIENT_ID, AUTHORITY, CLIENT_SECRET, CARNET_KEYS and REDIS_URL.
 */
import { createServer, type Server } from 'node:http'
import { pathToFileURL } from 'node:url'
import { clientSecret, createConfidentialClient, keyring, toChallenge } from '@carnet/node'
import { redisStore } from '@carnet/node/redis'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { createClient } from 'redis'

type Environment = Readonly<Record<string, string | undefined>>

export async function startApi(env: Environment, port = 8080): Promise<Server> {
  const { CLIENT_ID = '', AUTHORITY = '', CLIENT_SECRET = '', CARNET_KEYS, REDIS_URL } = env
  const { GRAPH = 'https://graph.microsoft.com/v1.0', PROFILE = 'auto' } = env
  // Without the offline queue, a command fails at once while Redis is down, and the memory of Carnet serves.
  const redis = createClient({ url: REDIS_URL ?? '', disableOfflineQueue: true })
  redis.on('error', (error) => console.error('Redis:', error.message))
  await redis.connect()
  const app = await createConfidentialClient({
    clientId: CLIENT_ID,
    authority: AUTHORITY,
    authorityProfile: PROFILE as 'auto',
    credential: clientSecret(CLIENT_SECRET),
    cache: { store: redisStore(redis), keys: keyring(CARNET_KEYS) },
  })
  const keys = createRemoteJWKSet(new URL(`${AUTHORITY}/discovery/v2.0/keys`))

  const server = createServer(async (request, response) => {
    const assertion = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    try {
      // The API answers for its users, so it verifies their tokens before anything else.
      await jwtVerify(assertion, keys, { audience: [CLIENT_ID, `api://${CLIENT_ID}`] })
    } catch {
      return response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
    }
    try {
      const { accessToken } = await app.acquireTokenOnBehalfOf({ assertion, scopes: ['User.Read'] })
      const me = await fetch(`${GRAPH}/me`, { headers: { authorization: `Bearer ${accessToken}` } })
      return response
        .writeHead(me.status, { 'content-type': 'application/json' })
        .end(await me.text())
    } catch (error) {
      // Only the user can solve some errors: the app in the browser reads the challenge.
      const challenge = toChallenge(error)
      if (!challenge) console.error(error)
      return response.writeHead(challenge?.status ?? 503, challenge?.headers).end()
    }
  })
  return server.on('close', () => redis.destroy()).listen(port, '127.0.0.1')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await startApi(process.env)

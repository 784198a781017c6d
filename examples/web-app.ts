/**
 * The backend of a single-page app (BFF): it signs users in, and calls an API for them. No token reaches the browser. All its
 * machines share Redis. `node web-app.js` needs CLIENT_ID, AUTHORITY, CLIENT_SECRET, CARNET_KEYS, REDIS_URL, ORIGIN, API and SCOPE.
 */
import { createServer, type Server } from 'node:http'
import { pathToFileURL } from 'node:url'
import { clientSecret, createConfidentialClient, keyring } from '@carnet/node'
import { toListener } from '@carnet/node/http'
import { redisStore } from '@carnet/node/redis'
import { createBff } from '@carnet/node/session'
import { createClient } from 'redis'

type Environment = Readonly<Record<string, string | undefined>>

const PAGE = `<!doctype html><title>Calendar</title><pre id="out"></pre><a href="/login?returnTo=/">Sign in</a>
<form action="/logout" method="post"><button>Sign out</button></form><script>
const show = (text) => { document.querySelector('#out').textContent = text }
fetch('/api/events').then(async (answer) => show(answer.ok ? await answer.text() : 'Nobody is signed in.'))
</script>`

export async function startWebApp(env: Environment, port = 8080): Promise<Server> {
  const { CLIENT_ID = '', AUTHORITY = '', CLIENT_SECRET = '', CARNET_KEYS, REDIS_URL } = env
  const { ORIGIN: origin = '', API = '', SCOPE = '', PROFILE = 'auto' } = env
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
  const bff = createBff(app, {
    origin,
    scopes: [SCOPE],
    proxy: { '/api/': API },
    resources: { [API]: [SCOPE] },
  })
  const page = () => new Response(PAGE, { headers: { 'content-type': 'text/html' } })
  const handle = async (request: Request) =>
    (await bff.handle(request)) ?? (new URL(request.url).pathname === '/' ? page() : undefined)
  return createServer(toListener(handle, { origin })).listen(port, '127.0.0.1')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await startWebApp(process.env, Number(process.env.PORT ?? 8080))

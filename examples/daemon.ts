/**
 * A daemon: it calls an API as itself, again and again. No user is there. The token comes from the cache, and is renewed in the
 * background. `node daemon.js` needs CLIENT_ID, AUTHORITY, CERTIFICATE, PRIVATE_KEY (both files), SCOPE and API.
 */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { certificate, createConfidentialClient, isAuthError } from '@carnet/node'

type Environment = Readonly<Record<string, string | undefined>>

/** Runs until the signal aborts. */
export async function runDaemon(env: Environment, signal: AbortSignal, everyMs = 60_000) {
  const { CLIENT_ID = '', AUTHORITY = '', SCOPE = '', API = '', PROFILE = 'auto' } = env
  const [cert, key] = await Promise.all(
    [env.CERTIFICATE, env.PRIVATE_KEY].map((path = '') => readFile(path, 'utf8')),
  )
  const app = await createConfidentialClient({
    clientId: CLIENT_ID,
    authority: AUTHORITY,
    authorityProfile: PROFILE as 'auto',
    credential: certificate({ cert: cert ?? '', key: key ?? '' }),
    logger: ({ level, message }) => console.log(level, message),
  })
  while (!signal.aborted) {
    try {
      const { accessToken } = await app.acquireTokenForApp({ scopes: [SCOPE] })
      const answer = await fetch(API, { headers: { authorization: `Bearer ${accessToken}` } })
      console.log('The API answered with', answer.status)
      // The API refuses the token, for example after a change of rights: the next one must be new.
      if (answer.status === 401) await app.clearApp()
    } catch (error) {
      // A transient error passes by itself; any other one needs its hint.
      if (!isAuthError(error)) throw error
      console.error(error.code, error.message, error.isTransient ? '' : error.hint)
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined)
  }
  await app.close()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort())
  await runDaemon(process.env, stop.signal)
}

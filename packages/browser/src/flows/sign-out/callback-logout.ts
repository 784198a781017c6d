import { openStore } from '../../storage/open-store.ts'
import { findEndedSession } from './ended-session.ts'
import { removeSession } from './front-channel-logout.ts'

/** Front-channel logout on a page without a client: the cache is found by its name alone. */
export async function logOut(href: string, cacheName: string): Promise<void> {
  const session = findEndedSession(href)
  if (!session) return
  const store = await openStore({ location: 'indexeddb', name: cacheName }, () => undefined)
  await removeSession(session, { store, cacheName })
  store.close()
}

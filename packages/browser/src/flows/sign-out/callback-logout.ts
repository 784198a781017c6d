import { openStore } from '../../storage/open-store.ts'
import { findEndedSession } from './ended-session.ts'
import { removeSession } from './front-channel-logout.ts'

/** Handles front-channel logout on a page without a client. Only the name of the cache is known. */
export async function logOut(href: string, cacheName: string): Promise<void> {
  const session = findEndedSession(href)
  if (!session) return
  const store = await openStore({ location: 'indexeddb', name: cacheName }, () => undefined)
  await removeSession(session, { store, cacheName })
  store.close()
}

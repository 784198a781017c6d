import { type TokenState, type WatchedToken, watchToken } from '@carnet/browser/component'
import { type ClientInput, createSource, type Snapshot } from '@carnet/browser/snapshot'
import { type Readable, readable } from 'svelte/store'

/** Returns the session of the page as a store, for Svelte 4 and for modules outside of components. */
export function authStore(client: ClientInput): Readable<Snapshot> {
  const source = createSource(client)
  return readable(source.snapshot(), (set) => {
    const update = () => set(source.snapshot())
    update()
    return source.subscribe(update)
  })
}

/** Returns a token and the reason why there is none as a store. It acquires the token while it has subscribers. */
export function tokenStore(client: ClientInput, request: WatchedToken): Readable<TokenState> {
  return readable<TokenState>({}, (set) => {
    // A token of earlier subscribers may belong to another account.
    set({})
    return watchToken(client, request, set)
  })
}

import { type TokenState, type WatchedToken, watchToken } from '@carnet/browser/component'
import {
  type ClientInput,
  createSource,
  type Snapshot,
  type Source,
} from '@carnet/browser/snapshot'
import { createSubscriber } from 'svelte/reactivity'

/** The only module that knows the reactivity of Svelte 5. It needs no runes, so no compiler. */

const readers = new WeakMap<Source, () => Snapshot>()

/** Returns a function that reads the snapshot. An effect that calls it runs again when the snapshot changes. */
export function snapshotReader(client: ClientInput): () => Snapshot {
  const source = createSource(client)
  const known = readers.get(source)
  if (known) return known
  const follow = createSubscriber((update) => source.subscribe(update))
  const read = () => {
    follow()
    return source.snapshot()
  }
  readers.set(source, read)
  return read
}

/** Returns a function that reads the state of a token. The first effect that calls it acquires the token. */
export function tokenReader(client: ClientInput, request: WatchedToken): () => TokenState {
  let state: TokenState = {}
  const follow = createSubscriber((update) =>
    watchToken(client, request, (next) => {
      state = next
      update()
    }),
  )
  return () => {
    follow()
    return state
  }
}

import {
  type ClientInput,
  createSource,
  type Snapshot,
  type Source,
} from '@carnet/browser/snapshot'
import { getContext, setContext } from 'svelte'
import { trackedReader } from './reactive.ts'

// Several copies of the package on a page share the key.
const KEY = Symbol.for('@carnet/svelte')

export interface Provided {
  readonly client: ClientInput
  readonly source: Source
  /** Returns the snapshot. An effect that calls it runs again when the snapshot changes. */
  readonly read: () => Snapshot
}

/**
 * Gives a client to a component and all components in it. Call it while the component is created.
 *
 * @param client The client, or the promise of `createAuthClient`: created once, outside the components. `undefined` on a server.
 */
export function provideAuth(client: ClientInput): void {
  const source = createSource(client)
  const read = trackedReader(source.subscribe, source.snapshot)
  setContext<Provided>(KEY, { client, source, read })
}

/** Returns the client of the component. Call it while a component is created. */
export function provided(): Provided {
  const found = getContext<Provided | undefined>(KEY)
  if (!found) throw new Error('There is no client: call provideAuth(client) first.')
  return found
}

import type { ClientInput } from '@carnet/browser/snapshot'
import { getContext, hasContext, setContext } from 'svelte'

// Several copies of the package on a page share the key.
const KEY = Symbol.for('@carnet/svelte')

/**
 * Gives a client to a component and all components in it. Call it while the component is created.
 *
 * @param client The client, or the promise of `createAuthClient`: created once, outside the components. `undefined` on a server.
 */
export function provideAuth(client: ClientInput): void {
  setContext(KEY, { client })
}

/** Returns the client of the component. Call it while a component is created. */
export function providedClient(): ClientInput {
  if (!hasContext(KEY)) throw new Error('There is no client: call provideAuth(client) first.')
  return getContext<{ client: ClientInput }>(KEY).client
}

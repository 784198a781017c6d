import type { AuthClient } from '../api/auth-client.ts'
import { type ClientInput, createSource } from './snapshot.ts'

/**
 * Creates an `auth.fetch` whose calls end with a component. It waits for a client that is starting. A call that has ended
 * rejects with the reason of the signal, as `fetch` does.
 *
 * @param signal Aborts when the component ends. It counts besides the signal of a call.
 */
export function boundFetch(client: ClientInput, signal: AbortSignal): AuthClient['fetch'] {
  return async (input, init) => {
    const own = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    const auth = await createSource(client).ready
    return auth.fetch(input, { ...init, signal: own ? AbortSignal.any([own, signal]) : signal })
  }
}

import type { AuthClient } from '../api/auth-client.ts'
import { until } from '../platform/until.ts'
import { type ClientInput, createSource } from './snapshot.ts'

/**
 * Creates an `auth.fetch` whose calls end with a component. It waits for a client that is starting. A call that has ended
 * rejects with the reason of the signal, as `fetch` does, also while it waits.
 *
 * @param signal Aborts when the component ends. It counts besides the signal of a call.
 */
export function boundFetch(client: ClientInput, signal: AbortSignal): AuthClient['fetch'] {
  return async (input, init) => {
    const own = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    const ending = own ? AbortSignal.any([own, signal]) : signal
    ending.throwIfAborted()
    const source = createSource(client)
    const auth = source.client ?? (await until(ending, source.ready))
    return auth.fetch(input, { ...init, signal: ending })
  }
}

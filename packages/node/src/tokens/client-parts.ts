import { AuthError } from '@carnet/core'
import type { Runtime } from '../context/runtime.ts'
import type { Acquire } from './acquire.ts'
import type { createApiCalls } from './api-calls.ts'
import type { Queries } from './queries.ts'
import type { createSessionRenewals } from './session-renewals.ts'
import type { createSignedInUsers } from './signed-in-users.ts'

/** The parts of a client that the entries besides its own methods use. */
export interface ClientParts {
  readonly kind: 'public' | 'confidential'
  readonly runtime: Runtime
  readonly acquire: Acquire
  readonly queries: Queries
  readonly users: ReturnType<typeof createSignedInUsers>
  readonly renewals: ReturnType<typeof createSessionRenewals>
  readonly apis: ReturnType<typeof createApiCalls>
}

const parts = new WeakMap<object, ClientParts>()

/** Keeps the parts of a client. */
export function keepParts<Client extends object>(client: Client, own: ClientParts): Client {
  parts.set(client, own)
  return client
}

/**
 * The parts of a client.
 *
 * @throws AuthError `invalid_request` if the object is no client of the kind.
 */
export function partsOf(client: object, kind: ClientParts['kind']): ClientParts {
  const own = parts.get(client)
  if (own?.kind === kind) return own
  const creator = kind === 'public' ? 'createPublicClient' : 'createConfidentialClient'
  throw new AuthError('invalid_request', `This needs a client of \`${creator}\`.`)
}

import type * as oauth from 'oauth4webapi'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'

/** The parts of a request that a client authentication may add to. */
export interface RequestToAuthenticate {
  readonly body: URLSearchParams
  readonly headers: Headers
  readonly metadata: ProviderMetadata
}

/**
 * Adds the credential of a confidential client to a request (RFC 6749 section 2.3, RFC 7523).
 *
 * @throws AuthError if the credential cannot be used.
 */
export type ClientAuthentication = (request: RequestToAuthenticate) => void | Promise<void>

/** A shorter text is part of common words: to remove it would make an error unreadable. */
const SHORTEST_SECRET = 6

/** Adds a fresh credential to a request, as it was added to an earlier one. */
export type AddCredential = (body: URLSearchParams, headers: Headers) => Promise<void>

const added = new WeakMap<object, AddCredential>()

/** Finds the function that added the credential to the body of a request; `undefined` for a request of a public client. */
export const credentialOf = (body: unknown): AddCredential | undefined =>
  body instanceof URLSearchParams ? added.get(body) : undefined

/**
 * The authentication in the form of `oauth4webapi`.
 *
 * @param secrets Receives the proofs, so that no error quotes them.
 */
export const clientAuthOf =
  (
    authenticate: ClientAuthentication,
    metadata: ProviderMetadata,
    secrets: string[],
  ): oauth.ClientAuth =>
  async (_server, { client_id }, body, headers) => {
    const add: AddCredential = async (form, to) => {
      form.set('client_id', client_id)
      await authenticate({ body: form, headers: to, metadata })
      const proofs = [form.get('client_secret') ?? '', form.get('client_assertion') ?? '']
      secrets.push(...proofs.filter(({ length }) => length >= SHORTEST_SECRET))
    }
    added.set(body, add)
    await add(body, headers)
  }

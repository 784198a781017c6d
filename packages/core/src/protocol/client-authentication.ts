import type * as oauth from 'oauth4webapi'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'

/** The parts of a request that a client authentication may add to. */
export interface RequestToAuthenticate {
  readonly body: URLSearchParams
  readonly headers: Headers
  readonly metadata: ProviderMetadata
}

/** Adds a fresh credential to a request, as it was added to an earlier one. */
export type AddCredential = (body: URLSearchParams, headers: Headers) => Promise<void>

/**
 * Adds the credential of a confidential client to a request (RFC 6749 section 2.3, RFC 7523).
 *
 * @throws AuthError if the credential cannot be used.
 */
export type ClientAuthentication = ((request: RequestToAuthenticate) => void | Promise<void>) & {
  /** Receives the function that adds a fresh credential, before the credential of the first request is added. */
  remember?: ((body: URLSearchParams, add: AddCredential) => void) | undefined
}

/** A shorter text is part of common words: to remove it would make an error unreadable. */
const SHORTEST_SECRET = 6

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
    authenticate.remember?.(body, add)
    await add(body, headers)
  }

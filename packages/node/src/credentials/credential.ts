import type { ProviderDialect, RequestToAuthenticate } from '@carnet/core/services'
import type { AssertionAlgorithm } from './client-assertion.ts'

/** A token request that needs a credential. */
export interface CredentialRequest extends RequestToAuthenticate {
  readonly clientId: string
  readonly dialect: Pick<ProviderDialect, 'name'>
  /** The time by the clock of the provider, as far as it is known, in milliseconds since the epoch. */
  readonly nowMs: number
}

/** Proves the identity of the app. Create it with `clientSecret`, `certificate`, `privateKey`, `federated` or `tlsCertificate`. */
export interface Credential {
  /** Names the kind in logs: `secret`, `certificate`, `key`, `federated`, `tls`. */
  readonly kind: string
  /** The algorithm of the assertions that the app signs. */
  readonly algorithm?: AssertionAlgorithm | undefined
  /** For a proof in the TLS handshake: the function that sends token requests, and the thumbprint of the certificate. */
  readonly tls?: { readonly fetch: typeof fetch; readonly thumbprint: string } | undefined
  /**
   * Adds the proof to the request.
   *
   * @throws AuthError `credential_unusable`
   */
  authenticate(request: CredentialRequest): void | Promise<void>
  /** Called after the provider refused the proof, so that it is not used again. */
  refused?(): void
}

import type { ProviderDialect, RequestToAuthenticate } from '@carnet/core/services'

/** A token request that needs a credential. */
export interface CredentialRequest extends RequestToAuthenticate {
  readonly clientId: string
  readonly dialect: Pick<ProviderDialect, 'name'>
  /** The time by the clock of the provider, as far as it is known, in milliseconds since the epoch. */
  readonly nowMs: number
}

/** Proves the identity of the app in a token request. Create one with `clientSecret`, `certificate`, `privateKey` or `federated`. */
export interface Credential {
  /** Names the kind in logs: `secret`, `certificate`, `key`, `federated`. */
  readonly kind: string
  /**
   * Adds the proof to the request.
   *
   * @throws AuthError `credential_unusable`
   */
  authenticate(request: CredentialRequest): void | Promise<void>
  /** Called after the provider refused the proof, so that it is not used again. */
  refused?(): void
}

import type { ServiceRequest } from './requests.ts'

/** An authorization request (RFC 6749 section 4.1, OpenID Connect Core section 3.1). */
export interface AuthorizationRequest extends Omit<ServiceRequest, 'forceRefresh'> {
  /** The absolute URL that receives the response. It must be registered at the provider. */
  readonly redirectUri: string
  /** `login`, `consent`, `select_account`, `none` or `create` (OpenID Connect Core section 3.1.2.1). */
  readonly prompt?: string | undefined
  readonly loginHint?: string | undefined
  readonly domainHint?: string | undefined
  /** The greatest age of the sign-in at the provider, in milliseconds. An older one is refused. */
  readonly maxAgeMs?: number | undefined
  /** Further parameters of the authorization request, by their wire names. Parameters of the protocol are refused. */
  readonly extraParameters?: Readonly<Record<string, string>> | undefined
  /** Pushes the request (RFC 9126). Default: only if the provider requires it. */
  readonly pushed?: boolean | undefined
}

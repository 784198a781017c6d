import type { AuthorityProfile, LogLevel, RecordStore } from '@carnet/core'
import type { Keyring } from '../cache/keyring.ts'
import type { Credential } from '../credentials/credential.ts'
import type { SharedStore } from '../stores/shared-store.ts'
import type { DpopOptions } from './api-calls.ts'

/** The options of `createConfidentialClient`. `clientId`, `authority` and `credential` are required. */
export interface ConfidentialClientOptions {
  /** The client id of the app at the provider (RFC 6749 section 2.2). */
  clientId: string
  /**
   * The issuer: an https URL, or http on this machine. It must equal the `issuer` of the discovery document, except for a slash
   * at the end. On Entra: `https://login.microsoftonline.com/<tenant id or domain>`. Tokens for the app need a tenant.
   */
  authority: string
  /** How the app proves its identity. Of several credentials, the next is used when the provider refuses one. */
  credential: Credential | readonly Credential[]
  /**
   * The dialect of the authority: `entra` for Microsoft Entra ID, `auth0` for Auth0, `oidc` for all other providers. Default
   * `auto`: detected by the host.
   */
  authorityProfile?: 'auto' | AuthorityProfile | undefined
  /**
   * `fapi2`: the FAPI 2.0 Security Profile. Requests are pushed, and responses name their issuer (RFC 9207). `tlsCertificate`
   * authenticates the app, and tokens are bound to its certificate (RFC 8705); or `certificate` or `privateKey` does, and tokens
   * are bound to a key (`dpop`). Signatures are PS256, ES256 or EdDSA. Anything weaker is refused. Default: none.
   */
  security?: 'fapi2' | undefined
  /**
   * Binds tokens to a key (RFC 9449), so that a stolen token is useless without it. A provider that answers with a bearer token is
   * refused. Call APIs with `fetch` or `authorize` of the client. Default: true for `security: 'fapi2'` with `certificate` or
   * `privateKey`, else false.
   */
  dpop?: boolean | DpopOptions | undefined
  cache?: ServiceCacheOptions | undefined
  /** Client capabilities for Entra, sent with each request: `cp1` for claims challenges. Default: none. */
  clientCapabilities?: readonly string[] | undefined
  /**
   * Members of the discovery document (OpenID Connect Discovery 1.0 section 3), if the document cannot be read. With `issuer`,
   * `authorization_endpoint` and `token_endpoint`, Carnet makes no discovery request. Default: none.
   */
  metadata?: Readonly<Record<string, unknown>> | undefined
  /** The timeout of a request to the provider, including the body, in milliseconds. Default 10 000. */
  requestTimeoutMs?: number | undefined
  /** Receives log lines: names and codes, never a secret. */
  logger?: ((entry: { readonly level: LogLevel; readonly message: string }) => void) | undefined
  /** Replaces the global `fetch` in requests to the provider. */
  fetch?: typeof fetch | undefined
  /** Replaces `Date`. */
  clock?: { now(): number } | undefined
}

export interface ServiceCacheOptions {
  /**
   * The store behind the memory of this process: `redisStore`, `fileStore`, `blobStore` or the app's own. Its values are sealed,
   * so it needs `keys`. Default: none, tokens end with the process.
   */
  store?: RecordStore | SharedStore | undefined
  /** The keys that seal the values of `store`; see `keyring`. */
  keys?: Keyring | undefined
  memory?: MemoryOptions | undefined
  /** The longest wait for one operation of `store`, in milliseconds. Then memory serves alone. Default 1 000. */
  storeTimeoutMs?: number | undefined
}

export interface MemoryOptions {
  /** The most that tokens in memory take, in bytes. The least recently used tokens go first. Default 64 MiB. */
  maxBytes?: number | undefined
}

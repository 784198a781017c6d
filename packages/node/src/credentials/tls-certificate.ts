import { createHash, type KeyObject } from 'node:crypto'
import { AuthError } from '@carnet/core'
import { assertValid, readCertificate } from './certificate.ts'
import type { Credential } from './credential.ts'
import { readPrivateKey } from './signing-key.ts'
import { createTlsFetch } from './tls-fetch.ts'

/** The options of `tlsCertificate`. */
export interface TlsCertificateOptions {
  /** The certificate in PEM. Further certificates of its chain may follow. */
  readonly cert: string
  /** The private key: PEM, or a `KeyObject`. Required without `fetch`. */
  readonly key?: string | KeyObject | undefined
  readonly passphrase?: string | undefined
  /** The authorities, in PEM, that sign the certificate of the provider. Default: the authorities that Node trusts. */
  readonly ca?: string | undefined
  /** The app's own `fetch` that presents the certificate: with a key in an HSM, or through a proxy. */
  readonly fetch?: typeof fetch | undefined
}

/** A credential in the TLS handshake. */
export interface TlsCredential extends Credential {
  /**
   * Sends a request with the certificate. An API needs it for an access token that is bound to the certificate (RFC 8705
   * section 3). It follows no redirect.
   */
  readonly fetch: typeof fetch
}

/**
 * A certificate in the TLS handshake: `tls_client_auth` and `self_signed_tls_client_auth` (RFC 8705 section 2). Token requests
 * go to the `mtls_endpoint_aliases` of the provider, if it has any. Tokens in the cache belong to the certificate: another
 * certificate gets new ones.
 *
 * @throws AuthError `credential_unusable` if the certificate or the key is malformed, or they do not belong together.
 */
export function tlsCertificate(options: TlsCertificateOptions): TlsCredential {
  const { cert, key, passphrase, ca } = options
  const own = readCertificate(cert, key === undefined ? undefined : readPrivateKey(key, passphrase))
  const send = options.fetch ?? createTlsFetch({ cert, key: pemOf(key, passphrase), ca })
  const thumbprint = createHash('sha256').update(own.raw).digest('base64url')
  return {
    kind: 'tls',
    fetch: send,
    tls: { fetch: send, thumbprint },
    authenticate({ metadata, nowMs }) {
      assertValid(own, nowMs)
      if (metadata.token_endpoint.startsWith('https:')) return
      throw new AuthError(
        'credential_unusable',
        'A certificate in the TLS handshake needs a token endpoint with https.',
      )
    },
  }
}

function pemOf(key: string | KeyObject | undefined, passphrase: string | undefined): string {
  if (key === undefined)
    throw new AuthError('credential_unusable', '`tlsCertificate` needs `key` or `fetch`.')
  const pem = readPrivateKey(key, passphrase).export({ type: 'pkcs8', format: 'pem' })
  return pem.toString()
}

import { AuthError } from '@carnet/core'
import type { Credential } from './credential.ts'

/** How a secret is sent: in the `Authorization` header, or in the body (RFC 6749 section 2.3.1). */
export type SecretMethod = 'basic' | 'post'

/**
 * A client secret.
 *
 * @param method Default: `post` on Entra; else `basic`, unless the provider lists `client_secret_post` only.
 * @throws AuthError `invalid_options` for an empty secret.
 */
export function clientSecret(secret: string, method?: SecretMethod): Credential {
  if (typeof secret !== 'string' || secret === '')
    throw new AuthError('invalid_options', '`clientSecret` needs a text that is not empty.')
  return {
    kind: 'secret',
    authenticate({ body, headers, metadata, clientId, dialect }) {
      const listed = metadata.token_endpoint_auth_methods_supported
      const isOnlyPost =
        listed?.includes('client_secret_post') && !listed.includes('client_secret_basic')
      if ((method ?? (dialect.name === 'entra' || isOnlyPost ? 'post' : 'basic')) === 'post') {
        body.set('client_secret', secret)
        return
      }
      const pair = `${inForm(clientId)}:${inForm(secret)}`
      headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
      body.delete('client_id')
    },
  }
}

/** RFC 6749 section 2.3.1 encodes both parts as in a form. */
const inForm = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)

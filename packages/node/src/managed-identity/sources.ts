import { AuthError } from '@carnet/core'

/** The options of `managedIdentity`. Without an id, the identity is that of the system. */
export interface ManagedIdentityOptions {
  /** The client id of an identity that a user assigned to the machine. */
  readonly clientId?: string | undefined
  /** The object id of such an identity. */
  readonly objectId?: string | undefined
  /** The resource id of such an identity. */
  readonly resourceId?: string | undefined
  /** The environment. App Service sets `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof fetch | undefined
  /** Replaces `Date`. */
  readonly clock?: { now(): number } | undefined
  /** The timeout of a request after the first one, in milliseconds. The first request is a probe of one second. Default 10 000. */
  readonly requestTimeoutMs?: number | undefined
  /** The first pause before another attempt, in milliseconds. It doubles; after 410 it is 12.5 times as long. Default 800. */
  readonly retryMs?: number | undefined
}

/** A place that gives the tokens of the machine. */
export interface IdentitySource {
  urlFor(resource: string): string
  headers(): Record<string, string>
  /** True for a status that passes by itself. */
  passes(status: number): boolean
  /** True if a machine without the source does not answer. */
  readonly isProbed: boolean
}

const IMDS = 'http://169.254.169.254/metadata/identity/oauth2/token'

/** Chooses the source by the environment. @throws AuthError `invalid_options` */
export function sourceOf(options: ManagedIdentityOptions): IdentitySource {
  const { clientId, objectId, resourceId, env = process.env } = options
  const ids = [clientId, objectId, resourceId].filter((id) => id !== undefined)
  if (ids.length > 1 || ids.some((id) => typeof id !== 'string' || id === ''))
    throw new AuthError('invalid_options', 'A managed identity has one id at most, as a text.')
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: secret } = env
  const isAppService = endpoint !== undefined && secret !== undefined
  const url = (base: string, fields: Readonly<Record<string, string | undefined>>): string => {
    const target = new URL(base)
    for (const [name, value] of Object.entries(fields))
      if (value !== undefined) target.searchParams.set(name, value)
    return target.href
  }
  if (isAppService)
    return {
      urlFor: (resource) =>
        url(endpoint, {
          'api-version': '2019-08-01',
          resource,
          client_id: clientId,
          principal_id: objectId,
          mi_res_id: resourceId,
        }),
      headers: () => ({ 'X-IDENTITY-HEADER': secret, accept: 'application/json' }),
      passes: (status) => [408, 429].includes(status) || status >= 500,
      isProbed: false,
    }
  return {
    urlFor: (resource) =>
      url(IMDS, {
        'api-version': '2018-02-01',
        resource,
        client_id: clientId,
        object_id: objectId,
        msi_res_id: resourceId,
      }),
    headers: () => ({ Metadata: 'true', accept: 'application/json' }),
    // The service says 404 and 410 while it starts.
    passes: (status) => [404, 408, 410, 429].includes(status) || status >= 500,
    isProbed: true,
  }
}

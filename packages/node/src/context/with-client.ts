import type { ProviderMetadata } from '@carnet/core/network'
import type { ClientAuthentication, Http, ProtocolDeps } from '@carnet/core/services'
import type { createCredentialsInTurn } from '../credentials/in-turn.ts'
import type { ServiceDpop } from '../dpop/service-dpop.ts'
import type { Config } from './config.ts'
import { assertFapi } from './fapi.ts'

/** How a request of the protocol proves a key (RFC 9449). */
export interface ProofOptions {
  /** The thumbprint of the key. If the client no longer has it, the current key takes its place. Default: the current key. */
  readonly jkt?: string | undefined
  /** False: the request has no proof. Default true, if the client uses DPoP. */
  readonly isProven?: boolean | undefined
}

/** Runs a request of the protocol with a credential of the app. */
export type WithClient = <T>(
  work: (deps: ProtocolDeps, authenticate: ClientAuthentication) => Promise<T>,
  how?: ProofOptions,
) => Promise<T>

interface WithClientDeps {
  readonly config: Pick<Config, 'isFapi' | 'dpop' | 'credentials'>
  readonly dpop: ServiceDpop | undefined
  readonly metadata: () => Promise<ProviderMetadata>
  readonly withCredential: ReturnType<typeof createCredentialsInTurn>
  readonly depsOf: (metadata: ProviderMetadata) => ProtocolDeps
  /** Creates an `Http` that sends by another `fetch`. */
  readonly httpBy: (send: Config['fetch']) => Http
}

/** Creates the function that runs requests with the credentials of a client, and with proofs of its key. */
export function createWithClient({
  config,
  dpop,
  metadata: read,
  withCredential,
  depsOf,
  httpBy,
}: WithClientDeps): WithClient {
  return async (work, { jkt, isProven = true } = {}) => {
    const metadata = await read()
    if (config.isFapi) assertFapi(metadata, config)
    const found = isProven && jkt !== undefined ? await dpop?.find(jkt) : undefined
    const key = isProven ? (found ?? (await dpop?.current(metadata))) : undefined
    return withCredential((prove, { tls }) => {
      const authenticate: ClientAuthentication = (request) => prove(request)
      if (dpop) authenticate.remember = dpop.remember
      const plain = depsOf(tls ? withTlsAliases(metadata) : metadata)
      const deps = tls ? { ...plain, http: httpBy(tls.fetch) } : plain
      const binding = key && dpop?.bind(key, deps.http)
      return work(binding ? { ...deps, http: binding.http, binding } : deps, authenticate)
    })
  }
}

/** The metadata with the endpoints for clients with a certificate (RFC 8705 section 5). */
const withTlsAliases = (metadata: ProviderMetadata): ProviderMetadata => {
  const { mtls_endpoint_aliases: aliases = {} } = metadata
  const { token_endpoint, pushed_authorization_request_endpoint: pushed } = aliases
  return {
    ...metadata,
    ...(token_endpoint !== undefined && { token_endpoint }),
    ...(pushed !== undefined && { pushed_authorization_request_endpoint: pushed }),
  }
}

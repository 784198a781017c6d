import { createAccessCheck } from '../apis/access-check.ts'
import { createApis } from '../apis/middleware.ts'
import { createResourceMetadata } from '../apis/resource-metadata.ts'
import type { Control } from '../control/control.ts'
import { createControl } from '../control/create-control.ts'
import { createControlEndpoint } from '../control/http.ts'
import { corsForClients, createCors } from '../front/cors.ts'
import { createFrontDoor } from '../front/front-door.ts'
import { createInteractions } from '../interactions/middleware.ts'
import { endpointOf } from '../model/endpoints.ts'
import type { Client, IdentityProviderOptions, WantedToken } from '../model/options.ts'
import { createAnswerChanges } from '../oidc/change-answers.ts'
import { createProvider } from '../oidc/create-provider.ts'
import { createFormChanges } from '../oidc/form-changes.ts'
import { createOneAtATime } from '../oidc/one-at-a-time.ts'
import { createProofRules } from '../oidc/proof-rules.ts'
import { createSigningKeys } from '../oidc/signing-keys.ts'
import { registerTokenExchange } from '../oidc/token-exchange.ts'
import { createAccessTokenFor } from '../oidc/user-tokens.ts'
import { makeCertificate } from '../server/certificate.ts'
import { startOtherOrigin } from '../server/other-origin.ts'
import { listen } from '../server/server.ts'
import { createState } from '../state/state.ts'

export interface IdentityProvider {
  /** `http://127.0.0.1:<port>`, or https with `tls`. It is cross-site to an app on `localhost`. */
  readonly issuer: string
  readonly port: number
  /** An origin that counts the headers that arrive there (`control.otherOrigin`). `/api/redirect/*` redirects to it. */
  readonly otherOrigin: string
  readonly control: Control
  /** Adds a client, or replaces the client with the same id. */
  addClient(client: Client): void
  /**
   * Issues an access token for a user without pages, for tests of APIs and services.
   *
   * @throws If the user or the client is unknown.
   */
  accessTokenFor(username: string, wanted?: WantedToken): Promise<string>
  /** Stops the server and closes all connections. */
  close(): Promise<void>
}

/**
 * Starts an OpenID Provider with two APIs on 127.0.0.1. Several providers can run in one process.
 *
 * @throws If the port is in use, or an option is invalid.
 */
export async function startIdentityProvider(
  options: IdentityProviderOptions = {},
): Promise<IdentityProvider> {
  const state = createState(options)
  const { port = 0, tls = false } = options
  const asksClients = state.isMutualTls
  const certificate = tls ? { ...(await makeCertificate()), asksClients } : undefined
  const [server, other, keys] = await Promise.all([
    listen(port, certificate),
    startOtherOrigin(state.otherOrigin, certificate),
    createSigningKeys(),
  ])
  const issuer = `${tls ? 'https' : 'http'}://127.0.0.1:${server.port}`
  const otherOrigin = `${tls ? 'https' : 'http'}://127.0.0.1:${other.port}`
  const lifetime = new AbortController()
  const control = createControl(state)

  const provider = createProvider(issuer, keys, state)
  registerTokenExchange(provider, keys, state)
  provider.use(createCors(state))
  provider.use(createOneAtATime('/token'))
  provider.use(createAnswerChanges(keys, state))
  provider.use(createInteractions(provider, state))
  provider.use(createResourceMetadata(issuer, state.settings))
  provider.use(createApis(issuer, otherOrigin, createAccessCheck(issuer, keys, state), state))

  server.serve(
    createFrontDoor({
      state,
      control: createControlEndpoint(control),
      provider: provider.callback(),
      endpointOf,
      corsHeaders: corsForClients(state),
      changeForm: createFormChanges(state.settings),
      prepare: createProofRules(state),
      signal: lifetime.signal,
    }),
  )

  return {
    issuer,
    port: server.port,
    otherOrigin,
    control,
    addClient: state.clients.add,
    accessTokenFor: createAccessTokenFor(provider, state, options.clients?.[0]?.clientId),
    async close() {
      lifetime.abort()
      state.faults.clear('drop')
      await Promise.all([server.close(), other.close()])
    },
  }
}

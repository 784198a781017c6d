import { createControlEndpoint } from '../control/http.ts'
import { createFrontDoor } from '../front/front-door.ts'
import { createSigningKeys } from '../oidc/signing-keys.ts'
import type { IdentityProvider } from '../provider/identity-provider.ts'
import { makeCertificate } from '../server/certificate.ts'
import { startOtherOrigin } from '../server/other-origin.ts'
import { listen } from '../server/server.ts'
import { createState } from '../state/state.ts'
import { createEntraControl } from './control.ts'
import { createDirectory } from './directory/directory.ts'
import { defaultEntraUsers, type EntraProviderOptions } from './directory/options.ts'
import { issuerOf, type Tenant, tenants } from './directory/tenants.ts'
import { entraEndpointOf } from './http/endpoints.ts'
import { anyOrigin, createRoutes } from './routes.ts'
import { API_APP_ID } from './scopes/resources.ts'
import { createCodes } from './state/codes.ts'
import { createDeviceCodes } from './state/device-codes.ts'
import type { Entra } from './state/entra.ts'
import { createFederation } from './state/federation.ts'
import { createRefreshTokens } from './state/refresh-tokens.ts'
import { createSessions } from './state/sessions.ts'
import { createTurns } from './state/turns.ts'
import { createUsedAssertions } from './state/used-assertions.ts'
import { createAccessTokenFor } from './token/access-token-for.ts'

export interface EntraProvider extends IdentityProvider {
  /** `http://127.0.0.1:<port>`, or https with `tls`. */
  readonly origin: string
  readonly tenants: { readonly home: Tenant; readonly guest: Tenant }
  /** The base URL of the Graph-like API: `<origin>/graph/v1.0` */
  readonly graph: string
  /** The resource of the scopes `api.read` and `api.write`. It has no endpoints. */
  readonly api: string
  /** `<origin>/<tenant>`. @param tenant `home`, `guest`, or a tenant id, domain or alias. */
  authority(tenant: string): string
}

/**
 * Starts a provider that behaves like Microsoft Entra ID, on 127.0.0.1.
 *
 * The `issuer` is the issuer of the home tenant.
 *
 * @throws If the port is in use, or an option is invalid.
 */
export async function startEntraProvider(
  options: EntraProviderOptions = {},
): Promise<EntraProvider> {
  const { port = 0, settings, tls = false, users = defaultEntraUsers } = options
  const state = createState({
    ...options,
    users,
    settings: { refreshTokens: 'offline_access', ...settings },
  })
  const certificate = tls ? await makeCertificate() : undefined
  const [server, other, keys] = await Promise.all([
    listen(port, certificate),
    startOtherOrigin(state.otherOrigin, certificate),
    createSigningKeys(),
  ])
  const origin = `${tls ? 'https' : 'http'}://127.0.0.1:${server.port}`
  const lifetime = new AbortController()
  const usedAssertions = createUsedAssertions()
  const entra: Entra = {
    origin,
    keys,
    state,
    directory: createDirectory(users),
    sessions: createSessions(),
    turns: createTurns(),
    codes: createCodes(),
    deviceCodes: createDeviceCodes(),
    refreshTokens: createRefreshTokens(),
    usedAssertions,
    federation: options.federation && createFederation(options.federation, usedAssertions),
  }
  const control = createEntraControl(entra)

  server.serve(
    createFrontDoor({
      state,
      control: createControlEndpoint(control),
      provider: createRoutes(entra),
      endpointOf: entraEndpointOf,
      corsHeaders: anyOrigin,
      signal: lifetime.signal,
    }),
  )

  return {
    issuer: issuerOf(origin, tenants.home.id),
    port: server.port,
    otherOrigin: `${tls ? 'https' : 'http'}://127.0.0.1:${other.port}`,
    control,
    addClient: state.clients.add,
    accessTokenFor: createAccessTokenFor(entra, options.clients?.[0]?.clientId),
    origin,
    tenants,
    graph: `${origin}/graph/v1.0`,
    api: `api://${API_APP_ID}`,
    authority(tenant) {
      const own = tenant === 'home' || tenant === 'guest' ? tenants[tenant].id : tenant
      return `${origin}/${own}`
    },
    async close() {
      lifetime.abort()
      state.faults.clear('drop')
      await Promise.all([server.close(), other.close()])
    },
  }
}

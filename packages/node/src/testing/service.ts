import {
  createClientCertificate,
  type EntraProvider,
  type IdentityProvider,
  startEntraProvider,
  startIdentityProvider,
} from '@carnet/idp'
import type { ConfidentialClientOptions } from '../api/options.ts'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { clientSecret } from '../credentials/client-secret.ts'

/** The client id of the API that acts on behalf of users: the id of the embedded API. */
export const API = '33333333-aaaa-4aaa-8aaa-000000000003'
export const SECRET = 's3cret-of-the-service'
export const GRAPH = 'https://graph.microsoft.com/.default'
const spa = { clientId: 'spa', redirectUris: ['http://localhost:5173/'] }

/** An Entra-like provider and a service. */
export async function startEntraService(settings = {}) {
  const certificate = await createClientCertificate()
  const credentials = { secrets: [SECRET], certificates: [certificate.cert] }
  const idp = await startEntraProvider({
    settings: { consent: 'skip', ...settings },
    clients: [spa, { clientId: API, redirectUris: [], credentials }],
  })
  return { idp, certificate, ...createClients(idp, idp.authority('home'), 'entra') }
}

/** A plain provider and a service. */
export async function startOidcService(settings = {}) {
  const idp = await startIdentityProvider({
    settings,
    clients: [spa, { clientId: API, redirectUris: [], credentials: { secrets: [SECRET] } }],
  })
  return { idp, ...createClients(idp, idp.issuer, 'oidc') }
}

function createClients(
  idp: EntraProvider | IdentityProvider,
  authority: string,
  authorityProfile: 'entra' | 'oidc',
) {
  const logged: string[] = []
  const options = {
    clientId: API,
    authority,
    authorityProfile,
    credential: clientSecret(SECRET),
    logger: ({ level, message }: { level: string; message: string }) =>
      void logged.push(`${level}: ${message}`),
  } as const
  return {
    authority,
    options,
    logged,
    create: (more: Partial<ConfidentialClientOptions> = {}) =>
      createConfidentialClient({ ...options, ...more }),
    /** The number of token requests since the last reset. */
    requests: async () => (await idp.control.stats()).counts.token,
  }
}

/** A clock that tests move. */
export function createTestClock() {
  let offsetMs = 0
  return {
    now: () => Date.now() + offsetMs,
    advance(ms: number): void {
      offsetMs += ms
    },
  }
}

import { createClientCertificate, startIdentityProvider } from '@carnet/idp'
import type { ConfidentialClientOptions } from '../api/options.ts'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { certificate } from '../credentials/certificate.ts'
import { CALLBACK, createAgent, request, WEB } from './web-app.ts'

/** A plain provider, and a web app with `private_key_jwt` whose tokens are bound to a key. */
export async function startBoundApp() {
  const own = await createClientCertificate()
  const idp = await startIdentityProvider({
    settings: { consent: 'skip', signInAs: 'alice' },
    clients: [
      {
        clientId: WEB,
        redirectUris: [CALLBACK],
        credentials: { certificates: [own.cert], method: 'private_key_jwt' },
      },
      { clientId: 'tool', redirectUris: ['http://127.0.0.1/callback'], isNative: true },
    ],
  })
  const create = (more: Partial<ConfidentialClientOptions> = {}) =>
    createConfidentialClient({
      clientId: WEB,
      authority: idp.issuer,
      credential: certificate(own),
      dpop: true,
      ...more,
    })

  /** Signs alice in, and returns the answer of the provider with the rest of the sign-in. */
  async function begun(app: Awaited<ReturnType<typeof create>>, more = {}) {
    const fields = { redirectUri: CALLBACK, scopes: BOUND_SCOPES, ...more }
    const { url, cookies } = await app.signIn.begin(fields)
    const answer = await createAgent({ origin: idp.issuer }).authorize(url)
    return { url, finish: (by = app) => by.signIn.finish(request(answer, cookies)) }
  }
  return {
    idp,
    certificate: own,
    create,
    begun,
    api: (name: string) => `${idp.issuer}/api/${name}`,
    requests: async () => (await idp.control.stats()).counts.token,
  }
}

export const BOUND_SCOPES = ['calendar.read']

/** The thumbprint of the key that a token is bound to. */
export const boundTo = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).cnf?.jkt

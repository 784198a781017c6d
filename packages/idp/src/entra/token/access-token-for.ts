import { randomUUID } from 'node:crypto'
import type { WantedToken } from '../../model/options.ts'
import { tenants } from '../directory/tenants.ts'
import { isRefusal } from '../errors/refusals.ts'
import { API_APP_ID } from '../scopes/resources.ts'
import { parseScope } from '../scopes/scopes.ts'
import type { Entra } from '../state/entra.ts'
import { issueTokens } from './issue-tokens.ts'

/** The operation `accessTokenFor` of the Entra-like provider: a user of the home tenant, or a guest there. */
export function createAccessTokenFor(entra: Entra, first = 'spa') {
  return async function accessTokenFor(username: string, wanted: WantedToken = {}) {
    const { clientId = first, scope = `api://${API_APP_ID}/api.read` } = wanted
    const client = entra.state.clients.find(clientId)
    const identity = entra.directory.identity(username, tenants.home)
    const request = parseScope(scope, tenants.home.name)
    if (!client || !identity || isRefusal(request) || !request.resources[0])
      throw new Error(`Unknown user, client or scope: ${username}, ${clientId}, ${scope}`)
    const response = await issueTokens(entra, {
      grant: {
        username,
        tenantId: tenants.home.id,
        clientId,
        sid: randomUUID(),
        signedInAtMs: Date.now(),
        factors: new Set(),
        scope,
      },
      identity,
      client,
      asked: request.resources[0],
      claims: { contexts: [], capabilities: [], notBefore: 0 },
      nonce: undefined,
      wantsIdToken: false,
      wantsClientInfo: false,
      refreshToken: undefined,
      proof: '0',
    })
    return String(response.access_token)
  }
}

import type { RequestListener } from 'node:http'
import type { CorsHeaders } from '../front/cors.ts'
import { answerFederation } from './answer-federation.ts'
import { authorize } from './authorization/authorize.ts'
import { interact } from './authorization/interaction.ts'
import { logOut } from './authorization/logout.ts'
import { askForUserCode } from './device/device-page.ts'
import { issueDeviceCode } from './device/issue-device-code.ts'
import { originAsked } from './directory/tenants.ts'
import { discover, discoverInstance, showKeys } from './discovery.ts'
import { answerUserRealm } from './federation/user-realm.ts'
import { createGraph } from './graph/graph.ts'
import { splitPath } from './http/endpoints.ts'
import { type Answer, type Call, json, readCall, send } from './http/http.ts'
import type { Entra } from './state/entra.ts'
import { answerToken } from './token/token.ts'

/** Maps each path to its handler. */
export function createRoutes(entra: Entra): RequestListener {
  const answerGraph = createGraph(entra)

  const route = async (own: Entra, call: Call): Promise<Answer> => {
    const { pathname } = call.url
    if (pathname.startsWith('/graph/')) return open(await answerGraph(call))
    const { rest, segment } = splitPath(pathname)
    if (segment === 'interaction') return interact(own, call, rest)
    if (segment === 'adfs') return answerFederation(own, call, rest)
    if (rest.toLowerCase().startsWith('userrealm/')) return answerUserRealm(own, call, rest)
    switch (rest) {
      case 'v2.0/.well-known/openid-configuration':
        return open(discover(own, call, segment))
      case 'discovery/instance':
        return open(discoverInstance(own, call))
      case 'discovery/v2.0/keys':
        return open(showKeys(own))
      case 'oauth2/v2.0/authorize':
        return authorize(own, call, segment)
      case 'oauth2/v2.0/token':
        return open(await answerToken(own, call, segment))
      case 'oauth2/v2.0/devicecode':
        return open(issueDeviceCode(own, call, segment))
      case 'oauth2/deviceauth':
        return askForUserCode(own, call)
      case 'oauth2/v2.0/logout':
      case 'oauth2/v2.0/logout/confirm':
        return logOut(own, call)
      default:
        return json(404, { error: 'not_found' })
    }
  }

  return (request, response) => {
    const origin = originAsked(entra.origin, request.headers.host)
    readCall(request, origin, entra.state.answerFaults.get(request))
      .then(async (call) => send(response, call, await route({ ...entra, origin }, call)))
      .catch((cause: unknown) => {
        response.writeHead(500).end(String(cause))
      })
  }
}

/** Lets scripts of any origin read all responses except pages. Tokens and codes protect the data. */
export const anyOrigin: CorsHeaders = () => ({
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'WWW-Authenticate, Retry-After, x-ms-request-id',
})

const open = (answer: Answer): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...anyOrigin(undefined) },
})

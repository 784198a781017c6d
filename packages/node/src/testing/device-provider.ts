import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Configuration, Provider } from 'oidc-provider'

/** The client id of the command-line tool. */
export const TOOL = 'tool'

/** A server on this machine. */
export async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const configuration: Configuration = {
  clients: [
    {
      client_id: TOOL,
      token_endpoint_auth_method: 'none',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  features: { deviceFlow: { enabled: true }, devInteractions: { enabled: false } },
  scopes: ['openid', 'offline_access', 'calendar.read'],
  claims: { openid: ['sub', 'preferred_username'], profile: [] },
  conformIdTokenClaims: false,
  ttl: { AccessToken: 600, DeviceCode: 60, Grant: 86_400, IdToken: 600, RefreshToken: 86_400 },
  issueRefreshToken: (_context, _client, code) => code.scopes.has('offline_access'),
  rotateRefreshToken: true,
  expiresWithSession: () => false,
  findAccount: (_context, sub) => ({
    accountId: sub,
    claims: () => ({ sub, preferred_username: `${sub}@example.com` }),
  }),
}

/** A real `oidc-provider` with the device code flow. `decide` is the user at the other device. */
export async function startDeviceProvider() {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end()
  const requests: { readonly path: string; readonly atMs: number }[] = []
  const { url, close } = await serve((request, response) => {
    requests.push({ path: request.url ?? '', atMs: performance.now() })
    return answer(request, response)
  })
  const provider = new Provider(url, configuration)
  answer = provider.callback()

  return {
    issuer: url,
    close,
    /** The times of the token requests, in milliseconds. */
    tokenRequestsAtMs: () =>
      requests.filter(({ path }) => path === '/token').map(({ atMs }) => atMs),
    /** Agrees for a user, or refuses. */
    async decide(userCode: string, user: string | 'refuse'): Promise<void> {
      const code = await provider.DeviceCode.findByUserCode(userCode.replace(/\W/g, ''))
      if (!code) throw new Error(`Unknown code ${userCode}`)
      if (user === 'refuse') {
        Object.assign(code, { error: 'access_denied', errorDescription: 'The user refused.' })
        await code.save()
        return
      }
      const scope = String(code.params?.scope)
      const grant = new provider.Grant({ accountId: user, clientId: TOOL })
      grant.addOIDCScope(scope)
      const decided = {
        accountId: user,
        grantId: await grant.save(),
        scope,
        authTime: Math.floor(Date.now() / 1000),
        claims: {},
        resource: [],
      }
      Object.assign(code, decided)
      await code.save()
    },
  }
}

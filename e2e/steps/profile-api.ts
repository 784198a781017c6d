import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readApiChallenge } from '@carnet/core/resources'
import type { EntraProvider } from '@carnet/idp'
import {
  type ConfidentialClient,
  clientSecret,
  createConfidentialClient,
  toChallenge,
} from '@carnet/node'
import { createRemoteJWKSet, jwtVerify } from 'jose'

/** The id and the secret of the API at the provider. */
export const API_CLIENT = {
  clientId: '33333333-aaaa-4aaa-8aaa-000000000003',
  redirectUris: [],
  credentials: { secrets: ['s3cret-of-the-api'] },
}

/** An API of the app that calls Graph on behalf of its user. It answers each call with the profile and the body. */
export async function startProfileApi(idp: EntraProvider) {
  const app = await createConfidentialClient({
    clientId: API_CLIENT.clientId,
    authority: idp.authority('home'),
    authorityProfile: 'entra',
    credential: clientSecret(API_CLIENT.credentials.secrets[0] ?? ''),
  })
  const keys = createRemoteJWKSet(new URL(`${idp.authority('home')}/discovery/v2.0/keys`))
  const audience = [API_CLIENT.clientId, `api://${API_CLIENT.clientId}`]
  /** The status of each call, preflights excepted. */
  const statuses: number[] = []

  const server = createServer(async (request, response) => {
    allowOrigin(request, response)
    if (request.method === 'OPTIONS') return response.writeHead(204).end()
    const answer = await answerTo(request, idp.graph, app, async (assertion) => {
      await jwtVerify(assertion, keys, { audience })
    })
    statuses.push(answer.status)
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/profile`,
    statuses,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Lets pages of all origins call the API. */
function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', headers.origin ?? '*')
  response.setHeader('access-control-allow-headers', 'authorization, content-type')
  response.setHeader('access-control-allow-methods', 'GET, POST')
}

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

async function answerTo(
  request: IncomingMessage,
  graph: string,
  app: ConfidentialClient,
  verify: (assertion: string) => Promise<void>,
): Promise<Answer> {
  let sent = ''
  for await (const chunk of request) sent += chunk
  const assertion = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
  try {
    await verify(assertion)
  } catch {
    return { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }
  }
  try {
    const me = await callGraph(app, assertion, `${graph}/me`)
    const profile = (await me.json()) as { displayName?: string }
    const body = JSON.stringify({ name: profile.displayName, sent })
    return { status: me.status, headers: { 'content-type': 'application/json' }, body }
  } catch (error) {
    const challenge = toChallenge(error)
    if (!challenge) throw error
    return challenge
  }
}

/** Calls Graph. If Graph sends a claims challenge, the API requests a token with the claims, and calls once more. */
async function callGraph(app: ConfidentialClient, assertion: string, url: string) {
  const send = async (claims?: string) => {
    const scopes = ['User.Read']
    const { accessToken } = await app.acquireTokenOnBehalfOf({ assertion, scopes, claims })
    return fetch(url, { headers: { authorization: `Bearer ${accessToken}` } })
  }
  const first = await send()
  const header = first.headers.get('www-authenticate')
  const { challenge } = readApiChallenge(first.status, header)
  return challenge?.kind === 'claims' ? send(challenge.claims) : first
}

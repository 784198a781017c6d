import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import {
  ConfidentialClientApplication,
  type Configuration,
  type INetworkModule,
} from '@azure/msal-node'
import type { EntraProvider } from '../entra/start-entra-provider.ts'

type Auth = Omit<Configuration['auth'], 'clientId' | 'authority'>

/** A real client of MSAL for Node at the Entra-like provider, which must serve https. */
export function createMsalClient(idp: EntraProvider, clientId: string, auth: Auth) {
  const { host } = new URL(idp.origin)
  return new ConfidentialClientApplication({
    auth: { ...auth, clientId, authority: idp.authority('home'), knownAuthorities: [host] },
    system: { networkClient: acceptsSelfSigned },
  })
}

const send = async <T>(method: string, url: string, headers = {}, body?: string) => {
  const request = httpsRequest(url, { method, headers, rejectUnauthorized: false })
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) =>
    request.on('response', resolve).on('error', reject).end(body),
  )
  const given = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
  return {
    headers: Object.fromEntries(given) as Record<string, string>,
    body: JSON.parse(await text(response)) as T,
    status: response.statusCode ?? 0,
  }
}

const acceptsSelfSigned: INetworkModule = {
  sendGetRequestAsync: (url, options) => send('GET', url, options?.headers),
  sendPostRequestAsync: (url, options) => send('POST', url, options?.headers, options?.body),
}

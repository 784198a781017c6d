import { type FaultRequest, type FederationOptions, startEntraProvider } from '@carnet/idp'
import type { PublicClientOptions } from '../api/public-client.ts'
import { createPublicClient } from '../client/create-public-client.ts'
import { acquireTokenByIntegratedWindowsAuth } from '../windows/acquire-by-windows.ts'
import type { IntegratedWindowsAuthRequest } from '../windows/request.ts'
import { forEachFile } from './for-each-file.ts'

/** The client id of the command-line tool. */
const TOOL = '44444444-aaaa-4aaa-8aaa-000000000004'
export const ALICE = 'alice@contoso.example'
export const scopes = ['User.Read']

/** An Entra-like provider with a federation server, and a command-line tool. */
export async function startFederatedEntra(federation?: FederationOptions, settings = {}) {
  const idp = await startEntraProvider({
    settings: { consent: 'skip', ...settings },
    clients: [{ clientId: TOOL, redirectUris: [], isNative: true }],
    ...(federation && { federation }),
  })
  const logged: string[] = []
  const create = (more: Partial<PublicClientOptions> = {}) =>
    createPublicClient({
      clientId: TOOL,
      authority: idp.authority('organizations'),
      authorityProfile: 'entra',
      logger: ({ level, message }) => void logged.push(`${level}: ${message}`),
      ...more,
    })
  return {
    idp,
    logged,
    create,
    /** Signs alice in with a new client. */
    signIn: async (
      request: Partial<IntegratedWindowsAuthRequest> = {},
      options: Partial<PublicClientOptions> = {},
    ) =>
      acquireTokenByIntegratedWindowsAuth(await create(options), {
        username: ALICE,
        scopes,
        ...request,
      }),
    counts: async () => (await idp.control.stats()).counts,
  }
}

/** The user name in a token of `scriptedTicket`. */
const userIn = (token: string) => Buffer.from(token, 'base64').toString()

/**
 * A federation server and a ticket for tests without a KDC: a token is the principal, and it works once. The server proves its
 * identity with the answer `proof`.
 */
export function scriptedTickets() {
  const used = new Set<string>()
  let count = 0
  const federation: FederationOptions = {
    realm: 'CARNET.TEST',
    async accept(token) {
      const [principal = ''] = userIn(token).split(' ')
      if (used.has(token) || !principal.includes('@')) throw new Error('Refused')
      used.add(token)
      return { principal, answer: Buffer.from('proof').toString('base64') }
    },
  }
  const ticketOf = (principal: string) => () => {
    count += 1
    return Buffer.from(`${principal} ${count}`).toString('base64')
  }
  return { federation, ticketOf, negotiate: ticketOf('alice@CARNET.TEST') }
}

/** A provider with scripted tickets, for all tests of a file. */
export function useFederatedEntra() {
  const tickets = scriptedTickets()
  const entra = forEachFile(() => startFederatedEntra(tickets.federation))
  const signIn: (typeof entra)['signIn'] = (request, options) =>
    entra.signIn({ negotiate: tickets.negotiate, ...request }, options)
  return { ...tickets, entra, signIn }
}

/** A fault that answers in place of the provider. */
export const respond = (
  status: number,
  body: string | object = '',
  headers = {},
): FaultRequest['fault'] => ({ kind: 'respond', status, body, headers }) as FaultRequest['fault']

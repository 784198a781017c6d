/** The matchers of other libraries in a real page. Each gets the map of the table, as its documentation writes it. */
import '@angular/compiler'
import { Location } from '@angular/common'
import { type HttpInterceptor, HttpRequest } from '@angular/common/http'
import { runInInjectionContext } from '@angular/core'
import { Auth0Client } from '@auth0/auth0-spa-js'
import { MsalInterceptor } from '@azure/msal-angular'
import { InteractionType } from '@azure/msal-browser'
import { findResource, parseResources } from '@carnet/core/resources'
import { AuthInterceptor } from 'angular-auth-oidc-client'
import { DefaultOAuthInterceptor } from 'angular-oauth2-oidc'
import { EMPTY, lastValueFrom, of } from 'rxjs'
import type { Sent } from './judge.ts'

/** The request that a library would send for a URL. */
export type Peer = (url: string) => Promise<Sent>

const silent = () => undefined
const logger = { verbose: silent, info: silent, infoPii: silent, warning: silent, error: silent }

/** The URLs that may get a token, for libraries that know prefixes only. */
const PREFIXES = [
  'https://api.example.com/v1/',
  'https://api.example.com:8443/',
  'https://bücher.example/shop',
  'http://localhost:4400/api',
  '/api',
]

/** The request of an interceptor of Angular. */
const sentBy =
  (interceptor: HttpInterceptor): Peer =>
  async (url) => {
    const sent: { token: string | null } = { token: null }
    const handle = (request: HttpRequest<unknown>) => {
      sent.token = request.headers.get('authorization')?.replace('Bearer ', '') ?? null
      return EMPTY
    }
    const request = new HttpRequest('GET', url)
    await lastValueFrom(interceptor.intercept(request, { handle }), { defaultValue: undefined })
    return { url: request.url, token: sent.token }
  }

function msalAngular(): Peer {
  const protectedResourceMap = new Map<string, string[] | null>([
    ['https://api.example.com/v1/public', null],
    ['https://api.example.com/v1/public/*', null],
    ['https://api.example.com/v1/admin', ['api.admin']],
    ['https://api.example.com/v1/admin/*', ['api.admin']],
    ['https://api.example.com/v1', ['api.read']],
    ['https://api.example.com/v1/*', ['api.read']],
    ['https://api.example.com:8443/*', ['port.read']],
    ['https://bücher.example/shop', ['shop.read']],
    ['https://bücher.example/shop/*', ['shop.read']],
    ['http://localhost:4400/api', ['local.read']],
    ['http://localhost:4400/api/*', ['local.read']],
    ['/api/public', null],
    ['/api/public/*', null],
    ['/api', ['own.read']],
    ['/api/*', ['own.read']],
  ])
  const account = { getActiveAccount: () => ({}), getAllAccounts: () => [] }
  const service = {
    getLogger: () => logger,
    instance: account,
    acquireTokenSilent: ({ scopes }: { scopes: string[] }) => of({ accessToken: scopes.join(' ') }),
  }
  const location = new Location({ getBaseHref: () => '/', onPopState: silent } as never)
  const settings = { interactionType: InteractionType.Popup, protectedResourceMap }
  return sentBy(
    new MsalInterceptor(
      settings as never,
      service as never,
      location,
      undefined as never,
      document,
    ) as unknown as HttpInterceptor,
  )
}

function angularAuthOidcClient(): Peer {
  const configurations = [{ configId: 'c', secureRoutes: PREFIXES }]
  const configuration = {
    hasAtLeastOneConfig: () => true,
    getAllConfigurations: () => configurations,
  }
  const others = {
    ...configuration,
    ...{ logDebug: silent, getAccessToken: () => 'token' },
  }
  // Some services are not exported, so the class tells which service the interceptor injects: the matcher is the real one.
  const context = {
    get: (service: { new (): object }) =>
      'getConfigIdForClosestMatchingRoute' in service.prototype ? new service() : others,
  }
  return sentBy(runInInjectionContext(context as never, () => new AuthInterceptor()))
}

const angularOauth2Oidc = (): Peer =>
  sentBy(
    new DefaultOAuthInterceptor(
      { getAccessToken: () => 'token', events: EMPTY, waitForTokenInMsec: 0 } as never,
      { handleError: silent } as never,
      { resourceServer: { allowedUrls: PREFIXES, sendAccessToken: true } },
    ),
  )

function auth0SpaJs(): Peer {
  const client = new Auth0Client({ domain: 'login.example', clientId: 'spa' })
  return async (url) => {
    const sent: { url: string; token: string | null } = { url, token: null }
    const fetcher = client.createFetcher({
      baseUrl: 'https://api.example.com/v1/',
      getAccessToken: async () => 'token',
      async fetch(request) {
        sent.url = request.url
        sent.token = request.headers.get('authorization')?.replace('Bearer ', '') ?? null
        return new Response()
      },
    })
    await fetcher.fetchWithAuth(url)
    return sent
  }
}

function carnet(resources: object): Peer {
  const entries = parseResources(resources as never, location.href)
  return async (url) => {
    const match = findResource(entries, url, 'GET', location.href)
    return { url, token: match.attached ? match.scopes.join(' ') : null }
  }
}

/** Sends each URL by each library. A URL that a library refuses gets no token. */
export async function sendAll(
  resources: object,
  urls: readonly string[],
): Promise<Record<string, Sent[]>> {
  const peers: Record<string, Peer> = {
    '@carnet/browser': carnet(resources),
    '@azure/msal-angular': msalAngular(),
    '@auth0/auth0-spa-js': auth0SpaJs(),
    'angular-auth-oidc-client': angularAuthOidcClient(),
    'angular-oauth2-oidc': angularOauth2Oidc(),
  }
  const all: Record<string, Sent[]> = {}
  for (const [name, peer] of Object.entries(peers)) {
    all[name] = []
    for (const url of urls) all[name].push(await peer(url).catch(() => ({ url, token: null })))
  }
  return all
}

Object.assign(globalThis, { sendAll })

import { AuthError, isAuthError, isInteractionRequired } from '@carnet/core'
import {
  findResource,
  parseResources,
  type ResourceMatch,
  readApiChallenge,
} from '@carnet/core/resources'
import type { BffOptions, WebSession } from '../api/session.ts'
import type { ClientParts } from '../tokens/client-parts.ts'
import { answer } from './csrf.ts'
import { copyHeaders } from './proxy-headers.ts'
import { createProxyRequests } from './proxy-requests.ts'
import { demandOf, type SignInDemand, scopesOf } from './sign-in-demand.ts'

type Found = Extract<ResourceMatch, { readonly attached: true }>

/** One path of the app, and the URL that replaces it. */
interface Mapping {
  readonly prefix: string
  readonly base: URL
}

/**
 * Creates the proxy for the APIs of an app. It adds the token of the user, and never sends a cookie of the app.
 *
 * @param loginUrl The URL at which the user signs in again, with the demand of the provider or of the API.
 * @throws AuthError `invalid_options`
 */
export function createApiProxy(
  options: BffOptions,
  loginUrl: (demand?: SignInDemand) => string,
  apis: ClientParts['apis'],
) {
  const call = createProxyRequests(options, apis)
  const mappings = mappingsOf(options)
  const resources = resourcesOf(options)
  const known = scopesOf(options, resources)

  /** The URL behind a request of the app; `undefined` if no path of the proxy covers it. */
  function targetOf(request: Request): URL | undefined {
    const { pathname, search } = new URL(request.url)
    const found = mappings.find(({ prefix }) => pathname.startsWith(prefix))
    if (!found) return undefined
    const target = new URL(found.base)
    target.pathname += pathname.slice(found.prefix.length)
    target.search = search
    return target
  }

  async function forward(request: Request, target: URL, match: Found, session: WebSession) {
    const { scopes, resource } = match
    const acquire = (forceRefresh: boolean) =>
      session.user.acquireTokenSilent({ scopes, resource, forceRefresh })
    const first = await call(request, target, await acquire(false))
    const { challenge } = readApiChallenge(first.status, first.headers.get('www-authenticate'))
    const demand = demandOf(challenge, known)
    if (challenge && demand) {
      await first.body?.cancel()
      return needsUser(challenge.kind, loginUrl(demand))
    }
    // The API refused the token. A body that was sent cannot be sent again.
    if (challenge?.kind !== 'token' || request.body !== null) return passed(first)
    await first.body?.cancel()
    return passed(await call(request, target, await acquire(true)))
  }

  return {
    targetOf,
    /** The scopes that a sign-in may ask for. */
    scopes: known,
    /** Answers a request of the app to an API. */
    async handle(
      request: Request,
      target: URL,
      session: WebSession | undefined,
    ): Promise<Response> {
      const match = findResource(resources, target, request.method)
      if (!match.attached) return answer(404, { error: 'no_resource', reason: match.reason })
      if (!session) return answer(401, { error: 'no_session', loginUrl: loginUrl() })
      try {
        return await forward(request, target, match, session)
      } catch (error) {
        if (isInteractionRequired(error))
          return needsUser(error.reason, loginUrl({ claims: error.request.claims }))
        if (isAuthError(error)) return refused(error)
        return answer(502, { error: 'api_unreachable' })
      }
    },
  }
}

const needsUser = (reason: string, url: string) =>
  answer(401, { error: 'interaction_required', reason, loginUrl: url })

const refused = (error: AuthError): Response =>
  error.isTransient
    ? answer(503, { error: error.code }, { 'retry-after': '1' })
    : answer(500, { error: error.code })

const passed = ({ status, headers, body }: Response): Response =>
  new Response(status === 204 || status === 205 || status === 304 ? null : body, {
    status,
    headers: copyHeaders(headers, [
      'set-cookie',
      'www-authenticate',
      'content-encoding',
      'dpop-nonce',
    ]),
  })

const invalid = (message: string) => new AuthError('invalid_options', message)

function mappingsOf({ proxy = {}, origin }: BffOptions): readonly Mapping[] {
  const mappings = Object.entries(proxy).map(([prefix, url]) => {
    if (!/^\/.*\/$/.test(prefix))
      throw invalid(`\`proxy\` has the path "${prefix}": it must begin and end with a slash.`)
    if (!URL.canParse(url) || !url.endsWith('/') || new URL(url).origin === origin)
      throw invalid(`\`proxy["${prefix}"]\` must be a URL of an API that ends with a slash.`)
    return { prefix, base: new URL(url) }
  })
  // The longest path wins.
  return mappings.sort((a, b) => b.prefix.length - a.prefix.length)
}

function resourcesOf({ resources = {}, origin }: BffOptions) {
  try {
    return parseResources(resources, origin)
  } catch (error) {
    throw invalid(`\`resources\` ${(error as Error).message}.`)
  }
}

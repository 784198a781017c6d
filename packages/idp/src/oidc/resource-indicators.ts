import { defaultResourceOf, isApiScope, resourcesOf } from '../accounts/scopes.ts'
import { type Configuration, InvalidTarget } from '../vendor/oidc-provider.ts'

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>

/** Which API an access token is for (RFC 8707), and that it is a JWT (RFC 9068). */
export function createResourceIndicators(issuer: string): ResourceIndicators {
  const resources = resourcesOf(issuer)

  return {
    enabled: true,
    /** @param oneOf The resources of the grant, when the token request names none. */
    defaultResource: (_context, _client, oneOf) => oneOf?.[0] ?? defaultResourceOf(issuer),
    getResourceServerInfo(_context, resource) {
      const scopes = resources.get(resource)
      if (!scopes) throw new InvalidTarget()
      return { scope: scopes.join(' '), accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }
    },
    /** A token without an API's scopes is for the userinfo endpoint, which takes no JWT. */
    useGrantedResource({ oidc }, source) {
      const scopes = oidc.params?.scope ? oidc.requestParamScopes : source.scopes
      return [...scopes].some(isApiScope)
    },
  }
}

import { defaultResourceOf, isApiScope, resourcesOf } from '../accounts/scopes.ts'
import type { SettingsStore } from '../model/settings.ts'
import { type Configuration, InvalidTarget } from '../vendor/oidc-provider.ts'

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>

/** Selects the resource of an access token (RFC 8707) and its format JWT (RFC 9068). */
export function createResourceIndicators(
  issuer: string,
  settings: Pick<SettingsStore, 'get'>,
): ResourceIndicators {
  const resources = resourcesOf(issuer)
  const isByAudience = () => settings.get().apiParameter === 'audience'

  return {
    enabled: true,
    /**
     * Without a resource, the token of a request by `audience` is for the userinfo endpoint.
     *
     * @param oneOf The resources of the grant, if the token request names none.
     */
    defaultResource: (_context, _client, oneOf) =>
      oneOf?.[0] ?? (isByAudience() ? [] : defaultResourceOf(issuer)),
    getResourceServerInfo(_context, resource) {
      const scopes = resources.get(resource)
      if (!scopes) throw new InvalidTarget()
      return { scope: scopes.join(' '), accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }
    },
    /** False without scopes of an API: the token is then for the userinfo endpoint, which does not accept JWTs. */
    useGrantedResource({ oidc }, source) {
      if (isByAudience()) return true
      const scopes = oidc.params?.scope ? oidc.requestParamScopes : source.scopes
      return [...scopes].some(isApiScope)
    },
  }
}

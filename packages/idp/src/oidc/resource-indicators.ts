import { defaultResourceOf, isApiScope, resourcesOf } from '../accounts/scopes.ts'
import type { SettingsStore } from '../model/settings.ts'
import { type Configuration, InvalidTarget } from '../vendor/oidc-provider.ts'

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>

/** Selects the resource of an access token (RFC 8707) and its format JWT (RFC 9068). */
export function createResourceIndicators(
  issuer: string,
  settings: Pick<SettingsStore, 'get'>,
): ResourceIndicators {
  const resourceServerOf = createResourceServers(issuer)
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
      const info = resourceServerOf(resource)
      if (!info) throw new InvalidTarget()
      return info
    },
    /** False without scopes of an API: the token is then for the userinfo endpoint, which does not accept JWTs. */
    useGrantedResource({ oidc }, source) {
      if (isByAudience()) return true
      const scopes = oidc.params?.scope ? oidc.requestParamScopes : source.scopes
      return [...scopes].some(isApiScope)
    },
  }
}

/** The scopes and the token format of each resource; undefined for an unknown resource. */
export function createResourceServers(issuer: string) {
  const resources = resourcesOf(issuer)
  return (resource: string) => {
    const scopes = resources.get(resource)
    return (
      scopes && {
        scope: scopes.join(' '),
        accessTokenFormat: 'jwt' as const,
        jwt: { sign: { alg: 'RS256' as const } },
      }
    )
  }
}

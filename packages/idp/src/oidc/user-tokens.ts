import { apiScopes, defaultResourceOf, identityScopes } from '../accounts/scopes.ts'
import { claimsOf } from '../accounts/users.ts'
import type { WantedToken } from '../model/options.ts'
import type { State } from '../state/state.ts'
import { InvalidTarget, type OidcContext, type Provider } from '../vendor/oidc-provider.ts'
import { createResourceServers } from './resource-indicators.ts'

type Client = NonNullable<OidcContext['oidc']['client']>

/** An access token of a user that no page asked for. */
export interface UserToken {
  readonly accountId: string
  readonly scopes: readonly string[]
  /** Default: the resource of all APIs. */
  readonly resource?: string
  /** The `sub` of the party that acts for the user (RFC 8693 §4.1). */
  readonly actor?: string
}

const actors = new WeakMap<object, string>()

/** The claims of an access token besides those of oidc-provider: the actor (RFC 8693 §4.1). */
export const extraClaimsOf = (token: object) => {
  const sub = actors.get(token)
  return sub === undefined ? undefined : { act: { sub } }
}

/** Returns a function that prepares an access token with a grant of its own. */
export function createUserTokens(provider: Provider) {
  const resourceServerOf = createResourceServers(provider.issuer)

  return async function prepare(client: Client, { accountId, scopes, actor, ...named }: UserToken) {
    const { resource = defaultResourceOf(provider.issuer) } = named
    const info = resourceServerOf(resource)
    if (!info) throw new InvalidTarget()
    const server = new provider.ResourceServer(resource, info)
    const grant = new provider.Grant({ accountId, clientId: client.clientId })
    const granted = scopes.filter((scope) => server.scopes.has(scope))
    grant.addResourceScope(resource, granted.join(' '))
    grant.addOIDCScope(identityScopes.filter((scope) => scopes.includes(scope)).join(' '))
    const grantId = await grant.save()
    const fields = { accountId, client, grantId, gty: 'token_exchange', scope: granted.join(' ') }
    const access = new provider.AccessToken(fields as never)
    access.resourceServer = server
    if (actor !== undefined) actors.set(access, actor)
    return { access, granted, grantId, resource }
  }
}

/** The operation `accessTokenFor` of the plain provider. */
export function createAccessTokenFor(provider: Provider, { issued, users }: State, first = 'spa') {
  const prepare = createUserTokens(provider)

  return async function accessTokenFor(username: string, wanted: WantedToken = {}) {
    const { clientId = first, scope = Object.keys(apiScopes).join(' ') } = wanted
    const client = await provider.Client.find(clientId)
    const user = users.bySub(username)
    if (!client || !user) throw new Error(`Unknown user or client: ${username}, ${clientId}`)
    const accountId = String(claimsOf(user).sub)
    const { access } = await prepare(client, { accountId, scopes: scope.split(' ') })
    const token = await access.save()
    issued.add('accessTokens', token)
    return token
  }
}

import type { JWTPayload } from 'jose'
import type { State } from '../state/state.ts'
import {
  InvalidGrant,
  InvalidRequest,
  type OidcContext,
  type Provider,
} from '../vendor/oidc-provider.ts'
import type { SigningKeys } from './signing-keys.ts'
import { createUserTokens } from './user-tokens.ts'

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'

const PARAMETERS = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'requested_token_type',
  'resource',
  'audience',
  'scope',
]

/**
 * Adds token exchange (RFC 8693): an access token of this provider for another one, for the same user. With
 * `offline_access` the response has a refresh token. An actor token becomes the claim `act`.
 */
export function registerTokenExchange(provider: Provider, keys: SigningKeys, state: State): void {
  const verified = async (token: unknown, name: string): Promise<JWTPayload> => {
    const claims = await keys.verifySignature(String(token)).catch(() => undefined)
    const isAlive = claims?.iss === provider.issuer && (claims.exp ?? 0) * 1000 > Date.now()
    if (!claims || !isAlive) throw new InvalidGrant(`the ${name} is not valid`)
    return claims
  }

  const issue = createUserTokens(provider)

  async function exchange(context: OidcContext): Promise<void> {
    const { client, params = {} } = context.oidc
    if (!client) throw new InvalidRequest('no client')
    const types = [params.subject_token_type, params.requested_token_type ?? ACCESS_TOKEN]
    if (!types.every((type) => type === ACCESS_TOKEN || type === JWT))
      throw new InvalidRequest('this token type is not supported')
    const subject = await verified(params.subject_token, 'subject token')
    const accountId = String(subject.sub)
    if (!state.users.bySub(accountId))
      throw new InvalidGrant('the subject token is not about a user')
    const actor = params.actor_token ? await verified(params.actor_token, 'actor token') : undefined

    const scopes = String(params.scope ?? subject.scope ?? '')
      .split(' ')
      .filter(Boolean)
    const named = params.resource ?? params.audience
    const { access, granted, grantId, resource } = await issue(client, {
      accountId,
      scopes,
      ...(named !== undefined && { resource: String(named) }),
      ...(actor?.sub !== undefined && { actor: actor.sub }),
    })
    const isLasting =
      scopes.includes('offline_access') && state.settings.get().refreshTokens !== 'never'
    const refresh = new provider.RefreshToken({
      accountId,
      client,
      grantId,
      gty: 'token_exchange',
      scope: scopes.join(' '),
      resource,
      iiat: Math.floor(Date.now() / 1000),
    } as never)
    context.body = {
      access_token: await access.save(),
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: access.expiration,
      scope: granted.join(' '),
      ...(isLasting && { refresh_token: await refresh.save() }),
    }
  }

  provider.registerGrantType(
    TOKEN_EXCHANGE,
    exchange as Parameters<Provider['registerGrantType']>[1],
    PARAMETERS,
  )
}

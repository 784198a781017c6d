import { randomBytes } from 'node:crypto'
import type { JsonObject } from '../../model/json.ts'
import type { Client } from '../../model/options.ts'
import type { Settings } from '../../model/settings.ts'
import { clientInfoOf, type Identity, subOf } from '../directory/directory.ts'
import { issuerOf } from '../directory/tenants.ts'
import type { ClaimsRequest } from '../requests/claims-request.ts'
import { SECOND_FACTOR } from '../requests/factors.ts'
import { permissionsOf } from '../scopes/permissions.ts'
import { graph } from '../scopes/resources.ts'
import { onlyIdentity, type ResourceRequest, spellScopes } from '../scopes/scopes.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'
import type { Proof } from './authenticate-client.ts'

/** Entra backdates its tokens, because the clock of a resource server may be slow. */
export const BACKDATED_SECONDS = 5 * 60

/** For longer lifetimes, Entra tells clients to refresh after half of the lifetime. */
const LONG_LIFETIME_SECONDS = 2 * 60 * 60

export interface Issue {
  readonly grant: SignInGrant
  readonly identity: Identity
  readonly client: Client
  /** The resource of the access token. */
  readonly asked: ResourceRequest
  readonly claims: ClaimsRequest
  readonly nonce: string | undefined
  readonly wantsIdToken: boolean
  readonly wantsClientInfo: boolean
  readonly refreshToken: string | undefined
}

/** A checked request, and the proof of the client. */
export interface ProvenIssue extends Issue {
  readonly proof: Proof
}

/** The token response of Entra (RFC 6749 §5.1). */
export async function issueTokens(entra: Entra, issue: ProvenIssue): Promise<JsonObject> {
  const { issued, settings } = entra.state
  const { refreshTokenLifetime, spaRefreshTokenLifetime } = settings.get()
  const { asked, client, grant, identity, refreshToken, wantsClientInfo, wantsIdToken } = issue
  const names = permissionsOf(entra.state, identity, client).granted(asked)

  // Azure AD B2C issues an access token only if the request contains a scope of an API.
  const isForApi = grant.policy === undefined || asked !== onlyIdentity
  const accessToken = isForApi
    ? await entra.keys.sign(accessTokenClaims(entra, issue, names))
    : undefined
  const idToken = wantsIdToken ? await entra.keys.sign(idTokenClaims(entra, issue)) : undefined
  issued.add('accessTokens', accessToken)
  issued.add('idTokens', idToken)
  issued.add('refreshTokens', refreshToken)

  const ageSeconds = Math.floor((Date.now() - grant.signedInAtMs) / 1000)
  return {
    token_type: 'Bearer',
    ...(accessToken !== undefined && {
      scope: spellScopes(asked, names),
      ...lifetimeFields(settings.get()),
      access_token: accessToken,
    }),
    ...(refreshToken !== undefined && {
      refresh_token: refreshToken,
      refresh_token_expires_in:
        (client.credentials || client.isNative ? refreshTokenLifetime : spaRefreshTokenLifetime) -
        ageSeconds,
    }),
    ...(idToken !== undefined && { id_token: idToken }),
    ...(wantsClientInfo && { client_info: clientInfoOf(identity, grant.policy) }),
  }
}

/** The fields of a token response about the lifetime of the access token. */
export function lifetimeFields(settings: Settings): JsonObject {
  const { accessTokenLifetime } = settings
  const refreshIn = refreshInOf(settings)
  return {
    expires_in: accessTokenLifetime,
    ext_expires_in: accessTokenLifetime,
    ...(refreshIn !== undefined && { refresh_in: refreshIn }),
  }
}

function refreshInOf({
  accessTokenLifetime,
  refreshIn,
}: {
  accessTokenLifetime: number
  refreshIn: number | null
}): number | undefined {
  if (refreshIn !== null) return refreshIn
  return accessTokenLifetime > LONG_LIFETIME_SECONDS
    ? Math.floor(accessTokenLifetime / 2)
    : undefined
}

function idTokenClaims(entra: Entra, issue: Issue): JsonObject {
  const { client, grant, identity, nonce } = issue
  const { idTokenLifetime } = entra.state.settings.get()
  return {
    aud: client.clientId,
    ...commonClaims(entra, issue, idTokenLifetime),
    ...(grant.scope.split(' ').includes('email') && { email: identity.user.email }),
    login_hint: identity.loginHint,
    ...(nonce !== undefined && { nonce }),
    sid: grant.sid,
  }
}

function accessTokenClaims(entra: Entra, issue: ProvenIssue, names: readonly string[]): JsonObject {
  const { asked, claims, client, grant, identity } = issue
  const { accessTokenLifetime } = entra.state.settings.get()
  const common = commonClaims(entra, issue, accessTokenLifetime)
  const contexts = [...grant.factors].filter((factor) => factor !== SECOND_FACTOR)
  const identityNames = asked.resource === graph ? ['openid', 'profile', 'email'] : []
  return {
    aud: asked.resource.audience ?? asked.prefix,
    ...common,
    // A backdated `nbf` must not fall before the event that the claims challenge names.
    nbf: Math.max(Number(common.nbf), claims.notBefore),
    acct: identity.tenant.id === identity.home.tenant.id ? 0 : 1,
    ...(contexts.length > 0 && { acrs: contexts }),
    // On-behalf-of knows by it that the user presented the second factor.
    ...(grant.factors.has(SECOND_FACTOR) && { amr: ['pwd', SECOND_FACTOR] }),
    azp: client.clientId,
    azpacr: issue.proof,
    scp: [...names, ...identityNames].join(' '),
    sid: grant.sid,
    ...(claims.capabilities.length > 0 && { xms_cc: [...claims.capabilities] }),
  }
}

function commonClaims(
  { origin }: Entra,
  { client: { clientId }, grant: { policy }, identity }: Issue,
  lifetime: number,
): JsonObject {
  const { home, oid, tenant, user } = identity
  const nowSeconds = Math.floor(Date.now() / 1000)
  return {
    iss: issuerOf(origin, tenant.id, policy),
    iat: nowSeconds - BACKDATED_SECONDS,
    nbf: nowSeconds - BACKDATED_SECONDS,
    exp: nowSeconds + lifetime,
    ...(home.tenant.id !== tenant.id && { idp: issuerOf(origin, home.tenant.id) }),
    name: user.name,
    oid,
    // A token of a policy contains the name of the policy instead of the tenant and the user name.
    ...(policy === undefined
      ? { preferred_username: user.email, tid: tenant.id }
      : { tfp: policy }),
    rh: opaque(32),
    sub: subOf(identity, clientId),
    uti: opaque(16),
    ver: '2.0',
  }
}

const opaque = (bytes: number): string => randomBytes(bytes).toString('base64url')

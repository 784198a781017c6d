import type { Client } from '../../model/options.ts'
import type { Identity } from '../directory/directory.ts'
import type { Tenant, TenantAlias } from '../directory/tenants.ts'
import {
  adminConsentRequired,
  grantWithoutConsent,
  isRefusal,
  type Refusal,
  scopeNeeded,
  severalResources,
  unsupported,
} from '../errors/refusals.ts'
import type { Call } from '../http/http.ts'
import { type ClaimsRequest, parseClaimsRequest } from '../requests/claims-request.ts'
import { permissionsOf } from '../scopes/permissions.ts'
import { onlyIdentity, parseScope, type ResourceRequest } from '../scopes/scopes.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'

/** A token request of a known client from an allowed origin. */
export interface Redemption {
  readonly call: Call
  readonly client: Client
  readonly tenant: Tenant | TenantAlias
}

/** The parsed parameters of a token request. */
export interface TokenRequest {
  readonly asked: ResourceRequest
  readonly claims: ClaimsRequest
  readonly wantsIdToken: boolean
  readonly wantsClientInfo: boolean
}

/** Reads the parameters that both grant types share. */
export function readTokenRequest(
  { state }: Entra,
  { call, client }: Pick<Redemption, 'call' | 'client'>,
  { grant, identity, claims }: { grant: SignInGrant; identity: Identity; claims: string | null },
): TokenRequest | Refusal {
  const { parameters } = call
  const text = parameters.get('scope')
  const own = grant.policy === undefined ? undefined : client.clientId
  const scope = parseScope(text ?? grant.scope, identity.tenant.name, own)
  if (isRefusal(scope)) return scope
  if (scope.resources.length > 1) return text === null ? scopeNeeded() : severalResources(text)

  const missing = permissionsOf(state, identity, client).missing(scope)
  if (missing.some(({ isForAdmins }) => isForAdmins))
    return adminConsentRequired('invalid_grant', identity.tenant.name)
  if (missing.length > 0) return grantWithoutConsent(client.clientId)

  const claimsRequest = parseClaimsRequest(parameters.get('claims') ?? claims)
  if (!claimsRequest) return unsupported('claims', parameters.get('claims') ?? '')
  return {
    asked: scope.resources[0] ?? onlyIdentity,
    claims: claimsRequest,
    wantsIdToken: scope.identity.has('openid'),
    wantsClientInfo: parameters.get('client_info') === '1',
  }
}
